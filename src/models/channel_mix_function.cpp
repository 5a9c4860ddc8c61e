#include "kernels/channel_mix.hpp"
#include "models/function_tensors.hpp"
#include "models/functions.hpp"

namespace distillar::models::functions {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// Order of the tensors below; gradients come back in the same order.
enum Index { tokens, input, norm_weight, norm_bias, first, first_bias, second, second_bias, scale };
constexpr std::size_t tensor_count = 9;

kernels::ChannelMix mix_of(const variable_list& tensors, const torch::Tensor& row_scale,
                           std::int64_t activation) {
    kernels::ChannelMix mix;
    mix.points = size_of(tensors[input], 0);
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

class ChannelMixFunction : public torch::autograd::Function<ChannelMixFunction> {
public:
    static torch::Tensor forward(AutogradContext* context, at::TensorList given,
                                 const torch::Tensor& row_scale, std::int64_t activation,
                                 bool keep) {
        const variable_list tensors = dense(given);
        const torch::Tensor rows = dense(row_scale);
        const kernels::ChannelMix mix = mix_of(tensors, rows, activation);
        torch::Tensor out = torch::empty(tensors[input].sizes());
        if (!keep) {
            kernels::channel_mix_forward(mix, data_of(tensors[tokens]), nullptr, target_of(out));
            return out;
        }
        torch::Tensor means, inverses;
        if (mix.norm_weight != nullptr) {
            means = torch::empty({out.size(0)});
            inverses = torch::empty({out.size(0)});
        }
        const torch::Tensor hidden = torch::empty(out.sizes());
        const kernels::ChannelMixSaved saved{target_of(means), target_of(inverses),
                                             target_of(hidden)};
        kernels::channel_mix_forward(mix, data_of(tensors[tokens]), &saved, target_of(out));
        variable_list kept(given.begin(), given.end());
        kept.insert(kept.end(), {rows, means, inverses, hidden});
        context->save_for_backward(kept);
        context->saved_data["activation"] = activation;
        return out;
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        const variable_list tensors = dense(context->get_saved_variables());
        const torch::Tensor gradient = dense(gradients[0]);
        const torch::Tensor* extra = tensors.data() + tensor_count;
        const kernels::ChannelMix mix =
            mix_of(tensors, extra[0], context->saved_data["activation"].toInt());
        const kernels::ChannelMixSaved saved{target_of(extra[1]), target_of(extra[2]),
                                             target_of(extra[3])};
        variable_list result = empty_like(tensors, tensor_count);
        kernels::ChannelMixGradients out;
        out.norm_weight = target_of(result[norm_weight]);
        out.norm_bias = target_of(result[norm_bias]);
        out.first = target_of(result[first]);
        out.first_bias = target_of(result[first_bias]);
        out.second = target_of(result[second]);
        out.second_bias = target_of(result[second_bias]);
        out.scale = target_of(result[scale]);
        out.input = target_of(result[input]);
        out.add_residual = mix.norm_weight != nullptr;
        kernels::channel_mix_backward(mix, saved, data_of(gradient), out);
        // With a norm inside, tokens and input are one tensor, whose gradient is complete in
        // `input`.
        result[tokens] = out.add_residual ? torch::Tensor() : gradient;
        result.insert(result.end(), 3, torch::Tensor());
        return result;
    }
};

}  // namespace

torch::Tensor channel_mix(const torch::Tensor& tokens, const torch::Tensor& input,
                          const ChannelParameters& p, Activation activation,
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
    return ChannelMixFunction::apply(at::TensorList(tensors), or_none(row_scale),
                                     static_cast<std::int64_t>(activation),
                                     needs_gradient(tensors));
}

}  // namespace distillar::models::functions
