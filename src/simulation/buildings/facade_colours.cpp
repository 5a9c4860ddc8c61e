#include "simulation/buildings/facade_colours.hpp"

#include <vector>

#include "simulation/shapes/noise.hpp"

namespace distillar::simulation {

using Eigen::Vector3f;

namespace {

using Palette = std::vector<Vector3f>;

const Vector3f& pick(const Palette& palette, std::uint32_t choice) {
    return palette[hash(choice, 4711) % palette.size()];
}

const Palette& plasters() {
    static const Palette palette{
        colour(226, 214, 186), colour(222, 200, 152), colour(203, 168, 112), colour(208, 160, 130),
        colour(196, 193, 186), colour(224, 221, 212), colour(188, 196, 172), colour(204, 190, 164),
        colour(198, 166, 156), colour(176, 186, 194), colour(214, 206, 196), colour(186, 140, 108),
        colour(230, 226, 216), colour(168, 160, 148)};
    return palette;
}

const Palette& bricks() {
    static const Palette palette{colour(142, 78, 60),  colour(154, 88, 66),   colour(122, 66, 54),
                                 colour(164, 112, 84), colour(176, 142, 112), colour(182, 158, 120),
                                 colour(96, 66, 56),   colour(150, 96, 78),   colour(134, 84, 68)};
    return palette;
}

const Palette& stones() {
    static const Palette palette{
        colour(198, 188, 164), colour(184, 177, 164), colour(168, 163, 156), colour(210, 201, 180),
        colour(152, 143, 128), colour(190, 170, 140), colour(176, 150, 124)};
    return palette;
}

const Palette& concretes() {
    static const Palette palette{colour(172, 169, 162), colour(158, 156, 152),
                                 colour(186, 182, 170), colour(144, 142, 138),
                                 colour(196, 190, 178)};
    return palette;
}

const Palette& sidings() {
    static const Palette palette{
        colour(226, 226, 220), colour(196, 198, 198), colour(168, 182, 192), colour(162, 170, 148),
        colour(202, 188, 160), colour(216, 202, 154), colour(92, 106, 120),  colour(132, 62, 54),
        colour(176, 160, 140), colour(120, 128, 124)};
    return palette;
}

const Palette& claddings() {  // of offices
    static const Palette palette{
        colour(206, 200, 188), colour(168, 165, 158), colour(78, 79, 82),    colour(214, 214, 210),
        colour(150, 92, 72),   colour(126, 124, 120), colour(186, 170, 144), colour(104, 96, 88)};
    return palette;
}

const Palette& stuccos() {  // of shop strips
    static const Palette palette{colour(206, 192, 166), colour(190, 170, 144),
                                 colour(220, 213, 198), colour(172, 124, 100),
                                 colour(198, 196, 190), colour(160, 150, 132)};
    return palette;
}

const Palette& sheets() {
    static const Palette palette{colour(176, 180, 182), colour(122, 140, 154),
                                 colour(190, 182, 162), colour(150, 156, 150),
                                 colour(204, 204, 200)};
    return palette;
}

const Palette& frames() {
    static const Palette palette{colour(234, 233, 228), colour(228, 226, 218),
                                 colour(232, 230, 226), colour(92, 64, 44),
                                 colour(62, 64, 66),    colour(64, 82, 68)};
    return palette;
}

const Palette& profiles() {  // of curtain walls
    static const Palette palette{colour(66, 70, 74), colour(168, 172, 176), colour(84, 68, 56),
                                 colour(48, 50, 54), colour(206, 208, 208)};
    return palette;
}

const Palette& tints() {  // of office glass
    static const Palette palette{colour(44, 58, 70), colour(52, 72, 70), colour(60, 66, 70),
                                 colour(40, 50, 66), colour(74, 66, 58), colour(62, 84, 100)};
    return palette;
}

const Palette& doors() {
    static const Palette palette{colour(96, 62, 40),   colour(58, 72, 62),  colour(70, 48, 36),
                                 colour(60, 66, 78),   colour(118, 44, 40), colour(160, 130, 96),
                                 colour(200, 198, 190)};
    return palette;
}

const Palette& timbers() {
    static const Palette palette{
        colour(150, 124, 94),  colour(122, 98, 74),   colour(160, 152, 138), colour(132, 126, 116),
        colour(226, 225, 219), colour(176, 146, 106), colour(92, 72, 56),    colour(214, 212, 204)};
    return palette;
}

const Palette& roofs() {
    static const Palette palette{colour(146, 84, 62), colour(126, 70, 54), colour(160, 96, 68),
                                 colour(86, 84, 86),  colour(68, 70, 76),  colour(96, 76, 62),
                                 colour(112, 66, 54), colour(78, 74, 70),  colour(120, 108, 96)};
    return palette;
}

const Palette& shops() {
    static const Palette palette{colour(176, 34, 36),   colour(24, 62, 120), colour(30, 92, 62),
                                 colour(226, 178, 40),  colour(40, 40, 44),  colour(228, 226, 220),
                                 colour(206, 96, 32),   colour(96, 30, 58),  colour(28, 118, 140),
                                 colour(236, 234, 230), colour(90, 66, 50)};
    return palette;
}

const Palette& walls_of(FacadeKind kind) {
    switch (kind) {
        case FacadeKind::stone:
            return stones();
        case FacadeKind::brick:
        case FacadeKind::villa:
            return bricks();
        case FacadeKind::panel:
            return concretes();
        case FacadeKind::glass:
        case FacadeKind::ribbon:
        case FacadeKind::grid:
            return claddings();
        case FacadeKind::siding:
            return sidings();
        case FacadeKind::arcade:
            return stuccos();
        case FacadeKind::shed:
            return sheets();
        default:
            return plasters();
    }
}

/// Sun and rain take colour from paint.
Vector3f faded(const Vector3f& fresh, float share) {
    return (1 - share) * fresh +
           Vector3f::Constant(share * fresh.dot(Vector3f(0.3F, 0.59F, 0.11F)));
}

FacadeColours draw_colours(FacadeKind kind, std::uint32_t number) {
    const std::uint32_t seed = hash(static_cast<std::uint32_t>(kind), number, 313);
    const bool office =
        kind == FacadeKind::glass || kind == FacadeKind::ribbon || kind == FacadeKind::grid;
    FacadeColours drawn;
    drawn.wall = faded(pick(walls_of(kind), hash(seed, 1)), 0.12F + 0.25F * hash_unit(seed, 12)) *
                 (0.88F + 0.2F * hash_unit(seed, 2));
    const float trim = hash_unit(seed, 3);
    drawn.trim = trim < 0.4F   ? colour(222, 218, 206)
                 : trim < 0.7F ? Vector3f(0.8F * drawn.wall)
                               : pick(stones(), hash(seed, 4));
    if (kind == FacadeKind::panel || kind == FacadeKind::brick || office) {
        drawn.trim = trim < 0.5F ? pick(concretes(), hash(seed, 4)) : faded(drawn.wall, 0.7F);
    }
    if (kind == FacadeKind::siding || kind == FacadeKind::cottage || kind == FacadeKind::villa) {
        drawn.trim = trim < 0.8F ? colour(230, 229, 224) : colour(84, 70, 58);
    }
    drawn.frame = office ? pick(profiles(), hash(seed, 5)) : pick(frames(), hash(seed, 5));
    drawn.door = pick(doors(), hash(seed, 6));
    drawn.plinth = hash_unit(seed, 7) < 0.5F ? Vector3f(0.6F * drawn.wall)
                                             : pick(concretes(), hash(seed, 8)) * 0.7F;
    drawn.glass = office ? pick(tints(), hash(seed, 9)) : colour(44, 46, 48);
    drawn.mirror = office ? 0.22F + 0.25F * hash_unit(seed, 10) : 0.1F + 0.1F * hash_unit(seed, 10);
    return drawn;
}

}  // namespace

const FacadeColours& colours_of(const FacadeCode& code) {
    static const std::vector<FacadeColours> all = [] {
        std::vector<FacadeColours> drawn;
        for (std::uint32_t index = 0; index < 16 * 64; ++index) {
            drawn.push_back(draw_colours(static_cast<FacadeKind>(index / 64), index % 64));
        }
        return drawn;
    }();
    return all[static_cast<std::size_t>(code.kind) * 64 + code.number];
}

const Vector3f& brick_colour(std::uint32_t choice) {
    return pick(bricks(), choice);
}
Vector3f plaster_colour(std::uint32_t choice) {
    return faded(pick(plasters(), choice), 0.35F);
}
const Vector3f& stone_colour(std::uint32_t choice) {
    return pick(stones(), choice);
}
const Vector3f& concrete_colour(std::uint32_t choice) {
    return pick(concretes(), choice);
}
const Vector3f& wood_colour(std::uint32_t choice) {
    return pick(timbers(), choice);
}
const Vector3f& roof_colour(std::uint32_t choice) {
    return pick(roofs(), choice);
}
const Vector3f& shop_colour(std::uint32_t choice) {
    return pick(shops(), choice);
}
const Vector3f& metal_colour(std::uint32_t choice) {
    return pick(profiles(), choice);
}

}  // namespace distillar::simulation
