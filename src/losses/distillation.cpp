#include "losses/distillation.hpp"

#include <torch/nn/functional/normalization.h>

#include <sstream>

#include "base/error.hpp"

namespace distillar::losses {

torch::Tensor distillation(const torch::Tensor& student, const torch::Tensor& teacher) {
    if (student.dim() != 2 || student.sizes() != teacher.sizes()) {
        std::ostringstream shapes;
        shapes << student.sizes() << " and " << teacher.sizes();
        base::fail("distillation: student and teacher features have shapes {}: give both P x D",
                   shapes.str());
    }
    if (student.size(0) == 0) {
        return student.sum();
    }
    namespace F = torch::nn::functional;
    const auto unit = F::NormalizeFuncOptions().p(2).dim(1).eps(1e-12);
    const auto points = F::normalize(student.to(torch::kFloat32), unit);
    const auto pixels = F::normalize(teacher.detach().to(torch::kFloat32), unit);
    return (points - pixels).norm(2, 1).mean();
}

}  // namespace distillar::losses
