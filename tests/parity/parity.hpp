#pragma once
/// distillar-parity: compares this code with reference cases computed by the published
/// implementations (the cases' layout: README.md of the reference folder).
#include <cstdio>
#include <filesystem>

namespace distillar::parity {

struct ParityRequest {
    std::filesystem::path reference;  ///< the case
    std::filesystem::path weights;    ///< networks: .pth or safetensors; else empty
    std::filesystem::path cloud;      ///< preprocessing; else empty
    std::filesystem::path cameras;    ///< pairs; else empty
};

/// Recognises the kind of case by its tensors, computes it, prints one line per tensor.
/// @return true if everything compared lies within tolerance, and something was compared.
/// @throws base::Error if a file is unusable, of an unknown kind, or the wrong one for the case.
bool run_parity(const ParityRequest& request, std::FILE* output);

}  // namespace distillar::parity
