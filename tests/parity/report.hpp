#pragma once
#include <cstdio>
#include <string>

#include "formats/safetensors.hpp"
#include "models/torch.hpp"

namespace distillar::parity {

/// Tolerances of the reference cases, fp32.
inline constexpr double output_tolerance = 1e-4;
inline constexpr double gradient_tolerance = 1e-3;
inline constexpr double zero_gradient_tolerance = 1e-6;
inline constexpr double schedule_tolerance = 1e-9;

/// Prints one line per compared tensor: PASS or FAIL, largest error, limit, name.
class ParityReport {
public:
    explicit ParityReport(std::FILE* output) : output_(output) {}

    /// Largest difference relative to the expected tensor's largest magnitude.
    void output(const std::string& name, const torch::Tensor& actual, const torch::Tensor& expected,
                double tolerance = output_tolerance);
    /// Relative to the larger of the tensor's own magnitude and 1e-3 of `largest`, the case's
    /// largest gradient.
    void gradient(const std::string& name, const torch::Tensor& actual,
                  const torch::Tensor& expected, double largest);
    /// A gradient that is zero in exact arithmetic: both sides below 1e-6 of `largest`.
    void zero_gradient(const std::string& name, const torch::Tensor& actual,
                       const torch::Tensor& expected, double largest);
    /// Each element relative to itself (at least `floor`).
    void elements(const std::string& name, const torch::Tensor& actual,
                  const torch::Tensor& expected, double floor = 0);
    /// Integers that must be equal: the error is the number of entries that differ.
    void exact(const std::string& name, const torch::Tensor& actual, const torch::Tensor& expected);
    /// A tensor that could not be compared, and why. `failed`: it counts as a failure.
    void left_out(const std::string& name, const std::string& reason, bool failed);

    /// Prints the sum. @return true if something was compared and nothing failed.
    bool finish() const;

private:
    void line(const std::string& name, double error, double tolerance);
    bool same_shape(const std::string& name, const torch::Tensor& actual,
                    const torch::Tensor& expected);

    std::FILE* output_;
    int passed_ = 0;
    int failed_ = 0;
};

/// A tensor of the case. @throws base::Error naming the case and the tensor if it is not there.
torch::Tensor case_tensor(const formats::SafeTensors& file, const std::string& name);

/// A metadata entry as a number, or `fallback`. @throws base::Error if it is no number.
double case_number(const formats::SafeTensors& file, const std::string& key, double fallback);

/// Magnitude of the largest tensor whose name contains `part`.
double largest_of(const formats::SafeTensors& file, const std::string& part);

}  // namespace distillar::parity
