#include "parity/report.hpp"

#include <algorithm>
#include <sstream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "models/state.hpp"

namespace distillar::parity {

namespace {

torch::Tensor doubles(const torch::Tensor& tensor) {
    return tensor.detach().to(torch::kFloat64);
}

double magnitude(const torch::Tensor& tensor) {
    return tensor.numel() == 0 ? 0 : doubles(tensor).abs().max().item<double>();
}

std::string shape_text(const torch::Tensor& tensor) {
    std::ostringstream text;
    text << tensor.sizes();
    return text.str();
}

}  // namespace

void ParityReport::line(const std::string& name, double error, double tolerance) {
    const bool good = error <= tolerance;  // not a number fails
    (good ? passed_ : failed_) += 1;
    fmt::print(output_, "{}  {:9.2e}  (limit {:.0e})  {}\n", good ? "PASS" : "FAIL", error,
               tolerance, name);
}

void ParityReport::left_out(const std::string& name, const std::string& reason, bool failed) {
    failed_ += failed ? 1 : 0;
    fmt::print(output_, "{}  {:9}  {:13}  {}: {}\n", failed ? "FAIL" : "SKIP", "-", "", name,
               reason);
}

bool ParityReport::same_shape(const std::string& name, const torch::Tensor& actual,
                              const torch::Tensor& expected) {
    if (actual.sizes() == expected.sizes()) {
        return true;
    }
    left_out(name, fmt::format("shape {}, expected {}", shape_text(actual), shape_text(expected)),
             true);
    return false;
}

void ParityReport::output(const std::string& name, const torch::Tensor& actual,
                          const torch::Tensor& expected, double tolerance) {
    if (same_shape(name, actual, expected)) {
        const double scale = magnitude(expected);
        const double difference = magnitude(doubles(actual) - doubles(expected));
        line(name, difference / (scale == 0 ? 1 : scale), tolerance);
    }
}

void ParityReport::gradient(const std::string& name, const torch::Tensor& actual,
                            const torch::Tensor& expected, double largest) {
    if (same_shape(name, actual, expected)) {
        const double scale = std::max(magnitude(expected), 1e-3 * largest);
        const double difference = magnitude(doubles(actual) - doubles(expected));
        line(name, difference / (scale == 0 ? 1 : scale), gradient_tolerance);
    }
}

void ParityReport::zero_gradient(const std::string& name, const torch::Tensor& actual,
                                 const torch::Tensor& expected, double largest) {
    if (same_shape(name, actual, expected)) {
        const double size = magnitude(torch::cat({doubles(actual), doubles(expected)}));
        line(name, size / (largest == 0 ? 1 : largest), zero_gradient_tolerance);
    }
}

void ParityReport::elements(const std::string& name, const torch::Tensor& actual,
                            const torch::Tensor& expected, double floor) {
    if (same_shape(name, actual, expected)) {
        const auto scale = doubles(expected).abs().clamp_min(std::max(floor, 1e-30));
        line(name, magnitude((doubles(actual) - doubles(expected)) / scale), output_tolerance);
    }
}

void ParityReport::exact(const std::string& name, const torch::Tensor& actual,
                         const torch::Tensor& expected) {
    if (same_shape(name, actual, expected)) {
        line(name, static_cast<double>((actual != expected).sum().item<std::int64_t>()), 0);
    }
}

bool ParityReport::finish() const {
    const bool good = failed_ == 0 && passed_ > 0;
    fmt::print(output_, "{}: {} of {} tensors within tolerance\n", good ? "PASS" : "FAIL", passed_,
               passed_ + failed_);
    return good;
}

torch::Tensor case_tensor(const formats::SafeTensors& file, const std::string& name) {
    const auto found = file.tensors.find(name);
    if (found == file.tensors.end()) {
        base::fail("the case lacks tensor {}: it is incomplete", name);
    }
    return models::to_torch(found->second);
}

double case_number(const formats::SafeTensors& file, const std::string& key, double fallback) {
    const auto found = file.metadata.find(key);
    return found == file.metadata.end()
               ? fallback
               : base::parse_number(found->second, "the case's metadata " + key);
}

double largest_of(const formats::SafeTensors& file, const std::string& part) {
    double largest = 0;
    for (const auto& [name, tensor] : file.tensors) {
        if (name.find(part) != std::string::npos) {
            largest = std::max(largest, magnitude(models::to_torch(tensor)));
        }
    }
    return largest;
}

}  // namespace distillar::parity
