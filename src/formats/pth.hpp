#pragma once
#include <filesystem>

#include "formats/tensor.hpp"

namespace distillar::formats {

/// A torch.save file, zip or legacy layout, read by a restricted unpickler that knows tensors,
/// storages, OrderedDict, parameters, plain containers and scalars, and refuses every other global
/// by name. Nested dictionaries become one map with dotted names: {"net": {"module.a": t}} ->
/// "net.module.a"; list items and integer keys become their index; scalars are left out; a lone
/// tensor is called "tensor". Non-contiguous tensors are made contiguous, the others view the
/// mapped file. Device, gradients and hooks are ignored.
/// @throws base::Error naming file and tensor, storage, entry or offset for anything damaged: sizes
///         that lie, strides that leave the storage, checksums, data after the end, two equal
///         names.
Tensors read_pth(const std::filesystem::path& file);

/// True if the content looks like a torch.save file of either layout.
bool is_pth(const std::filesystem::path& file);

}  // namespace distillar::formats
