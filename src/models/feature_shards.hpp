#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "formats/tensor.hpp"
#include "models/teacher.hpp"

namespace distillar::models {

/// Feature grids of many images in one folder, by name (the hash of an image's bytes), as fp16 in
/// memory-mapped shards: safetensors files of many images, never changed once written.
///
/// A shard appears whole, under a name made of what it holds, so any number of processes may fill
/// one folder: no locks, and the same image twice does no harm. What others have written is found
/// when an image is missed here. A file that is damaged, or belongs to another key, is skipped with
/// a warning and left alone.
class FeatureShards {
public:
    /// @param key          of the teacher: what every shard must carry.
    /// @param channels     of every grid.
    /// @param shard_bytes  grids in memory before a shard is written; after a minute it is anyway.
    FeatureShards(std::filesystem::path folder, std::string key, std::int64_t channels,
                  std::uint64_t shard_bytes = std::uint64_t{128} << 20);
    /// Writes what flush() has not; if that fails, the log says so.
    ~FeatureShards();
    FeatureShards(const FeatureShards&) = delete;
    FeatureShards& operator=(const FeatureShards&) = delete;

    bool has(const std::string& name);
    std::optional<FeatureGrid> find(const std::string& name);

    /// Keeps a grid, and returns it as find() will: rounded to fp16.
    /// @throws base::Error if a value is not finite in fp16, or a shard cannot be written: then the
    ///         images of that shard are not kept, and the folder is as it was.
    FeatureGrid add(const std::string& name, const FeatureGrid& grid);

    /// Writes what is kept in memory alone. @throws base::Error as add().
    void flush();

    std::size_t size() const { return index_.size() + pending_.size(); }

private:
    struct Stored {
        FeatureGrid place;  ///< sizes and geometry; no values
        formats::Tensor values;
    };
    void index_new_shards();
    void index_shard(const std::filesystem::path& file);

    std::filesystem::path folder_;
    std::string key_;
    std::int64_t channels_;
    std::uint64_t shard_bytes_;
    std::unordered_map<std::string, Stored> index_;
    std::set<std::filesystem::path> seen_;  ///< shards indexed, or skipped
    std::filesystem::file_time_type listed_{};
    std::map<std::string, FeatureGrid> pending_;  ///< fp16 values
    std::uint64_t pending_bytes_ = 0;
    std::chrono::steady_clock::time_point pending_since_;
};

}  // namespace distillar::models
