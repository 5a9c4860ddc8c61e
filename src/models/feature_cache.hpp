#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/hash.hpp"
#include "models/feature_pca.hpp"
#include "models/feature_shards.hpp"
#include "models/teacher.hpp"

namespace distillar::models {

/// A teacher that computes each image once, ever: its features lie as fp16 in
///
///     FOLDER/NAME-HASH/teacher.json         which teacher, for people and as a check
///                      pca.safetensors      where features are reduced
///                      shard-*.safetensors  features by the hash of their image's bytes
///
/// HASH is of all that decides features: the teacher's name and fingerprint, its channels, the
/// PCA's components. Another teacher, input size or PCA has a folder of its own beside it. Images
/// may move or be renamed. Not safe from several threads, but for hash_of().
class FeatureCache : public Teacher {
public:
    /// @param components  0: features as they are; else principal components, fitted once
    /// (prepare).
    /// @throws base::Error if FOLDER or what lies in it is no such cache.
    FeatureCache(std::unique_ptr<Teacher> teacher, const std::filesystem::path& folder,
                 std::int64_t components = 0);

    std::string name() const override;
    std::int64_t channels() const override;
    std::string licence() const override { return teacher_->licence(); }
    /// With a PCA also its hash, once it is known.
    std::string fingerprint() const override;
    std::int64_t cells() const override { return teacher_->cells(); }
    FeatureGrid features(const std::filesystem::path& image) override;

    /// Fits the PCA on these images, unless that is done or there is none to fit.
    void prepare(const ImagesToSee& images) override;
    /// Writes what is in memory alone.
    void finish() override;

    /// The folder of this teacher's features.
    const std::filesystem::path& folder() const { return folder_; }
    bool has(const std::filesystem::path& image) { return shards_ && shards_->has(hash_of(image)); }
    /// Of an image's bytes; each file is read once while its size and time stay.
    std::string hash_of(const std::filesystem::path& image) { return hashes_.of(image); }

private:
    void check_description() const;
    void describe() const;
    void open_shards();
    FeatureGrid keep(const std::string& hash, FeatureGrid grid);

    std::unique_ptr<Teacher> teacher_;
    std::int64_t components_;
    std::string key_;
    std::string pca_hash_;
    std::filesystem::path folder_;
    base::FileHashes hashes_;
    std::optional<FeaturePca> pca_;
    std::optional<FeatureShards> shards_;  ///< none until the PCA is known
};

}  // namespace distillar::models
