#include <algorithm>
#include <cmath>
#include <numbers>

#include "simulation/shapes/shell.hpp"

namespace distillar::simulation {

using Eigen::Vector2f;
using Eigen::Vector3f;

namespace {

constexpr float two_pi = 2 * std::numbers::pi_v<float>;

float turn(int part, int parts) {
    return two_pi * static_cast<float>(part % parts) / static_cast<float>(parts);
}

void add_part(Mesh& mesh, const Shell& shell, float crease) {
    append(mesh, finish(shell, crease), Eigen::Isometry3f::Identity());
}

/// Rings shrink to a point over a round cap.
std::vector<TubeRing> with_caps(const std::vector<TubeRing>& path) {
    const auto cap = [](const TubeRing& end, const Vector3f& outward, float share) {
        const float flat = 0.8F * std::min(end.side, end.other);
        const float shrink = std::sqrt(1 - share * share);
        return TubeRing{end.centre + share * flat * outward, shrink * end.side, shrink * end.other};
    };
    const Vector3f before = (path[0].centre - path[1].centre).normalized();
    const Vector3f after = (path.back().centre - path[path.size() - 2].centre).normalized();
    std::vector<TubeRing> all = {cap(path.front(), before, 1), cap(path.front(), before, 0.7F)};
    all.insert(all.end(), path.begin(), path.end());
    all.push_back(cap(path.back(), after, 0.7F));
    all.push_back(cap(path.back(), after, 1));
    return all;
}

}  // namespace

void add_grid(Shell& shell, int rows, int columns, const std::function<Vector3f(int, int)>& at,
              const std::function<Surface(int, int)>& surface) {
    const auto first = static_cast<std::uint32_t>(shell.points.size());
    const auto number = [&](int row, int column) {
        return first + static_cast<std::uint32_t>(row * columns + column);
    };
    for (int row = 0; row < rows; ++row) {
        for (int column = 0; column < columns; ++column) {
            shell.points.push_back(at(row, column));
        }
    }
    for (int row = 0; row + 1 < rows; ++row) {
        for (int column = 0; column + 1 < columns; ++column) {
            const auto a = number(row, column), b = number(row, column + 1),
                       c = number(row + 1, column + 1), d = number(row + 1, column);
            shell.faces.push_back({a, b, c});
            shell.faces.push_back({a, c, d});
            shell.surfaces.insert(shell.surfaces.end(), 2, surface(row, column));
        }
    }
}

void add_tube(Mesh& mesh, const std::vector<TubeRing>& path, const Vector3f& side, int sides,
              const Surface& surface) {
    const std::vector<TubeRing> rings = with_caps(path);
    const auto point = [&](int row, int column) -> Vector3f {
        const auto at = static_cast<std::size_t>(row);
        const TubeRing& before = rings[at == 0 ? 0 : at - 1];
        const TubeRing& after = rings[std::min(at + 1, rings.size() - 1)];
        const Vector3f along = (after.centre - before.centre).normalized();
        const Vector3f across = along.cross(side).normalized();
        const Vector3f beside = across.cross(along);
        const float angle = turn(column, sides);
        return rings[at].centre + rings[at].side * std::cos(angle) * beside +
               rings[at].other * std::sin(angle) * across;
    };
    Shell shell;
    add_grid(shell, static_cast<int>(rings.size()), sides + 1, point,
             [&](int, int) { return surface; });
    add_part(mesh, shell, 75);
}

void add_lathe(Mesh& mesh, const Vector3f& centre, const std::vector<Vector2f>& profile, int sides,
               const std::function<Surface(int)>& surface, float crease) {
    const auto point = [&](int row, int column) -> Vector3f {
        const Vector2f& at = profile[static_cast<std::size_t>(row)];
        const float angle = turn(column, sides);
        return centre + Vector3f(at.x() * std::sin(angle), at.y(), at.x() * std::cos(angle));
    };
    Shell shell;
    add_grid(shell, static_cast<int>(profile.size()), sides + 1, point,
             [&](int row, int) { return surface(row); });
    add_part(mesh, shell, crease);
}

void add_soft_box(Mesh& mesh, const Vector3f& centre, const Vector3f& size, float bevel,
                  const Surface& surface) {
    // Rings of eight corners from bottom to top; each cuts the box's outline.
    const auto ring = [&](float z, float shrink, int column) -> Vector3f {
        const float x = size.x() / 2 - shrink, y = size.y() / 2 - shrink;
        const std::array<Vector2f, 8> corners = {
            Vector2f(x, -y + bevel), {x, y - bevel},   {x - bevel, y},   {-x + bevel, y},
            {-x, y - bevel},         {-x, -y + bevel}, {-x + bevel, -y}, {x - bevel, -y}};
        const Vector2f& at = corners[static_cast<std::size_t>(column % 8)];
        return centre + Vector3f(at.x(), at.y(), z);
    };
    const float half = size.z() / 2;
    const auto point = [&](int row, int column) -> Vector3f {
        switch (row) {
            case 0:
                return centre - Vector3f(0, 0, half);
            case 1:
                return ring(-half, bevel, column);
            case 2:
                return ring(-half + bevel, 0, column);
            case 3:
                return ring(half - bevel, 0, column);
            case 4:
                return ring(half, bevel, column);
            default:
                return centre + Vector3f(0, 0, half);
        }
    };
    Shell shell;
    add_grid(shell, 6, 9, point, [&](int, int) { return surface; });
    add_part(mesh, shell, 30);
}

// Curve ------------------------------------------------------------------------------------------

Curve::Curve(std::vector<Vector2f> knots) : knots_(std::move(knots)), slopes_(knots_.size(), 0) {
    const auto secant = [&](std::size_t i) {
        const Vector2f step = knots_[i + 1] - knots_[i];
        return step.y() / step.x();
    };
    for (std::size_t i = 0; i < knots_.size() && knots_.size() > 1; ++i) {
        if (i == 0 || i + 1 == knots_.size()) {
            slopes_[i] = secant(i == 0 ? 0 : i - 1);
            continue;
        }
        const float before = secant(i - 1), after = secant(i);
        slopes_[i] = before * after <= 0 ? 0 : 2 * before * after / (before + after);
    }
}

float Curve::operator()(float x) const {
    if (x <= knots_.front().x()) {
        return knots_.front().y();
    }
    if (x >= knots_.back().x()) {
        return knots_.back().y();
    }
    std::size_t i = 0;
    while (x > knots_[i + 1].x()) {
        ++i;
    }
    const float width = knots_[i + 1].x() - knots_[i].x();
    const float t = (x - knots_[i].x()) / width;
    const float a = knots_[i].y(), b = knots_[i + 1].y();
    return a + (b - a) * t * t * (3 - 2 * t) +
           width * t * (1 - t) * (slopes_[i] * (1 - t) - slopes_[i + 1] * t);
}

}  // namespace distillar::simulation
