#pragma once
#include <memory>

#include "formats/model_file.hpp"
#include "models/fused.hpp"
#include "models/network.hpp"

namespace distillar::models {

/// The network a description asks for, freshly initialised from torch's current seed.
/// A head of width 0 (`hidden`) is as wide as the tokens. `recompute`: see WaffleIronConfig.
std::shared_ptr<Network> build_network(const formats::ModelDescription& description,
                                       double drop_path = 0, bool recompute = false);

/// The network of a model file with its weights. @throws base::Error naming the keys that do not
/// fit the description.
std::shared_ptr<Network> load_network(const formats::ModelFile& file, const std::string& source);

/// The fused network of a description that has a fusion, around this student.
std::shared_ptr<Fused> build_fused(const formats::ModelDescription& description,
                                   std::shared_ptr<Network> student);

/// The fused network of a model file with its weights. @throws base::Error as load_network, or if
/// the file has no fusion.
std::shared_ptr<Fused> load_fused(const formats::ModelFile& file, const std::string& source);

/// Copies only the backbone's tensors (embed.*, waffleiron.*) of a model file.
void load_backbone(Network& network, const formats::ModelFile& file, const std::string& source);

}  // namespace distillar::models
