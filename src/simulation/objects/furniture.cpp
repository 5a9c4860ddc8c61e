#include "simulation/objects/furniture.hpp"

#include "simulation/objects/furniture_parts.hpp"
#include "simulation/shapes/dice.hpp"
#include "simulation/streets/street_things.hpp"

namespace distillar::simulation {

Mesh make_bus_stop(base::Random& random) {
    Mesh mesh;
    constexpr Category structure = Category::other_structure;
    const float length = between(random, 2.6F, 4.2F);
    const float height = between(random, 2.35F, 2.6F);
    const Surface frame =
        metal(random.chance(0.6) ? Finish::anthracite : Finish::galvanised, structure);
    const Surface glass{Material::window_glass, structure, 0};
    const float half = 0.5F * length;
    for (const float x : {-half, 0.0F, half}) {
        add_box(mesh, {x, -0.6F, 0.5F * height}, {0.07F, 0.07F, height}, frame);
    }
    add_box(mesh, {0, -0.05F, height + 0.04F}, {length + 0.3F, 1.5F, 0.1F}, frame);
    add_box(mesh, {0, -0.6F, 1.2F}, {length - 0.1F, 0.015F, 1.7F}, glass);
    add_box(mesh, {-half, -0.15F, 1.2F}, {0.015F, 0.85F, 1.7F}, glass);
    add_box(mesh, {half, -0.1F, 1.25F}, {0.14F, 1.0F, 1.9F}, metal(Finish::poster, structure));
    add_box(mesh, {-0.3F, -0.35F, 0.46F}, {1.5F, 0.32F, 0.05F}, {Material::wood, structure, 0});
    for (const float x : {-0.9F, 0.3F})
        add_box(mesh, {x, -0.35F, 0.22F}, {0.05F, 0.2F, 0.44F}, frame);
    return mesh;
}

Mesh make_street_thing(std::uint32_t variant) {
    base::Random random(0x7468696e67, 0, variant);
    switch (static_cast<StreetThing>(variant % street_thing_count)) {
        case StreetThing::litter_bin:
            return make_litter_bin(random);
        case StreetThing::wheeled_bins:
            return make_wheeled_bins(random);
        case StreetThing::bollard:
            return make_bollard(random);
        case StreetThing::bench:
            return make_bench(random);
        case StreetThing::mailbox:
            return make_mailbox(random);
        case StreetThing::cabinet:
            return make_cabinet(random);
        case StreetThing::bus_stop:
            return make_bus_stop(random);
        case StreetThing::advertising_column:
            return make_advertising_column(random);
        case StreetThing::bicycle_rack:
            return make_bicycle_rack(random);
        case StreetThing::hydrant:
            return make_hydrant(random);
        case StreetThing::parking_meter:
            return make_parking_meter(random);
        case StreetThing::planter:
            break;
    }
    return make_planter(random);
}

}  // namespace distillar::simulation
