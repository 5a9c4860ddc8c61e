#include "runtime/precision.hpp"

#include "kernels/packed_product.hpp"

namespace distillar::runtime {

const char* name_of(Precision precision) {
    switch (precision) {
        case Precision::bf16:
            return "bf16";
        case Precision::int8:
            return "int8";
        default:
            return "fp32";
    }
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

}  // namespace distillar::runtime
