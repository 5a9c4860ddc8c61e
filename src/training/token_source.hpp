#pragma once
#include <filesystem>
#include <functional>

#include "models/network.hpp"
#include "models/torch.hpp"
#include "training/samples.hpp"

namespace distillar::training {

/// What a frozen backbone makes of points, and their labels.
struct TokenBatch {
    torch::Tensor tokens;  ///< N x C
    torch::Tensor labels;  ///< N int64; undefined where scans have none

    TokenBatch to(torch::Device device) const;
};

/// The frozen backbone's tokens of a mixture's scans: of every point of a scan without labels, of
/// the labelled points of one with labels. With `cache.augmented_views` above 0 they are computed
/// once: one plain view (the whole scan) and so many random ones, as memory-mapped files.
/// Augmenting anew for every sample, as published, would forbid this ([ours], methods.md 5).
class TokenSource {
public:
    /// Computes the files that are not there yet, with a progress bar; an interrupted fill goes on.
    /// Everything given must outlive it.
    /// @param own      folder for the files where `cache.folder` names none: the caller's to remove
    ///                 after training. In a shared folder names say what is in a file (the
    ///                 backbone, the scan, how it is augmented), so that nothing else is ever taken
    ///                 for it.
    /// @param label    of the progress bar.
    /// @param sampler  of the mixture, with the seed of its views.
    /// @param network  in evaluation mode from here on.
    TokenSource(std::filesystem::path own, const std::string& label, const RunConfig& config,
                const TokenCacheConfig& cache, ScanOf scan_of, const Sampler& sampler,
                models::Network& network);

    std::size_t scans() const { return mixture().size(); }

    /// The samples of a step, each under one of its views, or augmented anew: at most
    /// augmentation.max_points of its points, since a head looks at each alone. Safe beside
    /// plain().
    TokenBatch read(std::int64_t step) const;

    /// A whole scan, unaugmented; `cache.points` of it where that is above 0.
    TokenBatch plain(std::size_t frame) const;

private:
    const datasets::Mixture& mixture() const { return sampler_.mixture(); }
    bool cached() const { return views_ > 1; }
    void name_scans();
    std::filesystem::path file(std::size_t frame, int view) const;
    void fill(const std::string& label);
    TokenBatch tokens_of(const std::vector<geometry::Sample>& samples) const;
    TokenBatch computed(std::size_t frame, int view) const;  ///< view 0: the plain one
    TokenBatch stored(std::size_t frame, int view) const;

    std::filesystem::path folder_;
    const RunConfig& config_;
    const TokenCacheConfig& cache_;
    ScanOf scan_of_;
    const Sampler& sampler_;
    models::Network& network_;
    int views_;                       ///< the plain one included
    std::vector<std::string> names_;  ///< of scans, in files
};

}  // namespace distillar::training
