#include "simulation/streets/placer.hpp"

#include <numbers>

namespace distillar::simulation {

namespace {

constexpr std::array plant_names{"broadleaf", "columnar", "conifer", "palm", "bare", "bush"};
constexpr std::array vehicle_names{"sedan",   "hatchback",    "suv",      "pickup",  "van",
                                   "truck",   "semi_truck",   "bus",      "trailer", "motorcycle",
                                   "bicycle", "motorcyclist", "bicyclist"};

template <typename Kind, std::size_t Count>
Kind kind_named(const std::array<const char*, Count>& names, const std::string& name) {
    for (std::size_t i = 0; i < Count; ++i) {
        if (name == names[i]) {
            return static_cast<Kind>(i);
        }
    }
    return static_cast<Kind>(0);  // load_city has checked the names
}

}  // namespace

PlantKind plant_kind(const std::string& name) {
    return kind_named<PlantKind>(plant_names, name);
}

VehicleKind vehicle_kind(const std::string& name) {
    return kind_named<VehicleKind>(vehicle_names, name);
}

double heading_of(const Street& street) {
    return street.along == 0 ? 0 : std::numbers::pi / 2;
}

void TileWork::place(const std::shared_ptr<const Shape>& shape, const Eigen::Vector2d& at,
                     double heading, const Stand& stand) {
    geometry::Pose pose = map.frame(at, heading, stand.upright);
    pose.translation() += Eigen::Vector3d(0, 0, stand.lift) - origin;
    Placement placement;
    placement.shape = shape;
    placement.begin = placement.end = pose.cast<float>();
    placement.scale = stand.scale;
    placement.paint = random.next();
    const bool numbers_left = next_instance < first_instance(tile) + first_walker;
    placement.instance = stand.counted && numbers_left ? next_instance++ : 0;
    placements.push_back(std::move(placement));
}

void TileWork::plant_tree(const Eigen::Vector2d& at) {
    const auto& variants = props.of(plant_kind(draw(city.plants.kinds, random)));
    const auto& shape = pick(variants, random.next());
    const auto scale = static_cast<float>(random.uniform(0.7, 1.15));
    place(shape, at, random.uniform(0, 2 * std::numbers::pi), {curb_height, scale});
}

void TileWork::plant_thicket(const Eigen::Vector2d& from, const Eigen::Vector2d& to) {
    // A city without thickets rolls no dice for them: its streets stay as they were.
    if (city.plants.thickets <= 0 || !random.chance(city.plants.thickets)) {
        return;
    }
    const double grown = random.uniform(0.9, 1.6);
    const auto& variants = props.of(PlantKind::bush);
    const Eigen::Vector2d way = to - from;
    const int count = static_cast<int>(way.norm() / 1.1);
    for (int i = 0; i < count; ++i) {
        const Eigen::Vector2d aside(random.uniform(-0.25, 0.25), random.uniform(-0.25, 0.25));
        const auto scale = static_cast<float>(grown * random.uniform(0.8, 1.1));
        place(pick(variants, random.next()), from + way * (i + 0.5) / count + aside,
              random.uniform(0, 2 * std::numbers::pi), {curb_height, scale});
    }
}

void TileWork::park_car(const Eigen::Vector2d& at, double heading, double lift) {
    static const Mix parked{
        {"sedan", 0.33}, {"hatchback", 0.27}, {"suv", 0.2}, {"pickup", 0.06}, {"van", 0.14}};
    const auto& variants = props.of(vehicle_kind(draw(parked, random)));
    const auto& shape = pick(variants, random.next());
    const double wobble = random.uniform(-0.03, 0.03);
    place(shape, at, heading + wobble,
          {lift, static_cast<float>(city.traffic.car_size), true, false});
}

}  // namespace distillar::simulation
