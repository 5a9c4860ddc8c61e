#include "simulation/objects/car_design.hpp"

namespace distillar::simulation {

namespace {

using Kind = VehicleKind;

std::vector<CarDesign> sedans() {
    const CarDesign middle;  // a family saloon
    CarDesign large = middle;
    large.length = 4.93F, large.width = 1.87F, large.height = 1.47F;
    large.axle_front = 0.85F, large.axle_rear = 3.81F, large.wheel_radius = 0.34F;
    large.cowl_s = 1.42F, large.header_s = 2.20F, large.roof_s = 3.55F, large.deck_s = 4.32F;
    large.window_front = 1.65F, large.window_rear = 4.0F, large.pillars = {2.68F, 3.58F};
    large.grille = {0, 0.34F, 0.46F, 0.70F, 0};
    large.head = {0.46F, 0.88F, 0.61F, 0.71F, 0.10F};
    large.spokes = 10;
    CarDesign boxy = middle;  // of the nineties
    boxy.length = 4.45F, boxy.width = 1.70F, boxy.height = 1.40F;
    boxy.axle_front = 0.82F, boxy.axle_rear = 3.45F, boxy.wheel_radius = 0.30F;
    boxy.bonnet = 0.76F, boxy.cowl_s = 1.36F, boxy.cowl = 0.94F, boxy.header_s = 1.95F;
    boxy.roof_s = 3.15F, boxy.roof = 1.37F, boxy.deck_s = 3.66F, boxy.deck = 0.98F;
    boxy.tail = 0.96F, boxy.belt_front = 0.88F, boxy.belt_rear = 0.90F, boxy.tumble = 0.22F;
    boxy.window_front = 1.5F, boxy.window_rear = 3.45F, boxy.pillars = {2.35F, 3.1F};
    boxy.head = {0.45F, 0.80F, 0.60F, 0.72F, 0}, boxy.grille = {0, 0.43F, 0.61F, 0.71F, 0};
    boxy.tail_light = {0.50F, 0.90F, 0.70F, 0.86F, 0};
    CarDesign coupe = middle;
    coupe.length = 4.54F, coupe.width = 1.83F, coupe.height = 1.39F;
    coupe.cowl_s = 1.38F, coupe.cowl = 0.96F, coupe.header_s = 2.15F, coupe.roof_s = 3.0F;
    coupe.roof = 1.33F, coupe.deck_s = 4.0F, coupe.deck = 1.03F, coupe.wheel_radius = 0.335F;
    coupe.window_front = 1.6F, coupe.window_rear = 3.6F, coupe.rear_lean = 1.5F;
    coupe.pillars = {2.85F}, coupe.spokes = 7;
    return {middle, large, boxy, coupe};
}

std::vector<CarDesign> hatchbacks() {
    CarDesign golf;
    golf.kind = Kind::hatchback;
    golf.length = 4.28F, golf.width = 1.79F, golf.height = 1.47F;
    golf.axle_front = 0.86F, golf.axle_rear = 3.49F;
    golf.cowl_s = 1.12F, golf.header_s = 1.86F, golf.roof_s = 3.72F, golf.roof = 1.40F;
    golf.deck_s = 4.08F, golf.deck = 1.03F, golf.tail = 0.92F;
    golf.window_front = 1.35F, golf.window_rear = 3.78F, golf.rear_lean = 0.75F;
    golf.pillars = {2.35F, 3.2F};
    golf.tail_light = {0.55F, 0.95F, 0.80F, 0.97F, 0};
    CarDesign small = golf;
    small.length = 3.66F, small.width = 1.65F, small.height = 1.50F;
    small.axle_front = 0.70F, small.axle_rear = 3.05F, small.wheel_radius = 0.29F;
    small.bonnet = 0.77F, small.cowl_s = 0.86F, small.cowl = 1.0F, small.header_s = 1.55F;
    small.roof_s = 3.18F, small.roof = 1.43F, small.deck_s = 3.50F, small.deck = 1.02F;
    small.window_front = 1.1F, small.window_rear = 3.25F, small.pillars = {2.10F, 2.75F};
    small.head = {0.48F, 0.78F, 0.62F, 0.79F, 0.15F};
    small.tail_light = {0.60F, 0.90F, 0.80F, 1.05F, 0};
    CarDesign estate = golf;
    estate.length = 4.77F, estate.width = 1.83F, estate.height = 1.49F;
    estate.axle_rear = 3.65F, estate.cowl_s = 1.22F, estate.header_s = 1.98F;
    estate.roof_s = 4.30F, estate.roof = 1.40F, estate.deck_s = 4.62F, estate.deck = 1.02F;
    estate.window_front = 1.45F, estate.window_rear = 4.38F, estate.rear_lean = 0.6F;
    estate.pillars = {2.48F, 3.38F}, estate.roof_rails = true, estate.spokes = 10;
    CarDesign rounded = golf;  // nineties supermini
    rounded.length = 3.83F, rounded.width = 1.63F, rounded.height = 1.42F;
    rounded.axle_front = 0.75F, rounded.axle_rear = 3.19F, rounded.wheel_radius = 0.285F;
    rounded.bonnet = 0.74F, rounded.cowl_s = 1.05F, rounded.cowl = 0.93F;
    rounded.header_s = 1.75F, rounded.roof_s = 3.25F, rounded.roof = 1.34F;
    rounded.deck_s = 3.62F, rounded.deck = 0.95F, rounded.tail = 0.86F;
    rounded.belt_front = 0.88F, rounded.belt_rear = 0.91F;
    rounded.window_front = 1.25F, rounded.window_rear = 3.36F, rounded.pillars = {2.45F};
    rounded.tail_light = {0.55F, 0.85F, 0.68F, 0.86F, 0}, rounded.dark_sills = true;
    return {golf, small, estate, rounded};
}

std::vector<CarDesign> suvs() {
    CarDesign compact;
    compact.kind = Kind::suv;
    compact.length = 4.46F, compact.width = 1.84F, compact.height = 1.66F;
    compact.axle_front = 0.88F, compact.axle_rear = 3.56F, compact.wheel_radius = 0.355F;
    compact.clearance = 0.22F, compact.nose = 0.58F, compact.bonnet = 0.89F;
    compact.cowl_s = 1.18F, compact.cowl = 1.12F, compact.header_s = 1.92F;
    compact.roof_s = 3.95F, compact.roof = 1.60F, compact.deck_s = 4.28F, compact.deck = 1.15F;
    compact.tail = 1.02F, compact.belt_front = 1.06F, compact.belt_rear = 1.12F;
    compact.window_front = 1.42F, compact.window_rear = 4.02F, compact.rear_lean = 0.7F;
    compact.pillars = {2.42F, 3.28F};
    compact.head = {0.48F, 0.88F, 0.75F, 0.87F, 0.08F};
    compact.tail_light = {0.55F, 0.97F, 0.92F, 1.06F, 0};
    compact.grille = {0, 0.46F, 0.68F, 0.86F, 0};
    compact.dark_sills = true, compact.roof_rails = true;
    CarDesign large = compact;
    large.length = 4.90F, large.width = 1.97F, large.height = 1.78F;
    large.axle_front = 0.90F, large.axle_rear = 3.82F, large.wheel_radius = 0.38F;
    large.clearance = 0.24F, large.bonnet = 0.98F, large.nose = 0.64F, large.cowl = 1.18F;
    large.cowl_s = 1.35F, large.header_s = 2.0F, large.roof_s = 4.42F, large.roof = 1.72F;
    large.deck_s = 4.74F, large.deck = 1.2F, large.tail = 1.08F;
    large.belt_front = 1.13F, large.belt_rear = 1.18F, large.tumble = 0.24F;
    large.window_front = 1.56F, large.window_rear = 4.55F, large.rear_lean = 0.35F;
    large.pillars = {2.55F, 3.5F}, large.spokes = 10;
    large.head = {0.52F, 0.92F, 0.82F, 0.95F, 0.02F};
    large.grille = {0, 0.48F, 0.70F, 0.95F, 0};
    large.tail_light = {0.74F, 0.99F, 0.85F, 1.16F, 0};
    CarDesign off_road = compact;  // upright
    off_road.length = 4.40F, off_road.width = 1.86F, off_road.height = 1.86F;
    off_road.wheel_radius = 0.385F, off_road.clearance = 0.27F, off_road.bonnet = 1.04F;
    off_road.nose = 0.65F, off_road.cowl_s = 1.5F, off_road.cowl = 1.17F;
    off_road.header_s = 1.85F, off_road.roof_s = 4.12F, off_road.roof = 1.83F;
    off_road.deck_s = 4.28F, off_road.deck = 1.15F, off_road.tail = 1.05F;
    off_road.belt_front = 1.12F, off_road.belt_rear = 1.12F, off_road.tumble = 0.13F;
    off_road.window_front = 1.62F, off_road.window_rear = 4.05F, off_road.rear_lean = 0.12F;
    off_road.pillars = {2.5F, 3.3F}, off_road.roof_rails = false;
    off_road.head = {0.50F, 0.76F, 0.74F, 0.94F, 0};
    off_road.grille = {0, 0.42F, 0.74F, 0.96F, 0};
    off_road.tail_light = {0.74F, 0.90F, 0.78F, 1.06F, 0};
    CarDesign crossover = compact;  // low, sloping rear
    crossover.height = 1.58F, crossover.roof = 1.50F, crossover.roof_s = 3.7F;
    crossover.deck_s = 4.22F, crossover.deck = 1.12F, crossover.rear_lean = 1.0F;
    crossover.window_rear = 3.85F, crossover.roof_rails = false, crossover.spokes = 6;
    return {compact, large, off_road, crossover};
}

std::vector<CarDesign> pickups() {
    CarDesign middle;  // double cab; the bed is cut out later
    middle.kind = Kind::pickup;
    middle.length = 5.33F, middle.width = 1.86F, middle.height = 1.80F;
    middle.axle_front = 0.98F, middle.axle_rear = 4.06F, middle.wheel_radius = 0.385F;
    middle.clearance = 0.29F, middle.nose = 0.68F, middle.bonnet = 0.98F;
    middle.cowl_s = 1.42F, middle.cowl = 1.17F, middle.header_s = 2.05F;
    middle.roof_s = 3.48F, middle.roof = 1.74F, middle.deck_s = 3.66F, middle.deck = 1.16F;
    middle.tail = 1.13F, middle.belt_front = 1.13F, middle.belt_rear = 1.15F;
    middle.tumble = 0.24F, middle.window_front = 1.66F, middle.window_rear = 3.55F;
    middle.rear_lean = 0.2F, middle.pillars = {2.65F};
    middle.head = {0.50F, 0.86F, 0.80F, 0.96F, 0};
    middle.grille = {0, 0.48F, 0.74F, 0.96F, 0};
    middle.tail_light = {0.74F, 0.95F, 0.76F, 1.06F, 0};
    middle.dark_sills = true, middle.spokes = 6;
    CarDesign large = middle;  // American
    large.length = 5.89F, large.width = 2.03F, large.height = 1.95F;
    large.axle_front = 0.97F, large.axle_rear = 4.65F, large.wheel_radius = 0.41F;
    large.bonnet = 1.13F, large.nose = 0.74F, large.cowl_s = 1.55F, large.cowl = 1.28F;
    large.header_s = 2.18F, large.roof_s = 3.85F, large.roof = 1.90F, large.deck_s = 4.02F;
    large.deck = 1.30F, large.tail = 1.27F, large.belt_front = 1.25F, large.belt_rear = 1.28F;
    large.window_front = 1.78F, large.window_rear = 3.9F, large.pillars = {2.85F};
    large.head = {0.62F, 0.97F, 0.86F, 1.10F, 0}, large.grille = {0, 0.60F, 0.78F, 1.10F, 0};
    large.tail_light = {0.82F, 1.0F, 0.84F, 1.2F, 0};
    CarDesign single = middle;  // single cab, long bed
    single.roof_s = 2.72F, single.deck_s = 2.88F, single.window_rear = 2.78F, single.pillars = {};
    return {middle, large, single};
}

std::vector<CarDesign> vans() {
    CarDesign family;
    family.kind = Kind::van;
    family.length = 4.53F, family.width = 1.83F, family.height = 1.66F;
    family.axle_front = 0.92F, family.axle_rear = 3.62F, family.bonnet = 0.80F;
    family.cowl_s = 0.98F, family.cowl = 1.03F, family.header_s = 1.95F;
    family.roof_s = 4.15F, family.roof = 1.60F, family.deck_s = 4.42F, family.deck = 1.06F;
    family.tail = 0.96F, family.belt_front = 0.96F, family.belt_rear = 1.02F;
    family.tumble = 0.22F, family.window_front = 1.25F, family.window_rear = 4.28F;
    family.rear_lean = 0.35F, family.pillars = {2.45F, 3.4F};
    family.tail_light = {0.72F, 0.96F, 0.85F, 1.15F, 0}, family.roof_rails = true;
    CarDesign bulli = family;  // passenger or worker's van
    bulli.length = 4.90F, bulli.width = 1.90F, bulli.height = 1.97F;
    bulli.axle_front = 0.91F, bulli.axle_rear = 3.91F, bulli.wheel_radius = 0.335F;
    bulli.bonnet = 0.96F, bulli.nose = 0.6F, bulli.cowl_s = 0.85F, bulli.cowl = 1.20F;
    bulli.header_s = 1.62F, bulli.roof_s = 4.66F, bulli.roof = 1.93F, bulli.deck_s = 4.80F;
    bulli.deck = 1.15F, bulli.tail = 1.0F, bulli.belt_front = 1.14F, bulli.belt_rear = 1.16F;
    bulli.tumble = 0.15F, bulli.window_front = 1.10F, bulli.window_rear = 4.65F;
    bulli.rear_lean = 0.1F, bulli.pillars = {2.2F, 3.45F}, bulli.roof_rails = false;
    bulli.head = {0.50F, 0.88F, 0.72F, 0.92F, 0.05F}, bulli.grille = {0, 0.48F, 0.74F, 0.88F, 0};
    bulli.tail_light = {0.80F, 0.96F, 0.80F, 1.20F, 0};
    CarDesign panel = bulli;  // without windows behind
    panel.window_rear = 2.12F, panel.pillars = {}, panel.rear_window = false;
    panel.dark_sills = true;
    CarDesign high = panel;  // 3.5 t parcel van
    high.length = 5.93F, high.width = 1.99F, high.height = 2.62F;
    high.axle_front = 1.0F, high.axle_rear = 4.67F, high.wheel_radius = 0.345F;
    high.bonnet = 1.08F, high.nose = 0.62F, high.cowl_s = 0.92F, high.cowl = 1.32F;
    high.header_s = 1.62F, high.roof_s = 5.72F, high.roof = 2.58F, high.deck_s = 5.86F;
    high.deck = 1.4F, high.tail = 1.2F, high.belt_front = 1.24F, high.belt_rear = 1.24F;
    high.tumble = 0.085F, high.window_front = 1.15F, high.window_rear = 2.25F;
    high.head = {0.55F, 0.92F, 0.74F, 1.04F, 0.05F}, high.grille = {0, 0.52F, 0.80F, 1.0F, 0};
    high.tail_light = {0.88F, 0.99F, 0.75F, 1.25F, 0};
    CarDesign city = panel;  // small delivery van
    city.length = 4.40F, city.width = 1.79F, city.height = 1.82F;
    city.axle_front = 0.88F, city.axle_rear = 3.57F, city.wheel_radius = 0.315F;
    city.bonnet = 0.84F, city.cowl_s = 1.0F, city.cowl = 1.08F, city.header_s = 1.75F;
    city.roof_s = 4.2F, city.roof = 1.79F, city.deck_s = 4.32F, city.deck = 1.05F;
    city.belt_front = 1.02F, city.belt_rear = 1.03F, city.window_front = 1.25F;
    city.window_rear = 2.22F, city.head = {0.46F, 0.82F, 0.64F, 0.80F, 0.08F};
    city.grille = {0, 0.42F, 0.62F, 0.74F, 0};
    return {family, bulli, panel, high, city};
}

}  // namespace

const std::vector<CarDesign>& car_designs() {
    static const std::vector<CarDesign> all = [] {
        std::vector<CarDesign> list;
        for (const auto& designs : {sedans(), hatchbacks(), suvs(), pickups(), vans()}) {
            list.insert(list.end(), designs.begin(), designs.end());
        }
        for (std::size_t i = 0; i < list.size(); ++i) {
            list[i].index = static_cast<std::uint16_t>(i);
        }
        return list;
    }();
    return all;
}

}  // namespace distillar::simulation
