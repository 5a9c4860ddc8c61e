"""Writes what every network peer reads: the pinned input (case.npz, with the labels that the
published form gives it in fp32) and the random weights of the published form (weights.npz)."""
import numpy
import torch

import pinned
import preprocess
import published
from measure import fail


def network_of(depth=pinned.DEPTH):
    grids = [(rows, columns) for _, rows, columns in pinned.GRIDS]
    return published.WaffleIron(pinned.CHANNELS, depth, grids, pinned.CLASSES)


def published_input(case):
    """features, cells, neighbors, occupied of a batch of one scan."""
    features = torch.from_numpy(numpy.ascontiguousarray(case["features"].T))[None]
    cells, neighbors = (torch.from_numpy(case[name])[None] for name in ("cells", "neighbors"))
    return features, cells, neighbors, torch.ones(1, features.shape[2])


def set_statistics(network, inputs):
    """Statistics of the embedding's and the head's batch norms from the case itself."""
    norms = [m for m in network.modules() if isinstance(m, torch.nn.modules.batchnorm._BatchNorm)]
    for norm in norms:
        norm.momentum = 1.0
    network.train()
    network(*inputs)
    network.eval()


def main():
    case = preprocess.preprocess(
        preprocess.read_scan(pinned.scan_file()), preprocess.Stages()
    )
    if case["kept"].size != pinned.POINTS:
        fail(f"{case['kept'].size} points reach the network, not {pinned.POINTS}: another frame?")
    torch.manual_seed(1)
    network = network_of()
    inputs = published_input(case)
    with torch.no_grad():
        set_statistics(network, inputs)
        case["labels"] = network(*inputs)[0].argmax(0).numpy()
    pinned.FOLDER.mkdir(parents=True, exist_ok=True)
    weights = {name: value.numpy() for name, value in network.state_dict().items()}
    numpy.savez(pinned.WEIGHTS, **weights)
    numpy.savez(pinned.CASE, **case)
    print(f"{pinned.CASE}: {case['kept'].size} points, {len(set(case['labels']))} labels")


if __name__ == "__main__":
    main()
