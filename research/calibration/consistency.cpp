#include "research/calibration/consistency.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include "base/thread_pool.hpp"

namespace distillar::research {

using simulation::CameraShot;
using simulation::Category;
using simulation::LidarScan;

namespace {

/// World positions of a scan's points, each measured at its own time.
geometry::Points in_world(const simulation::Simulator& simulator,
                          const simulation::LidarMount& mount, const LidarScan& scan,
                          double frame_time) {
    geometry::Points points(scan.points.rows(), 3);
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
        const float delay = scan.time[static_cast<std::size_t>(i)];
        const geometry::Pose pose =
            simulator.vehicle_pose(frame_time + static_cast<double>(delay)) * mount.T_vehicle_lidar;
        points.row(i) = pose * Eigen::Vector3d(scan.points.row(i));
    }
    return points;
}

Category class_at(const CameraShot& shot, int row, int column) {
    return shot
        .category[static_cast<std::size_t>(row) * static_cast<std::size_t>(shot.image.width) +
                  static_cast<std::size_t>(column)];
}

/// Has the pixel or one of the eight around it that class?
bool has_near(const CameraShot& shot, const geometry::PointPixel& pixel, Category category) {
    for (int row = std::max(0, pixel.row - 1);
         row <= std::min(shot.image.height - 1, pixel.row + 1); ++row) {
        for (int column = std::max(0, pixel.column - 1);
             column <= std::min(shot.image.width - 1, pixel.column + 1); ++column) {
            if (class_at(shot, row, column) == category) {
                return true;
            }
        }
    }
    return false;
}

/// One scan in one image.
class Comparison {
public:
    Comparison(const simulation::Simulator& simulator, const geometry::Points& world,
               const LidarScan& scan, const geometry::Camera& camera, const CameraShot& shot,
               double margin)
        : simulator_(simulator),
          world_(world),
          scan_(scan),
          camera_(camera),
          shot_(shot),
          margin_(margin) {}

    Consistency of(const std::vector<geometry::PointPixel>& pixels) const {
        constexpr std::size_t chunk = 1024;
        std::vector<Consistency> parts((pixels.size() + chunk - 1) / chunk);
        base::parallel_for(pixels.size(), chunk, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) {
                add(pixels[i], parts[begin / chunk]);
            }
        });
        return std::accumulate(
            parts.begin(), parts.end(), Consistency{},
            [](Consistency sum, const Consistency& part) { return sum += part; });
    }

private:
    void add(const geometry::PointPixel& pixel, Consistency& sum) const {
        const Category category = scan_.category[pixel.point];
        if (category == Category::unlabelled) {
            return;
        }
        const Eigen::Vector3d eye = shot_.T_world_camera.translation();
        const Eigen::Vector3d point = world_.row(pixel.point);
        const double nearest = (point - eye).norm() - margin_;
        const auto sight = simulator_.look(eye, point, shot_.time);
        if (sight.distance < nearest) {
            ++sum.hidden;
            return;
        }
        const Category seen = class_at(shot_, pixel.row, pixel.column);
        sum.pixels.add(category, seen);
        if (seen == category ||
            simulator_.look(eye, middle_of(pixel), shot_.time).distance >= nearest) {
            sum.unhidden.add(category, seen);
        }
        sum.neighbours.add(category, has_near(shot_, pixel, category) ? category : seen);
        sum.rays.add(category, sight.category);
    }

    /// A place on the ray through a pixel's middle.
    Eigen::Vector3d middle_of(const geometry::PointPixel& pixel) const {
        return shot_.T_world_camera *
               Eigen::Vector3d((pixel.column + 0.5 - camera_.cx) / camera_.fx,
                               (pixel.row + 0.5 - camera_.cy) / camera_.fy, 1);
    }

    const simulation::Simulator& simulator_;
    const geometry::Points& world_;
    const LidarScan& scan_;
    const geometry::Camera& camera_;
    const CameraShot& shot_;
    double margin_;
};

}  // namespace

ClassPairs& ClassPairs::operator+=(const ClassPairs& other) {
    for (std::size_t i = 0; i < counts_.size(); ++i) {
        for (std::size_t k = 0; k < counts_.size(); ++k) {
            counts_[i][k] += other.counts_[i][k];
        }
    }
    return *this;
}

Consistency& Consistency::operator+=(const Consistency& other) {
    frames += other.frames;
    hidden += other.hidden;
    pixels += other.pixels;
    unhidden += other.unhidden;
    neighbours += other.neighbours;
    rays += other.rays;
    return *this;
}

Consistency consistency_of(const simulation::Simulator& simulator, const simulation::Rig& rig,
                           const simulation::SimulatedFrame& frame, double margin) {
    Consistency sum;
    sum.frames = 1;
    for (std::size_t i = 0; i < rig.lidars.size(); ++i) {
        const LidarScan& scan = frame.lidars[i];
        const auto world = in_world(simulator, rig.lidars[i], scan, frame.time);
        for (std::size_t k = 0; k < rig.cameras.size(); ++k) {
            const geometry::Camera& camera = rig.cameras[k].camera;
            const CameraShot& shot = frame.cameras[k];
            const auto pixels = geometry::project(world, camera, shot.T_world_camera.inverse());
            sum += Comparison(simulator, world, scan, camera, shot, margin).of(pixels);
        }
    }
    return sum;
}

}  // namespace distillar::research
