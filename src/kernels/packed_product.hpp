#pragma once
#include <cstddef>
#include <memory>

namespace distillar::kernels {

/// result (rows x columns) = after(source (rows x inner) * weight + bias), or with `accumulate`
/// result += source * weight + bias. Both row-major and dense; sums in float32.
struct ProductShape {
    enum class Format { f32, bf16 };
    enum class After { nothing, relu, gelu };
    std::size_t rows = 0;
    std::size_t inner = 0;
    std::size_t columns = 0;
    Format source = Format::f32;  ///< of the weight too
    Format result = Format::f32;
    After after = After::nothing;
    bool accumulate = false;
};

/// A product whose weight is packed once for this processor, for any number of calls with as many
/// rows. Immutable: several threads may run it at once, each with its own scratchpad.
class PackedProduct {
public:
    /// @param weight  columns x inner, row-major: a linear layer's.
    /// @param bias    columns values, or null.
    /// @throws base::Error if oneDNN has no such product on this processor.
    PackedProduct(const ProductShape& shape, const float* weight, const float* bias);
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

}  // namespace distillar::kernels
