#pragma once
/// What every use of oneDNN's primitives needs.
#include <cstddef>
#include <dnnl.hpp>

#include "kernels/packed_product.hpp"

namespace distillar::kernels::onednn {

inline const dnnl::engine& engine() {
    static const dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
    return cpu;
}

/// The calling thread's queue. All of them run at once what they are given.
inline dnnl::stream& stream() {
    thread_local dnnl::stream own(engine());
    return own;
}

inline dnnl::memory::data_type type_of(ProductShape::Format format) {
    switch (format) {
        case ProductShape::Format::bf16:
            return dnnl::memory::data_type::bf16;
        case ProductShape::Format::u8:
            return dnnl::memory::data_type::u8;
        default:
            return dnnl::memory::data_type::f32;
    }
}

/// A matrix with `row_stride` and `column_stride` elements from one to the next.
inline dnnl::memory::desc matrix(std::size_t rows, std::size_t columns,
                                 dnnl::memory::data_type type, std::size_t row_stride,
                                 std::size_t column_stride = 1) {
    const auto size = [](std::size_t value) { return static_cast<dnnl::memory::dim>(value); };
    return {{size(rows), size(columns)}, type, {size(row_stride), size(column_stride)}};
}

/// oneDNN takes its inputs as void*, and only reads these.
inline dnnl::memory memory(const dnnl::memory::desc& description, const void* data) {
    return {description, engine(), const_cast<void*>(data)};
}

/// Attributes under which a primitive's scratch memory is the caller's.
inline dnnl::primitive_attr own_scratchpad() {
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    return attributes;
}

}  // namespace distillar::kernels::onednn
