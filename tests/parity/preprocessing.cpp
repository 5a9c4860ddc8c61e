// Preprocessing of a scan, and point-pixel pairs.
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "formats/cloud.hpp"
#include "formats/image.hpp"
#include "geometry/camera.hpp"
#include "geometry/preprocess.hpp"
#include "parity/cases.hpp"

namespace distillar::parity {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* pairs_prefix = "pairs.";

/// A metadata entry as JSON, or `fallback`.
json entry(const formats::SafeTensors& file, const std::string& key, const char* fallback) {
    const auto found = file.metadata.find(key);
    const std::string text = found == file.metadata.end() ? fallback : found->second;
    json value = json::parse(text, nullptr, false);
    if (value.is_discarded()) {
        base::fail("the case's metadata {} is not JSON: {}", key, text.substr(0, 80));
    }
    return value;
}

geometry::InputSpec spec_of(const formats::SafeTensors& file) {
    geometry::InputSpec spec;
    spec.features = {"x", "y", "z", "radius"};
    spec.voxel = static_cast<float>(case_number(file, "voxel", 0.1));
    spec.neighbors = static_cast<int>(case_number(file, "neighbors", 16));
    try {
        const json fov = entry(file, "fov", "[[-64, -64, -8], [64, 64, 8]]");
        spec.fov = geometry::FieldOfView{fov.at(0).get<std::array<double, 3>>(),
                                         fov.at(1).get<std::array<double, 3>>()};
        const json planes = entry(file, "dim_proj", "[2, 1, 0]");
        const json grids = entry(file, "grids", "[[256, 256], [256, 32], [256, 32]]");
        spec.grids.clear();
        for (std::size_t i = 0; i < grids.size(); ++i) {
            spec.grids.push_back({planes.at(i).get<int>(), grids.at(i).at(0).get<int>(),
                                  grids.at(i).at(1).get<int>()});
        }
    } catch (const json::exception&) {
        base::fail(
            "the case's metadata fov, dim_proj and grids do not fit: give [[x, y, z], [x, y, z]], "
            "an axis per grid, and [rows, columns] per grid");
    }
    return spec;
}

template <typename T>
torch::Tensor integers(const std::vector<T>& values) {
    const std::vector<std::int64_t> copy(values.begin(), values.end());
    return torch::tensor(copy, torch::kInt64);
}

/// Distances of each kept point to its neighbours, itself first: N x (k + 1).
torch::Tensor neighbor_distances(const geometry::Sample& sample) {
    const auto points = static_cast<std::int64_t>(sample.size());
    const std::int64_t others = sample.neighbor_count;
    auto distances = torch::zeros({points, others + 1}, torch::kFloat64);
    auto* values = distances.data_ptr<double>();
    for (std::int64_t i = 0; i < points; ++i) {
        const Eigen::RowVector3d point = sample.coordinates.row(i).cast<double>();
        for (std::int64_t k = 0; k < others; ++k) {
            const auto neighbor = sample.neighbors[static_cast<std::size_t>(i * others + k)];
            values[i * (others + 1) + k + 1] =
                (sample.coordinates.row(neighbor).cast<double>() - point).norm();
        }
    }
    return distances;
}

/// Distance of each point of the scan to the kept point that `nearest` names.
torch::Tensor nearest_distances(const geometry::Scan& scan, const geometry::Sample& sample,
                                const torch::Tensor& nearest) {
    auto distances = torch::empty({nearest.size(0)}, torch::kFloat64);
    auto* values = distances.data_ptr<double>();
    const auto* rows = nearest.data_ptr<std::int64_t>();
    for (std::int64_t i = 0; i < nearest.size(0); ++i) {
        const auto row = sample.kept[static_cast<std::size_t>(rows[i])];
        values[i] =
            (scan.points.row(row).cast<double>() - scan.points.row(i).cast<double>()).norm();
    }
    return distances;
}

/// Ties may differ: distances are compared.
void compare_nearest(const formats::SafeTensors& file, const geometry::Scan& scan,
                     const geometry::Sample& sample, double floor, ParityReport& report) {
    const auto expected = case_tensor(file, "nearest_kept").to(torch::kInt64).contiguous();
    const auto kept = static_cast<std::int64_t>(sample.size());
    const bool fits = expected.dim() == 1 && expected.size(0) == scan.points.rows() && kept > 0 &&
                      ((expected >= 0) & (expected < kept)).all().item<bool>();
    if (!fits) {
        report.left_out("nearest_kept", "does not fit the points that are kept here", true);
        return;
    }
    const auto actual = integers(geometry::nearest_kept(scan, sample));
    report.elements("nearest_kept (distances)", nearest_distances(scan, sample, actual),
                    nearest_distances(scan, sample, expected), floor);
}

void compare_sample(const formats::SafeTensors& file, const geometry::Scan& scan,
                    const geometry::InputSpec& spec, ParityReport& report) {
    const auto sample = geometry::preprocess(scan, spec, nullptr, nullptr);
    const auto has = [&](const char* name) { return file.tensors.contains(name); };
    const double floor = spec.voxel > 0 ? static_cast<double>(spec.voxel) : 0.01;
    report.exact("kept_index", integers(sample.kept), case_tensor(file, "kept_index"));
    if (has("cell_ind")) {
        std::vector<torch::Tensor> cells;
        for (const auto& plane : sample.cells) {
            cells.push_back(integers(plane));
        }
        report.exact("cell_ind", torch::stack(cells), case_tensor(file, "cell_ind"));
    }
    if (has("neighbor_dist")) {
        report.elements("neighbor_dist", neighbor_distances(sample),
                        case_tensor(file, "neighbor_dist"), floor);
    }
    if (has("nearest_kept")) {
        compare_nearest(file, scan, sample, floor, report);
    }
}

struct CameraEntry {
    geometry::Camera camera;
    geometry::Pose T_camera_lidar;
};

/// One camera of cameras.json: K, T_camera_lidar, and width and height or an image beside it.
CameraEntry camera_from(const json& cameras, const std::string& name, const fs::path& file) {
    CameraEntry result;
    try {
        const json& entry = cameras.at(name);
        const auto k = entry.at("K").get<std::array<std::array<double, 3>, 3>>();
        result.camera.fx = k[0][0];
        result.camera.fy = k[1][1];
        result.camera.cx = k[0][2];
        result.camera.cy = k[1][2];
        std::vector<double> numbers;
        for (const auto& row : entry.at("T_camera_lidar")) {
            for (const auto& number : row) {
                numbers.push_back(number.get<double>());
            }
        }
        result.T_camera_lidar = geometry::pose_from_rows(numbers, "T_camera_lidar");
        if (entry.contains("width") && entry.contains("height")) {
            result.camera.width = entry.at("width").get<int>();
            result.camera.height = entry.at("height").get<int>();
        } else {
            const auto size =
                formats::read_image_size(file.parent_path() / entry.at("image").get<std::string>());
            result.camera.width = size.width;
            result.camera.height = size.height;
        }
    } catch (const json::exception&) {
        base::fail_in(file,
                      "camera {} must have K (3 x 3), T_camera_lidar (4 x 4), and width and height "
                      "or image",
                      name);
    }
    return result;
}

torch::Tensor pairs_of(const geometry::Points& points, const CameraEntry& camera) {
    std::vector<std::int64_t> rows;
    for (const auto& pair : geometry::project(points, camera.camera, camera.T_camera_lidar)) {
        rows.insert(rows.end(), {std::int64_t{pair.point}, pair.row, pair.column});
    }
    return torch::tensor(rows, torch::kInt64).reshape({-1, 3});
}

void compare_pairs(const ParityRequest& request, const formats::SafeTensors& file,
                   const geometry::Points& points, ParityReport& report) {
    json cameras;
    if (!request.cameras.empty()) {
        cameras = json::parse(base::read_text(request.cameras), nullptr, false);
        if (!cameras.is_object()) {
            base::fail_in(request.cameras, "not a JSON object of cameras");
        }
    }
    for (const auto& [name, tensor] : file.tensors) {
        if (!name.starts_with(pairs_prefix)) {
            continue;
        }
        if (request.cameras.empty()) {
            report.left_out(name, "give --cameras cameras.json to compare it", false);
            continue;
        }
        const std::string camera = name.substr(std::string(pairs_prefix).size());
        report.exact(name, pairs_of(points, camera_from(cameras, camera, request.cameras)),
                     case_tensor(file, name));
    }
}

}  // namespace

void compare_preprocessing(const ParityRequest& request, const formats::SafeTensors& file,
                           ParityReport& report) {
    const formats::Cloud cloud = formats::read_cloud(request.cloud);
    const auto points = static_cast<double>(cloud.size());
    if (case_number(file, "points", points) != points) {
        base::fail_in(request.cloud, "{} points, the case was made from {}: give the case's scan",
                      points, case_number(file, "points", points));
    }
    geometry::Scan scan;
    scan.points = cloud.points.cast<float>();
    compare_sample(file, scan, spec_of(file), report);
    compare_pairs(request, file, cloud.points, report);
}

}  // namespace distillar::parity
