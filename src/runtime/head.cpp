#include "runtime/head.hpp"

#include <algorithm>
#include <cmath>

#include "base/thread_pool.hpp"
#include "geometry/batch.hpp"

namespace distillar::runtime {

Head::Head(const std::vector<FoldedLinear>& maps, std::size_t block_rows)
    : block_rows_(block_rows) {
    for (std::size_t i = 0; i < maps.size(); ++i) {
        kernels::ProductShape shape;
        shape.rows = block_rows;
        shape.inner = maps[i].inputs;
        shape.columns = maps[i].outputs;
        if (i + 1 < maps.size()) {
            shape.after = kernels::ProductShape::After::relu;
        }
        products_.emplace_back(shape, maps[i].weight.data(), maps[i].bias.data());
    }
    channels_ = maps.front().inputs;
    outputs_ = maps.back().outputs;
}

ScratchSizes Head::scratch() const {
    const auto& first = products_.front().shape();
    ScratchSizes sizes{block_rows_ * outputs_, block_rows_ * first.columns, 0, 0};
    for (const auto& product : products_) {
        sizes.scratchpad = std::max(sizes.scratchpad, product.scratchpad_floats());
    }
    return sizes;
}

void Head::run(std::size_t points, Workspace& workspace, Body body) const {
    base::parallel_for(points, block_rows_, [&](std::size_t begin, std::size_t end) {
        ThreadScratch& scratch = workspace.scratch();
        const float* rows = workspace.tokens() + begin * channels_;
        if (products_.size() == 2) {
            products_.front().run(rows, scratch.middle.data(), scratch.scratchpad.data());
            rows = scratch.middle.data();
        }
        products_.back().run(rows, scratch.left.data(), scratch.scratchpad.data());
        body(begin, end - begin, scratch.left.data());
    });
}

void classify(const float* logits, std::size_t rows, std::size_t classes, std::uint8_t* labels,
              float* confidence) {
    for (std::size_t i = 0; i < rows; ++i) {
        const float* row = logits + i * classes;
        const float* best = std::max_element(row, row + classes);
        float sum = 0;
        for (std::size_t c = 0; c < classes; ++c) {
            sum += std::exp(row[c] - *best);
        }
        const bool finite = std::isfinite(sum);
        labels[i] = finite ? static_cast<std::uint8_t>(best - row) : geometry::ignore_label;
        confidence[i] = finite ? 1.0F / sum : 0.0F;
    }
}

}  // namespace distillar::runtime
