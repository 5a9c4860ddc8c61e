"""Measures a training step (WaffleIron-12-256, LayerNorm, linear head, cross-entropy, AdamW, the
pinned scan alone in the batch) in the PyTorch that runs this: one line of JSON."""
import argparse

import torch
from torch.nn import functional as F

import measure
import pinned
from forms import FORMS, rewritten_input
from make_case import network_of, published_input
from rewritten import Rewritten


def network_and_inputs(form):
    """In training mode; without the head's batch norm: the head is linear."""
    torch.manual_seed(1)
    case = pinned.load_arrays(pinned.CASE)
    network = network_of(pinned.TRAINING_DEPTH)
    if form == "published":
        network.classif[0] = torch.nn.Identity()
        return network.train(), published_input(case)
    network = Rewritten(network, form == "sparse")
    network.head_norm = torch.nn.Identity()
    return network.train(), rewritten_input(case, form == "sparse")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("form", choices=FORMS)
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--passes", type=int, default=2)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    network, inputs = network_and_inputs(arguments.form)
    random = torch.Generator().manual_seed(2)
    labels = torch.randint(pinned.CLASSES, (pinned.POINTS,), generator=random)
    labels = labels[None] if arguments.form == "published" else labels
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=0.003)
    forward = torch.compile(network, dynamic=False) if arguments.compile else network
    losses = []

    def step():
        optimizer.zero_grad()
        loss = F.cross_entropy(forward(*inputs), labels)
        loss.backward()
        optimizer.step()
        losses.append(float(loss))

    times = measure.times_of(step, arguments.passes)
    measure.report(**times, losses=losses, versions={"torch": torch.__version__})


if __name__ == "__main__":
    main()
