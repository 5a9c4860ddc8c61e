#include "formats/tensor.hpp"

#include <bit>
#include <cstring>
#include <type_traits>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/limits.hpp"

namespace distillar::formats {

namespace {

struct Half {
    std::uint16_t bits;
    explicit operator float() const { return half_to_float(bits); }
    explicit operator double() const { return static_cast<double>(half_to_float(bits)); }
};

struct BrainFloat {
    std::uint16_t bits;
    explicit operator float() const {
        return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
    }
    explicit operator double() const { return static_cast<double>(static_cast<float>(*this)); }
};

std::size_t checked_count(const Tensor& tensor, const std::string& name) {
    const std::uint64_t bytes = checked_bytes(tensor.dtype, tensor.shape, "tensor", name);
    if (bytes != tensor.bytes.size()) {
        base::fail("tensor {}: shape and dtype {} need {} bytes, it holds {}", name,
                   name_of(tensor.dtype), bytes, tensor.bytes.size());
    }
    return tensor.bytes.size() / size_of(tensor.dtype);
}

/// Files do not promise alignment: every element is copied out of the bytes.
template <typename Stored, typename Value>
void convert(const Tensor& tensor, std::vector<Value>& values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        Stored stored;
        std::memcpy(&stored, tensor.bytes.data() + i * sizeof(Stored), sizeof(Stored));
        values[i] = static_cast<Value>(stored);
    }
}

template <typename Value>
std::vector<Value> to_real(const Tensor& tensor, const std::string& name) {
    std::vector<Value> values(checked_count(tensor, name));
    switch (tensor.dtype) {
        case Dtype::f64:
            convert<double>(tensor, values);
            return values;
        case Dtype::f32:
            convert<float>(tensor, values);
            return values;
        case Dtype::f16:
            convert<Half>(tensor, values);
            return values;
        case Dtype::bf16:
            convert<BrainFloat>(tensor, values);
            return values;
        default:
            base::fail("tensor {}: has dtype {} where floating point is needed", name,
                       name_of(tensor.dtype));
    }
}

template <typename Value>
Tensor tensor_of(Dtype dtype, std::span<const Value> values, std::vector<std::int64_t> shape) {
    const std::uint64_t bytes = checked_bytes(dtype, shape, "tensor", "to be made");
    if (bytes != values.size_bytes()) {
        base::fail("tensor to be made: its shape needs {} bytes of {}, {} were given", bytes,
                   name_of(dtype), values.size_bytes());
    }
    auto copy = std::make_shared<std::vector<Value>>(values.begin(), values.end());
    const auto view = std::as_bytes(std::span<const Value>(*copy));
    return {dtype, std::move(shape), view, std::move(copy)};
}

}  // namespace

std::size_t size_of(Dtype dtype) {
    switch (dtype) {
        case Dtype::f64:
        case Dtype::i64:
            return 8;
        case Dtype::f32:
        case Dtype::i32:
            return 4;
        case Dtype::f16:
        case Dtype::bf16:
        case Dtype::i16:
            return 2;
        case Dtype::i8:
        case Dtype::u8:
        case Dtype::boolean:
            break;
    }
    return 1;
}

const char* name_of(Dtype dtype) {
    constexpr const char* names[] = {"F64", "F32", "F16", "BF16", "I64",
                                     "I32", "I16", "I8",  "U8",   "BOOL"};
    return names[static_cast<std::size_t>(dtype)];
}

std::uint64_t checked_bytes(Dtype dtype, std::span<const std::int64_t> shape,
                            const std::filesystem::path& file, const std::string& name) {
    base::require_within(shape.size(), &base::Limits::rank, file, name + ": has");
    bool empty = false;
    std::uint64_t bytes = size_of(dtype);
    for (const std::int64_t size : shape) {
        if (size < 0) {
            base::fail_in(file, "{}: has the negative size {}; the file is damaged", name, size);
        }
        empty = empty || size == 0;
        if (size > 0) {
            bytes = base::checked_multiply(bytes, static_cast<std::uint64_t>(size), file, name);
        }
    }
    return empty ? 0 : bytes;
}

std::int64_t Tensor::count() const {
    return static_cast<std::int64_t>(checked_bytes(dtype, shape, "tensor", "count") /
                                     size_of(dtype));
}

std::vector<float> to_floats(const Tensor& tensor, const std::string& name) {
    return to_real<float>(tensor, name);
}

std::vector<double> to_doubles(const Tensor& tensor, const std::string& name) {
    return to_real<double>(tensor, name);
}

std::vector<std::int64_t> to_integers(const Tensor& tensor, const std::string& name) {
    std::vector<std::int64_t> values(checked_count(tensor, name));
    switch (tensor.dtype) {
        case Dtype::i64:
            convert<std::int64_t>(tensor, values);
            return values;
        case Dtype::i32:
            convert<std::int32_t>(tensor, values);
            return values;
        case Dtype::i16:
            convert<std::int16_t>(tensor, values);
            return values;
        case Dtype::i8:
            convert<std::int8_t>(tensor, values);
            return values;
        case Dtype::u8:
        case Dtype::boolean:
            convert<std::uint8_t>(tensor, values);
            return values;
        default:
            base::fail("tensor {}: has dtype {} where integers are needed", name,
                       name_of(tensor.dtype));
    }
}

Tensor make_tensor(std::span<const float> values, std::vector<std::int64_t> shape) {
    return tensor_of(Dtype::f32, values, std::move(shape));
}

Tensor make_tensor(std::span<const double> values, std::vector<std::int64_t> shape) {
    return tensor_of(Dtype::f64, values, std::move(shape));
}

Tensor make_tensor(std::span<const std::int64_t> values, std::vector<std::int64_t> shape) {
    return tensor_of(Dtype::i64, values, std::move(shape));
}

Tensor make_tensor(std::span<const std::uint8_t> values, std::vector<std::int64_t> shape) {
    return tensor_of(Dtype::u8, values, std::move(shape));
}

Tensor make_half_tensor(std::span<const float> values, std::vector<std::int64_t> shape) {
    std::vector<std::uint16_t> halves(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        halves[i] = float_to_half(values[i]);
    }
    return tensor_of(Dtype::f16, std::span<const std::uint16_t>(halves), std::move(shape));
}

float half_to_float(std::uint16_t half) {
    const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000u) << 16;
    const std::uint32_t exponent = (half >> 10) & 0x1Fu;
    const std::uint32_t fraction = half & 0x3FFu;
    if (exponent == 0x1F) {  // infinity or NaN
        return std::bit_cast<float>(sign | 0x7F800000u | (fraction << 13));
    }
    if (exponent == 0) {  // zero or subnormal: fraction * 2^-24, exact in float
        const float value = static_cast<float>(fraction) * 0x1p-24f;
        return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(value));
    }
    return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (fraction << 13));
}

std::uint16_t float_to_half(float value) {
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t sign = (bits >> 16) & 0x8000u;
    const std::uint32_t magnitude = bits & 0x7FFFFFFFu;
    if (magnitude > 0x7F800000u) {  // NaN stays NaN, its payload's high bits kept
        return static_cast<std::uint16_t>(sign | 0x7E00u | ((magnitude >> 13) & 0x1FFu));
    }
    if (magnitude >= 0x47800000u) {  // 65536 and above
        return static_cast<std::uint16_t>(sign | 0x7C00u);
    }
    std::uint32_t significand = magnitude;
    std::uint32_t shift = 13;
    if (magnitude >= 0x38800000u) {  // a normal half: re-bias the exponent
        significand -= 112u << 23;
    } else {  // subnormal: the significand with its leading one, shifted further
        const std::uint32_t exponent = magnitude >> 23;
        if (exponent < 102) {  // below half of the smallest subnormal
            return static_cast<std::uint16_t>(sign);
        }
        significand = (magnitude & 0x7FFFFFu) | 0x800000u;
        shift = 126 - exponent;
    }
    const std::uint32_t kept = significand >> shift;
    const std::uint32_t rest = significand & ((1u << shift) - 1);
    const std::uint32_t halfway = 1u << (shift - 1);
    const bool up = rest > halfway || (rest == halfway && (kept & 1u) != 0);
    return static_cast<std::uint16_t>(sign | (kept + (up ? 1u : 0u)));
}

}  // namespace distillar::formats
