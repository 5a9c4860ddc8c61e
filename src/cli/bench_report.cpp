#include "cli/bench_report.hpp"

#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "runtime/precision_names.hpp"

namespace distillar::cli {

namespace {

using nlohmann::ordered_json;
using runtime::MeasuredCase;
using runtime::Quantiles;
using runtime::quantiles;

std::string cpu_name() {
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("model name")) {
            return base::trim(line.substr(line.find(':') + 1));
        }
    }
    return "unknown";
}

/// Middle of values[i] / seconds[i]: limit and network of one sample ran at about the same time,
/// so their ratio stands on a busy machine too.
double typical_ratio(const std::vector<double>& values, const std::vector<double>& seconds) {
    std::vector<double> ratios;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (seconds[i] > 0) {  // a scan without a point in the field of view has no network
            ratios.push_back(values[i] / seconds[i]);
        }
    }
    return quantiles(std::move(ratios)).p50;
}

double limit_share(const MeasuredCase& measured) {
    return typical_ratio(measured.limit, measured.network);
}

double gflops(const MeasuredCase& measured) {
    return 1e-9 * typical_ratio(measured.flops, measured.network);
}

template <typename T>
ordered_json or_null(const std::optional<T>& value) {
    return value ? ordered_json(*value) : ordered_json();
}

ordered_json case_json(const MeasuredCase& measured) {
    ordered_json json;
    json["precision"] = runtime::name_of(measured.precision);
    json["threads"] = measured.threads;
    json["points"] = std::llround(measured.points);
    json["points_in"] = std::llround(measured.points_in);
    const auto stage = [&](const char* name, const std::vector<double>& seconds) {
        const Quantiles q = quantiles(seconds);
        json["stages"][name] = {{"p50", q.p50}, {"p95", q.p95}};
    };
    stage("load", measured.load);
    stage("read", measured.read);
    stage("preprocess", measured.preprocess);
    stage("network", measured.network);
    stage("project", measured.project);
    stage("total", measured.total);
    json["gemm_limit"] = {{"seconds", quantiles(measured.limit).p50},
                          {"share", limit_share(measured)}};
    json["gflops"] = gflops(measured);
    json["peak_memory_bytes"] = or_null(measured.peak_memory);
    json["same_labels"] = or_null(measured.same_labels);
    return json;
}

std::string both(const std::vector<double>& seconds) {
    const Quantiles q = quantiles(seconds);
    return fmt::format("{:.1f} / {:.1f}", 1e3 * q.p50, 1e3 * q.p95);
}

constexpr const char* row =
    "{:<9} {:>7} {:>15} {:>13} {:>13} {:>17} {:>13} {:>17} {:>7} {:>8} {:>7} {:>7}\n";

}  // namespace

ordered_json bench_json(const std::vector<MeasuredCase>& cases, const runtime::MeasurePlan& plan,
                        const std::string& model) {
    ordered_json json;
    json["cpu"] = cpu_name();
    json["model"] = model;
    json["scans"] = plan.scans;
    json["rounds"] = plan.rounds;
    json["cases"] = ordered_json::array();
    for (const MeasuredCase& measured : cases) {
        json["cases"].push_back(case_json(measured));
    }
    return json;
}

std::string bench_table(const std::vector<MeasuredCase>& cases) {
    std::string text = fmt::format(
        "{}\n{:.0f} of {:.0f} points a scan reach the network. Milliseconds, p50 / p95:\n",
        cpu_name(), cases.front().points, cases.front().points_in);
    text += fmt::format(row, "", "threads", "load", "read", "preprocess", "network", "project",
                        "total", "GFLOP/s", "of limit", "labels", "MB");
    for (const MeasuredCase& c : cases) {
        text += fmt::format(
            row, runtime::name_of(c.precision), c.threads, both(c.load), both(c.read),
            both(c.preprocess), both(c.network), both(c.project), both(c.total),
            fmt::format("{:.0f}", gflops(c)), fmt::format("{:.1f} %", 100 * limit_share(c)),
            c.same_labels ? fmt::format("{:.2f} %", 100 * *c.same_labels) : "-",
            c.peak_memory ? fmt::format("{:.0f}", 1e-6 * static_cast<double>(*c.peak_memory))
                          : "-");
    }
    return text;
}

}  // namespace distillar::cli
