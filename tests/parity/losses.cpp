// Losses with their gradients, and learning-rate schedules.
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "losses/distillation.hpp"
#include "losses/segmentation.hpp"
#include "parity/cases.hpp"
#include "training/schedule.hpp"

namespace distillar::parity {

namespace {

using Loss = std::function<torch::Tensor(const torch::Tensor&)>;

/// One loss and its gradient by `input`, where the case has them.
void compare_loss(const formats::SafeTensors& file, const std::string& name,
                  const std::string& gradient_name, const torch::Tensor& input, const Loss& loss,
                  double largest, ParityReport& report) {
    if (!file.tensors.contains(name)) {
        return;
    }
    auto variable = input.detach().clone().requires_grad_();
    const auto value = loss(variable);
    report.output(name, value.reshape({1}), case_tensor(file, name).reshape({-1}));
    if (file.tensors.contains(gradient_name)) {
        value.backward();
        report.gradient(gradient_name, variable.grad(), case_tensor(file, gradient_name), largest);
    }
}

/// Metadata settings of a schedule; a number under a name.
class Settings {
public:
    Settings(const formats::SafeTensors& file, const std::string& schedule) : schedule_(schedule) {
        const auto text = file.metadata.find(schedule);
        if (text != file.metadata.end()) {
            json_ = nlohmann::json::parse(text->second, nullptr, false);
        }
        if (!json_.is_object()) {
            base::fail("the case's metadata {} is not a JSON object of settings", schedule);
        }
    }
    double number(const char* key) const {
        const auto found = json_.find(key);
        if (found == json_.end() || !found->is_number()) {
            base::fail("the case's metadata {} lacks the number {}", schedule_, key);
        }
        return found->get<double>();
    }
    std::int64_t integer(const char* key) const {
        const double value = number(key);
        if (!(std::abs(value) < 1e15)) {
            base::fail("the case's metadata {} has an impossible {}", schedule_, key);
        }
        return static_cast<std::int64_t>(value);
    }

private:
    std::string schedule_;
    nlohmann::json json_;
};

void compare_schedule(const formats::SafeTensors& file, const std::string& name,
                      const std::function<double(std::int64_t)>& factor, ParityReport& report) {
    const auto expected = case_tensor(file, name).to(torch::kFloat64).reshape({-1});
    auto actual = torch::empty_like(expected);
    auto* values = actual.data_ptr<double>();
    for (std::int64_t step = 0; step < expected.size(0); ++step) {
        values[step] = factor(step);
    }
    report.output(name, actual, expected, schedule_tolerance);
}

}  // namespace

void compare_losses(const formats::SafeTensors& file, ParityReport& report) {
    const double largest = largest_of(file, ".grad_");
    if (file.tensors.contains("distill.student")) {
        const auto teacher = case_tensor(file, "distill.teacher");
        compare_loss(
            file, "distill.loss", "distill.grad_student", case_tensor(file, "distill.student"),
            [&](const auto& student) { return losses::distillation(student, teacher); }, largest,
            report);
    }
    if (file.tensors.contains("seg.logits")) {
        const auto logits = case_tensor(file, "seg.logits");
        auto labels = case_tensor(file, "seg.labels").to(torch::kInt64);
        const auto ignore = static_cast<std::int64_t>(
            case_number(file, "ignore", static_cast<double>(losses::ignore_label)));
        labels = labels.masked_fill(labels == ignore, losses::ignore_label);
        compare_loss(
            file, "seg.cross_entropy", "seg.grad_cross_entropy", logits,
            [&](const auto& input) { return losses::cross_entropy(input, labels); }, largest,
            report);
        compare_loss(
            file, "seg.lovasz_softmax", "seg.grad_lovasz_softmax", logits,
            [&](const auto& input) { return losses::lovasz_softmax(input, labels); }, largest,
            report);
    }
}

void compare_schedules(const formats::SafeTensors& file, ParityReport& report) {
    if (file.tensors.contains("warmup_cosine")) {
        const Settings settings(file, "warmup_cosine");
        compare_schedule(
            file, "warmup_cosine",
            [&](std::int64_t step) {
                return training::warmup_cosine(step, settings.integer("warmup"),
                                               settings.integer("steps"),
                                               settings.number("factor_min"));
            },
            report);
    }
    if (file.tensors.contains("warmup_rsqrt_cooldown")) {
        const Settings settings(file, "warmup_rsqrt_cooldown");
        compare_schedule(
            file, "warmup_rsqrt_cooldown",
            [&](std::int64_t step) {
                return training::warmup_rsqrt_cooldown(
                    step, settings.integer("warmup"), settings.integer("steps"),
                    settings.integer("cooldown_start"), settings.number("timescale"));
            },
            report);
    }
}

}  // namespace distillar::parity
