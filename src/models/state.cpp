#include "models/state.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/error.hpp"

namespace distillar::models {

namespace {

constexpr std::array<std::pair<formats::Dtype, torch::ScalarType>, 10> types{{
    {formats::Dtype::f64, torch::kFloat64},
    {formats::Dtype::f32, torch::kFloat32},
    {formats::Dtype::f16, torch::kFloat16},
    {formats::Dtype::bf16, torch::kBFloat16},
    {formats::Dtype::i64, torch::kInt64},
    {formats::Dtype::i32, torch::kInt32},
    {formats::Dtype::i16, torch::kInt16},
    {formats::Dtype::i8, torch::kInt8},
    {formats::Dtype::u8, torch::kUInt8},
    {formats::Dtype::boolean, torch::kBool},
}};

torch::ScalarType torch_type(formats::Dtype dtype) {
    const auto found = std::find_if(types.begin(), types.end(),
                                    [&](const auto& pair) { return pair.first == dtype; });
    return found->second;
}

formats::Dtype file_type(torch::ScalarType type) {
    const auto found = std::find_if(types.begin(), types.end(),
                                    [&](const auto& pair) { return pair.second == type; });
    if (found == types.end()) {
        base::fail("a tensor of type {} cannot be stored: convert it to float32 first",
                   torch::toString(type));
    }
    return found->first;
}

/// Every parameter and buffer with its name; the tensors share storage with the module.
std::vector<std::pair<std::string, torch::Tensor>> entries_of(const torch::nn::Module& module) {
    std::vector<std::pair<std::string, torch::Tensor>> entries;
    for (const auto& item : module.named_parameters()) {
        entries.emplace_back(item.key(), item.value());
    }
    for (const auto& item : module.named_buffers()) {
        entries.emplace_back(item.key(), item.value());
    }
    return entries;
}

bool ends_with_tracked(const std::string& name) {
    return name.ends_with("num_batches_tracked");
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
    return fmt::format("[{}]", fmt::join(shape, ", "));
}

/// "missing a, b (and 3 more)", or nothing.
void describe(std::string& text, const char* what, const std::vector<std::string>& names) {
    constexpr std::size_t shown = 8;
    if (names.empty()) {
        return;
    }
    const auto end = names.begin() + static_cast<std::ptrdiff_t>(std::min(shown, names.size()));
    text +=
        fmt::format("{}{} {}", text.empty() ? "" : "; ", what, fmt::join(names.begin(), end, ", "));
    if (names.size() > shown) {
        text += fmt::format(" (and {} more)", names.size() - shown);
    }
}

void copy_into(torch::Tensor target, const formats::Tensor& source, const std::string& name) {
    const torch::NoGradGuard no_grad;
    if (target.is_floating_point()) {
        const std::vector<float> values = formats::to_floats(source, name);
        target.copy_(torch::tensor(values).view(target.sizes()));
    } else {
        const std::vector<std::int64_t> values = formats::to_integers(source, name);
        target.copy_(torch::tensor(values, torch::kInt64).view(target.sizes()));
    }
}

}  // namespace

torch::Tensor to_torch(const formats::Tensor& tensor) {
    torch::Tensor result = torch::empty(tensor.shape, torch_type(tensor.dtype));
    if (static_cast<std::size_t>(result.nbytes()) != tensor.bytes.size()) {
        base::fail("a tensor of shape {} holds {} bytes, not {}", shape_text(tensor.shape),
                   tensor.bytes.size(), result.nbytes());
    }
    if (!tensor.bytes.empty()) {
        std::memcpy(result.data_ptr(), tensor.bytes.data(), tensor.bytes.size());
    }
    return result;
}

formats::Tensor from_torch(const torch::Tensor& tensor) {
    const formats::Dtype dtype = file_type(tensor.scalar_type());
    auto copy = std::make_shared<torch::Tensor>(
        tensor.detach().to(torch::kCPU, tensor.scalar_type(), false, true).contiguous());
    formats::Tensor result;
    result.dtype = dtype;
    result.shape = copy->sizes().vec();
    result.bytes = {static_cast<const std::byte*>(copy->data_ptr()),
                    static_cast<std::size_t>(copy->nbytes())};
    result.owner = std::move(copy);
    return result;
}

formats::Tensors state_of(const torch::nn::Module& module, const std::string& prefix) {
    formats::Tensors tensors;
    for (const auto& [name, tensor] : entries_of(module)) {
        tensors.emplace(prefix + name, from_torch(tensor));
    }
    return tensors;
}

void load_state(torch::nn::Module& module, const formats::Tensors& tensors,
                const std::string& source, const std::string& prefix,
                const std::vector<std::string>& unused) {
    const auto entries = entries_of(module);
    std::vector<std::string> missing, extra, misshaped;
    for (const auto& [name, target] : entries) {
        const auto found = tensors.find(prefix + name);
        if (found == tensors.end()) {
            if (!ends_with_tracked(name)) {
                missing.push_back(prefix + name);
            }
        } else if (found->second.shape != target.sizes().vec()) {
            misshaped.push_back(fmt::format("{} is {}, needs {}", prefix + name,
                                            shape_text(found->second.shape),
                                            shape_text(target.sizes().vec())));
        }
    }
    for (const auto& [name, tensor] : tensors) {
        if (!name.starts_with(prefix)) {
            continue;
        }
        const std::string bare = name.substr(prefix.size());
        const bool known = std::any_of(entries.begin(), entries.end(),
                                       [&](const auto& entry) { return entry.first == bare; });
        if (!known && std::find(unused.begin(), unused.end(), bare) == unused.end()) {
            extra.push_back(name);
        }
    }
    std::string problems;
    describe(problems, "missing", missing);
    describe(problems, "extra", extra);
    describe(problems, "mis-shaped", misshaped);
    if (!problems.empty()) {
        base::fail("{}: weights do not fit the network: {}; check channels, depth, norm and head",
                   source, problems);
    }
    for (const auto& [name, target] : entries) {
        const auto found = tensors.find(prefix + name);
        if (found != tensors.end()) {
            copy_into(target, found->second, prefix + name);
        }
    }
}

}  // namespace distillar::models
