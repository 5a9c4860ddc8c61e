#include "losses/pairs.hpp"

#include <torch/nn/functional/normalization.h>

#include <sstream>

#include "base/error.hpp"

namespace distillar::losses {

void require_pairs(const char* loss, const torch::Tensor& a, const torch::Tensor& b) {
    if (a.dim() != 2 || a.sizes() != b.sizes()) {
        std::ostringstream shapes;
        shapes << a.sizes() << " and " << b.sizes();
        base::fail("{}: the two sides have shapes {}: give both alike, a row a point", loss,
                   shapes.str());
    }
}

torch::Tensor unit_rows(const torch::Tensor& rows) {
    namespace F = torch::nn::functional;
    return F::normalize(rows.to(torch::kFloat32), F::NormalizeFuncOptions().p(2).dim(1).eps(1e-12));
}

}  // namespace distillar::losses
