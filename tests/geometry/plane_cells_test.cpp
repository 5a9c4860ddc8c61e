#include "geometry/plane_cells.hpp"

#include <cmath>
#include <limits>

#include "clouds.hpp"
#include "support/data.hpp"

namespace distillar::geometry {
namespace {

using test::error_of;
using Rows = std::vector<std::uint32_t>;
using Cells = std::vector<std::int32_t>;

Points32 one(float x, float y, float z) {
    Points32 point(1, 3);
    point << x, y, z;
    return point;
}

TEST(Inside, StrictlyByAMargin) {
    const FieldOfView fov;
    Points32 points(8, 3);
    points << 0, 0, 0,    // inside
        64, 0, 0,         // on the border
        63.99995F, 0, 0,  // within the margin of 1e-4
        63.9998F, 0, 0,   // inside
        0, -64, 0,        //
        0, -63.9998F, 0,  // inside
        0, 0, 8.5F,       //
        0, 0, -7.99F;     // inside
    EXPECT_EQ(inside(points, fov), (Rows{0, 3, 5, 7}));
}

TEST(Inside, PointsThatAreNotFiniteAreOutside) {
    Points32 points(3, 3);
    points << NAN, 0, 0, 0, INFINITY, 0, 1, 1, 1;
    EXPECT_EQ(inside(points, FieldOfView{}), (Rows{2}));
    EXPECT_TRUE(inside(Points32(0, 3), FieldOfView{}).empty());
}

TEST(PlaneCells, EachPlaneTakesItsTwoAxes) {
    // Cells of 0.5 m: x = 1.2 -> (65.2) 130, y = -3.4 -> (60.6) 121, z = 0.9 -> (8.9) 17.
    const Points32 point = one(1.2F, -3.4F, 0.9F);
    const FieldOfView fov;
    EXPECT_EQ(plane_cells(point, fov, {2, 256, 256}), (Cells{130 * 256 + 121}));
    EXPECT_EQ(plane_cells(point, fov, {1, 256, 32}), (Cells{130 * 32 + 17}));
    EXPECT_EQ(plane_cells(point, fov, {0, 256, 32}), (Cells{121 * 32 + 17}));
}

TEST(PlaneCells, AreComputedInFloat64) {
    // In float32, -1e-7 + 64 is 64 and the point would be one cell too high.
    EXPECT_EQ(plane_cells(one(-1e-7F, 1e-7F, 0), FieldOfView{}, {2, 256, 256}),
              (Cells{127 * 256 + 128}));
}

TEST(PlaneCells, LastCellIsInsideWhateverTheRounding) {
    const FieldOfView wide{{-2000, -2000, -8}, {2000, 2000, 8}};
    const Points32 points = one(1999.9998F, -1999.9998F, 7.9998F);
    ASSERT_EQ(inside(points, wide).size(), 1U);
    EXPECT_EQ(plane_cells(points, wide, {2, 250, 250}), (Cells{249 * 250}));
    const FieldOfView odd{{-50, -50, -3}, {50, 50, 2}};
    const Points32 cloud = test::random_cloud(3000, 51, 5);
    Points32 kept(0, 3);
    for (const std::uint32_t row : inside(cloud, odd)) {
        kept.conservativeResize(kept.rows() + 1, 3);
        kept.row(kept.rows() - 1) = cloud.row(row);
    }
    ASSERT_GT(kept.rows(), 100);
    for (const std::int32_t cell : plane_cells(kept, odd, {0, 166, 12})) {
        EXPECT_GE(cell, 0);
        EXPECT_LT(cell, 166 * 12);
    }
}

TEST(PlaneCells, RefusesWhatCannotWork) {
    const FieldOfView fov;
    const PlaneGrid grid;
    EXPECT_NE(error_of([&] { plane_cells(one(65, 0, 0), fov, grid); }).find("crop first"),
              std::string::npos);
    EXPECT_NE(error_of([&] { plane_cells(one(0, NAN, 0), fov, grid); }).find("crop first"),
              std::string::npos);
    EXPECT_NE(error_of([&] {
                  plane_cells(one(0, 0, 0), fov, {3, 4, 4});
              }).find("axis 3"),
              std::string::npos);
    EXPECT_NE(error_of([&] {
                  plane_cells(one(0, 0, 0), fov, {2, 0, 4});
              }).find("0 x 4"),
              std::string::npos);
    EXPECT_NE(error_of([&] {
                  plane_cells(one(0, 0, 0), fov, {2, 65536, 65536});
              }).find("2^31"),
              std::string::npos);
    const FieldOfView empty{{-1, 1, -1}, {1, 1, 1}};
    EXPECT_NE(error_of([&] { inside(one(0, 0, 0), empty); }).find("along y is empty"),
              std::string::npos);
    const FieldOfView infinite{{-1, -1, -1}, {1, 1, std::numeric_limits<double>::infinity()}};
    EXPECT_NE(error_of([&] { inside(one(0, 0, 0), infinite); }).find("finite"), std::string::npos);
}

}  // namespace
}  // namespace distillar::geometry
