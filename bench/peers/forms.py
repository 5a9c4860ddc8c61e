"""What the peers run: the forms of the pinned network, and the image teachers, with their inputs."""
import numpy
import torch

import pinned
from dinov2 import Dinov2
from espnetv2 import EspNetV2
from make_case import network_of, published_input
from rewritten import Rewritten
from tables import tables_of

# published.py with its sparse matrix or scatter_reduce; rewritten.py with dense or sparse planes
FORMS = ("published", "scatter", "dense", "sparse")
PUBLISHED = FORMS[:2]
TEACHERS = {"dinov2": (224, 448), "espnetv2": (512, 1024)}  # height, width of the image


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


def teacher_network(name):
    """A teacher of random weights in eval mode, and one image."""
    torch.manual_seed(1)
    if name == "dinov2":
        network = Dinov2(TEACHERS[name]).fit_positions()
        return network, (torch.rand(1, 3, *TEACHERS[name]),)
    network = EspNetV2().eval().to(memory_format=torch.channels_last)
    image = torch.rand(1, 3, *TEACHERS[name]).contiguous(memory_format=torch.channels_last)
    return network, (image,)


def network_and_inputs(name):
    """As pinned_network; for a teacher the function is None."""
    return (*teacher_network(name), None) if name in TEACHERS else pinned_network(name)


def to_bf16(network, inputs):
    """Weights and features; tables stay."""
    features, *rest = inputs
    return network.bfloat16(), (features.bfloat16(), *rest)
