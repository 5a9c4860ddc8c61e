"""From a scan to the network's input and back, in numpy and scipy as published (validation: no
augmentation). Run as a program it measures the stages on the pinned frame."""
import argparse
import time
from statistics import median

import numpy
import scipy
from scipy.spatial import cKDTree

import measure
import pinned

MARGIN = 1e-4  # metres inside the field of view


def read_scan(path):
    """N x 4 float32: x, y, z, intensity of a nuScenes file."""
    return numpy.fromfile(path, numpy.float32).reshape(-1, 5)[:, :4]


def voxel_grid(points, size):
    """Rows of the first point of each voxel, in lexicographic order of (ix, iy, iz)."""
    voxels = ((points - points.min(axis=0)) / numpy.float32(size)).astype(numpy.int64)
    return numpy.unique(voxels, axis=0, return_index=True)[1]


def inside(points, fov):
    low = numpy.asarray(fov[0]) + MARGIN
    high = numpy.asarray(fov[1]) - MARGIN
    return ((points > low.astype(numpy.float32)) & (points < high.astype(numpy.float32))).all(axis=1)


def features_of(scan, intensity):
    """N x 5: normalised intensity, x, y, z, radius."""
    points = scan[:, :3]
    mean, deviation = intensity
    columns = [
        (scan[:, 3:4] - numpy.float32(mean)) / numpy.float32(deviation),
        points,
        numpy.linalg.norm(points, axis=1, keepdims=True),
    ]
    return numpy.concatenate(columns, axis=1)


def cells_of(points, fov, grids):
    """Planes x N: flat cell of each point on each plane."""
    low, high = (numpy.asarray(bound) for bound in fov)
    planes = []
    for drop, rows, columns in grids:
        axes = [axis for axis in range(3) if axis != drop]
        resolution = (high[axes] - low[axes]) / (rows, columns)
        cell = ((points[:, axes] - low[axes]) / resolution).astype(numpy.int64)
        planes.append(cell[:, 0] * columns + cell[:, 1])
    return numpy.stack(planes)


def sparse_tables(cells, grids):
    """Coordinates and values of the sparse matrices that average points into cells."""
    tables = []
    for cell, (_, rows, columns) in zip(cells, grids):
        count = numpy.bincount(cell, minlength=rows * columns)
        coordinates = numpy.stack([cell, numpy.arange(cell.size)])
        tables.append((coordinates, (1.0 / count[cell]).astype(numpy.float32)))
    return tables


def neighbors_of(points, count):
    """count + 1 x N: the nearest points, the point itself first."""
    return cKDTree(points).query(points, k=count + 1)[1].T


def nearest_kept(kept, points):
    """For every point of the scan the row of the nearest point that was kept."""
    return cKDTree(kept).query(points, k=1)[1]


class Stages:
    """Seconds of named stages, one list each."""

    def __init__(self):
        self.seconds = {}

    def run(self, name, function, *arguments):
        start = time.perf_counter()
        result = function(*arguments)
        self.seconds.setdefault(name, []).append(time.perf_counter() - start)
        return result


def preprocess(scan, stages, fov=pinned.FOV, grids=pinned.GRIDS):
    """The arrays of make_case.py: features, cells, neighbors, and kept rows of the scan."""
    first = stages.run("voxel grid", voxel_grid, scan[:, :3], pinned.VOXEL)
    kept = stages.run("crop", lambda: first[inside(scan[first, :3], fov)])
    features = stages.run("features", features_of, scan[kept], pinned.INTENSITY)
    cells = stages.run("cells", cells_of, scan[kept, :3], fov, grids)
    stages.run("tables", sparse_tables, cells, grids)
    neighbors = stages.run("neighbours", neighbors_of, scan[kept, :3], pinned.NEIGHBORS)
    return {"features": features, "cells": cells, "neighbors": neighbors, "kept": kept}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passes", type=int, default=5)
    passes = parser.parse_args().passes
    scan = read_scan(pinned.scan_file())
    stages = Stages()

    def one_pass():
        case = preprocess(scan, stages)
        stages.run("back-projection", nearest_kept, scan[case["kept"], :3], scan[:, :3])

    times = measure.times_of(one_pass, passes)
    measure.report(
        **times,
        stages={name: median(values) for name, values in stages.seconds.items()},
        versions={"numpy": numpy.__version__, "scipy": scipy.__version__},
    )


if __name__ == "__main__":
    main()
