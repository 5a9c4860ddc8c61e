#include "geometry/augment.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

#include <Eigen/Geometry>

namespace distillar::geometry {

namespace {

double random_angle(base::Random& random) {
    return random.uniform(-std::numbers::pi, std::numbers::pi);
}

void flip(Points32& points, const Augmentation& augmentation, base::Random& random) {
    if (random.chance(augmentation.flip_probability)) {
        points.col(random.below(2)) *= -1.0F;
    }
}

float random_scale(const Augmentation& augmentation, base::Random& random) {
    return static_cast<float>(random.uniform(1 - augmentation.scale, 1 + augmentation.scale));
}

}  // namespace

FeatureSource feature_source(const Points32& points, float sensor_height) {
    FeatureSource source{.points = points, .radius = {}, .height = {}};
    source.radius.reserve(static_cast<std::size_t>(points.rows()));
    source.height.reserve(static_cast<std::size_t>(points.rows()));
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
        source.radius.push_back(points.row(i).norm());
        source.height.push_back(points(i, 2) + sensor_height);
    }
    return source;
}

std::vector<std::uint32_t> limit_points(const PointsView& points, int count, base::Random& random) {
    const auto total = static_cast<std::size_t>(points.rows());
    const auto limit = static_cast<std::size_t>(count);
    std::vector<std::uint32_t> rows(total);
    std::iota(rows.begin(), rows.end(), 0U);
    if (total <= limit) {
        return rows;
    }
    const auto center = points.row(random.below(static_cast<std::uint32_t>(total)));
    std::vector<std::pair<float, std::uint32_t>> near(total);
    for (std::size_t i = 0; i < total; ++i) {
        const auto offset = points.row(static_cast<Eigen::Index>(i)) - center;
        near[i] = {offset.squaredNorm(), rows[i]};
    }
    std::nth_element(near.begin(), near.begin() + count, near.end());
    rows.resize(limit);
    std::transform(near.begin(), near.begin() + count, rows.begin(),
                   [](const auto& point) { return point.second; });
    std::sort(rows.begin(), rows.end());
    return rows;
}

void rotate(Points32& points, double angle) {
    const double cosine = std::cos(angle);
    const double sine = std::sin(angle);
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
        const double x = points(i, 0);
        const double y = points(i, 1);
        points(i, 0) = static_cast<float>(x * cosine - y * sine);
        points(i, 1) = static_cast<float>(x * sine + y * cosine);
    }
}

void tilt(Points32& points, float sensor_height, const Augmentation& augmentation,
          base::Random& random) {
    if (augmentation.tilt > 0) {
        const double direction = random_angle(random);
        const double angle = random.uniform(-augmentation.tilt, augmentation.tilt);
        const Eigen::Vector3d axis(std::cos(direction), std::sin(direction), 0);
        const Eigen::Matrix3d turn =
            Eigen::AngleAxisd(angle * std::numbers::pi / 180, axis).toRotationMatrix();
        const Eigen::RowVector3d road(0, 0, -static_cast<double>(sensor_height));
        for (Eigen::Index i = 0; i < points.rows(); ++i) {
            const Eigen::RowVector3d above = points.row(i).cast<double>() - road;
            points.row(i) = (above * turn.transpose() + road).cast<float>();
        }
    }
    if (augmentation.height_jitter > 0) {
        points.col(2).array() += static_cast<float>(
            random.uniform(-augmentation.height_jitter, augmentation.height_jitter));
    }
}

FeatureSource augment_for_distillation(Points32& points, float sensor_height,
                                       const Augmentation& augmentation, base::Random& random) {
    tilt(points, sensor_height, augmentation, random);
    if (augmentation.rotate) {
        rotate(points, random_angle(random));
    }
    flip(points, augmentation, random);
    const float scale = random_scale(augmentation, random);
    points *= scale;
    return feature_source(points, scale * sensor_height);
}

FeatureSource augment_for_downstream(Points32& points, float sensor_height,
                                     const Augmentation& augmentation, base::Random& random) {
    tilt(points, sensor_height, augmentation, random);
    FeatureSource source = feature_source(points, sensor_height);
    if (augmentation.rotate) {
        rotate(points, random_angle(random));
        rotate(source.points, random_angle(random));
    }
    flip(points, augmentation, random);
    const float scale = random_scale(augmentation, random);
    source.points *= scale;
    for (float& radius : source.radius) {
        radius *= scale;
    }
    return source;
}

}  // namespace distillar::geometry
