#pragma once
#include "formats/model_file.hpp"
#include "runtime/network.hpp"
#include "runtime/serial_network.hpp"

namespace distillar::test {

struct ModelOptions {
    int channels = 24;
    int depth = 4;
    std::string norm = "layernorm";
    std::string activation = "relu";
    std::string head = "bn_mlp";
    int classes = 5;
    int neighbors = 16;
};

/// x, y +-20 m, z -4..4, cells of 1 m.
formats::ModelDescription description_of(const ModelOptions& options);

/// A cloud's preprocessed form for the description: random points, nearest neighbours, cells.
SerialInput made_input(const formats::ModelDescription& description, std::size_t points,
                       std::uint64_t seed);

/// The plane tables and pointers of an input, as the engine wants them.
struct EngineInput {
    explicit EngineInput(const formats::ModelDescription& description, const SerialInput& input);
    std::vector<kernels::PlaneTable> planes;
    runtime::NetworkInput view;
};

/// Logits (or tokens without a head) of one run.
std::vector<float> run_network(const runtime::Network& network, const runtime::NetworkInput& input,
                               runtime::Workspace& workspace);
std::vector<float> run_network(const runtime::Network& network, const runtime::NetworkInput& input);

/// Largest difference relative to the largest magnitude.
double relative_error(const std::vector<float>& values, const std::vector<double>& expected);

}  // namespace distillar::test
