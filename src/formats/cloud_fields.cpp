#include "formats/cloud_fields.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "base/error.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "formats/records.hpp"

namespace distillar::formats {

namespace {

std::string lower_case(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](char letter) {
        return static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    });
    return text;
}

std::string list_names(const std::vector<CloudField>& fields) {
    constexpr std::size_t most = 20;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < std::min(fields.size(), most); ++i) {
        names.push_back(printable(fields[i].name));
    }
    return fields.empty() ? "none" : base::join(names) + (fields.size() > most ? ", ..." : "");
}

}  // namespace

std::size_t bytes_of(Number type) {
    switch (type) {
        case Number::i8:
        case Number::u8:
            return 1;
        case Number::i16:
        case Number::u16:
            return 2;
        case Number::i32:
        case Number::u32:
        case Number::f32:
            return 4;
        case Number::i64:
        case Number::u64:
        case Number::f64:
            return 8;
    }
    return 0;
}

bool is_integer(Number type) {
    return type != Number::f32 && type != Number::f64;
}

double load_number(const std::byte* bytes, Number type) {
    switch (type) {
        case Number::i8:
            return load<std::int8_t>(bytes);
        case Number::u8:
            return load<std::uint8_t>(bytes);
        case Number::i16:
            return load<std::int16_t>(bytes);
        case Number::u16:
            return load<std::uint16_t>(bytes);
        case Number::i32:
            return load<std::int32_t>(bytes);
        case Number::u32:
            return load<std::uint32_t>(bytes);
        case Number::i64:
            return static_cast<double>(load<std::int64_t>(bytes));
        case Number::u64:
            return static_cast<double>(load<std::uint64_t>(bytes));
        case Number::f32:
            return load<float>(bytes);
        case Number::f64:
            return load<double>(bytes);
    }
    return 0;
}

CloudBuilder::CloudBuilder(std::filesystem::path file, const std::vector<CloudField>& fields,
                           std::size_t points, bool one_letter)
    : file_(std::move(file)), targets_(fields.size(), Target::none) {
    assign(Target::x, fields, {"x"});
    assign(Target::y, fields, {"y"});
    assign(Target::z, fields, {"z"});
    for (const auto& [target, name] :
         {std::pair(Target::x, 'x'), std::pair(Target::y, 'y'), std::pair(Target::z, 'z')}) {
        if (std::find(targets_.begin(), targets_.end(), target) == targets_.end()) {
            base::fail_in(file_, "has no field {}, only {}; a cloud needs x, y and z", name,
                          list_names(fields));
        }
    }
    if (one_letter) {
        assign(Target::intensity, fields,
               {"intensity", "i", "reflectivity", "remission", "scalar_intensity"});
        assign(Target::time, fields, {"time", "t", "timestamp"});
    } else {
        assign(Target::intensity, fields,
               {"intensity", "reflectivity", "remission", "scalar_intensity"});
        assign(Target::time, fields, {"time", "timestamp"});
    }
    assign(Target::ring, fields, {"ring"});
    assign(Target::label, fields, {"label"});
    assign(Target::instance, fields, {"instance"});
    assign(Target::sensor, fields, {"sensor"});
    allocate(points);
}

void CloudBuilder::assign(Target target, const std::vector<CloudField>& fields,
                          std::initializer_list<const char*> names) {
    for (const char* name : names) {
        for (std::size_t i = 0; i < fields.size(); ++i) {
            if (lower_case(fields[i].name) != name) {
                continue;
            }
            if (target == Target::sensor && fields[i].type != Number::u8) {
                continue;
            }
            const bool nanoseconds = target == Target::time && is_integer(fields[i].type);
            targets_[i] = nanoseconds ? Target::time_nanoseconds : target;
            return;
        }
    }
}

void CloudBuilder::allocate(std::size_t points) {
    base::require_within(points, &base::Limits::points, file_, "has");
    cloud_.points.resize(static_cast<Eigen::Index>(points), 3);
    for (const Target target : targets_) {
        switch (target) {
            case Target::intensity:
                cloud_.intensity.resize(points);
                break;
            case Target::ring:
                cloud_.ring.resize(points);
                break;
            case Target::time:
            case Target::time_nanoseconds:
                cloud_.time.resize(points);
                break;
            case Target::label:
                cloud_.label.resize(points);
                break;
            case Target::instance:
                cloud_.instance.resize(points);
                break;
            case Target::sensor:
                cloud_.sensor.resize(points);
                break;
            default:
                break;
        }
    }
}

double CloudBuilder::id(std::size_t point, const char* name, double value, double largest) {
    if (std::isnan(value)) {
        without_id_.push_back(point);
        return 0;
    }
    if (!(value >= 0 && value <= largest && std::floor(value) == value)) {
        base::fail_in(file_, "{} {} of point {} is no whole number from 0 to {:.0f}; correct it",
                      name, value, point, largest);
    }
    return value;
}

void CloudBuilder::set(std::size_t point, std::size_t field, double value) {
    const auto row = static_cast<Eigen::Index>(point);
    switch (targets_[field]) {
        case Target::none:
            return;
        case Target::x:
            cloud_.points(row, 0) = value;
            return;
        case Target::y:
            cloud_.points(row, 1) = value;
            return;
        case Target::z:
            cloud_.points(row, 2) = value;
            return;
        case Target::intensity:
            cloud_.intensity[point] = static_cast<float>(value);
            return;
        case Target::ring:
            cloud_.ring[point] = static_cast<std::uint16_t>(id(point, "ring", value, 0xFFFF));
            return;
        case Target::time:
            cloud_.time[point] = value;
            return;
        case Target::time_nanoseconds:
            cloud_.time[point] = value / 1e9;
            return;
        case Target::label:
            cloud_.label[point] = static_cast<std::uint32_t>(id(point, "label", value, 0xFFFFFFFF));
            return;
        case Target::instance:
            cloud_.instance[point] =
                static_cast<std::uint32_t>(id(point, "instance", value, 0xFFFFFFFF));
            return;
        case Target::sensor:
            cloud_.sensor[point] = static_cast<std::uint8_t>(id(point, "sensor", value, 0xFF));
            return;
    }
}

Cloud CloudBuilder::finish() {
    for (const std::size_t point : without_id_) {
        if (cloud_.points.row(static_cast<Eigen::Index>(point)).allFinite()) {
            base::fail_in(file_,
                          "point {} is finite but its ring, label or instance is NaN; give every "
                          "point a whole number",
                          point);
        }
    }
    return std::move(cloud_);
}

bool fits_float32(const geometry::Points& points) {
    const double* values = points.data();
    return std::all_of(values, values + points.size(), [](double value) {
        return std::isnan(value) || static_cast<double>(static_cast<float>(value)) == value;
    });
}

}  // namespace distillar::formats
