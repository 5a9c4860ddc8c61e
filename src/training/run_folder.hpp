#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/folder_lock.hpp"
#include "formats/tensor.hpp"
#include "training/config.hpp"

namespace distillar::training {

/// One line of a run's metrics.jsonl.
struct LoggedStep {
    std::int64_t step = 0;
    std::map<std::string, double> values;  ///< by name; NaN where the file has null
};

/// All whole lines, in order; none if there is no such file.
std::vector<LoggedStep> read_metrics(const std::filesystem::path& file);

/// Keeps the lines up to a step; later ones will be written again.
void cut_metrics(const std::filesystem::path& file, std::int64_t step);

/// What a training loop needs to go on exactly where it stopped.
struct Checkpoint {
    std::int64_t step = 0;
    formats::Tensors model;
    formats::Tensors optimiser;
};

/// Keys whose values differ between two configs, each with both, in order of name.
std::vector<std::string> differing_keys(const std::string& a, const std::string& b);

/// `runs/<name>`: config, log, metrics, checkpoints, the model. Opening a folder that already holds
/// a run of the same config resumes it; of another config, or of another stage, is an error. One
/// process at a time.
class RunFolder {
public:
    RunFolder(std::filesystem::path folder, const BaseConfig& config);

    /// The newest whole checkpoint; metrics of later steps are cut off. Damaged ones are put aside
    /// with a warning.
    std::optional<Checkpoint> resume();

    /// Writes checkpoints/step-NNNNNNNN, its manifest (sizes, checksums, config, version) last,
    /// under another name, and moves the whole into place. Older ones that need not be kept are
    /// removed.
    void save(const Checkpoint& checkpoint);

    /// One line of metrics.jsonl: {"step": n, "name": value, ...}; the same for TensorBoard in
    /// events.out.tfevents.distillar, which resume() writes anew from metrics.jsonl (steps from
    /// before carry the time of the resumption).
    void log_metrics(std::int64_t step, const std::map<std::string, double>& values);

    std::filesystem::path model_file() const { return folder_ / "model.safetensors"; }
    std::filesystem::path metrics_file() const { return folder_ / "metrics.jsonl"; }
    const std::filesystem::path& folder() const { return folder_; }
    /// True, and said in the log, if an earlier run has written its model already.
    bool finished() const;

private:
    std::vector<std::filesystem::path> checkpoints() const;  ///< newest first
    void remove_older() const;
    void start_events();
    void require_same(const std::filesystem::path& config_file, const BaseConfig& config) const;

    std::filesystem::path folder_;
    std::string resolved_;
    int keep_newest_;
    std::int64_t keep_every_;
    std::optional<base::FolderLock> lock_;
    base::RecordFile metrics_;
    base::RecordFile events_;
};

}  // namespace distillar::training
