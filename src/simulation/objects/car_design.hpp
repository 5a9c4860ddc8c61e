#pragma once
/// Private to the vehicle files: bodies drawn as a side view and lofted across their width.
#include "simulation/objects/vehicles.hpp"
#include "simulation/shapes/body_cuts.hpp"

namespace distillar::simulation {

/// Surface::style of paint that follows no CarDesign: the thing's first and second colour. Below:
/// an index into car_designs(), with the seams of its doors.
inline constexpr std::uint16_t plain_paint = 1000, second_paint = 1001;

/// Proportions of a car, van or pickup. s: metres behind the foremost point, z: above the ground.
struct CarDesign {
    VehicleKind kind = VehicleKind::sedan;
    float length = 4.6F, width = 1.8F, height = 1.45F;
    float axle_front = 0.9F, axle_rear = 3.6F;  ///< s
    float wheel_radius = 0.32F, clearance = 0.17F;
    float nose = 0.5F;                                ///< z of the foremost point
    float bonnet = 0.72F;                             ///< z of the bonnet's front edge
    float cowl_s = 1.2F, cowl = 0.98F;                ///< foot of the windscreen
    float header_s = 2.0F;                            ///< its head
    float roof_s = 3.4F, roof = 1.38F;                ///< rear end of the roof
    float deck_s = 4.1F, deck = 1.05F;                ///< foot of the rear window
    float tail = 0.95F;                               ///< z of the tail's upper edge
    float belt_front = 0.92F, belt_rear = 0.97F;      ///< lower edge of the side windows
    float tumble = 0.28F;                             ///< inward lean of the cabin: metres a metre
    float window_front = 1.45F, window_rear = 3.75F;  ///< s of the side windows' ends at the belt
    float rear_lean = 0.8F;  ///< s lost a metre of height at the side windows' rear end
    std::vector<float> pillars = {2.45F, 3.3F};  ///< s at the belt
    Patch head = {0.50F, 0.86F, 0.60F, 0.72F, 0.08F};
    Patch tail_light = {0.45F, 0.95F, 0.74F, 0.90F, 0.0F};
    Patch grille = {0, 0.40F, 0.55F, 0.68F, 0};
    bool rear_window = true;
    bool dark_sills = false;  ///< unpainted lower edge
    bool roof_rails = false;
    int spokes = 5;
    std::uint16_t index = 0;  ///< in car_designs(); Surface::style of its paint
};

const std::vector<CarDesign>& car_designs();

/// The upper and lower body as curves over s.
struct Body {
    explicit Body(const CarDesign& design);
    static constexpr int rows =
        20;  ///< of half a cross section, from the keel to the roof's middle
    Eigen::Vector3f point(float s, int row) const;

    const CarDesign& design;
    Curve top, bottom, belt, half_width, bow;
    std::vector<float> stations;
};

// The parts of a car, in the order they are made.
// --------------------------------------------------

/// Half of the body (y >= 0): paint, glass, lights, wheel arches.
Shell half_body(const Body& body);
void add_car_details(Mesh& mesh, const Body& body);
void add_wheel(Mesh& mesh, const Eigen::Vector3f& centre, float radius, float width, bool left,
               int spokes, Category category);
Mesh make_car(const CarDesign& design);
Category car_category(const CarDesign& design);

// Other vehicles; variant < variant_count.
// ---------------------------------------------------------
Mesh make_truck(std::uint32_t variant);
Mesh make_semi_truck(std::uint32_t variant);
Mesh make_bus(std::uint32_t variant);
Mesh make_trailer(std::uint32_t variant);
Mesh make_bicycle(std::uint32_t variant);
Mesh make_motorcycle(std::uint32_t variant);
Mesh make_bicyclist(std::uint32_t variant);
Mesh make_motorcyclist(std::uint32_t variant);

}  // namespace distillar::simulation
