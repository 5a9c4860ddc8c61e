// Point networks: evaluation, one training pass with gradients and statistics, optimiser steps.
#include <regex>

#include "base/error.hpp"
#include "losses/segmentation.hpp"
#include "models/network.hpp"
#include "models/reference_case.hpp"
#include "models/state.hpp"
#include "parity/cases.hpp"
#include "training/optimiser.hpp"

namespace distillar::parity {

namespace {

/// Its bias shifts a channel that the next BatchNorm centres: no gradient in exact arithmetic.
constexpr const char* cancelled_bias = "embed.conv2.0.bias";

struct NetworkCase {
    const ParityRequest& request;
    const formats::SafeTensors& file;
    formats::Tensors weights;
    models::NetworkShape shape;
    models::TorchBatch batch;
    std::vector<std::int64_t> lengths;

    bool has(const std::string& name) const { return file.tensors.contains(name); }
    /// A padded tensor of the case as rows of valid points.
    torch::Tensor rows(const std::string& name) const {
        const auto padded = case_tensor(file, name);
        if (padded.dim() < 2 || padded.size(0) != static_cast<std::int64_t>(lengths.size()) ||
            padded.size(-1) != case_tensor(file, "feat").size(-1)) {
            base::fail("the case's {} does not fit its feat", name);
        }
        return models::rows_of_case(padded, lengths);
    }
    /// A fresh network with the weights of the file.
    std::shared_ptr<models::Network> network() const {
        auto result = std::make_shared<models::Network>(shape.backbone, shape.head);
        models::load_state(*result, weights, request.weights.string());
        return result;
    }
};

void check_text(const NetworkCase& test, const char* key, const std::string& actual) {
    const auto found = test.file.metadata.find(key);
    if (found != test.file.metadata.end() && found->second != actual) {
        base::fail_in(test.request.weights,
                      "these weights have {} {}, the case has {}: give the case's own weights", key,
                      actual, found->second);
    }
}

/// The weights must be those of a network as the metadata describe it.
void check_metadata(const NetworkCase& test) {
    const auto& backbone = test.shape.backbone;
    const auto& head = test.shape.head;
    check_text(test, "norm", models::name_of(backbone.norm));
    check_text(test, "channels", std::to_string(backbone.channels));
    check_text(test, "depth", std::to_string(backbone.depth));
    check_text(test, "input_channels", std::to_string(backbone.input_channels));
    check_text(test, "classes", std::to_string(head.outputs));
    check_text(test, "neighbors", std::to_string(test.batch.neighbors.size(1)));
    const bool linear_by_default = !test.file.metadata.contains("head");
    if (linear_by_default && head.kind != models::HeadKind::linear) {
        base::fail_in(test.request.weights,
                      "these weights have a {} head, the case a linear one: give the case's own "
                      "weights",
                      models::name_of(head.kind));
    }
    check_text(test, "head", models::name_of(head.kind));
    if (head.kind == models::HeadKind::mlp) {
        check_text(test, "hidden", std::to_string(head.hidden));
    }
    if (backbone.input_channels != test.batch.features.size(1)) {
        base::fail_in(test.request.weights, "these weights take {} input channels, feat has {}",
                      backbone.input_channels, test.batch.features.size(1));
    }
}

void compare_evaluation(const NetworkCase& test, ParityReport& report) {
    const torch::NoGradGuard no_grad;
    const auto network = test.network();
    network->eval();
    if (test.has("eval.embedding")) {
        report.output("eval.embedding", network->backbone().embed(test.batch),
                      test.rows("eval.embedding"));
    }
    const auto tokens = network->backbone().forward(test.batch);
    if (test.has("eval.tokens")) {
        report.output("eval.tokens", tokens, test.rows("eval.tokens"));
    }
    if (test.has("eval.logits")) {
        report.output("eval.logits", network->head().forward(tokens), test.rows("eval.logits"));
    }
}

void compare_gradients(const NetworkCase& test, const models::Network& network,
                       const torch::Tensor& features, ParityReport& report) {
    const std::string prefix = "train.grad.";
    const double largest = largest_of(test.file, prefix);
    const auto parameters = network.named_parameters();
    for (const auto& [name, tensor] : test.file.tensors) {
        if (!name.starts_with(prefix)) {
            continue;
        }
        const std::string parameter = name.substr(prefix.size());
        if (parameter == "feat") {
            report.gradient(name, features.grad(), test.rows(name), largest);
            continue;
        }
        const auto* value = parameters.find(parameter);
        if (value == nullptr || !value->grad().defined()) {
            report.left_out(name, "the network has no such parameter", true);
        } else if (parameter == cancelled_bias) {
            report.zero_gradient(name, value->grad(), models::to_torch(tensor), largest);
        } else {
            report.gradient(name, value->grad(), models::to_torch(tensor), largest);
        }
    }
}

void compare_statistics(const NetworkCase& test, const models::Network& network,
                        ParityReport& report) {
    const std::string prefix = "train.state.";
    const auto buffers = network.named_buffers();
    for (const auto& [name, tensor] : test.file.tensors) {
        if (!name.starts_with(prefix)) {
            continue;
        }
        const auto* value = buffers.find(name.substr(prefix.size()));
        if (value == nullptr) {
            report.left_out(name, "the network has no such buffer", true);
        } else {
            report.output(name, *value, models::to_torch(tensor));
        }
    }
}

/// One forward pass in training mode from the weights of the file, loss: mean of squared logits.
void compare_training(const NetworkCase& test, ParityReport& report) {
    const auto first = test.file.tensors.lower_bound("train.");
    if (first == test.file.tensors.end() || !first->first.starts_with("train.")) {
        return;
    }
    const auto network = test.network();
    network->train();
    models::TorchBatch batch = test.batch;
    batch.features = test.batch.features.clone().requires_grad_();
    const auto logits = network->forward(batch);
    const auto loss = logits.square().mean();
    loss.backward();
    if (test.has("train.logits")) {
        report.output("train.logits", logits, test.rows("train.logits"));
    }
    if (test.has("train.loss")) {
        report.output("train.loss", loss.reshape({1}),
                      case_tensor(test.file, "train.loss").reshape({-1}));
    }
    compare_gradients(test, *network, batch.features, report);
    compare_statistics(test, *network, report);
}

/// The number after a word in the metadata text `steps`.
double setting_after(const std::string& text, const std::string& word, double fallback) {
    std::smatch match;
    const std::regex pattern("\\b" + word + "[ =:]+([0-9]*\\.?[0-9]+(?:[eE][-+]?[0-9]+)?)");
    return std::regex_search(text, match, pattern) ? std::stod(match[1].str()) : fallback;
}

/// Supervised steps from the weights of the file, all layers in training mode; the loss before
/// each.
void compare_steps(const NetworkCase& test, ParityReport& report) {
    if (!test.has("steps.loss")) {
        return;
    }
    if (!test.batch.labels.defined()) {
        base::fail("the case has steps.loss but lacks tensor steps.labels");
    }
    const auto found = test.file.metadata.find("steps");
    const std::string text = found == test.file.metadata.end() ? "" : found->second.substr(0, 1000);
    training::AdamWConfig config;
    config.learning_rate = setting_after(text, "lr", 1e-3);
    config.weight_decay = setting_after(text, "weight_decay", 0.003);

    const auto network = test.network();
    network->train();
    training::AdamW optimiser(training::trained_parameters(*network), config);
    const auto expected = case_tensor(test.file, "steps.loss").reshape({-1});
    std::vector<float> losses;
    for (std::int64_t step = 0; step < expected.size(0); ++step) {
        optimiser.zero_gradients();
        const auto loss = losses::segmentation(network->forward(test.batch), test.batch.labels);
        losses.push_back(loss.item<float>());
        loss.backward();
        optimiser.step(1);
    }
    report.elements("steps.loss", torch::tensor(losses), expected);
}

}  // namespace

void compare_network(const ParityRequest& request, const formats::SafeTensors& file,
                     ParityReport& report) {
    NetworkCase test{request,
                     file,
                     models::network_of(read_weights(request.weights), request.weights.string()),
                     {},
                     models::batch_of_case(file),
                     models::lengths_of_case(file)};
    test.shape = models::shape_of_case(file, test.weights, request.weights.string());
    test.shape.backbone.drop_path = 0;
    check_metadata(test);
    compare_evaluation(test, report);
    compare_training(test, report);
    compare_steps(test, report);
}

}  // namespace distillar::parity
