#pragma once
#include "formats/cloud.hpp"
#include "fuzz/target.hpp"

namespace distillar::fuzz {

/// Optional fields are absent or as long as the points.
inline void check(const formats::Cloud& cloud) {
    const auto fits = [&](const auto& field) {
        return field.empty() || field.size() == cloud.size();
    };
    require(fits(cloud.intensity) && fits(cloud.ring) && fits(cloud.time) && fits(cloud.label) &&
                fits(cloud.instance) && fits(cloud.sensor),
            "a field of the cloud has another length than its points");
}

}  // namespace distillar::fuzz
