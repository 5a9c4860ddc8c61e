#include "training/token_cache.hpp"

#include "base/progress.hpp"
#include "formats/safetensors.hpp"
#include "models/state.hpp"
#include "training/run.hpp"
#include "training/supervised_sample.hpp"

namespace distillar::training {

namespace {

constexpr std::uint32_t view_stream = 3;

geometry::Sample sample_of_view(const datasets::Frame& frame, const Labelling& labelling,
                                const RunConfig& config, std::size_t index, int view) {
    if (view == 0) {
        return geometry::preprocess(labelling.scan(frame), config.model.input, nullptr, nullptr);
    }
    return supervised_sample(frame, labelling, config,
                             {static_cast<std::uint64_t>(view), index, index});
}

}  // namespace

TokenCache::TokenCache(std::filesystem::path folder, const RunConfig& config,
                       const Labelling& labelling, const datasets::Mixture& mixture,
                       models::Network& network)
    : folder_(std::move(folder)), views_(config.cache.augmented_views + 1), seed_(config.seed) {
    const torch::NoGradGuard no_grad;
    network.eval();
    base::Progress progress("tokens", mixture.size() * static_cast<std::uint64_t>(views_));
    for (std::size_t index = 0; index < mixture.size(); ++index) {
        for (int view = 0; view < views_; ++view) {
            progress.advance();
            if (std::filesystem::exists(file(index, view))) {
                continue;
            }
            const auto sample =
                sample_of_view(*mixture.read(index), labelling, config, index, view);
            const auto batch = batch_of({sample}, config.model.input, device_of(config));
            const torch::Tensor known = batch.labels.ne(geometry::ignore_label).nonzero().flatten();
            const torch::Tensor tokens =
                network.backbone().forward(batch).index_select(0, known).cpu();
            formats::write_safetensors(
                file(index, view),
                {{"tokens", models::from_torch(tokens)},
                 {"labels", models::from_torch(batch.labels.index_select(0, known).cpu())}});
        }
    }
}

std::filesystem::path TokenCache::file(std::size_t frame, int view) const {
    return folder_ / fmt::format("{:06}-{}.safetensors", frame, view);
}

TokenBatch TokenCache::read(const std::vector<Plan::Draw>& draws) const {
    std::vector<torch::Tensor> tokens;
    std::vector<torch::Tensor> labels;
    for (const auto& draw : draws) {
        base::Random random(seed_, draw.epoch, draw.position, view_stream);
        const int view = static_cast<int>(random.below(static_cast<std::uint32_t>(views_)));
        const auto stored = formats::read_safetensors(file(draw.frame, view));
        tokens.push_back(models::to_torch(stored.tensors.at("tokens")));
        labels.push_back(models::to_torch(stored.tensors.at("labels")));
    }
    return {torch::cat(tokens), torch::cat(labels)};
}

void TokenCache::remove() const {
    std::filesystem::remove_all(folder_);
}

}  // namespace distillar::training
