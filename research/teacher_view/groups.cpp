#include "research/teacher_view/groups.hpp"

#include <initializer_list>

namespace distillar::research {

namespace {

enum Group : std::uint8_t { road, sidewalk, building, vegetation, vehicle, person, sky };

struct Ids {
    Group group;
    std::initializer_list<std::uint8_t> ids;
};

template <std::size_t size>
std::array<std::uint8_t, size> table_of(std::initializer_list<Ids> lists) {
    std::array<std::uint8_t, size> table{};
    table.fill(no_group);
    for (const auto& list : lists) {
        for (const std::uint8_t id : list.ids) {
            table[id] = list.group;
        }
    }
    return table;
}

template <std::size_t size>
std::uint8_t group_in(const std::array<std::uint8_t, size>& table, std::size_t id) {
    return id < size ? table[id] : no_group;
}

}  // namespace

const evaluation::ClassStyle& group_style() {
    static const evaluation::ClassStyle style{
        {"road", "sidewalk", "building", "vegetation", "vehicle", "person", "sky", "other"},
        {{128, 64, 128},
         {244, 35, 232},
         {190, 130, 100},
         {70, 142, 35},
         {40, 90, 220},
         {220, 20, 60},
         {120, 190, 240},
         {240, 220, 60}}};
    return style;
}

const std::array<const char*, cityscapes_count>& cityscapes_names() {
    static const std::array<const char*, cityscapes_count> names{
        "road", "sidewalk",      "building",     "wall",       "fence",
        "pole", "traffic light", "traffic sign", "vegetation", "terrain",
        "sky",  "person",        "rider",        "car",        "truck",
        "bus",  "train",         "motorcycle",   "bicycle",    "background"};
    return names;
}

std::uint8_t group_of_cityscapes(std::uint8_t train_id) {
    static const auto table = table_of<cityscapes_count>({{road, {0}},
                                                          {sidewalk, {1}},
                                                          {building, {2, 3, 4}},
                                                          {vegetation, {8, 9}},
                                                          {vehicle, {13, 14, 15, 16, 17, 18}},
                                                          {person, {11, 12}},
                                                          {sky, {10}}});
    return group_in(table, train_id);
}

std::uint8_t group_of_kitti(std::uint8_t id) {
    // Moving classes 252..259: 258 and 259 (truck, other vehicle) are 2 and 3 here. 256 and 257 (on
    // rails, bus) would be 0 (unlabelled) and 1 (sky).
    static const auto table = table_of<256>({{road, {40, 44, 60}},
                                             {sidewalk, {48}},
                                             {building, {50, 51, 52}},
                                             {vegetation, {70, 71, 72}},
                                             {vehicle, {10, 11, 13, 15, 16, 18, 20, 252, 2, 3}},
                                             {person, {30, 31, 32, 253, 254, 255}},
                                             {sky, {1}}});
    return table[id];
}

std::uint8_t group_of_pandaset(std::uint32_t id) {
    static const auto table = table_of<43>({{road, {7, 8, 9, 10, 12}},
                                            {sidewalk, {11}},
                                            {building, {35, 39, 41}},
                                            {vegetation, {5, 6}},
                                            {vehicle, {13, 14, 15, 16, 17, 18, 19, 20, 22, 23, 26}},
                                            {person, {30, 31}}});
    return group_in(table, id);
}

}  // namespace distillar::research
