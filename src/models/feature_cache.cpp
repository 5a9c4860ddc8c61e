#include "models/feature_cache.hpp"

#include <cctype>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "base/progress.hpp"

namespace distillar::models {

namespace fs = std::filesystem;

namespace {

constexpr int schema = 1;

std::string file_name_of(std::string text) {
    for (char& character : text) {
        const auto byte = static_cast<unsigned char>(character);
        if (std::isalnum(byte) == 0 && character != '.' && character != '-') {
            character = '_';
        }
    }
    return text;
}

}  // namespace

FeatureCache::FeatureCache(std::unique_ptr<Teacher> teacher, const fs::path& folder,
                           std::int64_t components)
    : teacher_(std::move(teacher)), components_(components) {
    if (components_ < 0 || components_ > teacher_->channels()) {
        base::fail("teacher.pca: {} components of the {} channels that {} has; ask for fewer",
                   components_, teacher_->channels(), teacher_->name());
    }
    key_ = base::hash_of(fmt::format("{}\n{}\n{}\n{}\n{}", schema, teacher_->name(),
                                     teacher_->fingerprint(), teacher_->channels(), components_));
    folder_ = folder / (file_name_of(name()) + "-" + key_.substr(0, 16));
    check_description();
    if (components_ == 0 || fs::exists(folder_ / "pca.safetensors")) {
        open_shards();
    }
}

std::string FeatureCache::name() const {
    return components_ == 0 ? teacher_->name()
                            : fmt::format("{} PCA {}", teacher_->name(), components_);
}

std::string FeatureCache::fingerprint() const {
    return pca_hash_.empty() ? teacher_->fingerprint()
                             : fmt::format("{} pca {}", teacher_->fingerprint(), pca_hash_);
}

std::int64_t FeatureCache::channels() const {
    return components_ == 0 ? teacher_->channels() : components_;
}

void FeatureCache::check_description() const {
    const fs::path file = folder_ / "teacher.json";
    if (!fs::exists(file)) {
        if (fs::exists(folder_) && !fs::is_directory(folder_)) {
            base::fail_in(folder_, "is no folder; name another folder for the features");
        }
        return;
    }
    const auto description = nlohmann::json::parse(base::read_text(file, 1 << 20), nullptr, false);
    if (!description.is_object() || !description.contains("key") ||
        description["key"] != nlohmann::json(key_)) {
        base::fail_in(file,
                      "does not describe {}: damaged, or of another teacher; remove this folder, "
                      "or name another one for the features",
                      name());
    }
}

void FeatureCache::describe() const {
    const fs::path file = folder_ / "teacher.json";
    if (fs::exists(file)) {
        return;
    }
    const nlohmann::ordered_json description{{"distillar-features", schema},
                                             {"teacher", teacher_->name()},
                                             {"weights", teacher_->fingerprint()},
                                             {"licence", teacher_->licence()},
                                             {"channels", teacher_->channels()},
                                             {"pca", components_},
                                             {"key", key_}};
    base::write_file(file, description.dump(1) + "\n");
}

void FeatureCache::open_shards() {
    std::string key = key_;
    if (components_ > 0) {
        const fs::path file = folder_ / "pca.safetensors";
        pca_ = read_pca(file, teacher_->channels(), components_);
        pca_hash_ = base::hash_of_file(file);
        key += " pca " + pca_hash_;
    }
    shards_.emplace(folder_, key, channels());
}

FeatureGrid FeatureCache::keep(const std::string& hash, FeatureGrid grid) {
    describe();
    if (pca_) {
        grid.values = pca_->reduce(grid.values);
    }
    return shards_->add(hash, grid);
}

FeatureGrid FeatureCache::features(const fs::path& image) {
    if (!shards_) {
        base::fail("{}: features are asked for before the PCA is fitted", folder_.string());
    }
    const std::string hash = hash_of(image);
    if (auto known = shards_->find(hash)) {
        return *std::move(known);
    }
    return keep(hash, teacher_->features(image));
}

void FeatureCache::prepare(const ImagesToSee& images) {
    if (shards_) {
        return;
    }
    const auto chosen = images();
    PcaFit fit(teacher_->channels());
    std::vector<FeatureGrid> grids;  // not to be computed twice
    base::Progress progress("PCA", chosen.size());
    for (const auto& image : chosen) {
        grids.push_back(teacher_->features(image));
        fit.add(grids.back().values);
        progress.advance();
    }
    describe();
    publish_pca(folder_ / "pca.safetensors", fit.solve(components_));
    open_shards();
    spdlog::info("PCA: {} of {} channels hold {:.1f} % of the variance over {} images", components_,
                 teacher_->channels(), 100 * pca_->explained.sum().item<double>(), chosen.size());
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        keep(hash_of(chosen[i]), grids[i]);
    }
}

void FeatureCache::finish() {
    if (shards_) {
        shards_->flush();
    }
}

}  // namespace distillar::models
