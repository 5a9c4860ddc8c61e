"""Measures the pinned network, or a teacher, in OpenVINO: one line of JSON. The graph is converted from PyTorch
(int8: and quantised by NNCF with the one scan) once and kept beside the case; --prepare does only
that."""
import argparse

import numpy
import openvino

import measure
import pinned
from forms import FORMS, TEACHERS, network_and_inputs

PRECISIONS = {"fp32": "f32", "bf16": "bf16", "int8": "f32"}  # of what is not quantised


def flat(inputs):
    """Tensors of nested lists and dicts, in order."""
    if isinstance(inputs, dict):
        return [leaf for value in inputs.values() for leaf in flat(value)]
    if isinstance(inputs, (list, tuple)):
        return [leaf for value in inputs for leaf in flat(value)]
    return [inputs]


def rebuilt(example, leaves):
    """`example` with its tensors taken from the iterator `leaves`."""
    if isinstance(example, dict):
        return {name: rebuilt(value, leaves) for name, value in example.items()}
    if isinstance(example, (list, tuple)):
        return [rebuilt(value, leaves) for value in example]
    return next(leaves)


def converted(network, inputs):
    """The graph over flat inputs of these very shapes."""
    import torch

    class Flat(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.network = network

        def forward(self, *leaves):
            return self.network(*rebuilt(inputs, iter(leaves)))

    leaves = flat(inputs)
    with torch.no_grad():
        model = openvino.convert_model(
            Flat().eval(), example_input=tuple(leaves), input=[tuple(leaf.shape) for leaf in leaves]
        )
    return model


def quantised(model, arrays):
    import nncf

    return nncf.quantize(model, nncf.Dataset([arrays]), subset_size=1)


def graph_file(form, precision):
    suffix = "-int8" if precision == "int8" else ""
    return pinned.FOLDER / f"openvino-{form}{suffix}.xml"


def make_graph(form, precision, network, inputs):
    file = graph_file(form, precision)
    if file.exists():
        return
    if precision == "int8":
        make_graph(form, "fp32", network, inputs)
        model = openvino.Core().read_model(graph_file(form, "fp32"))
        model = quantised(model, [leaf.numpy() for leaf in flat(inputs)])
    else:
        model = converted(network, inputs)
    openvino.save_model(model, file, compress_to_fp16=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("form", choices=(*FORMS, *TEACHERS))
    parser.add_argument("--precision", choices=PRECISIONS, default="fp32")
    parser.add_argument("--prepare", action="store_true")
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    network, inputs, same_labels = network_and_inputs(arguments.form)
    make_graph(arguments.form, arguments.precision, network, inputs)
    if arguments.prepare:
        return
    core = openvino.Core()
    settings = {
        "INFERENCE_PRECISION_HINT": PRECISIONS[arguments.precision],
        "INFERENCE_NUM_THREADS": arguments.threads,
        "PERFORMANCE_HINT": "LATENCY",
    }
    graph = graph_file(arguments.form, arguments.precision)
    request = core.compile_model(str(graph), "CPU", settings).create_infer_request()
    for index, leaf in enumerate(flat(inputs)):
        request.set_input_tensor(index, openvino.Tensor(numpy.ascontiguousarray(leaf.numpy())))
    times = measure.times_of(request.infer, arguments.passes)
    result = request.get_output_tensor(0).data.copy()
    labels = same_labels(result) if same_labels else None
    measure.report(**times, labels=labels, versions={"openvino": openvino.__version__.split("-")[0]})


if __name__ == "__main__":
    main()
