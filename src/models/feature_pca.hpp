#pragma once
#include <cstdint>
#include <filesystem>

#include "models/torch.hpp"

namespace distillar::models {

/// Principal components of a teacher's features: D channels to the K directions that vary most.
struct FeaturePca {
    torch::Tensor mean;       ///< D, float64
    torch::Tensor basis;      ///< D x K, float64: orthonormal columns, most variance first
    torch::Tensor explained;  ///< K, float64: share of the whole variance along each

    std::int64_t channels() const { return basis.size(0); }
    std::int64_t components() const { return basis.size(1); }

    /// (x - mean) basis of ... x D float32, ... x K float32. No whitening.
    torch::Tensor reduce(const torch::Tensor& features) const;
};

/// Sums of a fit; the same bits for the same features in the same order.
class PcaFit {
public:
    explicit PcaFit(std::int64_t channels);
    void add(const torch::Tensor& features);  ///< ... x D float32

    /// Eigenvectors of the covariance, each with its largest entry positive.
    /// @throws base::Error if nothing varies, or there are fewer than `components` channels.
    FeaturePca solve(std::int64_t components) const;

private:
    torch::Tensor moments_;  ///< (1 + D) x (1 + D): of [1, x], so count, sums and products
};

/// @throws base::Error if the file is damaged or not of these sizes.
FeaturePca read_pca(const std::filesystem::path& file, std::int64_t channels,
                    std::int64_t components);

/// Puts the file there unless another process has by now: theirs stays.
void publish_pca(const std::filesystem::path& file, const FeaturePca& pca);

}  // namespace distillar::models
