#include "runtime/measure/gemm_limit.hpp"

#include "base/thread_pool.hpp"

namespace distillar::runtime {

namespace {

using kernels::ProductShape;

ProductShape::Format format_of(Precision precision) {
    return precision == Precision::bf16 ? ProductShape::Format::bf16 : ProductShape::Format::f32;
}

}  // namespace

GemmLimit::GemmLimit(const Model& model, Precision precision, std::size_t points,
                     std::size_t threads)
    : share_((points + threads - 1) / threads) {
    const std::size_t channels = model.network().channels();
    const auto neighbors = static_cast<std::size_t>(model.description().input.neighbors);
    const std::size_t count = 2 * model.network().layers() + neighbors + 2;
    ProductShape shape{share_, channels, channels};
    shape.source = shape.result = format_of(precision);
    const std::vector<float> weight(channels * channels, 0.01F);
    for (std::size_t i = 0; i < count; ++i) {
        products_.emplace_back(shape, weight.data(), nullptr);
    }
    for (std::size_t i = 0; i < threads; ++i) {
        Thread& thread = threads_.emplace_back();
        for (kernels::Buffer& rows : thread.rows) {
            rows = kernels::Buffer(share_ * channels);
            rows.zero();
        }
        thread.scratchpad = kernels::Buffer(products_.front().scratchpad_floats());
        thread.scratchpad.zero();
    }
    flops_ = 2.0 * static_cast<double>(points * channels * channels * count);
}

void GemmLimit::run() {
    for (std::size_t i = 0; i < products_.size(); ++i) {
        base::parallel_for(threads_.size(), 1, [&](std::size_t part, std::size_t) {
            Thread& thread = threads_[part];
            products_[i].run(thread.rows[i % 2].data(), thread.rows[1 - i % 2].data(),
                             thread.scratchpad.data());
        });
    }
}

}  // namespace distillar::runtime
