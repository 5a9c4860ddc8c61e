#include "runtime/made_model.hpp"

#include <algorithm>
#include <cmath>

#include "base/random.hpp"
#include "geometry/neighbors.hpp"

namespace distillar::test {

formats::ModelDescription description_of(const ModelOptions& options) {
    formats::ModelDescription description;
    description.backbone.channels = options.channels;
    description.backbone.depth = options.depth;
    description.backbone.norm = options.norm;
    description.backbone.activation = options.activation;
    description.head.kind = options.head;
    description.head.outputs = options.head.empty() ? 0 : options.classes;
    description.head.hidden = options.head.ends_with("mlp") ? 17 : 0;
    description.input.fov = {{-20, -20, -4}, {20, 20, 4}};
    description.input.grids = {{2, 40, 40}, {1, 40, 8}, {0, 40, 8}};
    description.input.neighbors = options.neighbors;
    for (int c = 0; c < description.head.outputs; ++c) {
        description.classes.push_back({fmt::format("class{}", c), {}});
    }
    return description;
}

SerialInput made_input(const formats::ModelDescription& description, std::size_t points,
                       std::uint64_t seed) {
    base::Random random(seed, 0, 0);
    geometry::Points32 cloud(static_cast<Eigen::Index>(points), 3);
    for (Eigen::Index i = 0; i < cloud.rows(); ++i) {
        const double radius = 19.5 * random.uniform() * random.uniform();
        const double angle = random.uniform(-3.14, 3.14);
        cloud.row(i) << static_cast<float>(radius * std::cos(angle)),
            static_cast<float>(radius * std::sin(angle)),
            static_cast<float>(random.uniform(-3.9, 3.9));
    }
    SerialInput input;
    input.points = points;
    const std::size_t inputs = description.input.features.size();
    for (std::size_t i = 0; i < points; ++i) {
        for (std::size_t j = 0; j < inputs; ++j) {
            input.features.push_back(
                j < 3 ? cloud(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j))
                      : static_cast<float>(random.normal()));
        }
    }
    const int columns = description.input.neighbors + 1;
    const auto nearest = geometry::nearest_neighbors(cloud, columns);
    for (std::size_t i = 0; i < nearest.size(); ++i) {
        if (i % static_cast<std::size_t>(columns) != 0) {
            input.neighbors.push_back(nearest[i]);
        }
    }
    for (const auto& grid : description.input.grids) {
        input.cells.push_back(geometry::plane_cells(cloud, description.input.fov, grid));
    }
    return input;
}

EngineInput::EngineInput(const formats::ModelDescription& description, const SerialInput& input) {
    for (std::size_t i = 0; i < input.cells.size(); ++i) {
        const auto& grid = description.input.grids[i];
        planes.push_back(kernels::make_plane_table(input.cells[i], grid.rows, grid.columns));
    }
    view = {input.points, input.features.data(), input.neighbors.data(),
            input.neighbors.size() / input.points, planes};
}

std::vector<float> run_network(const runtime::Network& network, const runtime::NetworkInput& input,
                               runtime::Workspace& workspace) {
    network.run(input, workspace);
    if (network.outputs() == 0) {
        return {workspace.tokens(), workspace.tokens() + input.points * network.channels()};
    }
    std::vector<float> logits(input.points * network.outputs());
    network.logits(input.points, workspace,
                   [&](std::size_t begin, std::size_t rows, const float* values) {
                       std::copy_n(values, rows * network.outputs(),
                                   logits.data() + begin * network.outputs());
                   });
    return logits;
}

std::vector<float> run_network(const runtime::Network& network,
                               const runtime::NetworkInput& input) {
    runtime::Workspace workspace;
    return run_network(network, input, workspace);
}

double relative_error(const std::vector<float>& values, const std::vector<double>& expected) {
    EXPECT_EQ(values.size(), expected.size());
    double error = 0, largest = 0;
    for (std::size_t i = 0; i < std::min(values.size(), expected.size()); ++i) {
        // Not std::max: it would lose a NaN.
        const double difference = std::abs(values[i] - expected[i]);
        error = difference <= error ? error : difference;
        largest = std::max(largest, std::abs(expected[i]));
    }
    return error / largest;
}

}  // namespace distillar::test
