"""Measures the pinned network, or a teacher, in the PyTorch that runs this: one line of JSON."""
import argparse

import torch

import measure
from forms import FORMS, TEACHERS, network_and_inputs, to_bf16


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("form", choices=(*FORMS, *TEACHERS))
    parser.add_argument("--precision", choices=("fp32", "bf16"), default="fp32")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    network, inputs, same_labels = network_and_inputs(arguments.form)
    if arguments.precision == "bf16":
        network, inputs = to_bf16(network, inputs)
    if arguments.compile:
        import torch._inductor.config as inductor

        inductor.freezing = True  # weights packed for oneDNN
        inductor.assert_indirect_indexing = False  # no check of each index: a little faster
        network = torch.compile(network, dynamic=False)
    with torch.no_grad():
        result = network(*inputs)
        labels = same_labels(result.float()) if same_labels else None
        times = measure.times_of(lambda: network(*inputs), arguments.passes)
    measure.report(**times, labels=labels, versions={"torch": torch.__version__})


if __name__ == "__main__":
    main()
