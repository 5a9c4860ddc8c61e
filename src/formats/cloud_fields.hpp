#pragma once
/// Private to formats: what PCD and PLY share, a table of named numeric fields that becomes a
/// Cloud.
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "formats/cloud.hpp"

namespace distillar::formats {

enum class Number { i8, u8, i16, u16, i32, u32, i64, u64, f32, f64 };

std::size_t bytes_of(Number type);
bool is_integer(Number type);
/// The value at `bytes`, which need not be aligned. 64-bit integers are rounded to float64.
double load_number(const std::byte* bytes, Number type);

struct CloudField {
    std::string name;
    Number type = Number::f32;
};

/// Collects the values of a file's fields. Which field feeds what is decided by name, in lower
/// case; the first name that is there wins:
///   x, y, z; intensity (i, reflectivity, remission, scalar_intensity); ring; label; instance;
///   time (t, timestamp), integers being nanoseconds as Ouster has them, else seconds;
///   sensor (only as uint8, as this project writes it).
class CloudBuilder {
public:
    /// @param points  already checked against the size of the file.
    /// @param one_letter  `i` and `t` are intensity and time (in PLY, t is a texture coordinate).
    /// @throws base::Error naming the fields that are there if x, y or z is missing.
    CloudBuilder(std::filesystem::path file, const std::vector<CloudField>& fields,
                 std::size_t points, bool one_letter);

    /// False if set() ignores this field.
    bool wants(std::size_t field) const { return targets_[field] != Target::none; }

    /// @throws base::Error if a ring, label or instance is no whole number in range.
    void set(std::size_t point, std::size_t field, double value);

    /// @throws base::Error if a finite point lacks a ring, label or instance (NaN).
    Cloud finish();

private:
    enum class Target {
        none,
        x,
        y,
        z,
        intensity,
        ring,
        time,
        time_nanoseconds,
        label,
        instance,
        sensor
    };

    void assign(Target target, const std::vector<CloudField>& fields,
                std::initializer_list<const char*> names);
    void allocate(std::size_t points);
    double id(std::size_t point, const char* name, double value, double largest);

    std::filesystem::path file_;
    std::vector<Target> targets_;  // per field of the file
    Cloud cloud_;
    std::vector<std::size_t> without_id_;  // points with a NaN id: allowed if no return
};

/// True if float32 holds every coordinate exactly (NaN counts as held).
bool fits_float32(const geometry::Points& points);

}  // namespace distillar::formats
