#include "training/optimiser.hpp"

#include <algorithm>
#include <cmath>
#include <regex>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/thread_pool.hpp"
#include "models/state.hpp"

namespace distillar::training {

namespace {

/// 0 embedding, d + 1 layer d, -1 head. @throws base::Error for any other name.
int layer_id(const std::string& name) {
    static const std::regex layer(R"(waffleiron\.(?:channel|spatial)_mix\.(\d{1,6})\..*)");
    std::smatch match;
    if (name.starts_with("embed.")) {
        return 0;
    }
    if (name.starts_with("classif.")) {
        return -1;
    }
    if (!std::regex_match(name, match, layer)) {
        base::fail(
            "layer decay: parameter {} is neither embed.*, waffleiron.*_mix.N.* nor classif.*: "
            "set layer_decay to 1 for this network",
            name);
    }
    return std::stoi(match[1].str()) + 1;
}

void check(const AdamWConfig& config) {
    const auto require = [](bool holds, const char* key, double value, const char* range) {
        if (!holds) {
            base::fail("AdamW: {} is {}: it must lie in {}", key, value, range);
        }
    };
    require(config.learning_rate >= 0 && std::isfinite(config.learning_rate), "learning_rate",
            config.learning_rate, "0..infinity");
    require(config.beta1 >= 0 && config.beta1 < 1, "beta1", config.beta1, "[0, 1)");
    require(config.beta2 >= 0 && config.beta2 < 1, "beta2", config.beta2, "[0, 1)");
    require(config.epsilon > 0 && std::isfinite(config.epsilon), "epsilon", config.epsilon,
            "(0, infinity)");
    require(config.weight_decay >= 0 && std::isfinite(config.weight_decay), "weight_decay",
            config.weight_decay, "0..infinity");
}

const char* const suffixes[] = {".exp_avg", ".exp_avg_sq", ".step"};

/// Every entry that a state must have, and no other.
void check_names(const std::vector<TrainedParameter>& parameters, const formats::Tensors& state,
                 const std::string& source) {
    std::size_t found = 0;
    for (const auto& parameter : parameters) {
        for (const char* suffix : suffixes) {
            if (!state.contains(parameter.name + suffix)) {
                base::fail("{}: optimiser state lacks {}{}: it belongs to another network or stage",
                           source, parameter.name, suffix);
            }
            ++found;
        }
    }
    if (found != state.size()) {
        base::fail(
            "{}: optimiser state has {} entries, this network has {}: it belongs to another "
            "network or stage",
            source, state.size(), found);
    }
}

void check_shape(const formats::Tensor& tensor, const TrainedParameter& parameter,
                 const std::string& source) {
    if (tensor.dtype != formats::Dtype::f32 || tensor.shape != parameter.value.sizes().vec()) {
        base::fail("{}: optimiser state of {} has another shape or type than the parameter", source,
                   parameter.name);
    }
}

/// A run of elements of one update: what a thread takes at a time.
struct Piece {
    const AdamWUpdate* update;
    std::int64_t begin;
    std::int64_t end;
};

constexpr std::int64_t piece_size = 1 << 14;

std::vector<Piece> pieces_of(const std::vector<AdamWUpdate>& updates) {
    std::vector<Piece> pieces;
    for (const AdamWUpdate& update : updates) {
        const std::int64_t count = update.value.numel();
        for (std::int64_t begin = 0; begin < count; begin += piece_size) {
            pieces.push_back({&update, begin, std::min(begin + piece_size, count)});
        }
    }
    return pieces;
}

void step_piece(const Piece& piece) {
    const AdamWUpdate& update = *piece.update;
    float* value = update.value.data_ptr<float>();
    const float* gradient = update.gradient.data_ptr<float>();
    float* exp_avg = update.exp_avg.data_ptr<float>();
    float* exp_avg_sq = update.exp_avg_sq.data_ptr<float>();
    const auto keep = static_cast<float>(update.keep);
    const auto step_size = static_cast<float>(update.step_size);
    const auto root_correction = static_cast<float>(update.root_correction);
    const auto epsilon = static_cast<float>(update.epsilon);
    const auto beta1 = static_cast<float>(update.beta1);
    const auto beta2 = static_cast<float>(update.beta2);
    const auto rest1 = static_cast<float>(1 - update.beta1);
    const auto rest2 = static_cast<float>(1 - update.beta2);
    for (std::int64_t i = piece.begin; i < piece.end; ++i) {
        const float g = gradient[i];
        const float m = exp_avg[i] * beta1 + rest1 * g;
        const float v = exp_avg_sq[i] * beta2 + rest2 * g * g;
        exp_avg[i] = m;
        exp_avg_sq[i] = v;
        value[i] = value[i] * keep - step_size * m / (std::sqrt(v) / root_correction + epsilon);
    }
}

}  // namespace

std::vector<double> layer_scales(const std::vector<std::string>& names, double decay) {
    if (!(decay > 0 && decay <= 1)) {
        base::fail("layer decay is {}: it must lie in (0, 1]", decay);
    }
    if (decay == 1) {
        return std::vector<double>(names.size(), 1.0);
    }
    std::vector<int> ids;
    for (const std::string& name : names) {
        ids.push_back(layer_id(name));
    }
    const int deepest = ids.empty() ? 0 : std::max(0, *std::max_element(ids.begin(), ids.end()));
    const int layers = deepest + 1;
    std::vector<double> scales;
    for (const int id : ids) {
        scales.push_back(std::pow(decay, id < 0 ? 0 : layers - id));
    }
    return scales;
}

std::vector<TrainedParameter> trained_parameters(const torch::nn::Module& module,
                                                 double layer_decay) {
    std::vector<std::string> names;
    std::vector<TrainedParameter> parameters;
    for (const auto& item : module.named_parameters()) {
        names.push_back(item.key());
        parameters.push_back({item.key(), item.value()});
    }
    // The depth counts frozen layers too: scales do not depend on what is frozen.
    const std::vector<double> scales = layer_scales(names, layer_decay);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        parameters[i].scale = scales[i];
    }
    std::erase_if(parameters, [](const auto& item) { return !item.value.requires_grad(); });
    return parameters;
}

AdamW::AdamW(std::vector<TrainedParameter> parameters, const AdamWConfig& config)
    : parameters_(std::move(parameters)), config_(config), steps_(parameters_.size(), 0) {
    check(config_);
    for (const TrainedParameter& parameter : parameters_) {
        if (parameter.value.scalar_type() != torch::kFloat32 || !parameter.value.is_contiguous()) {
            base::fail("AdamW: parameter {} is not a contiguous float32 tensor", parameter.name);
        }
        exp_avg_.push_back(torch::zeros_like(parameter.value.detach()));
        exp_avg_sq_.push_back(torch::zeros_like(parameter.value.detach()));
    }
}

void AdamW::step(double factor) {
    std::vector<AdamWUpdate> on_cpu;
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        const TrainedParameter& parameter = parameters_[i];
        if (!parameter.value.grad().defined()) {
            continue;
        }
        const auto count = static_cast<double>(++steps_[i]);
        const double rate = config_.learning_rate * factor * parameter.scale;
        AdamWUpdate update;
        update.value = parameter.value.detach();
        update.gradient = parameter.value.grad().contiguous();
        update.exp_avg = exp_avg_[i];
        update.exp_avg_sq = exp_avg_sq_[i];
        update.keep = 1 - rate * config_.weight_decay;
        update.step_size = rate / (1 - std::pow(config_.beta1, count));
        update.root_correction = std::sqrt(1 - std::pow(config_.beta2, count));
        update.beta1 = config_.beta1;
        update.beta2 = config_.beta2;
        update.epsilon = config_.epsilon;
        if (update.value.is_cpu()) {
            on_cpu.push_back(std::move(update));
        } else {
            adamw_by_operations(update);
        }
    }
    adamw_on_cpu(on_cpu);
}

void AdamW::zero_gradients() {
    for (TrainedParameter& parameter : parameters_) {
        parameter.value.mutable_grad() = torch::Tensor();
    }
}

double AdamW::minimise(const torch::Tensor& loss, double factor) {
    zero_gradients();
    loss.backward();
    step(factor);
    return loss.item<double>();
}

formats::Tensors AdamW::state() const {
    formats::Tensors state;
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        const std::string& name = parameters_[i].name;
        state[name + ".exp_avg"] = models::from_torch(exp_avg_[i]);
        state[name + ".exp_avg_sq"] = models::from_torch(exp_avg_sq_[i]);
        state[name + ".step"] = formats::make_tensor(std::span(&steps_[i], 1), {1});
    }
    return state;
}

void AdamW::load_state(const formats::Tensors& state, const std::string& source) {
    check_names(parameters_, state, source);
    std::vector<std::int64_t> steps;
    for (const TrainedParameter& parameter : parameters_) {
        check_shape(state.at(parameter.name + ".exp_avg"), parameter, source);
        check_shape(state.at(parameter.name + ".exp_avg_sq"), parameter, source);
        const std::string name = parameter.name + ".step";
        const auto count = formats::to_integers(state.at(name), source + ": " + name);
        if (count.size() != 1 || count[0] < 0) {
            base::fail("{}: {} is not one step count", source, name);
        }
        steps.push_back(count[0]);
    }
    const torch::NoGradGuard no_grad;
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        const std::string& name = parameters_[i].name;
        exp_avg_[i].copy_(models::to_torch(state.at(name + ".exp_avg")));
        exp_avg_sq_[i].copy_(models::to_torch(state.at(name + ".exp_avg_sq")));
    }
    steps_ = std::move(steps);
}

void adamw_on_cpu(const std::vector<AdamWUpdate>& updates) {
    const std::vector<Piece> pieces = pieces_of(updates);
    base::parallel_for(pieces.size(), 1, [&](std::size_t begin, std::size_t end) {
        std::for_each(pieces.begin() + static_cast<std::ptrdiff_t>(begin),
                      pieces.begin() + static_cast<std::ptrdiff_t>(end), step_piece);
    });
}

void adamw_by_operations(const AdamWUpdate& update) {
    const torch::NoGradGuard no_grad;
    auto value = update.value;
    auto exp_avg = update.exp_avg;
    auto exp_avg_sq = update.exp_avg_sq;
    value.mul_(update.keep);
    exp_avg.mul_(update.beta1).add_(update.gradient, 1 - update.beta1);
    exp_avg_sq.mul_(update.beta2).addcmul_(update.gradient, update.gradient, 1 - update.beta2);
    const auto root = (exp_avg_sq.sqrt() / update.root_correction).add_(update.epsilon);
    value.addcdiv_(exp_avg, root, -update.step_size);
}

}  // namespace distillar::training
