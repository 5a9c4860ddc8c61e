#include <algorithm>
#include <cmath>

#include "base/limits.hpp"
#include "datasets/layout.hpp"
#include "datasets/log_file.hpp"

namespace distillar::datasets {

namespace {

std::vector<double> numbers_at(const base::Yaml& yaml) {
    auto numbers = yaml.as<std::vector<double>>();
    if (!std::all_of(numbers.begin(), numbers.end(), [](double n) { return std::isfinite(n); })) {
        yaml.fail("every number must be finite");
    }
    return numbers;
}

void read_model(const base::Yaml& yaml, geometry::Camera& camera) {
    using geometry::CameraModel;
    const auto model = yaml.get<std::string>("model", "pinhole");
    std::vector<double> distortion;
    if (yaml.has("distortion")) {
        distortion = numbers_at(yaml["distortion"]);
    }
    std::size_t most = 0;
    if (model == "pinhole") {
        camera.model = CameraModel::pinhole;
    } else if (model == "opencv") {
        camera.model = CameraModel::opencv;
        most = 5;
    } else if (model == "fisheye") {
        camera.model = CameraModel::fisheye;
        most = 4;
    } else {
        yaml["model"].fail(
            fmt::format("'{}' is no camera model; use pinhole, opencv or fisheye", model));
    }
    const bool straight =
        std::all_of(distortion.begin(), distortion.end(), [](double value) { return value == 0; });
    if (most == 0 && !straight) {
        yaml["distortion"].fail("a pinhole camera has none; say `model: opencv` or `fisheye`");
    }
    if (most != 0 && distortion.size() != 4 && distortion.size() != most) {
        const auto place = yaml.find("distortion");
        (place ? *place : yaml)
            .fail(fmt::format("{} numbers of distortion; {} has {}", distortion.size(), model,
                              most == 5 ? "k1, k2, p1, p2 and perhaps k3" : "k1, k2, k3, k4"));
    }
    if (most != 0) {
        std::copy(distortion.begin(), distortion.end(), camera.distortion.begin());
    }
}

void read_intrinsics(const base::Yaml& yaml, geometry::Camera& camera) {
    const auto numbers = numbers_at(yaml["intrinsics"]);
    if (numbers.size() != 4 || !(numbers[0] > 0) || !(numbers[1] > 0)) {
        yaml["intrinsics"].fail("must be [fx, fy, cx, cy] in pixels, with fx and fy above 0");
    }
    camera.fx = numbers[0];
    camera.fy = numbers[1];
    camera.cx = numbers[2];
    camera.cy = numbers[3];
}

void read_size(const base::Yaml& yaml, geometry::Camera& camera) {
    const auto size = yaml.find("size");
    if (!size) {
        return;
    }
    const auto numbers = size->as<std::vector<int>>();
    const auto good = [](int side) {
        return side > 0 && static_cast<std::uint64_t>(side) <= base::limits().image_side;
    };
    if (numbers.size() != 2 || !std::all_of(numbers.begin(), numbers.end(), good)) {
        size->fail(fmt::format("must be [width, height] in pixels, each 1 to {}",
                               base::limits().image_side));
    }
    camera.width = numbers[0];
    camera.height = numbers[1];
}

geometry::BorderRule border_at(const base::Yaml& yaml) {
    geometry::BorderRule rule;
    if (const auto border = yaml.find("border")) {
        border->allow_keys({"min_depth", "inclusive"});
        rule.min_depth = border->get("min_depth", rule.min_depth);
        rule.inclusive = border->get("inclusive", rule.inclusive);
        if (!(rule.min_depth >= 0) || !std::isfinite(rule.min_depth)) {
            border->fail("min_depth must be 0 or more metres");
        }
    }
    return rule;
}

/// How far the camera's image stands upright for a lidar whose z points up: 1 upright, -1 on its
/// head.
double uprightness(const Eigen::Matrix3d& R_camera_lidar) {
    return -R_camera_lidar(1, 2);
}

}  // namespace

bool looks_inverse(const geometry::Pose& T_camera_lidar) {
    const Eigen::Matrix3d R = T_camera_lidar.linear();
    return uprightness(R) < 0.5 && uprightness(R.transpose()) > 0.8;
}

geometry::Pose pose_at(const base::Yaml& yaml) {
    std::vector<double> numbers;
    for (const auto& row : yaml.list()) {
        const auto values = numbers_at(row);
        if (values.size() != 4) {
            row.fail(
                "a transform is a list of rows of 4 numbers: [[...], [...], [...], [0, 0, 0, "
                "1]]");
        }
        numbers.insert(numbers.end(), values.begin(), values.end());
    }
    try {
        return geometry::pose_from_rows(numbers, "transform");
    } catch (const base::Error& error) {
        yaml.fail(error.what());
    }
}

double pair_limit_at(const base::Yaml& yaml, double fallback) {
    const auto limit = yaml.find("pair_limit_ms");
    if (!limit) {
        return fallback;
    }
    const auto milliseconds = limit->as<double>();
    if (!(milliseconds > 0) || !std::isfinite(milliseconds)) {
        limit->fail("must be above 0");
    }
    return milliseconds / 1000;
}

LogCamera read_log_camera(const std::string& name, const base::Yaml& yaml,
                          const std::filesystem::path& folder, double pair_limit) {
    yaml.allow_keys({"images", "times", "size", "model", "intrinsics", "distortion",
                     "T_camera_lidar", "pair_limit_ms", "border"});
    LogCamera camera;
    camera.name = name;
    camera.images = files_matching(path_at(yaml["images"], folder));
    if (const auto times = yaml.find("times")) {
        camera.times = read_times(path_at(*times, folder));
        if (camera.times.size() != camera.images.size()) {
            times->fail(fmt::format("{} times for {} images; write one an image",
                                    camera.times.size(), camera.images.size()));
        }
    }
    read_size(yaml, camera.camera);
    read_intrinsics(yaml, camera.camera);
    read_model(yaml, camera.camera);
    camera.T_camera_lidar = pose_at(yaml["T_camera_lidar"]);
    camera.border = border_at(yaml);
    camera.pair_limit = pair_limit_at(yaml, pair_limit);
    return camera;
}

}  // namespace distillar::datasets
