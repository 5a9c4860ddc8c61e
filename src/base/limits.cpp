#include "base/limits.hpp"

#include <array>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"

namespace distillar::base {

namespace {

struct Named {
    const char* name;
    std::uint64_t Limits::*limit;
    const char* unit;
};

constexpr std::array all{
    Named{"file", &Limits::file, "bytes"},
    Named{"config", &Limits::config, "bytes"},
    Named{"table", &Limits::table, "bytes"},
    Named{"header", &Limits::header, "bytes"},
    Named{"inflated", &Limits::inflated, "bytes"},
    Named{"tensors", &Limits::tensors, "tensors"},
    Named{"rank", &Limits::rank, "dimensions"},
    Named{"nesting", &Limits::nesting, "levels"},
    Named{"points", &Limits::points, "points"},
    Named{"image_side", &Limits::image_side, "pixels"},
};

Limits current;

}  // namespace

const Limits& limits() {
    return current;
}

void set_limit(std::string_view name_and_value) {
    const auto equals = name_and_value.find('=');
    const std::string_view name = name_and_value.substr(0, equals);
    std::vector<std::string> names;
    for (const auto& named : all) {
        names.push_back(named.name);
        if (name != named.name || equals == std::string_view::npos) {
            continue;
        }
        const auto value =
            parse_integer(name_and_value.substr(equals + 1), "limit " + names.back());
        if (value < 1) {
            fail("limit {}: {} is not above 0", name, value);
        }
        current.*named.limit = static_cast<std::uint64_t>(value);
        return;
    }
    fail("limit '{}': expected NAME=VALUE with one of: {}", name_and_value, join(names));
}

void require_within(std::uint64_t value, std::uint64_t Limits::*limit,
                    const std::filesystem::path& file, std::string_view what) {
    if (value <= current.*limit) {
        return;
    }
    for (const auto& named : all) {
        if (named.limit == limit) {
            fail_in(file,
                    "{} {} {}, more than the limit of {}; if you trust the file: --limit {}={}",
                    what, value, named.unit, current.*limit, named.name, value);
        }
    }
}

}  // namespace distillar::base
