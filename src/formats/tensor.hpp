#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace distillar::formats {

enum class Dtype { f64, f32, f16, bf16, i64, i32, i16, i8, u8, boolean };

std::size_t size_of(Dtype dtype);
const char* name_of(Dtype dtype);  ///< as safetensors writes it: "F32", "I64", ...

/// A dense row-major array as read from a file, or about to be written. `bytes` stays valid while
/// `owner` lives (a mapped file or a buffer).
struct Tensor {
    Dtype dtype = Dtype::f32;
    std::vector<std::int64_t> shape;
    std::span<const std::byte> bytes;
    std::shared_ptr<const void> owner;

    std::int64_t count() const;  ///< product of the shape
};

using Tensors = std::map<std::string, Tensor>;

/// Bytes that a tensor of this shape takes. @throws base::Error naming file and tensor if a size is
/// negative, the rank exceeds 64 or the product overflows.
std::uint64_t checked_bytes(Dtype dtype, std::span<const std::int64_t> shape,
                            const std::filesystem::path& file, const std::string& name);

/// Values converted to the type asked for (f16, bf16, f64 -> float; any integer -> int64).
/// @throws base::Error naming `name` if the dtype is not of that kind.
std::vector<float> to_floats(const Tensor& tensor, const std::string& name);
std::vector<double> to_doubles(const Tensor& tensor, const std::string& name);
std::vector<std::int64_t> to_integers(const Tensor& tensor, const std::string& name);

/// Tensors that own a copy of the values.
Tensor make_tensor(std::span<const float> values, std::vector<std::int64_t> shape);
Tensor make_tensor(std::span<const double> values, std::vector<std::int64_t> shape);
Tensor make_tensor(std::span<const std::int64_t> values, std::vector<std::int64_t> shape);
Tensor make_tensor(std::span<const std::uint8_t> values, std::vector<std::int64_t> shape);
/// float32 values stored as fp16 (round to nearest even).
Tensor make_half_tensor(std::span<const float> values, std::vector<std::int64_t> shape);

float half_to_float(std::uint16_t half);
std::uint16_t float_to_half(float value);

}  // namespace distillar::formats
