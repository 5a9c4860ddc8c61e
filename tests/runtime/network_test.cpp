#include "runtime/network.hpp"

#include "kernels/random_values.hpp"
#include "runtime/made_model.hpp"
#include "runtime/random_model.hpp"
#include "support/data.hpp"

namespace distillar::runtime {
namespace {

using test::EngineInput;
using test::ModelOptions;
using test::run_network;
using test::Threads;

Network network_of(const formats::ModelFile& file, Precision precision = Precision::fp32) {
    return {fold_weights(file, "memory"),
            static_cast<std::size_t>(file.description.input.neighbors), precision};
}

void expect_equal_to_twin(const ModelOptions& options, std::size_t points) {
    const auto description = test::description_of(options);
    const auto file = random_model(description, 5);
    const auto input = test::made_input(description, points, 6);
    const EngineInput engine(description, input);
    EXPECT_LT(test::relative_error(run_network(network_of(file), engine.view),
                                   test::serial_network(file, input)),
              1e-5)
        << options.norm << " " << options.activation << " " << options.head << " " << points;
}

TEST(RuntimeNetwork, EqualsTheSerialTwinForEveryKind) {
    for (const char* norm : {"layernorm", "batchnorm"}) {
        for (const char* activation : {"relu", "gelu"}) {
            for (const char* head : {"", "linear", "mlp", "bn_linear", "bn_mlp"}) {
                expect_equal_to_twin({24, 4, norm, activation, head, 5, 16}, 150);
            }
        }
    }
}

TEST(RuntimeNetwork, EqualsTheSerialTwinForAnySize) {
    for (const std::size_t points : {1, 2, 16, 191, 192, 193, 600}) {
        expect_equal_to_twin({}, points);
    }
    expect_equal_to_twin({7, 3, "layernorm", "relu", "bn_linear", 3, 16}, 200);
    expect_equal_to_twin({33, 2, "batchnorm", "gelu", "mlp", 20, 5}, 120);
    expect_equal_to_twin({16, 2, "layernorm", "relu", "linear", 20, 300}, 40);
}

TEST(RuntimeNetwork, TheSameBitsForAnyNumberOfThreads) {
    const auto description = test::description_of({48, 5});
    const auto file = random_model(description, 5);
    const auto input = test::made_input(description, 3000, 6);
    const EngineInput engine(description, input);
    for (const Precision precision : {Precision::fp32, Precision::bf16}) {
        if (precision == Precision::bf16 && !kernels::has_bf16()) {
            continue;
        }
        const Network network = network_of(file, precision);
        const Threads one(1);
        const auto expected = run_network(network, engine.view);
        for (const std::size_t threads : {2, 3, 5}) {
            const Threads several(threads);
            EXPECT_EQ(run_network(network, engine.view), expected) << threads;
        }
    }
}

TEST(RuntimeNetwork, BuffersGrowOnlyForLargerScansAndKeepNothingOfTheLast) {
    const auto description = test::description_of({});
    const auto file = random_model(description, 5);
    const Network network = network_of(file);
    const auto small = test::made_input(description, 500, 1);
    const auto large = test::made_input(description, 1500, 2);
    const EngineInput small_engine(description, small), large_engine(description, large);
    Workspace workspace;
    const auto first = run_network(network, large_engine.view, workspace);
    const std::size_t growths = workspace.growths();
    EXPECT_EQ(run_network(network, small_engine.view, workspace),
              run_network(network, small_engine.view));
    EXPECT_EQ(run_network(network, large_engine.view, workspace), first);
    EXPECT_EQ(workspace.growths(), growths);
}

TEST(RuntimeNetwork, Bf16IsCloseToFp32) {
    const auto description = test::description_of({64, 6});
    const auto file = random_model(description, 5);
    const auto input = test::made_input(description, 2000, 6);
    const EngineInput engine(description, input);
    if (!kernels::has_bf16()) {
        EXPECT_NE(test::error_of([&] { network_of(file, Precision::bf16); }).find("use fp32"),
                  std::string::npos);
        return;
    }
    const auto exact = run_network(network_of(file), engine.view);
    const auto rounded = run_network(network_of(file, Precision::bf16), engine.view);
    EXPECT_NE(exact, rounded);
    EXPECT_LT(test::relative_error(rounded, {exact.begin(), exact.end()}), 0.02);
}

}  // namespace
}  // namespace distillar::runtime
