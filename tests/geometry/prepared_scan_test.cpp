#include "geometry/prepared_scan.hpp"

#include "base/thread_pool.hpp"
#include "sample_testing.hpp"
#include "support/data.hpp"

namespace distillar::geometry {
namespace {

using test::error_of;

/// Against preprocess and nearest_kept, and the latter's brute force.
void expect_same(const Scan& scan, const InputSpec& spec, PreparedScan& prepared) {
    const Sample sample = preprocess(scan, spec, nullptr, nullptr);
    prepare(scan, spec, prepared);
    EXPECT_EQ(prepared.kept, sample.kept);
    EXPECT_EQ(Points32(points_of(prepared.coordinates)), sample.coordinates);
    EXPECT_EQ(prepared.features, sample.features);
    EXPECT_EQ(prepared.neighbors, sample.neighbors);
    EXPECT_EQ(prepared.cells, sample.cells);
    std::vector<std::int32_t> nearest;
    if (sample.size() == 0) {
        EXPECT_NE(error_of([&] { nearest_kept(scan, prepared, nearest); }).find("field of view"),
                  std::string::npos);
        return;
    }
    nearest_kept(scan, prepared, nearest);
    EXPECT_EQ(nearest, nearest_kept(scan, sample));
    EXPECT_EQ(nearest, nearest_point_brute_force(sample.coordinates, scan.points));
}

TEST(PreparedScan, IsThePreprocessedScanInKeptMemory) {
    PreparedScan prepared;
    InputSpec spec;
    spec.features = {"intensity", "x", "y", "z", "radius", "height", "constant"};
    for (const float voxel : {0.1F, 1.0F, 5.0F, 0.0F}) {
        spec.voxel = voxel;
        expect_same(random_scan(1500, 80), spec, prepared);  // a good part is outside
        expect_same(random_scan(1500, 3), spec, prepared);
        expect_same(scan_of(test::lattice_cloud(700, 5, 3)), spec, prepared);
        for (const auto& [name, points] : test::degenerate_clouds()) {
            SCOPED_TRACE(name);
            expect_same(scan_of(points), spec, prepared);
        }
    }
}

TEST(PreparedScan, FarOutliersTakeWideCells) {
    PreparedScan prepared;
    Scan scan = random_scan(400);
    scan.points.row(7) << 1e15F, -1e15F, 1e15F;
    expect_same(scan, InputSpec(), prepared);
}

TEST(PreparedScan, SameBitsForAnyNumberOfThreads) {
    const Scan scan = random_scan(9000, 70);
    std::vector<std::int32_t> neighbors, nearest;
    for (const std::size_t threads : {1, 2, 5}) {
        base::set_thread_count(threads);
        PreparedScan prepared;
        std::vector<std::int32_t> here;
        prepare(scan, InputSpec(), prepared);
        nearest_kept(scan, prepared, here);
        EXPECT_TRUE(threads == 1 || (here == nearest && prepared.neighbors == neighbors));
        nearest = here;
        neighbors = prepared.neighbors;
    }
    base::set_thread_count(0);
}

}  // namespace
}  // namespace distillar::geometry
