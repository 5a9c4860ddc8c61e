/// Whatever our writer accepts, our reader gives back.
#include <algorithm>

#include "base/files.hpp"
#include "formats/safetensors.hpp"
#include "fuzz/files.hpp"
#include "fuzz/tensors.hpp"

using namespace distillar;

namespace {

struct Made {
    formats::Tensors tensors;
    std::map<std::string, std::string> metadata;
};

formats::Tensor tensor_from(fuzz::Input& input) {
    constexpr std::size_t dtypes = 10, most_sizes = 4, largest_size = 5;
    formats::Tensor tensor;
    tensor.dtype = static_cast<formats::Dtype>(input.up_to(dtypes - 1));
    tensor.shape.resize(input.up_to(most_sizes));
    for (auto& size : tensor.shape) {
        size = static_cast<std::int64_t>(input.up_to(largest_size));
    }
    const auto bytes = formats::checked_bytes(tensor.dtype, tensor.shape, "fuzz", "tensor");
    auto values = std::make_shared<std::vector<std::byte>>(bytes);
    std::ranges::copy(input.take_bytes(values->size()), values->begin());
    tensor.bytes = *values;
    tensor.owner = std::move(values);
    return tensor;
}

Made made_from(fuzz::Bytes bytes) {
    constexpr std::size_t longest_name = 12;
    fuzz::Input input(bytes);
    Made made;
    for (std::size_t i = input.up_to(6); i > 0; --i) {
        auto name = fuzz::text_of(input.take_bytes(input.up_to(longest_name)));
        made.tensors[std::move(name)] = tensor_from(input);
    }
    for (std::size_t i = input.up_to(3); i > 0; --i) {
        auto key = fuzz::text_of(input.take_bytes(input.up_to(longest_name)));
        made.metadata[std::move(key)] = fuzz::text_of(input.take_bytes(input.up_to(longest_name)));
    }
    return made;
}

bool equal(const formats::Tensor& a, const formats::Tensor& b) {
    return a.dtype == b.dtype && a.shape == b.shape && std::ranges::equal(a.bytes, b.bytes);
}

}  // namespace

FUZZ_TARGET(safetensors_writer) {
    static const fuzz::MemoryFolder folder;
    const auto file = folder.path() / "a.safetensors";
    const Made made = made_from(bytes);
    bool written = false;
    fuzz::survive([&] {  // refuses what is not UTF-8
        formats::write_safetensors(file, made.tensors, made.metadata);
        written = true;
    });
    if (!written) {
        return;
    }
    const auto read = formats::read_safetensors(file);
    fuzz::require(read.metadata == made.metadata, "metadata come back otherwise");
    fuzz::require(read.tensors.size() == made.tensors.size(), "tensors are missing");
    for (const auto& [name, tensor] : made.tensors) {
        fuzz::require(equal(read.tensors.at(name), tensor), "a tensor comes back otherwise");
    }
}
