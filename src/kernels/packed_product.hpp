#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace distillar::kernels {

/// result (rows x columns) = after(source (rows x inner) * weight + bias), or with `accumulate`
/// result += source * weight + bias. Both row-major and dense; sums in float32, of bytes in int32.
struct ProductShape {
    enum class Format { f32, bf16, u8 };
    enum class After { nothing, relu, gelu };
    std::size_t rows = 0;
    std::size_t inner = 0;
    std::size_t columns = 0;
    Format source = Format::f32;  ///< of the weight too; with u8 it is int8
    Format result = Format::f32;
    After after = After::nothing;
    bool accumulate = false;
    /// Results in bytes are round(factor * after(...) + offset), kept within 0 to 255.
    float byte_factor = 1, byte_offset = 0;
};

/// A linear map for a source in bytes: column o of the product is
/// after(scale[o] * (sum of source * weight[o] + shift[o])).
struct ByteWeight {
    std::vector<std::int8_t> weight;  ///< columns x inner, row-major
    std::vector<float> scale, shift;  ///< columns
};

/// A product whose weight is packed once for this processor, for any number of calls with as many
/// rows. Immutable: several threads may run it at once, each with its own scratchpad.
class PackedProduct {
public:
    /// @param weight  columns x inner, row-major: a linear layer's.
    /// @param bias    columns values, or null.
    /// @throws base::Error if oneDNN has no such product on this processor.
    PackedProduct(const ProductShape& shape, const float* weight, const float* bias);
    PackedProduct(const ProductShape& shape, const ByteWeight& weight);
    ~PackedProduct();
    PackedProduct(PackedProduct&&) noexcept;

    /// On the calling thread alone; equal inputs give equal bits on every thread.
    /// @param scratchpad  scratchpad_floats() floats, 64-byte aligned.
    void run(const void* source, void* result, float* scratchpad) const;
    std::size_t scratchpad_floats() const;
    const ProductShape& shape() const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

/// True if this processor multiplies bf16 in hardware (AVX512-BF16).
bool has_bf16();

/// True if it sums products of bytes in int32 (VNNI). Without it oneDNN saturates in between.
bool has_int8();

}  // namespace distillar::kernels
