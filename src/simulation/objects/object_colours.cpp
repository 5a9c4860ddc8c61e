#include <span>

#include "simulation/objects/object_look.hpp"
#include "simulation/shapes/noise.hpp"

namespace distillar::simulation {

namespace {

/// A colour and how often it is seen.
struct Choice {
    int share;
    int red, green, blue;  ///< sRGB
};

// Shares of new cars in Germany and in the world (Axalta, KBA), rounded.
constexpr Choice car_colours[] = {{24, 222, 223, 221}, {20, 22, 23, 26},    {14, 84, 87, 92},
                                  {9, 122, 126, 130},  {13, 172, 175, 179}, {6, 28, 44, 82},
                                  {4, 44, 78, 138},    {5, 138, 22, 26},    {2, 98, 20, 26},
                                  {2, 44, 62, 50},     {2, 104, 88, 70},    {1, 205, 160, 40},
                                  {1, 190, 84, 30},    {1, 130, 150, 140}};
constexpr Choice van_colours[] = {{55, 224, 225, 223}, {12, 176, 178, 180}, {9, 40, 42, 46},
                                  {8, 38, 60, 110},    {6, 160, 28, 28},    {6, 214, 170, 40},
                                  {4, 90, 96, 102}};
constexpr Choice truck_colours[] = {{42, 220, 221, 219}, {14, 172, 30, 32}, {14, 34, 62, 124},
                                    {8, 60, 64, 70},     {7, 212, 150, 34}, {5, 36, 92, 58},
                                    {10, 160, 164, 168}};
constexpr Choice box_colours[] = {{62, 226, 226, 222}, {10, 190, 194, 196}, {8, 40, 72, 132},
                                  {7, 178, 36, 36},    {6, 216, 172, 44},   {4, 44, 104, 64},
                                  {3, 70, 74, 80}};
constexpr Choice bus_colours[] = {{30, 222, 222, 218}, {18, 196, 34, 36}, {16, 232, 186, 32},
                                  {12, 38, 84, 150},   {9, 46, 110, 72},  {8, 180, 184, 188},
                                  {7, 226, 226, 216}};
constexpr Choice bus_seconds[] = {{30, 40, 44, 52},
                                  {25, 222, 222, 218},
                                  {15, 196, 34, 36},
                                  {15, 38, 84, 150},
                                  {15, 120, 124, 130}};
constexpr Choice frame_colours[] = {{32, 26, 26, 28},  {14, 168, 170, 174}, {12, 150, 26, 28},
                                    {12, 30, 60, 120}, {10, 210, 210, 206}, {6, 40, 92, 60},
                                    {5, 216, 132, 30}, {5, 120, 176, 172}};
constexpr Choice upper_clothes[] = {{22, 30, 31, 35},   {14, 34, 42, 66},   {12, 92, 95, 100},
                                    {9, 196, 196, 192}, {6, 150, 136, 114}, {6, 84, 74, 60},
                                    {6, 52, 84, 132},   {5, 146, 36, 42},   {4, 60, 78, 58},
                                    {4, 104, 44, 62},   {3, 188, 172, 90},  {3, 110, 146, 176},
                                    {2, 204, 104, 46},  {2, 196, 130, 150}};
constexpr Choice lower_clothes[] = {{30, 44, 56, 84},  {26, 26, 27, 30},   {14, 70, 84, 112},
                                    {12, 74, 76, 80},  {8, 142, 126, 100}, {6, 52, 48, 40},
                                    {4, 190, 186, 176}};
constexpr Choice shoe_colours[] = {
    {45, 28, 26, 26}, {20, 190, 190, 188}, {20, 82, 58, 40}, {15, 90, 92, 98}};
constexpr Choice bag_colours[] = {{40, 32, 32, 36},  {18, 96, 66, 44},  {14, 44, 60, 96},
                                  {10, 134, 36, 40}, {10, 96, 100, 84}, {8, 170, 150, 120}};
constexpr Choice helmet_colours[] = {
    {40, 30, 31, 34}, {30, 214, 214, 210}, {12, 160, 34, 34}, {10, 44, 74, 138}, {8, 200, 180, 50}};
constexpr Choice skins[] = {{40, 214, 164, 136},
                            {20, 192, 140, 110},
                            {14, 160, 108, 78},
                            {10, 112, 74, 54},
                            {8, 78, 52, 40}};
constexpr Choice hairs[] = {
    {36, 32, 26, 22}, {28, 62, 44, 32}, {14, 104, 78, 52}, {12, 158, 128, 86}, {10, 136, 134, 132}};
constexpr Choice tarpaulins[] = {{30, 216, 216, 212}, {22, 36, 62, 116},   {12, 150, 34, 36},
                                 {12, 44, 88, 62},    {12, 100, 104, 110}, {8, 206, 150, 40}};

std::span<const Choice> choices_of(Palette palette) {
    switch (palette) {
        case Palette::car:
            return car_colours;
        case Palette::van:
            return van_colours;
        case Palette::truck:
            return truck_colours;
        case Palette::load:
            return box_colours;
        case Palette::bus:
            return bus_colours;
        case Palette::bus_band:
            return bus_seconds;
        case Palette::frame:
            return frame_colours;
        case Palette::upper:
            return upper_clothes;
        case Palette::lower:
            return lower_clothes;
        case Palette::shoe:
            return shoe_colours;
        case Palette::bag:
            return bag_colours;
        case Palette::helmet:
            return helmet_colours;
        case Palette::skin:
            return skins;
        case Palette::hair:
            return hairs;
        default:
            return tarpaulins;
    }
}

}  // namespace

Eigen::Vector3f pick(Palette palette, std::uint32_t number) {
    const std::span<const Choice> choices = choices_of(palette);
    int total = 0;
    for (const Choice& choice : choices) {
        total += choice.share;
    }
    auto left = static_cast<int>(number % static_cast<std::uint32_t>(total));
    for (const Choice& choice : choices) {
        left -= choice.share;
        if (left < 0) {
            return colour(choice.red, choice.green, choice.blue);
        }
    }
    return Eigen::Vector3f::Constant(0.5F);
}

}  // namespace distillar::simulation
