/// Losses and gradients against the published implementations' (shared/reference).
#include <gtest/gtest.h>

#include <string>

#include "formats/safetensors.hpp"
#include "losses/distillation.hpp"
#include "losses/segmentation.hpp"
#include "support/data.hpp"

namespace distillar::losses {
namespace {

torch::Tensor floats(const formats::SafeTensors& file, const std::string& name) {
    const auto& tensor = file.tensors.at(name);
    const auto values = formats::to_floats(tensor, name);
    return torch::tensor(values).reshape(tensor.shape);
}

torch::Tensor integers(const formats::SafeTensors& file, const std::string& name) {
    return torch::tensor(formats::to_integers(file.tensors.at(name), name));
}

double relative_error(const torch::Tensor& actual, const torch::Tensor& expected) {
    return ((actual - expected).abs().max() / expected.abs().max()).item<double>();
}

void check_case(const std::filesystem::path& path) {
    const auto file = formats::read_safetensors(path);
    auto student = floats(file, "distill.student").requires_grad_();
    const auto distilled = distillation(student, floats(file, "distill.teacher"));
    distilled.backward();
    EXPECT_LT(relative_error(distilled.detach(), floats(file, "distill.loss")), 1e-5);
    EXPECT_LT(relative_error(student.grad(), floats(file, "distill.grad_student")), 1e-4);

    const auto labels = integers(file, "seg.labels");
    auto logits = floats(file, "seg.logits").requires_grad_();
    const auto entropy = cross_entropy(logits, labels);
    entropy.backward();
    EXPECT_LT(relative_error(entropy.detach(), floats(file, "seg.cross_entropy")), 1e-5);
    EXPECT_LT(relative_error(logits.grad(), floats(file, "seg.grad_cross_entropy")), 1e-4);
    const auto entropy_gradient = logits.grad().clone();

    logits = floats(file, "seg.logits").requires_grad_();
    const auto lovasz = lovasz_softmax(logits, labels);
    lovasz.backward();
    EXPECT_LT(relative_error(lovasz.detach(), floats(file, "seg.lovasz_softmax")), 1e-5);
    EXPECT_LT(relative_error(logits.grad(), floats(file, "seg.grad_lovasz_softmax")), 1e-4);

    const auto lovasz_gradient = logits.grad().clone();
    logits = floats(file, "seg.logits").requires_grad_();
    const auto both = segmentation(logits, labels, 0.5);
    both.backward();
    EXPECT_LT(relative_error(both.detach(), (entropy + 0.5 * lovasz).detach()), 1e-6);
    EXPECT_LT(relative_error(logits.grad(), entropy_gradient + 0.5 * lovasz_gradient), 1e-5);
}

TEST(Reference, LossesAndGradients) {
    DISTILLAR_REFERENCE_OR_SKIP(reference);
    check_case(reference / "losses.safetensors");
}

TEST(Reference, ClassesThatNoLabelHas) {
    DISTILLAR_REFERENCE_OR_SKIP(reference);
    check_case(reference / "losses_absent.safetensors");
}

}  // namespace
}  // namespace distillar::losses
