#pragma once
/// Private to the files that colour facades.
#include "simulation/buildings/facade.hpp"
#include "simulation/buildings/facade_colours.hpp"
#include "simulation/buildings/wall_patterns.hpp"
#include "simulation/rendering/appearance.hpp"

namespace distillar::simulation {

/// A point of a facade with all that its look depends on.
struct FacadePoint {
    WallPoint at;
    FacadeCode code;
    const FacadeLayout& layout;
    const FacadeColours& colours;
    std::uint32_t seed = 0;  ///< of the building
};

/// Two looks side by side in one pixel; `share` of it is `b`.
Appearance blended(const Appearance& a, const Appearance& b, float share);

/// A painted surface that is no glass.
Appearance matt(const Eigen::Vector3f& albedo, float reflectivity);

Appearance wall_look(const FacadePoint& point);     ///< without windows
Appearance windows_look(const FacadePoint& point);  ///< wall and windows, also panes
Appearance shop_look(const FacadePoint& point);
Appearance sign_look(const FacadePoint& point);
Appearance door_look(const FacadePoint& point);
Appearance garage_look(const FacadePoint& point);
Appearance awning_look(const FacadePoint& point);
Appearance machine_look(const FacadePoint& point);

}  // namespace distillar::simulation
