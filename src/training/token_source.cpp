#include "training/token_source.hpp"

#include <algorithm>
#include <span>

#include <unistd.h>

#include "base/hash.hpp"
#include "base/progress.hpp"
#include "base/stop.hpp"
#include "formats/safetensors.hpp"
#include "models/state.hpp"
#include "training/run.hpp"

namespace distillar::training {

namespace {

/// Views without a point (a crop outside the field of view) add nothing.
TokenBatch joined(const std::vector<TokenBatch>& batches) {
    std::vector<torch::Tensor> tokens;
    std::vector<torch::Tensor> labels;
    for (const auto& batch : batches) {
        if (batch.tokens.size(0) > 0) {
            tokens.push_back(batch.tokens);
            labels.push_back(batch.labels);
        }
    }
    if (tokens.empty()) {
        return {batches.front().tokens, {}};
    }
    return {torch::cat(tokens), labels.front().defined() ? torch::cat(labels) : torch::Tensor()};
}

template <typename Values>
std::string hash_of_values(const Values& values) {
    return base::hash_of(std::as_bytes(std::span(values.data(), values.size())));
}

std::string hash_of_backbone(models::Network& network) {
    std::string all;
    for (const auto& [name, tensor] : models::state_of(network.backbone())) {
        all += name + base::hash_of(tensor.bytes);
    }
    return base::hash_of(all);
}

/// Of everything in a scan that the tokens and labels of its views come from.
std::string hash_of_scan(const geometry::Scan& scan) {
    return fmt::format("{} {} {} {} {} {}",
                       base::hash_of(std::as_bytes(std::span(
                           scan.points.data(), static_cast<std::size_t>(scan.points.size())))),
                       hash_of_values(scan.intensity), hash_of_values(scan.labels), scan.scale.mean,
                       scan.scale.deviation, scan.sensor_height);
}

/// At most `most` points of a view: one at random of each of so many equal stretches.
TokenBatch some_of(const TokenBatch& view, std::int64_t most, base::Random& random) {
    const std::int64_t all = view.tokens.size(0);
    if (most <= 0 || all <= most) {
        return view;
    }
    const double stretch = static_cast<double>(all) / static_cast<double>(most);
    torch::Tensor rows = torch::empty({most}, torch::kInt64);
    auto* row = rows.data_ptr<std::int64_t>();
    for (std::int64_t i = 0; i < most; ++i) {
        row[i] = std::min(all - 1, static_cast<std::int64_t>(
                                       (static_cast<double>(i) + random.uniform()) * stretch));
    }
    return {view.tokens.index_select(0, rows),
            view.labels.defined() ? view.labels.index_select(0, rows) : view.labels};
}

}  // namespace

TokenBatch TokenBatch::to(torch::Device device) const {
    return {tokens.to(device), labels.defined() ? labels.to(device) : labels};
}

TokenSource::TokenSource(std::filesystem::path own, const std::string& label,
                         const RunConfig& config, const TokenCacheConfig& cache, ScanOf scan_of,
                         const Sampler& sampler, models::Network& network)
    : folder_(cache.folder.empty() ? std::move(own) : cache.folder),
      config_(config),
      cache_(cache),
      scan_of_(std::move(scan_of)),
      sampler_(sampler),
      network_(network),
      views_(cache.augmented_views + 1) {
    network_.eval();
    if (cached()) {
        name_scans();
        fill(label);
    }
}

void TokenSource::name_scans() {
    const bool shared = !cache_.folder.empty();
    const std::string common =
        shared ? fmt::format("{} {} {} {} {}", hash_of_backbone(network_), input_text(config_),
                             sampler_.seed(), cache_.points, base::name_of(config_.device))
               : "";
    for (std::size_t frame = 0; frame < mixture().size(); ++frame) {
        names_.push_back(
            shared ? base::hash_of(fmt::format("{} {} {}", common, frame,
                                               hash_of_scan(scan_of_(*mixture().read(frame)))))
                   : fmt::format("{:06}", frame));
    }
}

void TokenSource::fill(const std::string& label) {
    base::Progress progress(label, mixture().size() * static_cast<std::uint64_t>(views_));
    // Runs that share a folder begin at different scans: each finds what the other has done.
    const std::size_t begin = cache_.folder.empty() ? 0 : static_cast<std::size_t>(getpid()) * 7919;
    for (std::size_t i = 0; i < mixture().size(); ++i) {
        const std::size_t frame = (begin + i) % mixture().size();
        for (int number = 0; number < views_; ++number) {
            base::stop_if_requested("stopped while scans went through the frozen backbone");
            progress.advance();
            if (std::filesystem::exists(file(frame, number))) {
                continue;
            }
            base::Random random(sampler_.seed(), static_cast<std::uint64_t>(number), frame,
                                kept_stream);
            const TokenBatch batch = some_of(computed(frame, number), cache_.points, random);
            formats::Tensors tensors{{"tokens", models::from_torch(batch.tokens)}};
            if (batch.labels.defined()) {
                tensors.emplace("labels", models::from_torch(batch.labels));
            }
            formats::write_safetensors(file(frame, number), tensors);
        }
    }
}

TokenBatch TokenSource::tokens_of(const std::vector<geometry::Sample>& samples) const {
    const torch::NoGradGuard no_grad;
    const auto batch = batch_of(samples, config_.model.input, device_of(config_));
    const torch::Tensor tokens = network_.backbone().forward(batch);
    if (!batch.labels.defined()) {
        return {tokens, {}};
    }
    const torch::Tensor known = batch.labels.ne(geometry::ignore_label).nonzero().flatten();
    return {tokens.index_select(0, known), batch.labels.index_select(0, known)};
}

TokenBatch TokenSource::computed(std::size_t frame, int view) const {
    const geometry::Scan scan = scan_of_(*mixture().read(frame));
    const auto number = static_cast<std::uint64_t>(view);
    return tokens_of(
        {view == 0 ? geometry::preprocess(scan, config_.model.input, nullptr, nullptr)
                   : augmented_sample(scan, config_, {sampler_.seed(), number, frame, frame})});
}

TokenBatch TokenSource::read(std::int64_t step) const {
    const auto draws = sampler_.draws(step);
    if (!cached()) {
        std::vector<geometry::Sample> samples;
        for (const auto& draw : draws) {
            samples.push_back(
                augmented_sample(scan_of_(*mixture().read(draw.frame)), config_, draw));
        }
        return tokens_of(samples);
    }
    std::vector<TokenBatch> batches;
    for (const auto& draw : draws) {
        base::Random random = draw.random(view_stream);
        const auto number = random.below(static_cast<std::uint32_t>(views_));
        batches.push_back(some_of(stored(draw.frame, static_cast<int>(number)),
                                  config_.augmentation.max_points, random));
    }
    return joined(batches);
}

TokenBatch TokenSource::stored(std::size_t frame, int view) const {
    const auto tensors = formats::read_safetensors(file(frame, view)).tensors;
    const auto labels = tensors.find("labels");
    return {models::to_torch(tensors.at("tokens")),
            labels == tensors.end() ? torch::Tensor() : models::to_torch(labels->second)};
}

TokenBatch TokenSource::plain(std::size_t frame) const {
    return cached() ? stored(frame, 0) : computed(frame, 0);
}

std::filesystem::path TokenSource::file(std::size_t frame, int view) const {
    return folder_ / fmt::format("{}-{}.safetensors", names_[frame], view);
}

}  // namespace distillar::training
