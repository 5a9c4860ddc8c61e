#include "base/error.hpp"
#include "kernels/neighbor_max.hpp"
#include "models/function_tensors.hpp"
#include "models/functions.hpp"

namespace distillar::models::functions {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

kernels::NeighborMax layer_of(const torch::Tensor& features, const torch::Tensor& neighbors,
                              const torch::Tensor& map, const torch::Tensor& shift,
                              const torch::Tensor& weight) {
    kernels::NeighborMax layer;
    layer.points = size_of(features, 0);
    layer.neighbors = size_of(neighbors, 1);
    layer.inputs = size_of(map, 1);
    layer.channels = size_of(map, 0);
    layer.features = data_of(features);
    layer.indices = neighbors.data_ptr<std::int64_t>();
    layer.map = data_of(map);
    layer.shift = data_of(shift);
    layer.weight = data_of(weight);
    return layer;
}

class NeighborMaxFunction : public torch::autograd::Function<NeighborMaxFunction> {
public:
    static torch::Tensor forward(AutogradContext* context, const torch::Tensor& features,
                                 const torch::Tensor& map, const torch::Tensor& shift,
                                 const torch::Tensor& weight, const torch::Tensor& neighbors,
                                 bool keep) {
        const variable_list tensors = dense(variable_list{features, map, shift, weight});
        const torch::Tensor indices = neighbors.contiguous();
        const kernels::NeighborMax layer =
            layer_of(tensors[0], indices, tensors[1], tensors[2], tensors[3]);
        torch::Tensor out = torch::empty({features.size(0), map.size(0)});
        torch::Tensor winners;
        if (keep) {
            winners = torch::empty(out.sizes(), torch::kUInt8);
            context->save_for_backward({features, map, shift, weight, indices, winners});
            context->saved_data["features"] = features.requires_grad();
        }
        kernels::neighbor_max_forward(layer, target_of(out),
                                      keep ? winners.data_ptr<std::uint8_t>() : nullptr);
        return out;
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        const variable_list saved = dense(context->get_saved_variables());
        const torch::Tensor gradient = dense(gradients[0]);
        const kernels::NeighborMax layer =
            layer_of(saved[0], saved[4], saved[1], saved[2], saved[3]);
        const bool with_features = context->saved_data["features"].toBool();
        variable_list result = empty_like(saved, 4);
        torch::Tensor differences;
        if (with_features) {
            differences = torch::empty({saved[4].numel(), saved[0].size(1)});
        }
        kernels::neighbor_max_backward(layer, saved[5].data_ptr<std::uint8_t>(), data_of(gradient),
                                       {target_of(result[1]), target_of(result[2]),
                                        target_of(result[3]), target_of(differences)});
        result[0] = torch::Tensor();
        if (with_features) {
            const torch::Tensor own =
                differences.view({saved[4].size(0), saved[4].size(1), -1}).sum(1);
            result[0] = own.neg().index_add_(0, saved[4].view({-1}), differences);
        }
        result.insert(result.end(), 2, torch::Tensor());
        return result;
    }
};

}  // namespace

torch::Tensor neighbor_max(const torch::Tensor& features, const torch::Tensor& neighbors,
                           const torch::Tensor& map, const torch::Tensor& shift,
                           const torch::Tensor& weight) {
    if (neighbors.size(1) < 1 || neighbors.size(1) > 255) {
        base::fail("{} neighbours a point cannot be used: take 1 to 255", neighbors.size(1));
    }
    return NeighborMaxFunction::apply(features, map, shift, weight, neighbors,
                                      needs_gradient({features, map, shift, weight}));
}

DifferenceMoments difference_moments(const torch::Tensor& features,
                                     const torch::Tensor& neighbors) {
    const torch::Tensor x = dense(features);
    const torch::Tensor indices = neighbors.contiguous();
    const kernels::DifferenceMoments moments =
        kernels::difference_moments(data_of(x), indices.data_ptr<std::int64_t>(), size_of(x, 0),
                                    size_of(indices, 1), size_of(x, 1));
    const std::int64_t inputs = x.size(1);
    return {torch::tensor(moments.mean, torch::kFloat64),
            torch::tensor(moments.covariance, torch::kFloat64).view({inputs, inputs})};
}

}  // namespace distillar::models::functions
