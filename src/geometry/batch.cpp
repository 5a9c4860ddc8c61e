#include "geometry/batch.hpp"

#include <limits>

#include "base/error.hpp"

namespace distillar::geometry {

namespace {

constexpr std::int64_t max_index = std::numeric_limits<std::int32_t>::max();

void check(const std::vector<const Sample*>& samples, const std::vector<PlaneGrid>& grids) {
    const Sample& first = *samples.front();
    std::int64_t points = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const Sample& sample = *samples[i];
        const std::size_t n = sample.size();
        if (sample.channels != first.channels || sample.neighbor_count != first.neighbor_count ||
            sample.cells.size() != grids.size()) {
            base::fail(
                "batch: sample {} has {} features, {} neighbours and {} plane grids where the "
                "batch has {}, {} and {}; preprocess all samples with one input specification",
                i, sample.channels, sample.neighbor_count, sample.cells.size(), first.channels,
                first.neighbor_count, grids.size());
        }
        bool whole = sample.features.size() == n * static_cast<std::size_t>(sample.channels) &&
                     sample.neighbors.size() == n * static_cast<std::size_t>(sample.neighbor_count);
        for (const auto& cells : sample.cells) {
            whole = whole && cells.size() == n;
        }
        if (!whole || (!sample.labels.empty() && sample.labels.size() != n)) {
            base::fail("batch: sample {} is inconsistent: its arrays do not all have {} rows", i,
                       n);
        }
        points += static_cast<std::int64_t>(n);
    }
    if (points > max_index) {
        base::fail("batch: {} points overflow 32-bit indices; use a smaller batch", points);
    }
}

void check_cells(std::size_t scans, const std::vector<PlaneGrid>& grids) {
    for (const PlaneGrid& grid : grids) {
        const std::int64_t cells = std::int64_t{grid.rows} * grid.columns;
        if (cells <= 0 || static_cast<std::int64_t>(scans) > max_index / cells) {
            base::fail(
                "batch: {} scans of {} x {} cells overflow 32-bit cell indices; use a smaller "
                "batch or larger cells",
                scans, grid.rows, grid.columns);
        }
    }
}

/// Whether labels are there: in every sample that has points, or in none.
bool labelled(const std::vector<const Sample*>& samples) {
    bool some = false;
    bool all = true;
    for (const Sample* sample : samples) {
        if (sample->size() > 0) {
            some = some || !sample->labels.empty();
            all = all && !sample->labels.empty();
        }
    }
    if (some && !all) {
        base::fail("batch: some samples have labels and some have none; do not mix them");
    }
    return some;
}

}  // namespace

Batch make_batch(const std::vector<const Sample*>& samples, const std::vector<PlaneGrid>& grids) {
    Batch batch;
    batch.grids = grids;
    batch.cells.resize(grids.size());
    if (samples.empty()) {
        return batch;
    }
    check(samples, grids);
    check_cells(samples.size(), grids);
    const bool with_labels = labelled(samples);
    batch.channels = samples.front()->channels;
    batch.neighbor_count = samples.front()->neighbor_count;
    for (const Sample* sample : samples) {
        const auto first_row = static_cast<std::int32_t>(batch.offsets.back());
        const auto scan = static_cast<std::int32_t>(batch.offsets.size() - 1);
        batch.features.insert(batch.features.end(), sample->features.begin(),
                              sample->features.end());
        for (const std::int32_t neighbor : sample->neighbors) {
            batch.neighbors.push_back(first_row + neighbor);
        }
        for (std::size_t grid = 0; grid < grids.size(); ++grid) {
            const std::int32_t first_cell = scan * grids[grid].rows * grids[grid].columns;
            for (const std::int32_t cell : sample->cells[grid]) {
                batch.cells[grid].push_back(first_cell + cell);
            }
        }
        if (with_labels) {
            batch.labels.insert(batch.labels.end(), sample->labels.begin(), sample->labels.end());
        }
        batch.offsets.push_back(batch.offsets.back() + static_cast<std::int64_t>(sample->size()));
    }
    return batch;
}

}  // namespace distillar::geometry
