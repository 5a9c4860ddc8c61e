"""Compares our statements of the networks and of the preprocessing with the cases below
DISTILLAR_REFERENCE, which were computed with the published implementations; says so for each and
exits 1 if one differs. ESPNetv2's weights lie below DISTILLAR_DATA."""
import json
import os
import sys
from pathlib import Path

import numpy
import torch

import pinned
import preprocess
import published
from dinov2 import Dinov2
from espnetv2 import EspNetV2
from measure import fail
from rewritten import Rewritten
from safetensors_file import read
from tables import tables_of

TOLERANCE = 1e-4  # of the largest magnitude
CASES = ("waffleiron_bn", "waffleiron_ln", "waffleiron_ln_batch", "scalr_plus", "downstream")


def state_of(path):
    content = torch.load(path, map_location="cpu")
    state = next((content[key] for key in ("net", "model_point") if key in content), content)
    return {name.removeprefix("module."): value for name, value in state.items()}


def case_of(path):
    """name -> tensor; settings."""
    arrays, settings = read(path)
    return {name: torch.from_numpy(array) for name, array in arrays.items()}, settings


def difference(result, expected):
    return float((result - expected).abs().max() / expected.abs().max())


def waffleiron_of(settings, state):
    network = published.WaffleIron(
        channels=int(settings["channels"]),
        depth=int(settings["depth"]),
        grids=json.loads(settings["grids"]),
        outputs=int(settings["classes"]),
        inputs=int(settings["input_channels"]),
        norm=settings["norm"],
        activation=settings.get("activation", "relu"),
        head=settings.get("head", "linear"),
        hidden=int(settings.get("hidden", 0)),
    )
    network.load_state_dict(state)
    return network.eval()


def published_difference(network, case):
    logits = network(case["feat"], case["cell_ind"], case["neighbors"], case["occupied"])
    real = case["occupied"].unsqueeze(1)
    return difference(logits * real, case["eval.logits"] * real)


def scatter_difference(network, case):
    """Of the first scan, without padding."""
    points = int(case["lengths"][0])
    names = ("feat", "cell_ind", "neighbors", "occupied")
    network.waffleiron.scatter = True
    logits = network(*(case[name][:1, ..., :points] for name in names))
    return difference(logits, case["eval.logits"][:1, :, :points])


def rewritten_difference(network, case, sparse):
    """Of the first scan; both unfolded and folded."""
    points = int(case["lengths"][0])
    if isinstance(network.classif, torch.nn.Conv1d):
        norm = torch.nn.BatchNorm1d(network.classif.in_channels, eps=0)
        network.classif = torch.nn.Sequential(norm, network.classif)
    cells = case["cell_ind"][0, :, :points].numpy()
    tables = [
        {name: torch.from_numpy(array) for name, array in table.items()}
        for table in tables_of(cells, network.waffleiron.grids, sparse)
    ]
    inputs = case["feat"][0, :, :points].t(), case["neighbors"][0, 1:, :points].t(), tables
    form = Rewritten(network, sparse).eval()
    results = form(*inputs), form.fold()(*inputs)
    return max(difference(result.t(), case["eval.logits"][0, :, :points]) for result in results)


def waffleiron_differences(root):
    """(name, difference) of every form on every case."""
    for name in CASES:
        case, settings = case_of(root / f"{name}.case.safetensors")
        state = state_of(root / f"{name}.pth")
        yield f"{name}, published", published_difference(waffleiron_of(settings, state), case)
        yield f"{name}, scatter", scatter_difference(waffleiron_of(settings, state), case)
        if settings.get("head") == "mlp":
            continue
        for form in ("dense", "sparse"):
            network = waffleiron_of(settings, state)
            yield f"{name}, {form}", rewritten_difference(network, case, form == "sparse")


def dinov2_difference(root):
    case, settings = case_of(root / "dinov2_tiny.case.safetensors")
    differences = []
    for index, size in enumerate(json.loads(settings["sizes"])):
        dim, depth, heads = (int(settings[name]) for name in ("dim", "depth", "heads"))
        network = Dinov2(size, dim, depth, heads, stored=int(settings["img_size"]) // 14)
        network.load_state_dict(state_of(root / "dinov2_tiny.pth"))
        tokens = network.fit_positions()(case[f"{index}.image"])
        differences.append(difference(tokens, case[f"{index}.x_pre_norm"]))
    return max(differences)


def espnetv2_difference(root, weights):
    case, _ = case_of(root / "espnetv2.case.safetensors")
    network = EspNetV2()
    network.load_state_dict(state_of(weights))
    logits = network.eval()(case["image"])[0]
    rows, columns = case["pixels"].t()
    return difference(logits[:, rows, columns].t(), case["logits_at_pixels"])


def preprocessing_difference(root):
    """1 if an index differs, else that of the neighbours' distances."""
    case, settings = read(root / "preprocess_nuscenes.safetensors")
    scan = preprocess.read_scan(pinned.scan_file())
    drops, sizes = (json.loads(settings[name]) for name in ("dim_proj", "grids"))
    grids = [(drop, *size) for drop, size in zip(drops, sizes)]
    result = preprocess.preprocess(scan, preprocess.Stages(), json.loads(settings["fov"]), grids)
    if not numpy.array_equal(result["kept"], case["kept_index"]):
        return 1.0
    if not numpy.array_equal(result["cells"], case["cell_ind"]):
        return 1.0
    points = scan[result["kept"], :3].astype(numpy.float64)
    distance = numpy.linalg.norm(points[result["neighbors"].T] - points[:, None], axis=2)
    back = preprocess.nearest_kept(scan[result["kept"], :3], scan[:, :3])
    reached = [
        numpy.linalg.norm(points[rows] - scan[:, :3], axis=1)
        for rows in (back, case["nearest_kept"])
    ]
    worst = max(abs(distance - case["neighbor_dist"]).max(), abs(reached[0] - reached[1]).max())
    return float(worst / distance.max())


def differences(root):
    yield from waffleiron_differences(root)
    if hasattr(torch.nn.functional, "scaled_dot_product_attention"):
        yield "dinov2_tiny", dinov2_difference(root)
    weights = Path(os.environ.get("DISTILLAR_DATA", "")) / "weights"
    weights /= "espnetv2_s_2.0_city_1024x512.pth"
    if weights.exists():
        yield "espnetv2", espnetv2_difference(root, weights)
        yield "preprocess_nuscenes", preprocessing_difference(root)


def main():
    root = Path(os.environ.get("DISTILLAR_REFERENCE", ""))
    if not (root / "waffleiron_ln.pth").exists():
        fail("DISTILLAR_REFERENCE does not name the folder of reference cases (waffleiron_ln.pth)")
    failed = 0
    with torch.no_grad():
        for name, differs in differences(root):
            same = differs < TOLERANCE
            failed += not same
            print(f"{name:32} {differs:.1e} {'same' if same else 'DIFFERS'}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
