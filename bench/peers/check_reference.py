"""Compares our statements of the networks with the cases below DISTILLAR_REFERENCE, which were
computed with the published implementations; says so for each and exits 1 if one differs."""
import json
import os
import sys
from pathlib import Path

import torch

import published
from measure import fail
from safetensors_file import read

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


def difference(result, expected):
    return float((result - expected).abs().max() / expected.abs().max())


def check_waffleiron(root, name):
    case, settings = case_of(root / f"{name}.case.safetensors")
    network = waffleiron_of(settings, state_of(root / f"{name}.pth"))
    with torch.no_grad():
        logits = network(case["feat"], case["cell_ind"], case["neighbors"], case["occupied"])
    real = case["occupied"].unsqueeze(1)
    return difference(logits * real, case["eval.logits"] * real)


def main():
    root = Path(os.environ.get("DISTILLAR_REFERENCE", ""))
    if not (root / "waffleiron_ln.pth").exists():
        fail("DISTILLAR_REFERENCE does not name the folder of reference cases (waffleiron_ln.pth)")
    worst = 0.0
    for name in CASES:
        differs = check_waffleiron(root, name)
        worst = max(worst, differs)
        print(f"{name:24} {differs:.1e} {'same' if differs < TOLERANCE else 'DIFFERS'}")
    sys.exit(0 if worst < TOLERANCE else 1)


if __name__ == "__main__":
    main()
