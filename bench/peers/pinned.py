"""The pinned case of docs/performance.md: the nuScenes frame and what the network sees of it."""
import os
from pathlib import Path

from measure import fail

CHANNELS, DEPTH, CLASSES, NEIGHBORS = 256, 48, 16, 16
TRAINING_DEPTH = 12
VOXEL = 0.1
FOV = ((-50.0, -50.0, -5.0), (50.0, 50.0, 3.0))
# (axis that is dropped, rows, columns): x-y, x-z, y-z, cells of 0.4 m
GRIDS = ((2, 250, 250), (1, 250, 20), (0, 250, 20))
INTENSITY = (18.742355, 22.04632)  # mean, deviation of nuScenes
POINTS = 15410  # that reach the network

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("DISTILLAR_PEERS", ROOT / "build" / "peers")).resolve()
CASE = FOLDER / "case.npz"
WEIGHTS = FOLDER / "weights.npz"


def scan_file():
    """The one lidar file of the frame, below DISTILLAR_DATA."""
    root = os.environ.get("DISTILLAR_DATA")
    if not root:
        fail("DISTILLAR_DATA is not set: name the folder that holds nuscenes/ (docs/data.md)")
    files = sorted((Path(root) / "nuscenes" / "samples" / "LIDAR_TOP").glob("*.pcd.bin"))
    if not files:
        fail(f"{root}: no nuscenes/samples/LIDAR_TOP/*.pcd.bin there; see docs/data.md")
    return files[0]


def load_arrays(path):
    """name -> array of an .npz file that make_case.py wrote."""
    if not path.exists():
        fail(f"{path} is missing: run bench/peers/compare.py, which makes it")
    import numpy  # not above: compare.py runs in any Python

    with numpy.load(path) as file:
        return {name: file[name] for name in file.files}
