// What `segment` and `evaluate` run on the CPU (the deployment runtime) gives what the network of
// training gives: the same classes on real scans, but for points decided by a hair.
#include <gtest/gtest.h>

#include <cmath>

#include "datasets/dataset.hpp"
#include "runtime/random_model.hpp"
#include "runtime/segmenter.hpp"
#include "support/data.hpp"
#include "training/predictor.hpp"

namespace distillar::training {
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

void expect_agreement(const std::filesystem::path& file, const datasets::Frame& frame) {
    Predictor predictor(file, "cpu");
    const Prediction expected = predictor.predict(frame);

    const auto model = runtime::Model::load(file, runtime::Precision::fp32);
    runtime::SegmenterOptions options;
    options.keep_logits = true;
    runtime::Segmenter segmenter(model, options);
    SensorContract contract(model->description(), model->source());
    std::vector<std::uint8_t> classes(expected.classes.size());
    std::vector<float> confidence(classes.size());
    segmenter.segment(contract.align(frame), classes, confidence);
    evaluation::PredictionEntropy entropy;
    entropy.add(segmenter.logits(), 8);

    std::size_t different = 0;
    for (std::size_t i = 0; i < classes.size(); ++i) {
        different += classes[i] == expected.classes[i] ? 0 : 1;
        ASSERT_NEAR(confidence[i], expected.confidence[i], 1e-3) << i;
    }
    EXPECT_LE(different, classes.size() / 10000) << "of " << classes.size();
    EXPECT_GT(segmenter.points_seen(), 10000U);
    EXPECT_EQ(entropy.points(), expected.entropy.points());
    EXPECT_NEAR(entropy.mean(), expected.entropy.mean(), 1e-5);
}

TEST(RuntimeAgreement, real_scans_get_the_classes_of_the_training_network) {
    DISTILLAR_DATA_OR_SKIP(data);
    const test::TemporaryFolder folder;
    datasets::Selection selection;
    selection.with_cameras = false;
    for (const char* norm : {"layernorm", "batchnorm"}) {
        const bool layer_norm = norm == std::string("layernorm");
        const auto file = folder / (std::string(norm) + ".safetensors");
        formats::write_model(file, model_of(norm, layer_norm ? "relu" : "gelu"));
        selection.path = data / (layer_norm ? "nuscenes" : "semantickitti");
        expect_agreement(file, datasets::open_dataset(selection)->read(0));
    }
}

}  // namespace
}  // namespace distillar::training
