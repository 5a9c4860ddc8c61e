#pragma once
#include "formats/safetensors.hpp"
#include "parity/parity.hpp"
#include "parity/report.hpp"

namespace distillar::parity {

/// One function per kind of case. All take sizes from the case's metadata and tensors.
void compare_network(const ParityRequest& request, const formats::SafeTensors& file,
                     ParityReport& report);
void compare_dinov2(const ParityRequest& request, const formats::SafeTensors& file,
                    ParityReport& report);
void compare_espnetv2(const ParityRequest& request, const formats::SafeTensors& file,
                      ParityReport& report);
void compare_losses(const formats::SafeTensors& file, ParityReport& report);
void compare_schedules(const formats::SafeTensors& file, ParityReport& report);
void compare_preprocessing(const ParityRequest& request, const formats::SafeTensors& file,
                           ParityReport& report);

/// Tensors of a .pth or a safetensors file.
formats::Tensors read_weights(const std::filesystem::path& file);

}  // namespace distillar::parity
