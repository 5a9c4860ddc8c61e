#include "losses/knowledge.hpp"

#include <torch/nn/functional/distance.h>

#include "base/error.hpp"
#include "losses/pairs.hpp"

namespace distillar::losses {

torch::Tensor logit_distillation(const torch::Tensor& student, const torch::Tensor& teacher,
                                 double temperature) {
    require_pairs("logit distillation", student, teacher);
    if (!(temperature > 0)) {
        base::fail("logit distillation: temperature {}: it must be above 0", temperature);
    }
    if (student.size(0) == 0) {
        return student.sum();
    }
    const torch::Tensor wanted = torch::log_softmax(teacher.detach() / temperature, 1);
    const torch::Tensor given = torch::log_softmax(student / temperature, 1);
    return (wanted.exp() * (wanted - given)).sum(1).mean() * (temperature * temperature);
}

torch::Tensor feature_distillation(const torch::Tensor& student, const torch::Tensor& teacher) {
    require_pairs("feature distillation", student, teacher);
    if (student.size(0) == 0) {
        return student.sum();
    }
    namespace F = torch::nn::functional;
    return (1 - F::cosine_similarity(student, teacher.detach(),
                                     F::CosineSimilarityFuncOptions().dim(1).eps(1e-8)))
        .mean();
}

}  // namespace distillar::losses
