#pragma once
/// Private to the files of people and riders: a body drawn around a skeleton.
#include "simulation/shapes/mesh.hpp"

namespace distillar::simulation {

/// Build and dress of one person.
struct Figure {
    float height = 1.75F;
    float girth = 1;      ///< 1 slim to 1.35 stout
    float shoulders = 1;  ///< width against the height's mean
    float head = 1;       ///< children: larger against their height
    enum class Dress { trousers, shorts, skirt, coat } dress = Dress::trousers;
    enum class Hair { shaved, brief, bun, long_hair, cap, helmet } hair = Hair::brief;
    enum class Bag { none, backpack, shoulder, hand } bag = Bag::none;
    bool leather = false;  ///< motorcyclist's suit
};

/// Joints, metres. Index 0 left, 1 right.
struct Skeleton {
    Eigen::Vector3f pelvis, chest, neck, head;
    std::array<Eigen::Vector3f, 2> shoulder, elbow, hand, hip, knee, ankle;
    std::array<float, 2> foot_pitch = {0, 0};  ///< radians, toes down positive
};

struct Limbs {
    float thigh, shin, upper_arm, forearm, ankle_height;
};
Limbs limbs_of(const Figure& figure);

/// The middle joint of a limb of two bones between its ends; it bends towards `bend`. Ends too far
/// apart: the far end is moved nearer.
Eigen::Vector3f middle_joint(const Eigen::Vector3f& root, Eigen::Vector3f& end, float first,
                             float second, const Eigen::Vector3f& bend);

/// Trunk and head above a pelvis: leaning forward by `lean` radians, shoulders in place.
Skeleton upper_body(const Figure& figure, const Eigen::Vector3f& pelvis, float lean);

void add_figure(Mesh& mesh, const Figure& figure, const Skeleton& skeleton, Category category);

}  // namespace distillar::simulation
