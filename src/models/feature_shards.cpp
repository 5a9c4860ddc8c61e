#include "models/feature_shards.hpp"

#include <algorithm>
#include <system_error>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "formats/safetensors.hpp"
#include "models/state.hpp"

namespace distillar::models {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::seconds longest_in_memory{60};
constexpr int max_side = 1 << 16;

/// "corners 1920 1080 448 224": geometry, the image's width and height, the input's.
std::string place_text(const FeatureGrid& grid) {
    return fmt::format("{} {} {} {} {}",
                       grid.geometry == CellGeometry::corners ? "corners" : "centres",
                       grid.image_width, grid.image_height, grid.input_width, grid.input_height);
}

FeatureGrid place_from(const std::string& text, const std::string& what) {
    const auto parts = base::split(text, ' ');
    if (parts.size() != 5 || (parts[0] != "corners" && parts[0] != "centres")) {
        base::fail("{}: '{}' is no geometry and four sizes", what, text);
    }
    const auto size = [&](std::size_t part, int least) {
        const auto value = base::parse_integer(parts[part], what);
        if (value < least || value > max_side) {
            base::fail("{}: a size of {} pixels", what, value);
        }
        return static_cast<int>(value);
    };
    const bool corners = parts[0] == "corners";
    FeatureGrid place;
    place.geometry = corners ? CellGeometry::corners : CellGeometry::centres;
    place.image_width = size(1, 1);
    place.image_height = size(2, 1);
    place.input_width = size(3, corners ? 1 : 0);
    place.input_height = size(4, corners ? 1 : 0);
    return place;
}

FeatureGrid with_values(FeatureGrid place, const torch::Tensor& half) {
    place.values = half.to(torch::kFloat32);
    return place;
}

}  // namespace

FeatureShards::FeatureShards(fs::path folder, std::string key, std::int64_t channels,
                             std::uint64_t shard_bytes)
    : folder_(std::move(folder)),
      key_(std::move(key)),
      channels_(channels),
      shard_bytes_(shard_bytes) {
    index_new_shards();
}

FeatureShards::~FeatureShards() {
    try {
        flush();
    } catch (const std::exception& error) {
        spdlog::error("features of the last images are not kept: {}", error.what());
    }
}

bool FeatureShards::has(const std::string& name) {
    if (pending_.contains(name) || index_.contains(name)) {
        return true;
    }
    index_new_shards();
    return index_.contains(name);
}

std::optional<FeatureGrid> FeatureShards::find(const std::string& name) {
    if (!has(name)) {
        return std::nullopt;
    }
    if (const auto pending = pending_.find(name); pending != pending_.end()) {
        return with_values(pending->second, pending->second.values);
    }
    const Stored& stored = index_.at(name);
    return with_values(stored.place, to_torch(stored.values));
}

FeatureGrid FeatureShards::add(const std::string& name, const FeatureGrid& grid) {
    FeatureGrid half = grid;
    half.values = grid.values.to(torch::kHalf).contiguous();
    const FeatureGrid kept = with_values(half, half.values);
    if (!kept.values.isfinite().all().item<bool>()) {
        base::fail(
            "the teacher gave a feature that fp16 cannot hold (largest {:g}); check its "
            "weights",
            grid.values.abs().max().item<double>());
    }
    if (pending_.empty()) {
        pending_since_ = std::chrono::steady_clock::now();
    }
    pending_bytes_ += half.values.nbytes();
    pending_[name] = std::move(half);
    const auto age = std::chrono::steady_clock::now() - pending_since_;
    if (pending_bytes_ >= shard_bytes_ || age >= longest_in_memory) {
        flush();
    }
    return kept;
}

void FeatureShards::flush() {
    if (pending_.empty()) {
        return;
    }
    const auto writing = std::exchange(pending_, {});  // tried once: a full disk stays full
    pending_bytes_ = 0;
    formats::Tensors tensors;
    std::map<std::string, std::string> metadata{{"key", key_}};
    std::string names;
    for (const auto& [name, grid] : writing) {
        tensors[name] = from_torch(grid.values);
        metadata[name] = place_text(grid);
        names += name;
    }
    const fs::path file = folder_ / ("shard-" + base::hash_of(names) + ".safetensors");
    formats::write_safetensors(file, tensors, metadata);
    seen_.erase(file);
    index_shard(file);
}

void FeatureShards::index_new_shards() {
    std::error_code absent;
    const auto changed = fs::last_write_time(folder_, absent);
    if (absent || changed == listed_) {
        return;
    }
    listed_ = changed;
    std::set<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder_)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with("shard-") && name.ends_with(".safetensors")) {
            files.insert(entry.path());
        }
    }
    for (const auto& file : files) {
        index_shard(file);
    }
}

void FeatureShards::index_shard(const fs::path& file) {
    if (!seen_.insert(file).second) {
        return;
    }
    try {
        auto shard = formats::read_safetensors(file);
        if (shard.metadata["key"] != key_) {
            base::fail_in(file, "holds features of another teacher or PCA");
        }
        std::unordered_map<std::string, Stored> images;
        for (auto& [name, values] : shard.tensors) {
            const std::string what = file.string() + ": image " + name;
            const bool fits = values.dtype == formats::Dtype::f16 && values.shape.size() == 3 &&
                              values.shape[2] == channels_ && values.count() > 0;
            if (!fits) {
                base::fail("{}: {} of shape [{}] where F16, rows x columns x {} is expected", what,
                           formats::name_of(values.dtype), fmt::join(values.shape, ", "),
                           channels_);
            }
            images[name] = {place_from(shard.metadata[name], what), std::move(values)};
        }
        index_.merge(images);
    } catch (const base::Error& error) {
        spdlog::warn("{}; skipped, its images are computed again (remove it if you like)",
                     error.what());
    }
}

}  // namespace distillar::models
