"""Index tables of the rewritten network, one set a plane: built once a scan, in numpy. In each:
order: points by cell; begin: first point of each occupied cell in it; weight: of each point in it,
1 / points of its cell. Rows past the last stand for nothing: a cell that is empty or outside."""
import numpy

TAPS = [(row, column) for row in (-1, 0, 1) for column in (-1, 0, 1)]


def segments(slot, count):
    order = numpy.argsort(slot, kind="stable").astype(numpy.int64)
    return {
        "order": order,
        "begin": (numpy.cumsum(count) - count).astype(numpy.int64),
        "weight": (1 / count[slot[order]]).astype(numpy.float32),
    }


def places(cells, all_cells):
    """Of every cell (and of -1) its row among `cells`, or the row past the last."""
    place = numpy.full(all_cells + 1, cells.size, numpy.int64)
    place[cells] = numpy.arange(cells.size)
    return place


def dense_table(cell, rows, columns):
    """place: of each cell of the plane, its row among the occupied; slot: cell of each point."""
    occupied, slot, count = numpy.unique(cell, return_inverse=True, return_counts=True)
    place = places(occupied, rows * columns)[:-1]
    return {**segments(slot.reshape(-1), count), "place": place, "slot": cell.astype(numpy.int64)}


def around(cells, rows, columns):
    """9 x cells: flat cell at each tap, -1 outside the plane."""
    row, column = cells // columns, cells % columns
    found = []
    for r, c in TAPS:
        inside = (row + r >= 0) & (row + r < rows) & (column + c >= 0) & (column + c < columns)
        found.append(numpy.where(inside, cells + r * columns + c, -1))
    return numpy.stack(found)


def sparse_table(cell, rows, columns):
    """rows1 9 x halo: occupied cells that each cell of the halo reads; rows2 9 x occupied: halo
    cells that each occupied cell reads; slot: of each point its row among the occupied."""
    occupied, slot, count = numpy.unique(cell, return_inverse=True, return_counts=True)
    slot = slot.reshape(-1)
    reached = around(occupied, rows, columns)
    halo = numpy.unique(reached[reached >= 0])
    return {
        **segments(slot, count),
        "rows1": places(occupied, rows * columns)[around(halo, rows, columns)],
        "rows2": places(halo, rows * columns)[reached],
        "slot": slot.astype(numpy.int64),
    }


def tables_of(cells, grids, sparse):
    """cells: planes x N; grids: (rows, columns) of each plane."""
    make = sparse_table if sparse else dense_table
    return [make(cell, rows, columns) for cell, (rows, columns) in zip(cells, grids)]
