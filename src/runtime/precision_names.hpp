#pragma once
#include <string>
#include <vector>

#include "runtime/precision.hpp"

namespace distillar::runtime {

struct NamedPrecision {
    const char* name;
    Precision precision;
};

/// All there are, the exact one first.
inline constexpr NamedPrecision known_precisions[] = {
    {"fp32", Precision::fp32}, {"bf16", Precision::bf16}, {"int8", Precision::int8}};

std::string name_of(Precision precision);
std::vector<std::string> precision_names();

/// @throws base::Error naming the known ones.
Precision precision_named(const std::string& name);

/// What this processor lacks for it, and what to use; empty if nothing.
std::string unsupported(Precision precision);
bool supported(Precision precision);

/// @throws base::Error if this processor lacks what it needs.
void require_supported(Precision precision);

}  // namespace distillar::runtime
