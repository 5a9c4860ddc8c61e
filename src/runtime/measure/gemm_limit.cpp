#include "runtime/measure/gemm_limit.hpp"

#include "base/thread_pool.hpp"

namespace distillar::runtime {

namespace {

using kernels::ProductShape;

using kernels::PackedProduct;

/// Source and result in this precision.
PackedProduct product_of(Precision precision, std::size_t rows, std::size_t channels) {
    using Format = ProductShape::Format;
    ProductShape shape{rows, channels, channels};
    if (precision == Precision::int8) {
        shape.source = shape.result = Format::u8;
        const kernels::ByteWeight weight{std::vector<std::int8_t>(channels * channels, 1),
                                         std::vector<float>(channels, 0.01F),
                                         std::vector<float>(channels)};
        return {shape, weight};
    }
    shape.source = shape.result = precision == Precision::bf16 ? Format::bf16 : Format::f32;
    const std::vector<float> weight(channels * channels, 0.01F);
    return {shape, weight.data(), nullptr};
}

}  // namespace

GemmLimit::GemmLimit(const Model& model, Precision precision, std::size_t points,
                     std::size_t threads)
    : GemmLimit(2 * model.network().layers() +
                    static_cast<std::size_t>(model.description().input.neighbors) + 2,
                model.network().channels(), precision, points, threads) {}

GemmLimit::GemmLimit(std::size_t products, std::size_t channels, Precision precision,
                     std::size_t points, std::size_t threads)
    : share_((points + threads - 1) / threads) {
    for (std::size_t i = 0; i < products; ++i) {
        products_.push_back(product_of(precision, share_, channels));
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
    flops_ = 2.0 * static_cast<double>(points * channels * channels * products);
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
