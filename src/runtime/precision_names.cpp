#include "runtime/precision_names.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "kernels/packed_product.hpp"

namespace distillar::runtime {

std::string name_of(Precision precision) {
    for (const NamedPrecision& known : known_precisions) {
        if (known.precision == precision) {
            return known.name;
        }
    }
    return "unknown";
}

std::vector<std::string> precision_names() {
    std::vector<std::string> names;
    for (const NamedPrecision& known : known_precisions) {
        names.emplace_back(known.name);
    }
    return names;
}

Precision precision_named(const std::string& name) {
    for (const NamedPrecision& known : known_precisions) {
        if (known.name == name) {
            return known.precision;
        }
    }
    base::fail("precision '{}' is not one of: {}", name, base::join(precision_names()));
}

std::string unsupported(Precision precision) {
    if (precision == Precision::bf16 && !kernels::has_bf16()) {
        return "precision bf16 needs a processor with AVX512-BF16, this one has none: use fp32";
    }
    if (precision == Precision::int8 && !kernels::has_int8()) {
        return "precision int8 needs a processor with AVX512-VNNI, this one has none: use fp32";
    }
    return {};
}

bool supported(Precision precision) {
    return unsupported(precision).empty();
}

void require_supported(Precision precision) {
    if (const std::string problem = unsupported(precision); !problem.empty()) {
        base::fail("{}", problem);
    }
}

}  // namespace distillar::runtime
