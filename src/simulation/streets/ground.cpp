#include "simulation/streets/ground.hpp"

#include <algorithm>
#include <cmath>

#include "simulation/shapes/noise.hpp"

namespace distillar::simulation {

using Eigen::Vector2d;
using Eigen::Vector3f;

namespace {

constexpr double street_cell = 4;  ///< metres: streets bend that finely

Vector3f normal_of(const StreetMap& map, const Vector2d& at) {
    return map.frame(at, 0, false).linear().col(2).cast<float>();
}

}  // namespace

Rectangle block_of(const StreetMap& map, const Tile& tile) {
    const auto edge = [&](int along, int index) { return map.kind({along, index}).edge(); };
    return {{map.line(1, tile.i) + edge(1, tile.i), map.line(0, tile.j) + edge(0, tile.j)},
            {map.line(1, tile.i + 1) - edge(1, tile.i + 1),
             map.line(0, tile.j + 1) - edge(0, tile.j + 1)}};
}

Stretch stretch_of(const StreetMap& map, const Tile& tile, int along) {
    const int across = 1 - along;
    const int first = along == 0 ? tile.i : tile.j;
    return {{along, along == 0 ? tile.j : tile.i},
            map.line(across, first) + map.kind({across, first}).curb(),
            map.line(across, first + 1) - map.kind({across, first + 1}).curb()};
}

Ground::Ground(const StreetMap& map, const Eigen::Vector3d& origin, Mesh& mesh)
    : map_(map), origin_(origin), mesh_(mesh) {}

Vector3f Ground::at(const Vector2d& place, double lift) const {
    return (map_.to_world(place) - origin_ + Eigen::Vector3d(0, 0, lift)).cast<float>();
}

template <typename Place, typename Uv>
void Ground::grid(double length, double width, double cell, const Surface& surface,
                  const Place& place, const Uv& uv) {
    const int rows = std::max(1, static_cast<int>(std::ceil(length / cell)));
    const int columns = std::max(1, static_cast<int>(std::ceil(width / cell)));
    const auto first = static_cast<std::uint32_t>(mesh_.vertices.size());
    for (int row = 0; row <= rows; ++row) {
        for (int column = 0; column <= columns; ++column) {
            const double along = length * row / rows, across = width * column / columns;
            const auto [position, normal] = place(along, across);
            mesh_.add_vertex({position, normal, uv(along, across)});
        }
    }
    const auto stride = static_cast<std::uint32_t>(columns + 1);
    for (std::uint32_t row = 0; row < static_cast<std::uint32_t>(rows); ++row) {
        for (std::uint32_t column = 0; column + 1 < stride; ++column) {
            const auto a = first + row * stride + column, b = a + stride;
            mesh_.add_triangle(a, b, b + 1, surface);
            mesh_.add_triangle(a, b + 1, a + 1, surface);
        }
    }
}

void Ground::strip(const Street& street, double s0, double s1, double c0, double c1, double lift,
                   const Surface& surface) {
    if (s1 <= s0 || c1 <= c0) {
        return;
    }
    grid(
        s1 - s0, c1 - c0, street_cell, surface,
        [&](double s, double c) {
            const Vector2d place = map_.point(street, s0 + s, c0 + c);
            return std::pair(at(place, lift), normal_of(map_, place));
        },
        [&](double s, double c) { return Eigen::Vector2d(s0 + s, c0 + c).cast<float>().eval(); });
}

void Ground::area(const Rectangle& rectangle, double lift, const Surface& surface, double bumps) {
    const Vector2d size = rectangle.size();
    if (size.minCoeff() <= 0) {
        return;
    }
    const auto height = [&](const Vector2d& place) {  // none at the rim
        const Vector2d inside =
            (place - rectangle.low).cwiseMin(rectangle.high - place).cwiseMax(0.0);
        const double rise = std::min(1.0, inside.minCoeff() / 6);
        return lift +
               bumps * rise *
                   (0.6 + 0.8 * fractal_noise(Eigen::Vector2f(place.cast<float>() / 14), 3, 3));
    };
    grid(
        size.x(), size.y(), bumps > 0 ? 2 : street_cell, surface,
        [&](double x, double y) {
            const Vector2d place = rectangle.low + Vector2d(x, y);
            Vector3f normal = normal_of(map_, place);
            if (bumps > 0) {
                const double slope_x = height(place + Vector2d(0.5, 0)) - height(place);
                const double slope_y = height(place + Vector2d(0, 0.5)) - height(place);
                normal -= 2 * Eigen::Vector3d(slope_x, slope_y, 0).cast<float>();
                normal.normalize();
            }
            return std::pair(at(place, height(place)), normal);
        },
        [&](double x, double y) { return Vector2d(x, y).cast<float>().eval(); });
}

void Ground::curb(const Vector2d& from, const Vector2d& to) {
    const double length = (to - from).norm();
    const int pieces = std::max(1, static_cast<int>(std::ceil(length / street_cell)));
    for (int piece = 0; piece < pieces; ++piece) {
        const Vector2d a = from + (to - from) * piece / pieces;
        const Vector2d b = from + (to - from) * (piece + 1) / pieces;
        add_quad(mesh_, {at(a), at(b), at(b, curb_height), at(a, curb_height)},
                 {Material::curb, Category::sidewalk, 0});
    }
}

}  // namespace distillar::simulation
