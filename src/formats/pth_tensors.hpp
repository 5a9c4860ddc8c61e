#pragma once
/// From the value tree of a torch.save pickle to tensors.
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "formats/pickle.hpp"
#include "formats/tensor.hpp"
#include "formats/zip.hpp"

namespace distillar::formats {

/// A persistent id: ("storage", type, key, location, count[, view]), all counts in elements.
struct StorageId {
    Dtype dtype = Dtype::f32;
    std::string key;
    std::uint64_t count = 0;
    std::uint64_t view_begin = 0;  ///< legacy views: a part of the storage
    std::uint64_t view_count = 0;  ///< as `count` where there is no view
};

/// @throws base::Error naming the file if the value is no such id.
StorageId read_storage_id(const PickleValue& persistent, const std::filesystem::path& file);

/// Every global a torch.save pickle may name.
std::span<const std::string_view> pth_globals();

/// The whole storage's bytes; called once or more per key.
using StorageSource = std::function<OwnedBytes(const StorageId&)>;

/// Walks nested containers. @param budget  bytes that copies of strided tensors may take together.
Tensors collect_tensors(const PickleValue& root, const StorageSource& storage, std::uint64_t budget,
                        const std::filesystem::path& file);

}  // namespace distillar::formats
