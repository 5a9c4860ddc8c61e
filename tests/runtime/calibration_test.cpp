#include "runtime/calibration.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/random.hpp"
#include "kernels/random_values.hpp"
#include "runtime/made_model.hpp"
#include "runtime/quantize.hpp"
#include "runtime/random_model.hpp"
#include "runtime/row_maps.hpp"
#include "support/data.hpp"

namespace distillar::runtime {
namespace {

using test::EngineInput;
using test::run_network;

/// A random model with its steps, measured on one scan.
struct Calibrated {
    formats::ModelFile file;
    test::SerialInput input;
    EngineInput engine;
    Calibration::Result result;

    explicit Calibrated(const test::ModelOptions& options)
        : file(random_model(test::description_of(options), 5)),
          input(test::made_input(file.description, 1500, 6)),
          engine(file.description, input) {
        Calibration calibration(file, "memory", 1);
        calibration.add(engine.view);
        result = calibration.result();
    }

    Network network(Precision precision, const formats::Int8Scales& steps) const {
        return {fold_weights(file, "memory"), engine.view.neighbor_count, precision, steps};
    }

    /// Of the logits, against float32's.
    double error(const formats::Int8Scales& steps) const {
        const auto exact = run_network(network(Precision::fp32, {}), engine.view);
        return test::relative_error(run_network(network(Precision::int8, steps), engine.view),
                                    {exact.begin(), exact.end()});
    }
};

class RuntimeCalibration : public testing::Test {
protected:
    void SetUp() override {
        if (!kernels::has_int8()) {
            GTEST_SKIP() << "this processor has no AVX512-VNNI";
        }
    }
};

TEST_F(RuntimeCalibration, BytesAreCloseToFloatsForEveryKind) {
    for (const char* norm : {"layernorm", "batchnorm"}) {
        for (const char* activation : {"relu", "gelu"}) {
            for (const int channels : {24, 33, 64}) {
                const Calibrated made({channels, 4, norm, activation, "bn_linear", 5, 16});
                EXPECT_LT(made.error(made.result.steps), 0.04)
                    << norm << " " << activation << " " << channels;
            }
        }
    }
}

TEST_F(RuntimeCalibration, LayersWithoutStepsStayInFloats) {
    const Calibrated made({48, 6});
    Calibration::Result none = made.result;
    keep_in_floats(none, 6);
    none.steps.embedding.clear();
    EXPECT_TRUE(std::none_of(none.steps.layers.begin(), none.steps.layers.end(),
                             [](const auto& layer) { return layer.has_value(); }));
    const Precision floats = kernels::has_bf16() ? Precision::bf16 : Precision::fp32;
    EXPECT_EQ(run_network(made.network(Precision::int8, none.steps), made.engine.view),
              run_network(made.network(floats, {}), made.engine.view));
}

TEST_F(RuntimeCalibration, TheWorstLayersGoFirst) {
    Calibration::Result result;
    result.errors = {0.1, 0.3, 0.2, 0.3};
    result.steps.layers.assign(4, formats::Int8Scales::Layer{});
    keep_in_floats(result, 3);
    EXPECT_TRUE(result.steps.layers[0]);
    EXPECT_FALSE(result.steps.layers[1]);
    EXPECT_FALSE(result.steps.layers[2]);
    EXPECT_FALSE(result.steps.layers[3]);
}

TEST_F(RuntimeCalibration, TheSameStepsAndBitsForAnyNumberOfThreads) {
    const test::ModelOptions options{48, 3};
    const test::Threads one(1);
    const Calibrated expected(options);
    const auto logits =
        run_network(expected.network(Precision::int8, expected.result.steps), expected.engine.view);
    const test::Threads three(3);
    const Calibrated made(options);
    EXPECT_EQ(made.result.errors, expected.result.errors);
    EXPECT_EQ(made.result.steps.embedding, expected.result.steps.embedding);
    EXPECT_EQ(made.result.steps.layers[1]->hidden, expected.result.steps.layers[1]->hidden);
    EXPECT_EQ(run_network(made.network(Precision::int8, made.result.steps), made.engine.view),
              logits);
}

TEST_F(RuntimeCalibration, MoreRowsAreCloserToAllPoints) {
    const Calibrated made({48, 2});
    Calibration few(made.file, "memory", 1, 4);
    few.add(made.engine.view);
    EXPECT_GT(made.error(few.result().steps), 1.2 * made.error(made.result.steps));
}

TEST_F(RuntimeCalibration, NeedsAScan) {
    const auto file = random_model(test::description_of({}), 5);
    const Calibration calibration(file, "memory", 1);
    EXPECT_NE(test::error_of([&] { calibration.result(); }).find("no scan"), std::string::npos);
}

geometry::Scan made_scan(std::size_t points, std::uint64_t seed) {
    base::Random random(seed, 0, 0);
    geometry::Scan scan;
    scan.points.resize(static_cast<Eigen::Index>(points), 3);
    for (Eigen::Index i = 0; i < scan.points.rows(); ++i) {
        scan.points.row(i) << static_cast<float>(random.uniform(-18, 18)),
            static_cast<float>(random.uniform(-18, 18)), static_cast<float>(random.uniform(-2, 3));
        scan.intensity.push_back(static_cast<float>(random.uniform()));
    }
    return scan;
}

TEST_F(RuntimeCalibration, QuantizeKeepsTheLabelsAskedFor) {
    const auto file = random_model(test::description_of({32, 4}), 5);
    const auto read = [](std::size_t i) { return made_scan(1200, i); };
    std::size_t passes = 0, expected = 0;
    QuantizeOptions options;
    options.expect = [&](std::size_t more, const std::string&) { expected += more; };
    options.advance = [&] {
        ++passes;
        EXPECT_LE(passes, expected);
    };
    options.same_labels = 0.9;
    const Quantized loose = quantize(file, "memory", 5, read, options);
    EXPECT_GE(loose.same_labels, 0.9);
    EXPECT_EQ(loose.layers, 4U);
    EXPECT_TRUE(loose.embedding);
    EXPECT_EQ(loose.measured, 3U);
    EXPECT_EQ(loose.compared, 2U);
    EXPECT_GE(passes, 3U + 2 * 2U);
    EXPECT_EQ(passes, expected);
    // More than all bytes give: layers leave, the worst first.
    options.same_labels = loose.same_labels + 1e-4;
    const Quantized strict = quantize(file, "memory", 5, read, options);
    EXPECT_GE(strict.same_labels, options.same_labels);
    EXPECT_LT(strict.layers, 4U);
    EXPECT_EQ(passes, expected) << "further tries are announced";
    options.same_labels = 1.1;
    EXPECT_NE(
        test::error_of([&] { quantize(file, "memory", 5, read, options); }).find("ask for fewer"),
        std::string::npos);
}

TEST_F(RuntimeCalibration, OneScanIsMeasuredAndComparedOn) {
    const auto file = random_model(test::description_of({16, 2}), 5);
    const auto read = [](std::size_t i) { return made_scan(300, i); };
    const Quantized answer = quantize(file, "memory", 1, read, {.same_labels = 0.5});
    EXPECT_EQ(answer.measured, 1U);
    EXPECT_EQ(answer.compared, 1U);
    const auto far = [](std::size_t i) {
        geometry::Scan scan = made_scan(300, i);
        scan.points.array() += 1000;
        return scan;
    };
    EXPECT_NE(test::error_of([&] { quantize(file, "memory", 2, far, {}); }).find("field of view"),
              std::string::npos);
}

// The product on the processor against integer sums, rounding of its source and result included.
TEST_F(RuntimeCalibration, AProductInBytesIsItsTwin) {
    const std::size_t channels = 40, rows = 64;
    FoldedLinear linear{channels, channels, test::random_values(channels * channels, 1),
                        test::random_values(channels, 2)};
    const SourceRows source{rows, channels, test::random_values(rows * channels, 3)};
    const Values steps = choose_steps(source, linear, ByteKind::around_middle);
    const Values expected = byte_product(source, linear, steps, ByteKind::around_middle);
    std::vector<std::uint8_t> bytes(rows * channels);
    bytes_of_rows(source.values.data(), rows, channels, inverses_of(steps).data(), false,
                  bytes.data());
    kernels::ProductShape shape{rows, channels, channels, kernels::ProductShape::Format::u8};
    const kernels::PackedProduct product(shape, byte_weight(linear, steps, 128, nullptr));
    Values out(rows * channels);
    kernels::Buffer scratchpad(product.scratchpad_floats());
    product.run(bytes.data(), out.data(), scratchpad.data());
    EXPECT_LT(test::relative_error(out, {expected.begin(), expected.end()}), 1e-5);
    const Values exact = exact_product(source, linear);
    EXPECT_LT(test::relative_error(out, {exact.begin(), exact.end()}), 0.02);
}

}  // namespace
}  // namespace distillar::runtime
