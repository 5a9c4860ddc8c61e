#include "models/recompute.hpp"

#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <iterator>

namespace distillar::models {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;
using Layer = std::function<torch::Tensor(const torch::Tensor&)>;

thread_local bool second_run = false;

class SecondRun {
public:
    SecondRun() { second_run = true; }
    ~SecondRun() { second_run = false; }
    SecondRun(const SecondRun&) = delete;
    SecondRun& operator=(const SecondRun&) = delete;
};

/// The layer and its parameters, carried from the forward to the backward pass.
struct HeldLayer : torch::CustomClassHolder {
    Layer layer;
    variable_list parameters;
};

class RecomputedFunction : public torch::autograd::Function<RecomputedFunction> {
public:
    /// @param given  the input, then the parameters.
    static torch::Tensor forward(AutogradContext* context, at::TensorList given,
                                 const Layer& layer) {
        auto held = c10::make_intrusive<HeldLayer>();
        held->layer = layer;
        held->parameters.assign(given.begin() + 1, given.end());
        context->saved_data["layer"] = torch::IValue::make_capsule(std::move(held));
        context->save_for_backward({given[0]});
        return layer(given[0]);
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        const auto held =
            c10::static_intrusive_pointer_cast<HeldLayer>(context->saved_data["layer"].toCapsule());
        const torch::Tensor saved = context->get_saved_variables()[0];
        const torch::Tensor input = saved.detach().requires_grad_(saved.requires_grad());
        variable_list wanted = held->parameters;
        if (input.requires_grad()) {
            wanted.insert(wanted.begin(), input);
        }
        const torch::AutoGradMode with_gradients(true);
        torch::Tensor out;
        {
            const SecondRun scope;
            out = held->layer(input);
        }
        variable_list result =
            torch::autograd::grad({out}, wanted, {gradients[0]}, /*retain_graph=*/false,
                                  /*create_graph=*/false, /*allow_unused=*/true);
        if (!input.requires_grad()) {
            result.insert(result.begin(), torch::Tensor());
        }
        result.emplace_back();
        return result;
    }
};

}  // namespace

torch::Tensor recomputed(const torch::Tensor& input, const std::vector<torch::Tensor>& parameters,
                         Layer layer) {
    variable_list tensors{input};
    std::copy_if(parameters.begin(), parameters.end(), std::back_inserter(tensors),
                 [](const torch::Tensor& tensor) { return tensor.requires_grad(); });
    return RecomputedFunction::apply(at::TensorList(tensors), layer);
}

bool recomputing() {
    return second_run;
}

}  // namespace distillar::models
