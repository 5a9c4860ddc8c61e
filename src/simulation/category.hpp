#pragma once
/// simulation: procedural worlds, lidar and camera sensors (Embree), writers in public layouts.
#include <cstdint>

namespace distillar::simulation {

/// What a surface is, in the finest terms that any written layout tells apart.
enum class Category : std::uint8_t {
    unlabelled,
    road,
    lane_marking,
    parking,
    sidewalk,
    other_ground,
    terrain,
    building,
    wall,
    fence,
    barrier,
    other_structure,
    vegetation,
    trunk,
    pole,
    traffic_sign,
    traffic_light,
    traffic_cone,
    car,
    truck,
    bus,
    trailer,
    motorcycle,
    bicycle,
    bicyclist,
    motorcyclist,
    person,
    other_object,
    sky  ///< pixels only
};
inline constexpr int category_count = static_cast<int>(Category::sky) + 1;

/// Raw id in SemanticKITTI's labels (also used by `log`); `moving` chooses 252..259 where there is
/// one. Sky has none there: 0.
std::uint32_t semantickitti_id(Category category, bool moving);

/// Raw id in nuScenes lidarseg (0..31). Sky has none there: 0.
std::uint32_t nuscenes_id(Category category);

const char* name_of(Category category);

}  // namespace distillar::simulation
