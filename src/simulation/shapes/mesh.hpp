#pragma once
#include <Eigen/Core>
#include <Eigen/Geometry>
#include <array>
#include <cstdint>
#include <vector>

#include "simulation/category.hpp"

namespace distillar::simulation {

/// What a surface is made of. Decides its look and its lidar return; appearance.hpp lists which
/// file knows which material.
enum class Material : std::uint8_t {
    // ground_appearance.cpp
    asphalt,       ///< plain: intersections, lots
    lanes,         ///< asphalt with lane markings; uv = (along, across) metres; style: StreetKind
    crossing,      ///< asphalt with zebra stripes; uv = (along the stripes, across them) metres
    parking_bays,  ///< asphalt with bay lines; uv = (along, across) metres
    paving,        ///< sidewalk slabs; uv metres
    curb,
    grass,
    soil,
    gravel,
    // facade_appearance.cpp; uv metres: (along the wall, height above its foot)
    facade,  ///< wall with windows and doors; style: which pattern
    plaster,
    brick,
    stone,
    concrete,
    wood,
    roof_tiles,
    flat_roof,
    window_glass,
    wire_mesh,
    // object_appearance.cpp
    car_paint,
    car_glass,
    rubber,
    chrome,
    head_light,
    tail_light,
    dark_plastic,
    plate,  ///< licence plate: retroreflective
    cloth,
    skin,
    hair,
    tarpaulin,
    // roadside_appearance.cpp
    leaves,
    needles,
    bark,
    hedge,
    pole_metal,
    sign_face,  ///< retroreflective; uv in [0, 1] over the face; style: which sign
    sign_back,
    signal_head,
    signal_lamp,  ///< style 0 red, 1 amber, 2 green
    cone_plastic,
    barrier_plastic,
    guard_rail
};

/// Carried by every triangle: 4 bytes.
struct Surface {
    Material material = Material::concrete;
    Category category = Category::unlabelled;
    std::uint16_t style = 0;  ///< the material's own: pattern, colour choice
};

struct Vertex {
    Eigen::Vector3f position;  ///< metres
    Eigen::Vector3f normal;    ///< unit, outward; equal at all corners of a flat face
    Eigen::Vector2f uv = Eigen::Vector2f::Zero();
};

/// Triangles, counter-clockwise seen from outside. Props (cars, trees, people) stand with their
/// centre's foot at the origin: x forward, y left, z up, z = 0 the ground.
struct Mesh {
    std::vector<Vertex> vertices;
    std::vector<std::array<std::uint32_t, 3>> triangles;
    std::vector<Surface> surfaces;  ///< one a triangle

    std::uint32_t add_vertex(const Vertex& vertex);
    void add_triangle(std::uint32_t a, std::uint32_t b, std::uint32_t c, const Surface& surface);
    Eigen::AlignedBox3f bounds() const;
};

// Parts that props and buildings are made of. All normals point outward. -------------------------

/// A flat quadrilateral a, b, c, d (counter-clockwise from outside). uv: `uv_size` spans
/// (a->b, a->d); zero: metres along the edges from a.
void add_quad(Mesh& mesh, const std::array<Eigen::Vector3f, 4>& corners, const Surface& surface,
              const Eigen::Vector2f& uv_size = Eigen::Vector2f::Zero());

/// A box of `size`, centred at `centre`, turned by `rotation`; uv metres.
void add_box(Mesh& mesh, const Eigen::Vector3f& centre, const Eigen::Vector3f& size,
             const Surface& surface, const Eigen::Matrix3f& rotation = Eigen::Matrix3f::Identity());

/// A (truncated) cone from foot to tip with smooth normals; flat ends where `caps`.
void add_cylinder(Mesh& mesh, const Eigen::Vector3f& foot, const Eigen::Vector3f& tip,
                  float foot_radius, float tip_radius, int sides, const Surface& surface,
                  bool caps = true);

/// An ellipsoid with smooth normals.
void add_ellipsoid(Mesh& mesh, const Eigen::Vector3f& centre, const Eigen::Vector3f& radii,
                   int sides, const Surface& surface,
                   const Eigen::Matrix3f& rotation = Eigen::Matrix3f::Identity());

/// Appends a copy of `part`, moved by `pose` and scaled.
void append(Mesh& mesh, const Mesh& part, const Eigen::Isometry3f& pose, float scale = 1);

}  // namespace distillar::simulation
