#include "runtime/quantize.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/error.hpp"
#include "runtime/calibration.hpp"
#include "runtime/network_scan.hpp"
#include "runtime/precision_names.hpp"

namespace distillar::runtime {

namespace {

using Labels = std::vector<std::uint8_t>;

class Quantizer {
public:
    Quantizer(const formats::ModelFile& file, const std::string& source, std::size_t scans,
              const std::function<geometry::Scan(std::size_t)>& read,
              const QuantizeOptions& options)
        : file_(file),
          source_(source),
          scans_(scans),
          read_(read),
          options_(options),
          weights_(fold_weights(file, source)) {}

    Quantized run() {
        expect((scans_ + 1) / 2 + compared_scans() * (kernels::has_bf16() ? 3 : 2), "");
        Calibration::Result result = measure();
        const std::size_t layers = result.errors.size();
        compare_with_ = labels_of(Precision::fp32, {});
        Quantized answer;
        answer.measured = (scans_ + 1) / 2;
        answer.compared = compared_scans();
        if (kernels::has_bf16()) {
            answer.same_labels_bf16 = same(labels_of(Precision::bf16, {}));
        }
        for (std::size_t in_floats = 0;; in_floats = std::max<std::size_t>(1, 2 * in_floats)) {
            if (in_floats > 0) {
                expect(compared_scans(),
                       fmt::format("{} of {} layers in bf16", std::min(in_floats, layers), layers));
            }
            keep_in_floats(result, in_floats);
            if (in_floats > layers) {
                result.steps.embedding.clear();
            }
            answer.same_labels = same(labels_of(Precision::int8, result.steps));
            if (answer.same_labels >= options_.same_labels || in_floats > layers) {
                break;
            }
        }
        if (answer.same_labels < options_.same_labels) {
            base::fail(
                "{}: not even with all layers in floats do {:.2f} % of labels stay, only "
                "{:.2f} %: ask for fewer",
                source_, 100 * options_.same_labels, 100 * answer.same_labels);
        }
        answer.steps = std::move(result.steps);
        answer.embedding = !answer.steps.embedding.empty();
        answer.layers = static_cast<std::size_t>(
            std::count_if(answer.steps.layers.begin(), answer.steps.layers.end(),
                          [](const auto& layer) { return layer.has_value(); }));
        return answer;
    }

private:
    void expect(std::size_t passes, const std::string& why) const {
        if (options_.expect) {
            options_.expect(passes, why);
        }
    }

    void advance() const {
        if (options_.advance) {
            options_.advance();
        }
    }

    /// Scans 0, 2, 4, ...
    Calibration::Result measure() {
        Calibration calibration(file_, source_, (scans_ + 1) / 2, options_.rows);
        for (std::size_t i = 0; i < scans_; i += 2) {
            const NetworkScan scan(read_(i), file_.description.input);
            if (scan.input.points > 0) {
                calibration.add(scan.input);
            }
            advance();
        }
        return calibration.result();
    }

    std::size_t compared_scans() const { return std::max<std::size_t>(1, scans_ / 2); }

    /// Of scans 1, 3, 5, ...; of the only one if there are no two.
    Labels labels_of(Precision precision, const formats::Int8Scales& steps) {
        const Network network(weights_, static_cast<std::size_t>(file_.description.input.neighbors),
                              precision, steps);
        Labels labels;
        for (std::size_t i = scans_ > 1 ? 1 : 0; i < scans_; i += 2) {
            const NetworkScan scan(read_(i), file_.description.input);
            if (scan.input.points > 0) {
                add_labels(network, scan.input, labels);
            }
            advance();
        }
        return labels;
    }

    void add_labels(const Network& network, const NetworkInput& input, Labels& labels) {
        const std::size_t before = labels.size();
        labels.resize(before + input.points);
        std::vector<float> confidence(input.points);
        network.run(input, workspace_);
        network.logits(input.points, workspace_,
                       [&](std::size_t begin, std::size_t rows, const float* logits) {
                           classify(logits, rows, network.outputs(), &labels[before + begin],
                                    &confidence[begin]);
                       });
    }

    double same(const Labels& labels) const {
        if (labels.empty()) {
            base::fail("{}: the scans to compare on have no point in the field of view", source_);
        }
        const auto equal = std::inner_product(labels.begin(), labels.end(), compare_with_.begin(),
                                              std::size_t{0}, std::plus<>(), std::equal_to<>());
        return static_cast<double>(equal) / static_cast<double>(labels.size());
    }

    const formats::ModelFile& file_;
    const std::string& source_;
    std::size_t scans_;
    const std::function<geometry::Scan(std::size_t)>& read_;
    const QuantizeOptions& options_;
    FoldedWeights weights_;
    Workspace workspace_;
    Labels compare_with_;
};

}  // namespace

Quantized quantize(const formats::ModelFile& file, const std::string& source, std::size_t scans,
                   const std::function<geometry::Scan(std::size_t)>& read,
                   const QuantizeOptions& options) {
    require_supported(Precision::int8);
    return Quantizer(file, source, scans, read, options).run();
}

}  // namespace distillar::runtime
