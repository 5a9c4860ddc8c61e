#include "kernels/packed_product.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "kernels/buffer.hpp"
#include "kernels/one_thread.hpp"
#include "kernels/onednn.hpp"

namespace distillar::kernels {

namespace {

using Type = dnnl::memory::data_type;
using Tag = dnnl::memory::format_tag;
using onednn::engine;
using onednn::stream;
using onednn::type_of;

dnnl::memory::dim size(std::size_t value) {
    return static_cast<dnnl::memory::dim>(value);
}

/// @param scale  of the columns, or null.
dnnl::primitive_attr attributes_of(const ProductShape& shape, const std::vector<float>* scale) {
    dnnl::primitive_attr attributes = onednn::own_scratchpad();
    if (scale != nullptr) {
        constexpr int by_column = 1 << 1;
        attributes.set_output_scales(by_column, *scale);
    }
    dnnl::post_ops after;
    if (shape.accumulate) {
        after.append_sum(1);
    }
    if (shape.after != ProductShape::After::nothing) {
        after.append_eltwise(1,
                             shape.after == ProductShape::After::relu
                                 ? dnnl::algorithm::eltwise_relu
                                 : dnnl::algorithm::eltwise_gelu_erf,
                             0, 0);
    }
    if (shape.byte_factor != 1 || shape.byte_offset != 0) {
        after.append_eltwise(1, dnnl::algorithm::eltwise_linear, shape.byte_factor,
                             shape.byte_offset);
    }
    attributes.set_post_ops(after);
    return attributes;
}

dnnl::matmul::primitive_desc description_of(const ProductShape& shape, bool bias,
                                            const std::vector<float>* scale) {
    const Type source = type_of(shape.source);
    const Type weight = source == Type::u8 ? Type::s8 : source;
    const dnnl::memory::desc left({size(shape.rows), size(shape.inner)}, source, Tag::ab);
    const dnnl::memory::desc right({size(shape.inner), size(shape.columns)}, weight, Tag::any);
    const dnnl::memory::desc product({size(shape.rows), size(shape.columns)}, type_of(shape.result),
                                     Tag::ab);
    const dnnl::memory::desc shift({1, size(shape.columns)}, Type::f32, Tag::ab);
    const auto operation = bias ? dnnl::matmul::desc(left, right, shift, product)
                                : dnnl::matmul::desc(left, right, product);
    return {operation, attributes_of(shape, scale), engine()};
}

}  // namespace

struct PackedProduct::Parts {
    ProductShape shape;
    dnnl::matmul::primitive_desc description;
    dnnl::matmul primitive;
    dnnl::memory weight, bias;

    Parts(const ProductShape& wanted, bool with_bias, const std::vector<float>* scale)
        : shape(wanted),
          description(description_of(wanted, with_bias, scale)),
          primitive(description) {}

    /// @param values  columns x inner of `type`, @param shift  columns floats or null.
    void pack(const void* values, Type type, const float* shift) {
        const dnnl::memory::desc plain({size(shape.inner), size(shape.columns)}, type, Tag::ba);
        // oneDNN takes its inputs as void*, and only reads this one.
        dnnl::memory given(plain, engine(), const_cast<void*>(values));
        weight = dnnl::memory(description.weights_desc(), engine());
        dnnl::reorder(given, weight).execute(stream(), given, weight);
        stream().wait();
        if (shift != nullptr) {
            bias = dnnl::memory({{1, size(shape.columns)}, Type::f32, Tag::ab}, engine());
            std::copy_n(shift, shape.columns, static_cast<float*>(bias.get_data_handle()));
        }
    }
};

namespace {

/// What oneDNN throws, as one line of ours.
template <typename Body>
void with_errors(const ProductShape& shape, const char* what, const Body& body) {
    const OneThread scope;
    try {
        body();
    } catch (const dnnl::error& error) {
        base::fail("oneDNN: a product of {} x {} and {} x {} {}: {}", shape.rows, shape.inner,
                   shape.inner, shape.columns, what, error.what());
    }
}

}  // namespace

PackedProduct::PackedProduct(const ProductShape& shape, const float* weight, const float* bias) {
    with_errors(shape, "cannot be prepared", [&] {
        parts_ = std::make_unique<Parts>(shape, bias != nullptr, nullptr);
        parts_->pack(weight, Type::f32, bias);
    });
}

PackedProduct::PackedProduct(const ProductShape& shape, const ByteWeight& weight) {
    with_errors(shape, "cannot be prepared", [&] {
        parts_ = std::make_unique<Parts>(shape, true, &weight.scale);
        parts_->pack(weight.weight.data(), Type::s8, weight.shift.data());
    });
}

PackedProduct::~PackedProduct() = default;
PackedProduct::PackedProduct(PackedProduct&&) noexcept = default;

void PackedProduct::run(const void* source, void* result, float* scratchpad) const {
    with_errors(parts_->shape, "failed", [&] {
        const auto& description = parts_->description;
        const dnnl::memory left(description.src_desc(), engine(), const_cast<void*>(source));
        const dnnl::memory product(description.dst_desc(), engine(), result);
        const dnnl::memory scratch(description.scratchpad_desc(), engine(), scratchpad);
        std::unordered_map<int, dnnl::memory> arguments{{DNNL_ARG_SRC, left},
                                                        {DNNL_ARG_WEIGHTS, parts_->weight},
                                                        {DNNL_ARG_DST, product},
                                                        {DNNL_ARG_SCRATCHPAD, scratch}};
        if (parts_->bias) {
            arguments.emplace(DNNL_ARG_BIAS, parts_->bias);
        }
        parts_->primitive.execute(stream(), arguments);
    });
}

std::size_t PackedProduct::scratchpad_floats() const {
    return parts_->description.scratchpad_desc().get_size() / sizeof(float) + 1;
}

const ProductShape& PackedProduct::shape() const {
    return parts_->shape;
}

bool has_bf16() {
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx512bf16") != 0;
#else
    return false;
#endif
}

bool has_int8() {
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx512vnni") != 0;
#else
    return false;
#endif
}

}  // namespace distillar::kernels
