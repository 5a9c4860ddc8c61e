#pragma once
/// Private to cli: how `bench` tells what it measured.
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "runtime/measure/measure.hpp"

namespace distillar::cli {

/// Seconds, bytes, shares from 0 to 1; null for what was not measured.
/// {"cpu", "model", "scans", "rounds", "cases": [{"precision", "threads", "points", "points_in",
///   "stages": {"load", "read", "preprocess", "network", "project", "total": {"p50", "p95"}},
///   "gemm_limit": {"seconds", "share"}, "gflops", "peak_memory_bytes", "same_labels"}]}
nlohmann::ordered_json bench_json(const std::vector<runtime::MeasuredCase>& cases,
                                  const runtime::MeasurePlan& plan, const std::string& model);

/// The same for people: one line a case, milliseconds.
std::string bench_table(const std::vector<runtime::MeasuredCase>& cases);

}  // namespace distillar::cli
