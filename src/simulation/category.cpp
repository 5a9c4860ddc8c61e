#include "simulation/category.hpp"

#include <array>

namespace distillar::simulation {

namespace {

/// One row a category, in the order of the enumeration.
struct Ids {
    const char* name;
    std::uint8_t semantickitti;
    std::uint16_t moving;  ///< SemanticKITTI's id of the moving thing; the same where it has none
    std::uint8_t nuscenes;
};

constexpr std::array<Ids, category_count> ids{{
    {"unlabelled", 0, 0, 0},
    {"road", 40, 40, 24},
    {"lane_marking", 60, 60, 24},
    {"parking", 44, 44, 24},
    {"sidewalk", 48, 48, 26},
    {"other_ground", 49, 49, 25},
    {"terrain", 72, 72, 27},
    {"building", 50, 50, 28},
    {"wall", 51, 51, 28},
    {"fence", 51, 51, 28},
    {"barrier", 51, 51, 9},
    {"other_structure", 52, 52, 28},
    {"vegetation", 70, 70, 30},
    {"trunk", 71, 71, 30},
    {"pole", 80, 80, 28},
    {"traffic_sign", 81, 81, 28},
    {"traffic_light", 99, 99, 28},
    {"traffic_cone", 99, 99, 12},
    {"car", 10, 252, 17},
    {"truck", 18, 258, 23},
    {"bus", 13, 257, 16},
    {"trailer", 20, 259, 22},
    {"motorcycle", 15, 15, 21},
    {"bicycle", 11, 11, 14},
    {"bicyclist", 31, 253, 14},
    {"motorcyclist", 32, 255, 21},
    {"person", 30, 254, 2},
    {"other_object", 99, 99, 29},
    {"sky", 0, 0, 0},
}};

const Ids& ids_of(Category category) {
    return ids[static_cast<std::size_t>(category)];
}

}  // namespace

std::uint32_t semantickitti_id(Category category, bool moving) {
    return moving ? ids_of(category).moving : ids_of(category).semantickitti;
}

std::uint32_t nuscenes_id(Category category) {
    return ids_of(category).nuscenes;
}

const char* name_of(Category category) {
    return ids_of(category).name;
}

}  // namespace distillar::simulation
