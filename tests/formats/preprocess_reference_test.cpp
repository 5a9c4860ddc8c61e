/// Preprocessing and projection of the nuScenes frame against the published implementation
/// (preprocess_nuscenes.safetensors). Here because it takes a reader.
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "formats/nuscenes_files.hpp"
#include "formats/safetensors.hpp"
#include "geometry/camera.hpp"
#include "geometry/neighbors.hpp"
#include "geometry/preprocess.hpp"
#include "support/data.hpp"

namespace distillar::formats {
namespace {

/// The frame of the case: published coordinates, no canonical rotation.
Cloud nuscenes_cloud(const std::filesystem::path& data) {
    for (const auto& file :
         std::filesystem::directory_iterator(data / "nuscenes" / "samples" / "LIDAR_TOP")) {
        return read_nuscenes_bin(file.path());
    }
    ADD_FAILURE() << "no scan in nuscenes/samples/LIDAR_TOP";
    return {};
}

std::vector<std::int64_t> integers(const SafeTensors& file, const std::string& name) {
    return to_integers(file.tensors.at(name), name);
}

template <typename T>
std::vector<std::int64_t> widened(const std::vector<T>& values) {
    return {values.begin(), values.end()};
}

float distance(const geometry::Points32& a, std::int64_t i, const geometry::Points32& b,
               std::int64_t j) {
    return static_cast<float>((a.row(i).cast<double>() - b.row(j).cast<double>()).norm());
}

TEST(PreprocessReference, SampleEqualsThePublishedOne) {
    DISTILLAR_DATA_OR_SKIP(data);
    DISTILLAR_REFERENCE_OR_SKIP(reference);
    const SafeTensors expected = read_safetensors(reference / "preprocess_nuscenes.safetensors");
    const Cloud cloud = nuscenes_cloud(data);
    geometry::Scan scan;
    scan.points = cloud.points.cast<float>();
    scan.intensity = cloud.intensity;
    const geometry::InputSpec spec;  // the published 0.1 m, +-64 m, 0.5 m cells, 16 neighbours
    const geometry::Sample sample = preprocess(scan, spec, nullptr, nullptr);

    ASSERT_EQ(widened(sample.kept), integers(expected, "kept_index"));

    std::vector<std::int64_t> cells;
    for (const auto& plane : sample.cells) {
        cells.insert(cells.end(), plane.begin(), plane.end());
    }
    EXPECT_EQ(cells, integers(expected, "cell_ind"));

    const auto distances = to_floats(expected.tensors.at("neighbor_dist"), "neighbor_dist");
    ASSERT_EQ(distances.size(), sample.size() * 17);
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < sample.size(); ++i) {
        wrong += distances[i * 17] != 0;
        for (std::size_t j = 0; j < 16; ++j) {
            const auto neighbor = sample.neighbors[i * 16 + j];
            const float ours = distance(sample.coordinates, static_cast<std::int64_t>(i),
                                        sample.coordinates, neighbor);
            wrong += std::abs(ours - distances[i * 17 + j + 1]) > 1e-6F * ours;
        }
    }
    EXPECT_EQ(wrong, 0U);

    const auto nearest = integers(expected, "nearest_kept");
    const auto ours = nearest_kept(scan, sample);
    ASSERT_EQ(ours.size(), nearest.size());
    std::size_t differ = 0;
    for (std::size_t i = 0; i < ours.size(); ++i) {
        if (ours[i] != nearest[i]) {  // only ties may
            ++differ;
            const auto row = static_cast<std::int64_t>(i);
            EXPECT_EQ(distance(scan.points, row, sample.coordinates, ours[i]),
                      distance(scan.points, row, sample.coordinates, nearest[i]));
        }
    }
    EXPECT_LT(differ, 10U);
    RecordProperty("ties", static_cast<int>(differ));
}

TEST(PreprocessReference, PairsEqualThePublishedOnes) {
    DISTILLAR_DATA_OR_SKIP(data);
    DISTILLAR_REFERENCE_OR_SKIP(reference);
    const SafeTensors expected = read_safetensors(reference / "preprocess_nuscenes.safetensors");
    const Cloud cloud = nuscenes_cloud(data);
    const auto cameras = nlohmann::json::parse(base::read_text(data / "nuscenes" / "cameras.json"));
    ASSERT_EQ(cameras.size(), 6U);
    for (const auto& [name, value] : cameras.items()) {
        SCOPED_TRACE(name);
        geometry::Camera camera{.model = geometry::CameraModel::pinhole,
                                .width = 1600,
                                .height = 900,
                                .fx = value["K"][0][0],
                                .fy = value["K"][1][1],
                                .cx = value["K"][0][2],
                                .cy = value["K"][1][2],
                                .distortion = {}};
        std::vector<double> rows;
        for (const auto& row : value["T_camera_lidar"]) {
            for (const auto& number : row) {
                rows.push_back(number);
            }
        }
        const auto pose = geometry::pose_from_rows(rows, name.c_str());
        std::vector<std::int64_t> pairs;
        for (const auto& pair : project(cloud.points, camera, pose)) {
            pairs.insert(pairs.end(), {pair.point, pair.row, pair.column});
        }
        EXPECT_EQ(pairs, integers(expected, "pairs." + name));
    }
}

}  // namespace
}  // namespace distillar::formats
