#include "datasets/taxonomy_tables.hpp"

namespace distillar::test {

const std::map<std::string, std::vector<std::string>>& published_classes() {
    static const std::vector<std::string> sk10 = {
        "car",        "bicycle",           "motorcycle", "truck",   "other vehicle",
        "pedestrian", "driveable surface", "sidewalk",   "terrain", "vegetation"};
    static const std::map<std::string, std::vector<std::string>> classes = {
        {"ns16",
         {"barrier", "bicycle", "bus", "car", "construction_vehicle", "motorcycle", "pedestrian",
          "traffic_cone", "trailer", "truck", "driveable_surface", "other_flat", "sidewalk",
          "terrain", "manmade", "vegetation"}},
        {"sk10", sk10},
        {"wo10", sk10},
        {"sp6", {"person", "bike", "car", "ground", "vegetation", "manmade"}},
        {"pd8",
         {"2-wheeled", "pedestrian", "driveable ground", "sidewalk", "other ground", "manmade",
          "vegetation", "4-wheeled"}},
        {"sk19",
         {"car", "bicycle", "motorcycle", "truck", "other-vehicle", "person", "bicyclist",
          "motorcyclist", "road", "parking", "sidewalk", "other-ground", "building", "fence",
          "vegetation", "trunk", "terrain", "pole", "traffic-sign"}},
        {"sp13",
         {"person", "rider", "car", "trunk", "plants", "traffic-sign", "pole", "garbage-can",
          "building", "cone/stone", "fence", "bike", "ground"}},
        {"pd17",
         {"road", "traffic sign", "barrier", "pedestrian", "vegetation", "road marking", "sidewalk",
          "manmade", "traffic cone", "car", "motorcycle", "truck", "bus", "bicycle", "oth. vehicle",
          "ground", "driveway"}},
    };
    return classes;
}

namespace {

const Table nuscenes = {
    "nuscenes",
    {"ns16", "sk10", "sp6", "pd8", "wo10"},
    {
        {0, "noise", {0, 0, 0, 0, 0}},
        {1, "animal", {0, 0, 0, 0, 0}},
        {2, "human.pedestrian.adult", {7, 6, 1, 2, 6}},
        {3, "human.pedestrian.child", {7, 6, 1, 2, 6}},
        {4, "human.pedestrian.construction_worker", {7, 6, 1, 2, 6}},
        {5, "human.pedestrian.personal_mobility", {0, 6, 0, 0, 0}},
        {6, "human.pedestrian.police_officer", {7, 6, 1, 2, 6}},
        {7, "human.pedestrian.stroller", {0, 0, 0, 0, 0}},
        {8, "human.pedestrian.wheelchair", {0, 0, 0, 0, 0}},
        {9, "movable_object.barrier", {1, 0, 6, 6, 0}},
        {10, "movable_object.debris", {0, 0, 0, 0, 0}},
        {11, "movable_object.pushable_pullable", {0, 0, 0, 0, 0}},
        {12, "movable_object.trafficcone", {8, 0, 6, 6, 0}},
        {13, "static_object.bicycle_rack", {0, 0, 0, 0, 0}},
        {14, "vehicle.bicycle", {2, 2, 2, 1, 2}},
        {15, "vehicle.bus.bendy", {3, 5, 3, 8, 5}},
        {16, "vehicle.bus.rigid", {3, 5, 3, 8, 5}},
        {17, "vehicle.car", {4, 1, 3, 8, 1}},
        {18, "vehicle.construction", {5, 5, 3, 8, 5}},
        {19, "vehicle.emergency.ambulance", {0, 5, 0, 0, 0}},
        {20, "vehicle.emergency.police", {0, 5, 0, 0, 0}},
        {21, "vehicle.motorcycle", {6, 3, 2, 1, 3}},
        {22, "vehicle.trailer", {9, 5, 3, 8, 5}},
        {23, "vehicle.truck", {10, 4, 3, 8, 4}},
        {24, "flat.driveable_surface", {11, 7, 4, 3, 7}},
        {25, "flat.other", {12, 0, 4, 5, 0}},
        {26, "flat.sidewalk", {13, 8, 4, 4, 8}},
        {27, "flat.terrain", {14, 9, 4, 5, 9}},
        {28, "static.manmade", {15, 0, 6, 6, 0}},
        {29, "static.other", {0, 0, 0, 0, 0}},
        {30, "static.vegetation", {16, 10, 5, 7, 10}},
        {31, "vehicle.ego", {0, 0, 0, 0, 0}},
    },
};

const Table semantickitti = {
    "semantickitti",
    {"sk10", "sk19", "pd8"},
    {
        {0, "unlabeled", {0, 0, 0}},
        {1, "outlier", {0, 0, 0}},
        {10, "car", {1, 1, 8}},
        {11, "bicycle", {2, 2, 1}},
        {13, "bus", {5, 5, 8}},
        {15, "motorcycle", {3, 3, 1}},
        {16, "on-rails", {0, 5, 0}},
        {18, "truck", {4, 4, 8}},
        {20, "other-vehicle", {5, 5, 8}},
        {30, "person", {6, 6, 2}},
        {31, "bicyclist", {0, 7, 0}},
        {32, "motorcyclist", {0, 8, 0}},
        {40, "road", {7, 9, 3}},
        {44, "parking", {7, 10, 3}},
        {48, "sidewalk", {8, 11, 4}},
        {49, "other-ground", {0, 12, 5}},
        {50, "building", {0, 13, 6}},
        {51, "fence", {0, 14, 6}},
        {52, "other-structure", {0, 0, 6}},
        {60, "lane-marking", {7, 9, 3}},
        {70, "vegetation", {10, 15, 7}},
        {71, "trunk", {10, 16, 7}},
        {72, "terrain", {9, 17, 5}},
        {80, "pole", {0, 18, 6}},
        {81, "traffic-sign", {0, 19, 6}},
        {99, "other-object", {0, 0, 0}},
        {252, "moving-car", {1, 1, 8}},
        {253, "moving-bicyclist", {0, 7, 0}},
        {254, "moving-person", {6, 6, 2}},
        {255, "moving-motorcyclist", {0, 8, 0}},
        {256, "moving-on-rails", {0, 5, 0}},
        {257, "moving-bus", {5, 5, 8}},
        {258, "moving-truck", {4, 4, 8}},
        {259, "moving-other-vehicle", {5, 5, 8}},
    },
};

const Table synlidar = {
    "synlidar",
    {"sk19", "sp13"},
    {
        {0, "unlabeled", {0, 0}},     {1, "car", {1, 3}},
        {2, "pick-up", {4, 0}},       {3, "truck", {4, 0}},
        {4, "bus", {5, 0}},           {5, "bicycle", {2, 12}},
        {6, "motorcycle", {3, 0}},    {7, "other-vehicle", {5, 0}},
        {8, "road", {9, 13}},         {9, "sidewalk", {11, 0}},
        {10, "parking", {10, 0}},     {11, "other-ground", {12, 0}},
        {12, "female", {6, 1}},       {13, "male", {6, 1}},
        {14, "kid", {6, 1}},          {15, "crowd", {6, 1}},
        {16, "bicyclist", {7, 2}},    {17, "motorcyclist", {8, 2}},
        {18, "building", {13, 9}},    {19, "other-structure", {0, 0}},
        {20, "vegetation", {15, 5}},  {21, "trunk", {16, 4}},
        {22, "terrain", {17, 0}},     {23, "traffic-sign", {19, 6}},
        {24, "pole", {18, 7}},        {25, "traffic-cone", {0, 10}},
        {26, "fence", {14, 11}},      {27, "garbage-can", {0, 8}},
        {28, "electric-box", {0, 0}}, {29, "table", {0, 0}},
        {30, "chair", {0, 0}},        {31, "bench", {0, 0}},
        {32, "other-object", {0, 0}},
    },
};

const Table semanticposs = {
    "semanticposs",
    {"sp13", "sp6"},
    {
        {0, "unlabeled", {0, 0}},       {1, "unlabeled", {0, 0}},
        {2, "unlabeled", {0, 0}},       {3, "unlabeled", {0, 0}},
        {4, "1 person", {1, 1}},        {5, "2+ person", {1, 1}},
        {6, "rider", {2, 2}},           {7, "car", {3, 3}},
        {8, "trunk", {4, 0}},           {9, "plants", {5, 5}},
        {10, "traffic sign 1", {6, 6}}, {11, "traffic sign 2", {6, 6}},
        {12, "traffic sign 3", {6, 6}}, {13, "pole", {7, 6}},
        {14, "garbage-can", {8, 6}},    {15, "building", {9, 6}},
        {16, "cone/stone", {10, 6}},    {17, "fence", {11, 6}},
        {18, "unlabeled", {0, 0}},      {19, "unlabeled", {0, 0}},
        {20, "unlabeled", {0, 0}},      {21, "bike", {12, 2}},
        {22, "ground", {13, 4}},
    },
};

const Table pandaset = {
    "pandaset",
    {"pd8", "pd17"},
    {
        {0, "Noise", {0, 0}},
        {1, "Smoke", {0, 0}},
        {2, "Exhaust", {0, 0}},
        {3, "Spray or rain", {0, 0}},
        {4, "Reflection", {0, 0}},
        {5, "Vegetation", {7, 5}},
        {6, "Ground", {5, 16}},
        {7, "Road", {3, 1}},
        {8, "Lane Line Marking", {3, 6}},
        {9, "Stop Line Marking", {3, 6}},
        {10, "Other Road Marking", {3, 6}},
        {11, "Sidewalk", {4, 7}},
        {12, "Driveway", {3, 17}},
        {13, "Car", {8, 10}},
        {14, "Pickup Truck", {8, 12}},
        {15, "Medium-sized Truck", {8, 12}},
        {16, "Semi-truck", {8, 12}},
        {17, "Towed Object", {8, 15}},
        {18, "Motorcycle", {1, 11}},
        {19, "Construction Vehicle", {8, 15}},
        {20, "Other Vehicle - Uncommon", {8, 15}},
        {21, "Pedicab", {1, 15}},
        {22, "Emergency Vehicle", {8, 0}},
        {23, "Bus", {8, 13}},
        {24, "Personal Mobility Device", {1, 0}},
        {25, "Motorized Scooter", {1, 0}},
        {26, "Bicycle", {1, 14}},
        {27, "Train", {0, 15}},
        {28, "Trolley", {0, 15}},
        {29, "Tram/Subway", {0, 15}},
        {30, "Pedestrian", {2, 4}},
        {31, "Pedestrian with Object", {2, 4}},
        {32, "Animals - Bird", {0, 0}},
        {33, "Animals - Other", {0, 0}},
        {34, "Pylons", {6, 9}},
        {35, "Road Barriers", {6, 3}},
        {36, "Signs", {6, 2}},
        {37, "Cones", {6, 9}},
        {38, "Construction Signs", {6, 2}},
        {39, "Temporary Construction Barriers", {6, 3}},
        {40, "Rolling Containers", {6, 0}},
        {41, "Building", {6, 8}},
        {42, "Other Static Object", {6, 8}},
    },
};

const Table waymo = {
    "waymo",
    {"wo10"},
    {
        {0, "undefined", {0}},     {1, "car", {1}},           {2, "truck", {4}},
        {3, "bus", {5}},           {4, "other-vehicle", {5}}, {5, "motorcyclist", {0}},
        {6, "bicyclist", {0}},     {7, "pedestrian", {6}},    {8, "sign", {0}},
        {9, "traffic-light", {0}}, {10, "pole", {0}},         {11, "construction-cone", {0}},
        {12, "bicycle", {2}},      {13, "motorcycle", {3}},   {14, "building", {0}},
        {15, "vegetation", {10}},  {16, "trunk", {10}},       {17, "curb", {8}},
        {18, "road", {7}},         {19, "lane-marker", {7}},  {20, "other-ground", {7}},
        {21, "walkable", {9}},     {22, "sidewalk", {8}},
    },
};

}  // namespace

const std::vector<Table>& published_tables() {
    static const std::vector<Table> tables = {nuscenes,     semantickitti, synlidar,
                                              semanticposs, pandaset,      waymo};
    return tables;
}

}  // namespace distillar::test
