#include "simulation/shapes/shell.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace distillar::simulation {

using Eigen::Vector3f;

namespace {

using Edge = std::pair<std::uint32_t, std::uint32_t>;
using Triangle = std::array<std::uint32_t, 3>;
constexpr float on_the_curve = 1e-4F;  ///< metres; nearer corners count as on it

Edge edge_of(std::uint32_t a, std::uint32_t b) {
    return std::minmax(a, b);
}

/// Where the field changes sign between two points (regula falsi, a few steps).
Vector3f crossing(const Field& field, Vector3f low, Vector3f high) {
    float at_low = field(low), at_high = field(high);
    Vector3f middle = low;
    for (int step = 0; step < 6; ++step) {
        middle = low + (high - low) * (at_low / (at_low - at_high));
        const float value = field(middle);
        if (std::abs(value) < 1e-5F) {
            break;
        }
        const bool with_low = (value < 0) == (at_low < 0);
        (with_low ? low : high) = middle;
        (with_low ? at_low : at_high) = value;
    }
    return middle;
}

/// One field's cut: edges that are split, shared by neighbours so that no gap opens.
class Splitter {
public:
    Splitter(Shell& shell, const Field& field) : shell_(shell), field_(field) {}

    void split_edges(const Faces& chosen) {
        for (const std::uint32_t face : chosen) {
            const Triangle corners = shell_.faces[face];
            for (std::size_t i = 0; i < 3; ++i) {
                split_edge(edge_of(corners[i], corners[(i + 1) % 3]));
            }
        }
    }

    /// Replaces a face by its parts; appends their numbers to `parts`.
    void divide(std::uint32_t face, Faces& parts) {
        const Triangle corners = shell_.faces[face];
        std::array<std::optional<std::uint32_t>, 3> middles;  // of edge i -> i + 1
        std::size_t count = 0, first = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            middles[i] = middle(edge_of(corners[i], corners[(i + 1) % 3]));
            count += middles[i] ? 1 : 0;
        }
        parts.push_back(face);
        if (count == 0) {
            return;
        }
        // Turn so that the pattern of split edges is 0; 0 and 2; or all.
        while (!middles[first] || (count == 2 && !middles[(first + 2) % 3])) {
            ++first;
        }
        const auto a = corners[first], b = corners[(first + 1) % 3], c = corners[(first + 2) % 3];
        const auto ab = *middles[first];
        if (count == 1) {
            replace(face, {a, ab, c}, {{{ab, b, c}}}, parts);
            return;
        }
        const auto ca = *middles[(first + 2) % 3];
        if (count == 2) {
            replace(face, {a, ab, ca}, {{ab, b, c}, {ab, c, ca}}, parts);
            return;
        }
        const auto bc = *middles[(first + 1) % 3];
        replace(face, {a, ab, ca}, {{ab, b, bc}, {bc, c, ca}, {ab, bc, ca}}, parts);
    }

private:
    void split_edge(const Edge& edge) {
        if (middles_.contains(edge)) {
            return;
        }
        const Vector3f first = shell_.points[edge.first], second = shell_.points[edge.second];
        const float a = field_(first), b = field_(second);
        if (a * b >= 0 || std::min(std::abs(a), std::abs(b)) < on_the_curve) {
            return;
        }
        middles_[edge] = static_cast<std::uint32_t>(shell_.points.size());
        shell_.points.push_back(crossing(field_, first, second));
    }

    std::optional<std::uint32_t> middle(const Edge& edge) const {
        const auto found = middles_.find(edge);
        return found == middles_.end() ? std::nullopt : std::optional(found->second);
    }

    void replace(std::uint32_t face, const Triangle& first, const std::vector<Triangle>& more,
                 Faces& parts) {
        shell_.faces[face] = first;
        for (const Triangle& triangle : more) {
            parts.push_back(static_cast<std::uint32_t>(shell_.faces.size()));
            shell_.faces.push_back(triangle);
            shell_.surfaces.push_back(Surface(shell_.surfaces[face]));
        }
    }

    Shell& shell_;
    const Field& field_;
    std::map<Edge, std::uint32_t> middles_;
};

/// The chosen faces' parts inside the field.
Faces cut_once(Shell& shell, const Faces& chosen, const Field& field) {
    Splitter splitter(shell, field);
    splitter.split_edges(chosen);
    std::vector<bool> is_chosen(shell.faces.size());
    for (const std::uint32_t face : chosen) {
        is_chosen[face] = true;
    }
    Faces inside;
    for (std::uint32_t face = 0; face < is_chosen.size(); ++face) {
        Faces parts;
        splitter.divide(face, parts);
        if (is_chosen[face]) {
            std::copy_if(parts.begin(), parts.end(), std::back_inserter(inside),
                         [&](std::uint32_t part) { return field(shell.centre(part)) < 0; });
        }
    }
    return inside;
}

}  // namespace

Vector3f Shell::centre(std::size_t face) const {
    const auto& [a, b, c] = faces[face];
    return (points[a] + points[b] + points[c]) / 3;
}

Vector3f Shell::normal(std::size_t face) const {
    const auto& [a, b, c] = faces[face];
    return (points[b] - points[a]).cross(points[c] - points[a]).normalized();
}

Faces cut(Shell& shell, const FaceChoice& choice, const std::vector<Field>& inside) {
    Faces chosen;
    for (std::uint32_t face = 0; face < shell.faces.size(); ++face) {
        if (choice(shell.centre(face), shell.normal(face), shell.surfaces[face])) {
            chosen.push_back(face);
        }
    }
    for (const Field& field : inside) {
        chosen = cut_once(shell, chosen, field);
    }
    return chosen;
}

void paint(Shell& shell, const Faces& faces, const Surface& surface) {
    for (const std::uint32_t face : faces) {
        shell.surfaces[face] = surface;
    }
}

void erase(Shell& shell, const Faces& faces) {
    std::vector<bool> gone(shell.faces.size());
    for (const std::uint32_t face : faces) {
        gone[face] = true;
    }
    std::size_t kept = 0;
    for (std::size_t face = 0; face < gone.size(); ++face) {
        if (!gone[face]) {
            shell.faces[kept] = shell.faces[face];
            shell.surfaces[kept] = shell.surfaces[face];
            ++kept;
        }
    }
    shell.faces.resize(kept);
    shell.surfaces.resize(kept);
}

void add_rim(Shell& shell, const Faces& faces, const Vector3f& depth, const Surface& surface,
             const FaceChoice& choice) {
    std::map<Edge, int> uses;
    for (const std::uint32_t face : faces) {
        const Triangle corners = shell.faces[face];
        for (std::size_t i = 0; i < 3; ++i) {
            ++uses[edge_of(corners[i], corners[(i + 1) % 3])];
        }
    }
    std::map<std::uint32_t, std::uint32_t> deep;
    const auto pulled = [&](std::uint32_t corner) {
        const auto [at, made] =
            deep.try_emplace(corner, static_cast<std::uint32_t>(shell.points.size()));
        if (made) {
            shell.points.push_back(shell.points[corner] + depth);
        }
        return at->second;
    };
    for (const std::uint32_t face : faces) {
        const Triangle corners = shell.faces[face];
        const Vector3f normal = shell.normal(face);
        for (std::size_t i = 0; i < 3; ++i) {
            const auto a = corners[i], b = corners[(i + 1) % 3];
            if (uses[edge_of(a, b)] != 1 ||
                !choice((shell.points[a] + shell.points[b]) / 2, normal, shell.surfaces[face])) {
                continue;
            }
            const auto deep_a = pulled(a), deep_b = pulled(b);
            shell.faces.push_back({a, b, deep_b});
            shell.faces.push_back({a, deep_b, deep_a});
            shell.surfaces.insert(shell.surfaces.end(), 2, surface);
        }
    }
}

void mirror(Shell& shell) {
    const auto points = static_cast<std::uint32_t>(shell.points.size());
    const std::size_t faces = shell.faces.size();
    for (std::uint32_t i = 0; i < points; ++i) {
        shell.points.push_back(shell.points[i].cwiseProduct(Vector3f(1, -1, 1)));
    }
    for (std::size_t i = 0; i < faces; ++i) {
        const auto [a, b, c] = shell.faces[i];
        shell.faces.push_back({a + points, c + points, b + points});
        shell.surfaces.push_back(Surface(shell.surfaces[i]));
    }
}

}  // namespace distillar::simulation
