#include "kernels/linear.hpp"
#include "models/function_tensors.hpp"
#include "models/functions.hpp"

namespace distillar::models::functions {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

kernels::Linear layer_of(const torch::Tensor& rows, const torch::Tensor& weight) {
    return {size_of(rows, 0),         size_of(rows, 1),
            size_of(weight, 0),       rows.data_ptr<float>(),
            weight.data_ptr<float>(), static_cast<std::size_t>(weight.stride(0))};
}

/// A weight whose rows are dense: a slice of columns needs no copy.
torch::Tensor row_dense(const torch::Tensor& weight) {
    return weight.stride(1) == 1 ? weight.detach() : dense(weight);
}

class LinearFunction : public torch::autograd::Function<LinearFunction> {
public:
    static torch::Tensor forward(AutogradContext* context, const torch::Tensor& rows,
                                 const torch::Tensor& weight, const torch::Tensor& bias) {
        const torch::Tensor x = dense(rows);
        const torch::Tensor matrix = row_dense(weight);
        torch::Tensor out = torch::empty({x.size(0), matrix.size(0)});
        kernels::linear_forward(layer_of(x, matrix), data_of(dense(bias)), out.data_ptr<float>());
        context->save_for_backward({rows, weight});
        context->saved_data["bias"] = bias.numel() > 0;
        context->saved_data["input"] = rows.requires_grad();
        return out;
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        const variable_list saved = context->get_saved_variables();
        const torch::Tensor x = dense(saved[0]);
        const torch::Tensor matrix = row_dense(saved[1]);
        const torch::Tensor gradient = dense(gradients[0]);
        const kernels::Linear layer = layer_of(x, matrix);
        torch::Tensor input;
        if (context->saved_data["input"].toBool()) {
            input = torch::empty(x.sizes());
            kernels::linear_backward_input(layer, data_of(gradient), input.data_ptr<float>());
        }
        torch::Tensor weight = torch::empty(matrix.sizes());
        torch::Tensor bias = torch::empty({matrix.size(0)});
        kernels::linear_backward_weight(layer, data_of(gradient), weight.data_ptr<float>(),
                                        bias.data_ptr<float>());
        return {input, weight, context->saved_data["bias"].toBool() ? bias : torch::Tensor()};
    }
};

}  // namespace

torch::Tensor linear(const torch::Tensor& rows, const torch::Tensor& weight,
                     const torch::Tensor& bias) {
    return LinearFunction::apply(rows, weight, or_none(bias));
}

}  // namespace distillar::models::functions
