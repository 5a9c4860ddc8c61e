#include "simulation/sensors/lidar_rows.hpp"

#include <algorithm>
#include <cmath>

namespace distillar::simulation {

namespace {

template <typename T>
void append_to(std::vector<T>& all, const std::vector<T>& part) {
    all.insert(all.end(), part.begin(), part.end());
}

/// Row order of the files: for each row there, its row here.
std::vector<std::size_t> file_order(const LidarModel& model, const LidarRows& rows) {
    std::vector<std::size_t> order(rows.points.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        order[i] = i;
    }
    if (model.row_order == LidarModel::RowOrder::firing) {
        return order;
    }
    const auto beams = static_cast<std::uint32_t>(model.beams.size());
    const auto columns = static_cast<std::uint32_t>(model.columns);
    const auto ahead =
        static_cast<std::uint32_t>(std::lround(-model.begin_time / model.column_time));
    const auto key = [&](std::size_t row) {
        std::uint32_t column = (rows.shot[row] / beams + columns - ahead) % columns;
        if (model.azimuth_step < 0 && column > 0) {
            column = columns - column;  // leftwards all the same
        }
        return (rows.shot[row] % beams) * columns + column;
    };
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
    return order;
}

template <typename T>
std::vector<T> in_order(const std::vector<T>& values, const std::vector<std::size_t>& order) {
    std::vector<T> result;
    result.reserve(order.size());
    for (const std::size_t row : order) {
        result.push_back(values[row]);
    }
    return result;
}

}  // namespace

void add_row(LidarRows& rows, const Eigen::Vector3d& point, float intensity, const Echo& echo) {
    rows.points.push_back(point);
    rows.scan.intensity.push_back(intensity);
    rows.scan.category.push_back(echo.category);
    rows.scan.moving.push_back(echo.moving ? 1 : 0);
    rows.scan.instance.push_back(echo.instance);
}

LidarRows joined(const std::vector<LidarRows>& chunks) {
    LidarRows all;
    for (const LidarRows& chunk : chunks) {
        append_to(all.points, chunk.points);
        append_to(all.shot, chunk.shot);
        append_to(all.scan.intensity, chunk.scan.intensity);
        append_to(all.scan.ring, chunk.scan.ring);
        append_to(all.scan.time, chunk.scan.time);
        append_to(all.scan.category, chunk.scan.category);
        append_to(all.scan.moving, chunk.scan.moving);
        append_to(all.scan.instance, chunk.scan.instance);
    }
    return all;
}

LidarScan scan_of(const LidarModel& model, const LidarRows& rows) {
    const auto order = file_order(model, rows);
    LidarScan scan;
    scan.points.resize(static_cast<Eigen::Index>(order.size()), 3);
    for (std::size_t i = 0; i < order.size(); ++i) {
        scan.points.row(static_cast<Eigen::Index>(i)) = rows.points[order[i]].transpose();
    }
    scan.intensity = in_order(rows.scan.intensity, order);
    scan.ring = in_order(rows.scan.ring, order);
    scan.time = in_order(rows.scan.time, order);
    scan.category = in_order(rows.scan.category, order);
    scan.moving = in_order(rows.scan.moving, order);
    scan.instance = in_order(rows.scan.instance, order);
    return scan;
}

}  // namespace distillar::simulation
