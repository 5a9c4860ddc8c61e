#include <algorithm>
#include <cmath>

#include "simulation/objects/car_design.hpp"

namespace distillar::simulation {

using Eigen::Vector2f;
using Eigen::Vector3f;

namespace {

/// Rows of the cross section (Body::point).
enum Row {
    sill = 3,
    belt_row = 9,
    glass_low = 11,
    glass_high = 13,
    roof_side = 14,
    roof_edge = 16
};

/// Marks on the band of the side windows, in Surface::style until the windows are cut.
enum Mark : std::uint16_t { window_trim = 1, window_pane = 2 };

float mixed(float a, float b, float share) {
    return a + share * (b - a);
}

Curve upper_outline(const CarDesign& d) {
    return Curve({{0, d.nose},
                  {0.012F, mixed(d.nose, d.bonnet, 0.45F)},
                  {0.05F, mixed(d.nose, d.bonnet, 0.80F)},
                  {0.14F, d.bonnet},
                  {mixed(0.14F, d.cowl_s, 0.55F), mixed(d.bonnet, d.cowl, 0.72F)},
                  {d.cowl_s, d.cowl},
                  {mixed(d.cowl_s, d.header_s, 0.5F), mixed(d.cowl, d.height, 0.52F)},
                  {d.header_s, d.height - 0.055F},
                  {mixed(d.header_s, d.roof_s, 0.45F), d.height},
                  {d.roof_s, d.roof},
                  {mixed(d.roof_s, d.deck_s, 0.5F), mixed(d.roof, d.deck, 0.45F)},
                  {d.deck_s, d.deck},
                  {d.length - 0.035F, d.tail},
                  {d.length - 0.012F, mixed(d.tail, d.nose, 0.3F)},
                  {d.length, d.nose + 0.02F}});
}

Curve lower_outline(const CarDesign& d) {
    return Curve({{0, d.nose},
                  {0.012F, mixed(d.nose, d.clearance, 0.45F)},
                  {0.05F, mixed(d.nose, d.clearance, 0.85F)},
                  {0.16F, d.clearance},
                  {d.length - 0.22F, d.clearance + 0.03F},
                  {d.length - 0.06F, d.clearance + 0.10F},
                  {d.length - 0.012F, mixed(d.nose, d.clearance, 0.45F)},
                  {d.length, d.nose + 0.02F}});
}

/// Knots, evenly spaced ones between, crowded at both ends.
std::vector<float> station_list(const CarDesign& d) {
    std::vector<float> list = {0, 0.006F, 0.014F, 0.03F, 0.055F, 0.09F, 0.14F, 0.2F, 0.28F};
    for (const float back : {0.0F, 0.006F, 0.014F, 0.035F, 0.07F, 0.12F}) {
        list.push_back(d.length - back);
    }
    for (const float share : {-0.06F, 0.0F, 0.06F, 0.35F, 0.65F, 0.93F, 1.0F}) {
        list.push_back(mixed(d.cowl_s, d.header_s, share));
    }
    for (const float share : {0.0F, 0.12F, 0.5F, 0.9F, 1.0F}) {
        list.push_back(mixed(d.roof_s, d.deck_s, share));
    }
    std::vector<float> spaced;
    for (float s = 0.4F; s < d.length - 0.15F; s += 0.17F) {
        const bool crowded = std::any_of(list.begin(), list.end(),
                                         [&](float known) { return std::abs(known - s) < 0.08F; });
        if (!crowded) {
            spaced.push_back(s);
        }
    }
    list.insert(list.end(), spaced.begin(), spaced.end());
    std::sort(list.begin(), list.end());
    list.erase(
        std::unique(list.begin(), list.end(), [](float a, float b) { return b - a < 0.004F; }),
        list.end());
    return list;
}

Surface surface_of_cell(const Body& body, float s, int row) {
    const CarDesign& d = body.design;
    const Category category = car_category(d);
    const auto made_of = [&](Material material) { return Surface{material, category, 0}; };
    const auto within = [&](float from, float to, float low, float high) {
        return s > mixed(from, to, low) && s < mixed(from, to, high);
    };
    if (row < sill - 1 || (d.dark_sills && row < sill + 1)) {
        return made_of(Material::dark_plastic);
    }
    if (row >= roof_edge && within(d.cowl_s, d.header_s, -0.06F, 0.06F)) {
        return made_of(Material::dark_plastic);  // below the wipers
    }
    if (row >= roof_edge && (within(d.cowl_s, d.header_s, 0.06F, 0.93F) ||
                             (d.rear_window && within(d.roof_s, d.deck_s, 0.12F, 0.9F)))) {
        return made_of(Material::car_glass);
    }
    const bool band = row > belt_row && row < roof_side && body.top(s) - body.belt(s) > 0.16F;
    const bool pane = row >= glass_low && row < glass_high;
    const auto mark = static_cast<std::uint16_t>(!band ? 0 : pane ? window_pane : window_trim);
    return {Material::car_paint, category, mark};
}

/// Negative before the line through (s, z0) that leans back by `lean` metres a metre of height.
Field before(const CarDesign& d, float s, float z0, float lean) {
    const float x0 = d.length / 2 - s;
    return [=](const Vector3f& at) { return x0 - at.x() - lean * (at.z() - z0); };
}

Field behind(const CarDesign& d, float s, float z0, float lean) {
    const Field field = before(d, s, z0, lean);
    return [field](const Vector3f& at) { return -field(at); };
}

}  // namespace

Category car_category(const CarDesign& design) {
    return design.kind == VehicleKind::pickup ? Category::truck : Category::car;
}

Body::Body(const CarDesign& d)
    : design(d),
      top(upper_outline(d)),
      bottom(lower_outline(d)),
      belt({{0, d.bonnet - 0.06F},
            {mixed(0.2F, d.cowl_s, 0.6F), mixed(d.bonnet, d.belt_front, 0.7F) - 0.05F},
            {d.cowl_s + 0.15F, d.belt_front},
            {d.window_rear, d.belt_rear},
            {d.length, std::min(d.belt_rear, d.tail - 0.05F)}}),
      half_width({{0, 0.405F * d.width},
                  {0.1F, 0.44F * d.width},
                  {0.35F, 0.482F * d.width},
                  {d.axle_front, 0.5F * d.width},
                  {d.axle_rear, 0.5F * d.width},
                  {d.length - 0.3F, 0.485F * d.width},
                  {d.length - 0.08F, 0.462F * d.width},
                  {d.length, 0.44F * d.width}}),
      bow({{0, 0.20F},
           {d.cowl_s, 0.16F},
           {d.header_s, 0.09F},
           {mixed(d.header_s, d.roof_s, 0.5F), 0},
           {d.roof_s, -0.04F},
           {d.length, -0.10F}}),
      stations(station_list(d)) {}

Vector3f Body::point(float s, int row) const {
    const float low = bottom(s), high = top(s), w = half_width(s);
    const float shoulder = std::min(belt(s), low + 0.86F * (high - low));
    const float side = shoulder - low, cabin = std::max(high - shoulder, 1e-4F);
    static const std::array<Vector2f, 10> lower = {{{0, 0},
                                                    {0.55F, 0},
                                                    {0.9F, 0.015F},
                                                    {0.965F, 0.09F},
                                                    {0.985F, 0.26F},
                                                    {0.986F, 0.50F},
                                                    {0.990F, 0.70F},
                                                    {1, 0.79F},
                                                    {0.975F, 0.95F},
                                                    {0.940F, 1}}};
    const float radius = std::min(0.085F, 0.4F * cabin);
    const float foot = 0.925F * w, corner = foot - design.tumble * cabin;
    const float crown = std::min(0.05F, 0.3F * cabin);
    Vector2f at;  // y, z
    if (row <= belt_row) {
        const Vector2f& share = lower[static_cast<std::size_t>(row)];
        at = {share.x() * w, low + share.y() * side};
    } else if (row <= roof_side) {
        static constexpr std::array<float, 5> heights = {0.02F, 0.10F, 0.5F, 0.93F, 1};
        const float share = heights[static_cast<std::size_t>(row - belt_row - 1)];
        const float belly = 0.025F * std::min(cabin, 0.5F) * 4 * share * (1 - share);
        at = {mixed(foot, corner, share * (cabin - radius) / cabin) + belly,
              shoulder + share * (cabin - radius - crown)};
    } else if (row == roof_side + 1) {
        at = {corner - 0.22F * radius, high - crown - 0.30F * radius};
    } else {
        const float y = (corner - radius) * static_cast<float>(rows - 1 - row) /
                        static_cast<float>(rows - 1 - roof_edge);
        const float across = y / std::max(corner, 0.01F);
        at = {y, high - crown * across * across};
    }
    const float across = at.x() / w;
    return {design.length / 2 - s - bow(s) * across * across, at.x(), at.y()};
}

namespace {

void cut_side_windows(Shell& shell, const Body& body) {
    const CarDesign& d = body.design;
    const Surface trim{Material::dark_plastic, car_category(d), 0};
    const Surface glass{Material::car_glass, car_category(d), 0};
    const float z0 = d.belt_front;
    const float slope = (d.header_s - d.cowl_s) / (d.height - d.cowl);
    const auto band = [](std::uint16_t least) {
        return [least](const Vector3f&, const Vector3f&, const Surface& surface) {
            return surface.style >= least;
        };
    };
    const Field front_end = behind(d, d.window_front, z0, slope);
    const Field rear_end = before(d, d.window_rear, z0, -d.rear_lean);
    paint(shell, cut(shell, band(window_trim), {front_end, rear_end}), trim);
    std::vector<float> gaps = d.pillars;
    gaps.insert(gaps.begin(), d.window_front + 0.0F);
    gaps.push_back(d.window_rear);
    for (std::size_t i = 0; i + 1 < gaps.size(); ++i) {
        const bool first = i == 0, last = i + 2 == gaps.size();
        const Field front = behind(d, gaps[i] + (first ? 0.10F : 0.035F), z0, first ? slope : 0.1F);
        const Field rear =
            before(d, gaps[i + 1] - (last ? 0.04F : 0.035F), z0, last ? -d.rear_lean : 0.1F);
        paint(shell, cut(shell, band(window_pane), {front, rear}), glass);
    }
}

}  // namespace

Shell half_body(const Body& body) {
    Shell shell;
    const auto& stations = body.stations;
    const auto count = static_cast<int>(stations.size());
    add_grid(
        shell, Body::rows, count,
        [&](int row, int i) { return body.point(stations[static_cast<std::size_t>(i)], row); },
        [&](int row, int i) {
            const auto at = static_cast<std::size_t>(i);
            return surface_of_cell(body, (stations[at] + stations[at + 1]) / 2, row);
        });
    const CarDesign& d = body.design;
    cut_side_windows(shell, body);
    const auto made_of = [&](Material material) { return Surface{material, car_category(d), 0}; };
    const float front = d.length / 2;
    const Patch intake{0, 0.29F * d.width, d.clearance + 0.07F, d.nose - 0.11F, 0};
    const Patch rear_skirt{0, d.width, 0, d.clearance + 0.14F, 0};
    cut_patch(shell, front, true, d.grille, made_of(Material::dark_plastic));
    cut_patch(shell, front, true, intake, made_of(Material::dark_plastic));
    cut_patch(shell, front, true, d.head, made_of(Material::head_light));
    cut_patch(shell, -front, false, d.tail_light, made_of(Material::tail_light));
    cut_patch(shell, -front, false, rear_skirt, made_of(Material::dark_plastic));
    for (const float axle : {d.axle_front, d.axle_rear}) {
        const Arch arch{front - axle, d.wheel_radius, d.wheel_radius + 0.055F,
                        d.width / 2,  0.25F,          d.clearance};
        cut_arch(shell, arch, car_category(d));
    }
    for (Surface& surface : shell.surfaces) {
        surface.style = d.index;
    }
    return shell;
}

}  // namespace distillar::simulation
