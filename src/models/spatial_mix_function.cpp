#include "kernels/spatial_mix.hpp"
#include "models/function_tensors.hpp"
#include "models/functions.hpp"

namespace distillar::models::functions {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// Order of the tensors below; gradients come back in the same order.
enum Index { tokens, input, norm_weight, norm_bias, first, first_bias, second, second_bias, scale };
constexpr std::size_t tensor_count = 9;

/// The plane table, carried from the forward to the backward pass.
struct HeldPlane : torch::CustomClassHolder {
    Plane plane;
};

kernels::SpatialMix mix_of(const variable_list& tensors, const Plane& plane,
                           const torch::Tensor& row_scale, std::int64_t activation) {
    kernels::SpatialMix mix;
    mix.table = plane.get();
    mix.channels = size_of(tensors[input], 1);
    mix.activation = kernel_activation(activation);
    mix.input = data_of(tensors[input]);
    mix.norm_weight = data_of(tensors[norm_weight]);
    mix.norm_bias = data_of(tensors[norm_bias]);
    mix.first = data_of(tensors[first]);
    mix.first_bias = data_of(tensors[first_bias]);
    mix.second = data_of(tensors[second]);
    mix.second_bias = data_of(tensors[second_bias]);
    mix.scale = data_of(tensors[scale]);
    mix.row_scale = data_of(row_scale);
    return mix;
}

class SpatialMixFunction : public torch::autograd::Function<SpatialMixFunction> {
public:
    static torch::Tensor forward(AutogradContext* context, at::TensorList given,
                                 const torch::Tensor& row_scale, const Plane& plane,
                                 std::int64_t activation) {
        const variable_list tensors = dense(given);
        const torch::Tensor rows = dense(row_scale);
        const kernels::SpatialMix mix = mix_of(tensors, plane, rows, activation);
        torch::Tensor out = torch::empty(tensors[input].sizes());
        torch::Tensor means, inverses;
        if (mix.norm_weight != nullptr) {
            means = torch::empty({out.size(0)});
            inverses = torch::empty({out.size(0)});
        }
        const torch::Tensor cells = torch::empty({plane->occupied, out.size(1)});
        const torch::Tensor hidden = torch::empty({plane->reached, out.size(1)});
        const kernels::SpatialMixSaved saved{target_of(means), target_of(inverses),
                                             target_of(cells), target_of(hidden)};
        kernels::spatial_mix_forward(mix, data_of(tensors[tokens]), saved, target_of(out));
        variable_list kept(given.begin(), given.end());
        kept.insert(kept.end(), {rows, means, inverses, cells, hidden});
        context->save_for_backward(kept);
        auto held = c10::make_intrusive<HeldPlane>();
        held->plane = plane;
        context->saved_data["plane"] = torch::IValue::make_capsule(std::move(held));
        context->saved_data["activation"] = activation;
        return out;
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        const variable_list tensors = dense(context->get_saved_variables());
        const torch::Tensor gradient = dense(gradients[0]);
        const torch::Tensor* extra = tensors.data() + tensor_count;
        const auto held =
            c10::static_intrusive_pointer_cast<HeldPlane>(context->saved_data["plane"].toCapsule());
        const kernels::SpatialMix mix =
            mix_of(tensors, held->plane, extra[0], context->saved_data["activation"].toInt());
        const kernels::SpatialMixSaved saved{target_of(extra[1]), target_of(extra[2]),
                                             target_of(extra[3]), target_of(extra[4])};
        variable_list result = empty_like(tensors, tensor_count);
        kernels::SpatialMixGradients out;
        out.norm_weight = target_of(result[norm_weight]);
        out.norm_bias = target_of(result[norm_bias]);
        out.first = target_of(result[first]);
        out.first_bias = target_of(result[first_bias]);
        out.second = target_of(result[second]);
        out.second_bias = target_of(result[second_bias]);
        out.scale = target_of(result[scale]);
        out.input = target_of(result[input]);
        out.add_residual = mix.norm_weight != nullptr;
        kernels::spatial_mix_backward(mix, saved, data_of(gradient), out);
        // With a norm inside, tokens and input are one tensor, whose gradient is complete in
        // `input`.
        result[tokens] = out.add_residual ? torch::Tensor() : gradient;
        result.insert(result.end(), 3, torch::Tensor());
        return result;
    }
};

}  // namespace

torch::Tensor spatial_mix(const torch::Tensor& tokens, const torch::Tensor& input,
                          const SpatialParameters& p, const Plane& plane, Activation activation,
                          const torch::Tensor& row_scale) {
    const variable_list tensors{tokens,
                                input,
                                or_none(p.norm_weight),
                                or_none(p.norm_bias),
                                p.first,
                                p.first_bias,
                                p.second,
                                p.second_bias,
                                p.scale};
    return SpatialMixFunction::apply(at::TensorList(tensors), or_none(row_scale), plane,
                                     static_cast<std::int64_t>(activation));
}

}  // namespace distillar::models::functions
