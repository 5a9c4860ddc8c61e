#include "geometry/neighbors.hpp"

#include <limits>
#include <numeric>

#include "base/thread_pool.hpp"
#include "clouds.hpp"
#include "kernels/each_target.hpp"
#include "support/data.hpp"

namespace distillar::geometry {
namespace {

using test::error_of;
using Indices = std::vector<std::int32_t>;

using NeighborVectors = test::EachTarget;

TEST_P(NeighborVectors, AgreeWithBruteForce) {
    auto clouds = test::degenerate_clouds();
    clouds.push_back({"random", test::random_cloud(700, 20, 30)});
    clouds.push_back({"lattice 5", test::lattice_cloud(700, 5, 31)});
    clouds.push_back({"large coordinates", test::random_cloud(300, 1e30F, 32)});
    clouds.push_back({"tiny coordinates", test::random_cloud(300, 1e-30F, 33)});
    for (const auto& [name, points] : clouds) {
        SCOPED_TRACE(name);
        for (const int k : {1, 2, 17, 40}) {
            EXPECT_EQ(nearest_neighbors(points, k), nearest_neighbors_brute_force(points, k))
                << "k = " << k;
        }
    }
}

// Points and their mirror images are equally far from a query on the mirror: a sum with fused
// multiplications would not see that.
TEST_P(NeighborVectors, TiesThatRoundingKeeps) {
    Points32 points = test::random_cloud(400, 20, 37);
    for (Eigen::Index i = 0; i < 400; i += 2) {
        points.row(i + 1) << points(i, 1), points(i, 0), points(i, 2);
    }
    Points32 queries = test::random_cloud(300, 1, 38);
    queries.col(1) = queries.col(0);
    EXPECT_EQ(nearest_point(points, queries), nearest_point_brute_force(points, queries));
    for (const std::int32_t row : nearest_point(points, queries)) {
        EXPECT_EQ(row % 2, 0);
    }
}

DISTILLAR_EACH_TARGET(NeighborVectors);

TEST(NearestNeighbors, ItselfFirstThenByDistanceThenByIndex) {
    Points32 points(5, 3);
    points << 0, 0, 0, 1, 0, 0, -1, 0, 0, 0, 0, 0, 0, 3, 0;
    const Indices neighbors = nearest_neighbors(points, 4);
    const Indices expected{0, 3, 1, 2,   // the equal point, then the two at 1 m by index
                           1, 0, 3, 2,   //
                           2, 0, 3, 1,   //
                           3, 0, 1, 2,   // itself before the equal point of lower index
                           4, 0, 3, 1};  // 3 m, 3 m, then sqrt(10) twice: index 1
    EXPECT_EQ(neighbors, expected);
}

TEST(NearestNeighbors, FewPointsRepeatTheFarthest) {
    Points32 points(3, 3);
    points << 0, 0, 0, 5, 0, 0, 1, 0, 0;
    EXPECT_EQ(nearest_neighbors(points, 5), (Indices{0, 2, 1, 1, 1, 1, 2, 0, 0, 0, 2, 0, 1, 1, 1}));
    EXPECT_EQ(nearest_neighbors(points.topRows(1), 3), (Indices{0, 0, 0}));
    EXPECT_TRUE(nearest_neighbors(Points32(0, 3), 17).empty());
}

TEST(NearestNeighbors, DistancesAreExactWhereFloat32RoundsThem) {
    // Squared distances 1 + 2^-23 +- one unit in the last place of float64 products.
    Points32 points(3, 3);
    const float next = std::nextafter(1.0F, 2.0F);
    points << 0, 0, 0, next, 1e-4F, 0, next, 0, 0;
    EXPECT_EQ(nearest_neighbors(points, 3)[1], 2);
}

TEST(NearestNeighbors, ManyLostReturnsAreNotQuadratic) {
    // 60,000 equal points: pairwise this would be 3.6e9 distances (minutes in a debug build).
    Points32 points = test::random_cloud(61000, 50, 34);
    points.topRows(60000).setZero();
    const Indices neighbors = nearest_neighbors(points, 17);
    for (int j = 1; j < 17; ++j) {
        EXPECT_EQ(neighbors[17 * 30000 + static_cast<std::size_t>(j)], j - 1);
    }
}

TEST(NearestNeighbors, SameBitsForAnyNumberOfThreads) {
    const Points32 points = test::lattice_cloud(5000, 14, 35);
    const Points32 queries = test::random_cloud(3000, 14, 36);
    base::set_thread_count(1);
    const Indices neighbors = nearest_neighbors(points, 17);
    const Indices nearest = nearest_point(points, queries);
    for (const std::size_t threads : {2, 3, 8}) {
        base::set_thread_count(threads);
        EXPECT_EQ(nearest_neighbors(points, 17), neighbors) << threads;
        EXPECT_EQ(nearest_point(points, queries), nearest) << threads;
    }
    base::set_thread_count(0);
}

TEST_P(NeighborVectors, NearestPointsAgreeWithBruteForce) {
    for (const auto& [name, points] : test::degenerate_clouds()) {
        SCOPED_TRACE(name);
        if (points.rows() == 0) {
            continue;
        }
        for (const Points32& queries : {test::random_cloud(200, 12, 40),
                                        test::lattice_cloud(200, 4, 41), points, Points32(0, 3)}) {
            EXPECT_EQ(nearest_point(points, queries), nearest_point_brute_force(points, queries));
        }
    }
}

TEST(NearestNeighbors, RefuseWhatCannotWork) {
    Points32 points = test::random_cloud(10, 5, 1);
    EXPECT_NE(error_of([&] { nearest_neighbors(points, 0); }).find("at least 1"),
              std::string::npos);
    EXPECT_NE(error_of([&] { nearest_point(Points32(0, 3), points); }).find("no reference"),
              std::string::npos);
    points(3, 2) = std::numeric_limits<float>::quiet_NaN();
    EXPECT_NE(error_of([&] { nearest_neighbors(points, 3); }).find("not finite"),
              std::string::npos);
    EXPECT_NE(
        error_of([&] { nearest_point(test::random_cloud(2, 1, 1), points); }).find("query points"),
        std::string::npos);
}

}  // namespace
}  // namespace distillar::geometry
