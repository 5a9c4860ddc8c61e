// What `segment` and `evaluate` run on the CPU (the deployment runtime) gives what the network of
// training gives: the same classes on real scans, but for points decided by a hair.
#include <gtest/gtest.h>

#include <cmath>

#include "datasets/dataset.hpp"
#include "inference/frame_predictor.hpp"
#include "runtime/random_model.hpp"
#include "runtime/segmenter.hpp"
#include "support/data.hpp"

namespace distillar::inference {
namespace {

formats::ModelFile model_of(const std::string& norm, const std::string& activation) {
    formats::ModelDescription description;
    description.backbone.channels = 24;
    description.backbone.depth = 6;
    description.backbone.norm = norm;
    description.backbone.activation = activation;
    description.input.features = {"intensity", "x", "y", "height", "radius"};
    description.input.fov = {{-50, -50, -5}, {50, 50, 3}};
    description.input.grids = {{2, 250, 250}, {1, 250, 20}, {0, 250, 20}};
    description.sensor.height = 1.2F;  // lower than the scans' sensors: they are shifted
    description.head.kind = "bn_linear";
    description.head.outputs = 8;
    for (int c = 0; c < 8; ++c) {
        description.classes.push_back({"class" + std::to_string(c), {}});
    }
    return runtime::random_model(description, 3);
}

void expect_agreement(const formats::ModelFile& model, const datasets::Frame& frame) {
    PredictorOptions by_torch;
    by_torch.runtime = false;
    const auto expected = open_predictor(model, "made", std::move(by_torch))->predict(frame);
    const auto found = open_predictor(model, "made")->predict(frame);
    std::size_t different = 0;
    for (std::size_t i = 0; i < found.classes.size(); ++i) {
        different += found.classes[i] == expected.classes[i] ? 0 : 1;
        ASSERT_NEAR(found.confidence[i], expected.confidence[i], 1e-3) << i;
    }
    EXPECT_LE(different, found.classes.size() / 10000) << "of " << found.classes.size();
    EXPECT_GT(found.entropy.points(), 10000U);
    EXPECT_EQ(found.entropy.points(), expected.entropy.points());
    EXPECT_NEAR(found.entropy.mean(), expected.entropy.mean(), 1e-5);
}

TEST(RuntimeAgreement, RealScansGetTheClassesOfTheTrainingNetwork) {
    DISTILLAR_DATA_OR_SKIP(data);
    datasets::Selection selection;
    selection.with_cameras = false;
    for (const char* norm : {"layernorm", "batchnorm"}) {
        const bool layer_norm = norm == std::string("layernorm");
        selection.path = data / (layer_norm ? "nuscenes" : "semantickitti");
        expect_agreement(model_of(norm, layer_norm ? "relu" : "gelu"),
                         datasets::open_dataset(selection)->read(0));
    }
}

}  // namespace
}  // namespace distillar::inference
