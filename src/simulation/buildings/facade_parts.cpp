#include "simulation/buildings/facade_wall.hpp"

namespace distillar::simulation {

using Eigen::Vector3f;

WallPlane wall_plane(const Vector3f& from, const Vector3f& to, float foot) {
    WallPlane wall;
    Vector3f edge = to - from;
    edge.z() = 0;
    wall.length = edge.norm();
    wall.along = edge / wall.length;
    wall.outward = Vector3f(wall.along.y(), -wall.along.x(), 0);
    wall.origin = Vector3f(from.x(), from.y(), foot);
    return wall;
}

void add_wall_rect(Mesh& mesh, const WallPlane& wall, const Span& x, const Span& v, float depth,
                   const FacadeCode& code, float u) {
    const Surface surface = facade_surface(code);
    const float width = x.end - x.begin;
    const auto first =
        mesh.add_vertex({wall.at(x.begin, v.begin, depth), wall.outward, {u, v.begin}});
    mesh.add_vertex({wall.at(x.end, v.begin, depth), wall.outward, {u + width, v.begin}});
    mesh.add_vertex({wall.at(x.end, v.end, depth), wall.outward, {u + width, v.end}});
    mesh.add_vertex({wall.at(x.begin, v.end, depth), wall.outward, {u, v.end}});
    mesh.add_triangle(first, first + 1, first + 2, surface);
    mesh.add_triangle(first, first + 2, first + 3, surface);
}

void add_reveals(Mesh& mesh, const WallPlane& wall, const Span& x, const Span& v, float depth,
                 const FacadeCode& code) {
    const Surface surface = facade_surface(code);
    const std::array<Vector3f, 4> front{wall.at(x.begin, v.begin), wall.at(x.end, v.begin),
                                        wall.at(x.end, v.end), wall.at(x.begin, v.end)};
    for (std::size_t i = 0; i < 4; ++i) {
        const Vector3f in = -depth * wall.outward;
        const Vector3f& a = front[i];
        const Vector3f& b = front[(i + 1) % 4];
        add_quad(mesh, {a, b, b + in, a + in}, surface);
    }
}

void add_ledge(Mesh& mesh, const WallPlane& wall, const Span& x, const Span& v, float out,
               const FacadeCode& code) {
    const Surface surface = facade_surface(code);
    const auto p = [&](float at, float height, float depth) { return wall.at(at, height, depth); };
    add_quad(mesh,
             {p(x.begin, v.begin, -out), p(x.end, v.begin, -out), p(x.end, v.end, -out),
              p(x.begin, v.end, -out)},
             surface);
    add_quad(
        mesh,
        {p(x.begin, v.end, -out), p(x.end, v.end, -out), p(x.end, v.end, 0), p(x.begin, v.end, 0)},
        surface);
    add_quad(mesh,
             {p(x.begin, v.begin, 0), p(x.end, v.begin, 0), p(x.end, v.begin, -out),
              p(x.begin, v.begin, -out)},
             surface);
    add_quad(mesh,
             {p(x.begin, v.begin, 0), p(x.begin, v.begin, -out), p(x.begin, v.end, -out),
              p(x.begin, v.end, 0)},
             surface);
    add_quad(
        mesh,
        {p(x.end, v.begin, -out), p(x.end, v.begin, 0), p(x.end, v.end, 0), p(x.end, v.end, -out)},
        surface);
}

}  // namespace distillar::simulation
