#pragma once
#include <functional>

#include "simulation/shapes/mesh.hpp"

namespace distillar::simulation {

/// A surface under construction: corners are shared and have no normals yet. It can be cut along
/// curves, so that windows, lights and wheel arches have crisp outlines.
struct Shell {
    std::vector<Eigen::Vector3f> points;
    std::vector<std::array<std::uint32_t, 3>> faces;  ///< counter-clockwise from outside
    std::vector<Surface> surfaces;                    ///< one a face

    Eigen::Vector3f centre(std::size_t face) const;
    Eigen::Vector3f normal(std::size_t face) const;  ///< unit
};

/// Negative inside.
using Field = std::function<float(const Eigen::Vector3f&)>;
/// Whether a face takes part, by its centre, unit normal and surface.
using FaceChoice =
    std::function<bool(const Eigen::Vector3f&, const Eigen::Vector3f&, const Surface&)>;
using Faces = std::vector<std::uint32_t>;

/// Adds a grid of rows x columns points; faces look to (next column) x (next row).
/// `surface(row, column)` is asked for each cell.
void add_grid(Shell& shell, int rows, int columns,
              const std::function<Eigen::Vector3f(int, int)>& at,
              const std::function<Surface(int, int)>& surface);

/// Splits the chosen faces where `inside` fields change sign, one after the other.
/// @return the faces that lie inside all of them.
Faces cut(Shell& shell, const FaceChoice& choice, const std::vector<Field>& inside);

void paint(Shell& shell, const Faces& faces, const Surface& surface);

/// Removes faces and closes nothing.
void erase(Shell& shell, const Faces& faces);

/// Walls from the rim of `faces` along `depth`, seen from inside the recess that is left when the
/// faces are erased afterwards; where `choice` (of an edge's middle and its face's normal) agrees.
void add_rim(Shell& shell, const Faces& faces, const Eigen::Vector3f& depth, const Surface& surface,
             const FaceChoice& choice);

/// Adds the mirror image over y = 0.
void mirror(Shell& shell);

/// Welds equal points and computes normals: smooth where neighbours differ by less than
/// `crease` degrees.
Mesh finish(const Shell& shell, float crease);

/// A tube through `path` with elliptical sections; smooth, closed ends.
struct TubeRing {
    Eigen::Vector3f centre;
    float side = 0;   ///< radius along the tube's `side` direction
    float other = 0;  ///< radius across it
};
void add_tube(Mesh& mesh, const std::vector<TubeRing>& path, const Eigen::Vector3f& side, int sides,
              const Surface& surface);

/// A surface of revolution about the y axis through `centre`; `profile`: (radius, y), from inside
/// to outside of the turn: left of the direction of travel looks outward. `surface(i)`: of the
/// band from profile point i to i + 1.
void add_lathe(Mesh& mesh, const Eigen::Vector3f& centre,
               const std::vector<Eigen::Vector2f>& profile, int sides,
               const std::function<Surface(int)>& surface, float crease = 40);

/// A box with bevelled edges of width `bevel`, centred, no rotation.
void add_soft_box(Mesh& mesh, const Eigen::Vector3f& centre, const Eigen::Vector3f& size,
                  float bevel, const Surface& surface);

/// Smooth curve through knots of ascending x without overshoot (Fritsch and Carlson 1980).
class Curve {
public:
    Curve() = default;
    explicit Curve(std::vector<Eigen::Vector2f> knots);
    float operator()(float x) const;
    const std::vector<Eigen::Vector2f>& knots() const { return knots_; }

private:
    std::vector<Eigen::Vector2f> knots_;
    std::vector<float> slopes_;
};

}  // namespace distillar::simulation
