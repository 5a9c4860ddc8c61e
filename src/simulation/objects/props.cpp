#include "simulation/objects/props.hpp"

#include <functional>

#include "base/thread_pool.hpp"

namespace distillar::simulation {

namespace {

/// Shapes to make, collected first and then made by all threads.
class Workshop {
public:
    void order(Variants& shelf, std::uint32_t count, std::function<Mesh(std::uint32_t)> make) {
        shelf.resize(count);
        for (std::uint32_t variant = 0; variant < count; ++variant) {
            orders_.push_back([&shelf, make, variant] {
                shelf[variant] = std::make_shared<const Shape>(make(variant));
            });
        }
    }

    void make_all() {
        base::parallel_for(orders_.size(), 1, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) {
                orders_[i]();
            }
        });
    }

private:
    std::vector<std::function<void()>> orders_;
};

}  // namespace

Props::Props() {
    Workshop workshop;
    for (int i = 0; i < vehicle_kind_count; ++i) {
        const auto kind = static_cast<VehicleKind>(i);
        workshop.order(vehicles[static_cast<std::size_t>(i)],
                       static_cast<std::uint32_t>(variant_count(kind)),
                       [kind](std::uint32_t variant) { return make_vehicle(kind, variant); });
    }
    for (int i = 0; i < plant_kind_count; ++i) {
        const auto kind = static_cast<PlantKind>(i);
        workshop.order(plants[static_cast<std::size_t>(i)], 6,
                       [kind](std::uint32_t variant) { return make_plant(kind, variant); });
    }
    workshop.order(standing, person_variant_count,
                   [](std::uint32_t variant) { return make_person(variant, -1); });
    for (int phase = 0; phase < stride_phases; ++phase) {
        const float stride = static_cast<float>(phase) / stride_phases;
        workshop.order(walking[static_cast<std::size_t>(phase)], person_variant_count,
                       [stride](std::uint32_t variant) { return make_person(variant, stride); });
    }
    workshop.order(street_lights, 6, make_street_light);
    workshop.order(poles, 8, make_pole);
    workshop.order(signs, 24, make_traffic_sign);
    workshop.order(cones, 4, make_cone);
    workshop.order(barriers, 8, make_barrier);
    workshop.order(things, 2 * street_thing_count, make_street_thing);
    for (int state = 0; state < 3; ++state) {
        workshop.order(
            traffic_lights[static_cast<std::size_t>(state)], 4,
            [state](std::uint32_t variant) { return make_traffic_light(variant, state); });
    }
    workshop.make_all();
}

const Props& Props::shared() {
    static const Props props;
    return props;
}

}  // namespace distillar::simulation
