#include "research/teacher_probe/probe.hpp"

#include <torch/nn/functional/loss.h>

#include "base/error.hpp"
#include "base/progress.hpp"
#include "training/optimiser.hpp"

namespace distillar::research {

namespace {

constexpr std::int64_t parts = 14;  // pixels looked at per cell and side
constexpr std::int64_t ignore = 255;
constexpr int steps = 400;
constexpr double learning_rate = 0.02;
constexpr double weight_decay = 1e-4;

}  // namespace

std::vector<std::uint8_t> bytes_of(const torch::Tensor& classes) {
    const auto bytes = classes.to(torch::kUInt8).contiguous();
    return {bytes.data_ptr<std::uint8_t>(), bytes.data_ptr<std::uint8_t>() + bytes.numel()};
}

Cells cells_of(models::Teacher& teacher, const datasets::Taxonomy& taxonomy,
               const std::vector<training::ImageFile>& images) {
    std::vector<torch::Tensor> features, classes;
    base::Progress progress("features", images.size());
    for (const auto& file : images) {
        const auto grid = teacher.features(file.image).values;
        const auto pixels = training::classes_in(file.classes, taxonomy, {}, grid.size(0) * parts,
                                                 grid.size(1) * parts);
        features.push_back(grid.flatten(0, 1));
        classes.push_back(
            training::majority_of(pixels, parts, static_cast<std::int64_t>(taxonomy.classes.size()))
                .flatten());
        progress.advance();
    }
    return {torch::cat(features), torch::cat(classes)};
}

LinearProbe::LinearProbe(const Cells& cells, std::int64_t classes)
    : mean_(cells.features.mean(at::IntArrayRef{0})),
      deviation_(cells.features.std(at::IntArrayRef{0}).clamp_min(1e-6)),
      weight_(torch::zeros({classes, cells.features.size(1)}, torch::requires_grad())),
      bias_(torch::zeros({classes}, torch::requires_grad())) {
    if (cells.classes.ne(ignore).sum().item<std::int64_t>() == 0) {
        base::fail("no cell of the training images has a class");
    }
    const auto inputs = standardised(cells.features);
    training::AdamW optimiser({{"weight", weight_}, {"bias", bias_}},
                              {.learning_rate = learning_rate, .weight_decay = weight_decay});
    namespace F = torch::nn::functional;
    for (int step = 0; step < steps; ++step) {
        const auto loss = F::cross_entropy(torch::linear(inputs, weight_, bias_), cells.classes,
                                           F::CrossEntropyFuncOptions().ignore_index(ignore));
        optimiser.minimise(loss, 1 - static_cast<double>(step) / steps);
    }
}

torch::Tensor LinearProbe::standardised(const torch::Tensor& features) const {
    return (features - mean_) / deviation_;
}

std::vector<std::uint8_t> LinearProbe::predict(const torch::Tensor& features) const {
    const torch::NoGradGuard no_grad;
    return bytes_of(torch::linear(standardised(features), weight_, bias_).argmax(1));
}

evaluation::ConfusionMatrix test(const LinearProbe& probe, const Cells& cells,
                                 std::size_t classes) {
    evaluation::ConfusionMatrix matrix(classes);
    matrix.add(bytes_of(cells.classes), probe.predict(cells.features));
    return matrix;
}

}  // namespace distillar::research
