"""The forms of the pinned network with their inputs, for the programs that measure them."""
import numpy
import torch

import pinned
from make_case import network_of, published_input
from rewritten import Rewritten
from tables import tables_of

# published.py with its sparse matrix or scatter_reduce; rewritten.py with dense or sparse planes
FORMS = ("published", "scatter", "dense", "sparse")
PUBLISHED = FORMS[:2]


def rewritten_input(case, sparse):
    grids = [(rows, columns) for _, rows, columns in pinned.GRIDS]
    tables = tables_of(case["cells"], grids, sparse)
    return (
        torch.from_numpy(case["features"]),
        torch.from_numpy(numpy.ascontiguousarray(case["neighbors"][1:].T)),
        [{name: torch.from_numpy(array) for name, array in table.items()} for table in tables],
    )


def pinned_network(form):
    """The network in eval mode with the weights of make_case.py, its inputs, and a function that
    tells which share of its result's labels are those of the published form in fp32."""
    case = pinned.load_arrays(pinned.CASE)
    weights = pinned.load_arrays(pinned.WEIGHTS)
    network = network_of()
    network.load_state_dict({name: torch.from_numpy(value) for name, value in weights.items()})
    network.eval()

    def same_labels(result):
        result = torch.as_tensor(result)
        labels = result[0].argmax(0) if form in PUBLISHED else result.argmax(1)
        return float((labels.numpy() == case["labels"]).mean())

    if form in PUBLISHED:
        network.waffleiron.scatter = form == "scatter"
        return network, published_input(case), same_labels
    sparse = form == "sparse"
    return Rewritten(network, sparse).fold().eval(), rewritten_input(case, sparse), same_labels


def to_bf16(network, inputs):
    """Weights and features; tables stay."""
    features, *rest = inputs
    return network.bfloat16(), (features.bfloat16(), *rest)
