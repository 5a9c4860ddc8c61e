#pragma once
#include "simulation/buildings/facade.hpp"
#include "simulation/shapes/mesh.hpp"

namespace distillar::simulation {

/// A vertical plane that parts of a facade are put on. x runs from left to right seen from
/// outside, v upwards from the foot, depth inwards; metres.
struct WallPlane {
    Eigen::Vector3f origin;   ///< left end at the foot
    Eigen::Vector3f along;    ///< unit, level
    Eigen::Vector3f outward;  ///< unit, level
    float length = 0;

    Eigen::Vector3f at(float x, float v, float depth = 0) const {
        return origin + x * along - depth * outward + Eigen::Vector3f(0, 0, v);
    }
};

/// The plane above the edge from -> to of a counter-clockwise outline, its foot at height `foot`.
WallPlane wall_plane(const Eigen::Vector3f& from, const Eigen::Vector3f& to, float foot);

struct Span {
    float begin = 0, end = 0;
};

/// A rectangle of the facade, facing outward; uv = (u at the left end + x - x.begin, v).
void add_wall_rect(Mesh& mesh, const WallPlane& wall, const Span& x, const Span& v, float depth,
                   const FacadeCode& code, float u);

/// The four sides of an opening of the given depth.
void add_reveals(Mesh& mesh, const WallPlane& wall, const Span& x, const Span& v, float depth,
                 const FacadeCode& code);

/// A bar that stands out of the wall: front, top, bottom and ends.
void add_ledge(Mesh& mesh, const WallPlane& wall, const Span& x, const Span& v, float out,
               const FacadeCode& code);

/// What one wall of a building shows.
struct WallPlan {
    FacadeCode code;        ///< kind, floor_step, number
    int floors = 1;         ///< including the ground floor
    float depth_below = 1;  ///< metres of wall below the foot
    float above = 0;        ///< blind wall above the last floor: attic, parapet
    bool windows = true;
    bool shops = false;
    bool door = false;
    int recessed_floors = 0;  ///< floors with real reveals; the others are flat
    int first_floor = 0;      ///< of a tower on a podium: floors below are left out
    std::uint32_t seed = 0;
};

/// Height of the wall's roof line above the foot.
float height_of(const WallPlan& plan);

/// Height of a floor above the foot.
float floor_line(const FacadeLayout& layout, int floor);

/// Where the bays lie on a wall: `count` bays from x = margin on.
struct Bays {
    int count = 0;
    float margin = 0;
};
Bays bays_of(const FacadeLayout& layout, float length);

/// Which bay of a front without shops has the door.
int door_bay(std::uint32_t seed, int bays);

void add_facade(Mesh& mesh, const WallPlane& wall, const WallPlan& plan);

/// Shop fronts side by side on the ground floor: `x` is a whole number of bays.
void add_shops(Mesh& mesh, const WallPlane& wall, const Span& x, const WallPlan& plan);

}  // namespace distillar::simulation
