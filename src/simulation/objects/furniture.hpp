#pragma once
#include "simulation/shapes/mesh.hpp"

namespace distillar::simulation {

// Things beside streets, in metres: centre's foot at the origin, z up, x the direction of travel.
// They stand to the right of their road: it lies towards +y. The same mesh for the same arguments.
// Every number is a variant: (variant % kinds) chooses the kind, the rest sizes and colours.

/// A pole of 4-10 m with one or two lamps on arms towards +y, or a lantern. Category::pole.
Mesh make_street_light(std::uint32_t variant);

/// 0: plain post; 1: wooden utility pole with cross arms; 2: flag pole; 3: post with a cabinet.
/// Category::pole.
Mesh make_pole(std::uint32_t variant);

/// A post with one or two signs, or a direction board on two posts. Faces look towards -x, to a
/// driver who drives along +x. Faces and backs Category::traffic_sign, posts Category::pole.
Mesh make_traffic_sign(std::uint32_t variant);

/// Even variants: a post; odd: a mast with an arm over the road (+y). Lamps look towards -x.
/// @param state  0 red, 1 amber, 2 green is lit.
/// Heads Category::traffic_light, posts and arms Category::pole.
Mesh make_traffic_light(std::uint32_t variant, int state);

/// 0.5-0.9 m high. Category::traffic_cone.
Mesh make_cone(std::uint32_t variant);

/// Along x: 0 concrete block, 1 plastic block, 2 striped board, 3 steel crowd barrier.
/// Category::barrier.
Mesh make_barrier(std::uint32_t variant);

enum class StreetThing : std::uint8_t {
    litter_bin,
    wheeled_bins,
    bollard,  ///< Category::pole
    bench,
    mailbox,
    cabinet,
    bus_stop,  ///< Category::other_structure
    advertising_column,
    bicycle_rack,
    hydrant,
    parking_meter,  ///< Category::pole
    planter         ///< its plant Category::vegetation
};
inline constexpr std::uint32_t street_thing_count =
    static_cast<std::uint32_t>(StreetThing::planter) + 1;

/// variant % street_thing_count is the StreetThing. Long sides lie along x, fronts look towards +y.
/// Category::other_object unless said.
Mesh make_street_thing(std::uint32_t variant);

/// A W-beam on posts along from -> to (on the ground), its front towards the left of that way.
/// Category::fence.
void add_guard_rail(Mesh& mesh, const Eigen::Vector3f& from, const Eigen::Vector3f& to,
                    std::uint32_t seed);

}  // namespace distillar::simulation
