#include "models/feature_pca.hpp"

#include <unistd.h>

#include <system_error>

#include "base/error.hpp"
#include "formats/safetensors.hpp"
#include "models/state.hpp"

namespace distillar::models {

namespace fs = std::filesystem;

namespace {

torch::Tensor entry_of(const formats::Tensors& tensors, const fs::path& file, const char* name,
                       const std::vector<std::int64_t>& shape) {
    const auto found = tensors.find(name);
    if (found == tensors.end() || found->second.dtype != formats::Dtype::f64 ||
        found->second.shape != shape) {
        base::fail_in(file,
                      "has no F64 tensor `{}` of shape [{}]: it is no PCA of this teacher; remove "
                      "it, and it is fitted again",
                      name, fmt::join(shape, ", "));
    }
    return to_torch(found->second);
}

}  // namespace

torch::Tensor FeaturePca::reduce(const torch::Tensor& features) const {
    return torch::matmul(features - mean.to(torch::kFloat32), basis.to(torch::kFloat32));
}

PcaFit::PcaFit(std::int64_t channels)
    : moments_(torch::zeros({1 + channels, 1 + channels}, torch::kFloat64)) {}

void PcaFit::add(const torch::Tensor& features) {
    const auto rows = features.reshape({-1, moments_.size(0) - 1}).to(torch::kFloat64);
    const auto with_one = torch::cat({torch::ones({rows.size(0), 1}, torch::kFloat64), rows}, 1);
    moments_ += torch::matmul(with_one.t(), with_one);
}

FeaturePca PcaFit::solve(std::int64_t components) const {
    const std::int64_t channels = moments_.size(0) - 1;
    if (components < 1 || components > channels) {
        base::fail("a PCA to {} of {} channels: it must keep 1 to {}", components, channels,
                   channels);
    }
    const auto mean = moments_[0].slice(0, 1) / moments_[0][0];
    const auto covariance =
        moments_.slice(0, 1).slice(1, 1) / moments_[0][0] - torch::outer(mean, mean);
    const double variance = covariance.diagonal().sum().item<double>();
    if (!(variance > 0)) {
        base::fail("a PCA of features that do not vary: check the teacher and the images");
    }
    const auto [values, vectors] = at::linalg_eigh(covariance, "L");  // ascending
    const auto largest_first = values.flip(0).slice(0, 0, components);
    auto basis = vectors.flip(1).slice(1, 0, components);
    const auto largest = basis.gather(0, basis.abs().argmax(0, true));
    basis =
        basis * torch::where(largest < 0, -torch::ones_like(largest), torch::ones_like(largest));
    return {mean.contiguous(), basis.contiguous(), (largest_first / variance).contiguous()};
}

FeaturePca read_pca(const fs::path& file, std::int64_t channels, std::int64_t components) {
    const auto tensors = formats::read_safetensors(file).tensors;
    return {entry_of(tensors, file, "mean", {channels}),
            entry_of(tensors, file, "basis", {channels, components}),
            entry_of(tensors, file, "explained", {components})};
}

void publish_pca(const fs::path& file, const FeaturePca& pca) {
    fs::path own = file;
    own += fmt::format(".{}", getpid());
    formats::write_safetensors(own, {{"mean", from_torch(pca.mean)},
                                     {"basis", from_torch(pca.basis)},
                                     {"explained", from_torch(pca.explained)}});
    std::error_code error;
    fs::create_hard_link(own, file, error);  // fails where the file is: a rename would replace it
    std::error_code ignored;
    fs::remove(own, ignored);
    if (error && !fs::exists(file)) {
        base::fail_in(file, "cannot be put in place: {}; check the folder and free space",
                      error.message());
    }
}

}  // namespace distillar::models
