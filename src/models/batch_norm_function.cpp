#include "kernels/batch_norm.hpp"
#include "models/function_tensors.hpp"
#include "models/functions.hpp"
#include "models/layers.hpp"

namespace distillar::models::functions {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// (rows - mean) / sqrt(variance + eps) * weight + bias; `own`: the statistics are the rows' own,
/// so the gradient runs through them.
class BatchNormFunction : public torch::autograd::Function<BatchNormFunction> {
public:
    static torch::Tensor forward(AutogradContext* context, const torch::Tensor& rows,
                                 const torch::Tensor& weight, const torch::Tensor& bias,
                                 const torch::Tensor& mean, const torch::Tensor& variance,
                                 bool own) {
        const torch::Tensor x = dense(rows);
        const torch::Tensor inverse = torch::rsqrt(variance.detach() + norm_epsilon);
        const torch::Tensor factor = dense(weight.detach() * inverse);
        const torch::Tensor shift = dense(bias.detach() - mean.detach() * factor);
        torch::Tensor out = torch::empty(x.sizes());
        kernels::scale_columns(data_of(x), size_of(x, 0), size_of(x, 1), data_of(factor),
                               data_of(shift), out.data_ptr<float>());
        context->save_for_backward({rows, weight, dense(mean), inverse});
        context->saved_data["own"] = own;
        context->saved_data["input"] = rows.requires_grad();
        return out;
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        const variable_list saved = context->get_saved_variables();
        const torch::Tensor x = dense(saved[0]);
        const torch::Tensor factor = dense(saved[1]);
        const torch::Tensor gradient = dense(gradients[0]);
        kernels::BatchNormBackward norm{size_of(x, 0),
                                        size_of(x, 1),
                                        data_of(x),
                                        data_of(saved[2]),
                                        data_of(saved[3]),
                                        data_of(factor),
                                        context->saved_data["own"].toBool()};
        torch::Tensor input;
        if (context->saved_data["input"].toBool()) {
            input = torch::empty(x.sizes());
        }
        torch::Tensor weight = torch::empty({x.size(1)});
        torch::Tensor bias = torch::empty({x.size(1)});
        kernels::batch_norm_backward(norm, data_of(gradient), target_of(input),
                                     weight.data_ptr<float>(), bias.data_ptr<float>());
        return {input, weight, bias, torch::Tensor(), torch::Tensor(), torch::Tensor()};
    }
};

}  // namespace

torch::Tensor batch_norm(const torch::Tensor& rows, const torch::Tensor& weight,
                         const torch::Tensor& bias, const torch::Tensor& mean,
                         const torch::Tensor& variance) {
    return BatchNormFunction::apply(rows, weight, bias, mean, variance, false);
}

BatchNormed batch_norm(const torch::Tensor& rows, const torch::Tensor& weight,
                       const torch::Tensor& bias) {
    const torch::Tensor x = dense(rows);
    const torch::Tensor mean = torch::empty({x.size(1)});
    const torch::Tensor variance = torch::empty({x.size(1)});
    kernels::column_moments(data_of(x), size_of(x, 0), size_of(x, 1), mean.data_ptr<float>(),
                            variance.data_ptr<float>());
    return {BatchNormFunction::apply(rows, weight, bias, mean, variance, true), mean, variance};
}

}  // namespace distillar::models::functions
