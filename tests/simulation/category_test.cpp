#include "simulation/category.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "datasets/taxonomy.hpp"
#include "simulation/writers/extras.hpp"

namespace distillar {
namespace {

using simulation::Category;
using simulation::nuscenes_id;
using simulation::semantickitti_id;

std::string kitti_name(Category category, bool moving = false) {
    static const auto names = datasets::load_taxonomy("semantickitti-sk19").raw_names;
    return names.at(semantickitti_id(category, moving));
}

std::string nuscenes_name(Category category) {
    static const auto names = datasets::load_taxonomy("nuscenes-ns16").raw_names;
    return names.at(nuscenes_id(category));
}

TEST(Category, SemanticKittiIdsMeanTheSame) {
    EXPECT_EQ(kitti_name(Category::unlabelled), "unlabeled");
    EXPECT_EQ(kitti_name(Category::lane_marking), "lane-marking");
    EXPECT_EQ(kitti_name(Category::barrier), "fence");
    EXPECT_EQ(kitti_name(Category::other_structure), "other-structure");
    EXPECT_EQ(kitti_name(Category::traffic_sign), "traffic-sign");
    EXPECT_EQ(kitti_name(Category::traffic_cone), "other-object");
    EXPECT_EQ(kitti_name(Category::trailer), "other-vehicle");
    for (const auto category :
         {Category::road, Category::parking, Category::sidewalk, Category::terrain,
          Category::building, Category::fence, Category::vegetation, Category::trunk,
          Category::pole, Category::car, Category::truck, Category::bus, Category::motorcycle,
          Category::bicycle, Category::bicyclist, Category::motorcyclist, Category::person}) {
        EXPECT_EQ(kitti_name(category), simulation::name_of(category));
    }
}

TEST(Category, MovingThingsHaveTheirOwnIds) {
    EXPECT_EQ(kitti_name(Category::car, true), "moving-car");
    EXPECT_EQ(kitti_name(Category::truck, true), "moving-truck");
    EXPECT_EQ(kitti_name(Category::bus, true), "moving-bus");
    EXPECT_EQ(kitti_name(Category::trailer, true), "moving-other-vehicle");
    EXPECT_EQ(kitti_name(Category::bicyclist, true), "moving-bicyclist");
    EXPECT_EQ(kitti_name(Category::motorcyclist, true), "moving-motorcyclist");
    EXPECT_EQ(kitti_name(Category::person, true), "moving-person");
    EXPECT_EQ(kitti_name(Category::vegetation, true), "vegetation");
}

TEST(Category, NuScenesIdsMeanTheSame) {
    EXPECT_EQ(nuscenes_name(Category::unlabelled), "noise");
    EXPECT_EQ(nuscenes_name(Category::lane_marking), "flat.driveable_surface");
    EXPECT_EQ(nuscenes_name(Category::sidewalk), "flat.sidewalk");
    EXPECT_EQ(nuscenes_name(Category::other_ground), "flat.other");
    EXPECT_EQ(nuscenes_name(Category::terrain), "flat.terrain");
    EXPECT_EQ(nuscenes_name(Category::fence), "static.manmade");
    EXPECT_EQ(nuscenes_name(Category::barrier), "movable_object.barrier");
    EXPECT_EQ(nuscenes_name(Category::traffic_cone), "movable_object.trafficcone");
    EXPECT_EQ(nuscenes_name(Category::trunk), "static.vegetation");
    EXPECT_EQ(nuscenes_name(Category::other_object), "static.other");
    EXPECT_EQ(nuscenes_name(Category::car), "vehicle.car");
    EXPECT_EQ(nuscenes_name(Category::bus), "vehicle.bus.rigid");
    EXPECT_EQ(nuscenes_name(Category::motorcyclist), "vehicle.motorcycle");
    EXPECT_EQ(nuscenes_name(Category::person), "human.pedestrian.adult");
}

TEST(Category, NamesAreDistinctAndPixelsFitAByte) {
    std::set<std::string> names;
    for (int i = 0; i < simulation::category_count; ++i) {
        const auto category = static_cast<Category>(i);
        names.insert(simulation::name_of(category));
        if (category != Category::sky) {
            EXPECT_EQ(simulation::class_pixel(category), semantickitti_id(category, false));
        }
    }
    EXPECT_EQ(names.size(), static_cast<std::size_t>(simulation::category_count));
    EXPECT_EQ(simulation::class_pixel(Category::sky), simulation::sky_pixel);
}

}  // namespace
}  // namespace distillar
