#include "training/batch_statistics.hpp"

#include <memory>
#include <vector>

#include "models/layers.hpp"

namespace distillar::training {

std::int64_t estimate_statistics(torch::nn::Module& module, std::size_t batches,
                                 const std::function<void(std::size_t)>& forward) {
    const torch::NoGradGuard no_grad;
    std::vector<std::shared_ptr<models::BatchNorm>> norms;
    for (const auto& part : module.modules(false)) {
        if (auto norm = std::dynamic_pointer_cast<models::BatchNorm>(part)) {
            norm->momentum.reset();
            norm->num_batches_tracked.zero_();
            norms.push_back(std::move(norm));
        }
    }
    module.train();
    for (std::size_t batch = 0; batch < batches; ++batch) {
        forward(batch);
    }
    module.eval();
    for (const auto& norm : norms) {
        norm->momentum = models::norm_momentum;
    }
    return static_cast<std::int64_t>(norms.size());
}

}  // namespace distillar::training
