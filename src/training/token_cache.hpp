#pragma once
#include <filesystem>

#include "models/network.hpp"
#include "models/torch.hpp"
#include "training/labelling.hpp"
#include "training/plan.hpp"

namespace distillar::training {

/// Tokens of labelled points, and their labels.
struct TokenBatch {
    torch::Tensor tokens;  ///< N x C
    torch::Tensor labels;  ///< N int64
};

/// The frozen backbone's tokens of every training frame, computed once: one plain view (the whole
/// scan) and `augmented_views` random ones, as memory-mapped files. Augmenting anew for every epoch
/// as published would forbid this ([ours], methods.md 5).
class TokenCache {
public:
    /// Computes what is not there yet, with a progress bar; an interrupted fill goes on.
    TokenCache(std::filesystem::path folder, const RunConfig& config, const Labelling& labelling,
               const datasets::Mixture& mixture, models::Network& network);

    /// The samples of a step, each under one of its views.
    TokenBatch read(const std::vector<Plan::Draw>& draws) const;

    /// Removes the files: after training they have no use.
    void remove() const;

private:
    std::filesystem::path file(std::size_t frame, int view) const;

    std::filesystem::path folder_;
    int views_;
    std::uint64_t seed_;
};

}  // namespace distillar::training
