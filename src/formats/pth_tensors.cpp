#include "formats/pth_tensors.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/limits.hpp"
#include "formats/records.hpp"

namespace distillar::formats {

namespace {

using Kind = PickleValue::Kind;

constexpr std::size_t max_name = 1024;
constexpr std::uint64_t max_visits = std::uint64_t{1} << 21;

struct StorageType {
    std::string_view name;
    Dtype dtype;
};

constexpr auto storage_types = std::to_array<StorageType>({
    {"torch.DoubleStorage", Dtype::f64},
    {"torch.FloatStorage", Dtype::f32},
    {"torch.HalfStorage", Dtype::f16},
    {"torch.BFloat16Storage", Dtype::bf16},
    {"torch.LongStorage", Dtype::i64},
    {"torch.IntStorage", Dtype::i32},
    {"torch.ShortStorage", Dtype::i16},
    {"torch.CharStorage", Dtype::i8},
    {"torch.ByteStorage", Dtype::u8},
    {"torch.BoolStorage", Dtype::boolean},
});

constexpr auto dictionaries = std::to_array<std::string_view>(
    {"collections.OrderedDict", "collections.defaultdict", "builtins.dict", "__builtin__.dict"});

constexpr auto other_globals = std::to_array<std::string_view>({
    "torch._utils._rebuild_tensor",
    "torch._utils._rebuild_tensor_v2",
    "torch._utils._rebuild_parameter",
    "torch.Size",
    "torch.device",
    "collections.Counter",
    "builtins.list",
    "builtins.int",
    "builtins.float",
    "builtins.set",
    "__builtin__.list",
    "__builtin__.int",
    "__builtin__.set",
    "numpy.core.multiarray.scalar",
    "numpy._core.multiarray.scalar",
    "numpy.dtype",
    "_codecs.encode",
});

bool is_dictionary(const PickleValue& value) {
    return value.is(Kind::dictionary) ||
           (value.is(Kind::object) &&
            std::find(dictionaries.begin(), dictionaries.end(), value.text) != dictionaries.end());
}

bool is_tensor(const PickleValue& value) {
    return value.is_object("torch._utils._rebuild_tensor_v2") ||
           value.is_object("torch._utils._rebuild_tensor");
}

/// Names stand in messages and on terminals.
bool is_plain(std::string_view text) {
    return std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

/// Where a tensor lies in its storage, in elements.
struct Layout {
    std::uint64_t offset = 0;
    std::vector<std::int64_t> shape;
    std::vector<std::uint64_t> strides;
};

class Collector {
public:
    Collector(const StorageSource& storage, std::uint64_t budget, const std::filesystem::path& file)
        : storage_(storage), budget_(budget), file_(file) {}

    Tensors take() { return std::move(tensors_); }

    void visit(const PickleValue& value, const std::string& name, std::size_t depth) {
        if (++visits_ > max_visits || depth > base::limits().nesting) {
            base::fail_in(file_,
                          "{}: containers nest too deep or repeat without end; the file is "
                          "refused",
                          name.empty() ? "the root" : name.substr(0, 200));
        }
        if (is_tensor(value)) {
            add(value, name.empty() ? "tensor" : name);
        } else if (value.is_object("torch._utils._rebuild_parameter")) {
            if (value.argument(0) == nullptr) {
                base::fail_in(file_, "{}: a parameter without a tensor; it is damaged", name);
            }
            visit(*value.argument(0), name, depth + 1);
        } else if (is_dictionary(value)) {
            visit_pairs(value.items, name, depth);
            visit_constructor_pairs(value, name, depth);
        } else if (value.is_sequence()) {
            for (std::size_t i = 0; i < value.items.size(); ++i) {
                visit(*value.items[i], joined(name, std::to_string(i)), depth + 1);
            }
        }
    }

private:
    std::string joined(const std::string& name, const std::string& key) const {
        if (name.size() + key.size() > max_name) {
            base::fail_in(file_, "{}...: the name is longer than {} characters; it is damaged",
                          name.substr(0, 100), max_name);
        }
        return name.empty() ? key : name + "." + key;
    }

    void visit_pairs(const std::vector<const PickleValue*>& items, const std::string& name,
                     std::size_t depth) {
        for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
            visit(*items[i + 1], joined(name, key_of(*items[i], name)), depth + 1);
        }
    }

    /// OrderedDict([[key, value], ...]), as Python 2 wrote it, and dict or defaultdict alike.
    void visit_constructor_pairs(const PickleValue& value, const std::string& name,
                                 std::size_t depth) {
        if (!value.is(Kind::object)) {
            return;
        }
        for (const PickleValue* argument : value.arguments->items) {
            if (argument->is(Kind::dictionary)) {
                visit(*argument, name, depth + 1);
                continue;
            }
            if (!argument->is_sequence()) {
                continue;
            }
            for (const PickleValue* pair : argument->items) {
                if (!pair->is_sequence() || pair->items.size() != 2) {
                    base::fail_in(file_, "{}: a dictionary entry that is no pair; it is damaged",
                                  name);
                }
                visit_pairs(pair->items, name, depth);
            }
        }
    }

    std::string key_of(const PickleValue& key, const std::string& name) const {
        switch (key.kind) {
            case Kind::text:
                if (key.text.size() <= max_name && is_plain(key.text)) {
                    return std::string(key.text);
                }
                break;
            case Kind::integer:
                return std::to_string(key.integer);
            case Kind::boolean:
                return key.integer != 0 ? "True" : "False";
            case Kind::real:
                return fmt::format("{}", key.real);
            case Kind::none:
                return "None";
            default:
                break;
        }
        base::fail_in(file_,
                      "{}: a dictionary key that is no short plain text or number; save a plain "
                      "state dict",
                      name.empty() ? "the root" : name);
    }

    void add(const PickleValue& value, const std::string& name) {
        if (tensors_.contains(name)) {
            base::fail_in(file_, "two tensors are called {}; save them under different names",
                          name);
        }
        base::require_within(tensors_.size() + 1, &base::Limits::tensors, file_, "holds");
        auto known = built_.find(&value);
        if (known == built_.end()) {
            known = built_.emplace(&value, build(value, name)).first;
        }
        tensors_.emplace(name, known->second);
    }

    std::vector<std::int64_t> integers(const PickleValue* value, const std::string& name) const {
        // torch.Size(tuple) stands for the tuple
        if (value != nullptr && value->is_object("torch.Size")) {
            value = value->argument(0);
        }
        if (value == nullptr || !value->is_sequence() || value->items.size() > 64) {
            base::fail_in(file_, "tensor {}: its shape or strides are no tuple; it is damaged",
                          name);
        }
        std::vector<std::int64_t> numbers;
        for (const PickleValue* item : value->items) {
            if (!item->is(Kind::integer) || item->integer < 0) {
                base::fail_in(file_,
                              "tensor {}: a size or stride is negative or no integer; it is "
                              "damaged",
                              name);
            }
            numbers.push_back(item->integer);
        }
        return numbers;
    }

    Layout layout_of(const PickleValue& value, const std::string& name) const {
        const PickleValue* offset = value.argument(1);
        if (offset == nullptr || !offset->is(Kind::integer) || offset->integer < 0) {
            base::fail_in(file_, "tensor {}: its storage offset is negative or no integer", name);
        }
        Layout layout;
        layout.offset = static_cast<std::uint64_t>(offset->integer);
        layout.shape = integers(value.argument(2), name);
        for (const std::int64_t stride : integers(value.argument(3), name)) {
            layout.strides.push_back(static_cast<std::uint64_t>(stride));
        }
        if (layout.shape.size() != layout.strides.size()) {
            base::fail_in(file_, "tensor {}: {} sizes but {} strides; it is damaged", name,
                          layout.shape.size(), layout.strides.size());
        }
        return layout;
    }

    Tensor build(const PickleValue& value, const std::string& name) {
        const PickleValue* id = value.argument(0);
        if (id == nullptr || !id->is(Kind::persistent)) {
            base::fail_in(file_, "tensor {}: has no storage; it is damaged", name);
        }
        const StorageId storage = read_storage_id(*id, file_);
        Layout layout = layout_of(value, name);
        const std::uint64_t bytes = checked_bytes(storage.dtype, layout.shape, file_, name);
        Tensor tensor{storage.dtype, layout.shape, {}, nullptr};
        if (bytes == 0) {
            return tensor;
        }
        check_reach(layout, storage, name);
        layout.offset += storage.view_begin;
        const OwnedBytes content = storage_(storage);
        const std::uint64_t width = size_of(storage.dtype);
        if (is_contiguous(layout)) {
            tensor.bytes = content.bytes.subspan(layout.offset * width, bytes);
            tensor.owner = content.owner;
            return tensor;
        }
        if (bytes > budget_) {
            base::fail_in(file_,
                          "tensor {}: its strides blow it up to {} bytes; save it after "
                          ".contiguous()",
                          name, bytes);
        }
        budget_ -= bytes;
        copy_strided(layout, content.bytes, width, tensor, bytes);
        return tensor;
    }

    /// The last element must lie in the storage (or the legacy view of it).
    void check_reach(const Layout& layout, const StorageId& storage,
                     const std::string& name) const {
        std::uint64_t last = layout.offset;
        for (std::size_t i = 0; i < layout.shape.size(); ++i) {
            const auto steps = static_cast<std::uint64_t>(layout.shape[i] - 1);
            last = base::checked_add(
                last, base::checked_multiply(steps, layout.strides[i], file_, name), file_, name);
        }
        if (last >= storage.view_count) {
            base::fail_in(file_, "tensor {}: reaches element {} of a storage of {}; it is damaged",
                          name, last, storage.view_count);
        }
    }

    static bool is_contiguous(const Layout& layout) {
        std::uint64_t expected = 1;
        for (std::size_t i = layout.shape.size(); i-- > 0;) {
            if (layout.shape[i] != 1 && layout.strides[i] != expected) {
                return false;
            }
            expected *= static_cast<std::uint64_t>(layout.shape[i]);
        }
        return true;
    }

    static void copy_strided(const Layout& layout, std::span<const std::byte> storage,
                             std::uint64_t width, Tensor& tensor, std::uint64_t bytes) {
        auto copy = std::make_shared<std::vector<std::byte>>(bytes);
        std::vector<std::int64_t> index(layout.shape.size(), 0);
        std::uint64_t source = layout.offset;
        for (std::uint64_t target = 0; target < bytes; target += width) {
            std::memcpy(copy->data() + target, storage.data() + source * width, width);
            for (std::size_t i = index.size(); i-- > 0;) {  // the odometer's next position
                source += layout.strides[i];
                if (++index[i] < layout.shape[i]) {
                    break;
                }
                source -= layout.strides[i] * static_cast<std::uint64_t>(layout.shape[i]);
                index[i] = 0;
            }
        }
        tensor.bytes = *copy;
        tensor.owner = std::move(copy);
    }

    const StorageSource& storage_;
    std::uint64_t budget_;
    const std::filesystem::path& file_;
    Tensors tensors_;
    std::unordered_map<const PickleValue*, Tensor> built_;
    std::uint64_t visits_ = 0;
};

}  // namespace

std::span<const std::string_view> pth_globals() {
    static const std::vector<std::string_view> all = [] {
        std::vector<std::string_view> names(other_globals.begin(), other_globals.end());
        names.insert(names.end(), dictionaries.begin(), dictionaries.end());
        for (const auto& type : storage_types) {
            names.push_back(type.name);
        }
        return names;
    }();
    return all;
}

StorageId read_storage_id(const PickleValue& persistent, const std::filesystem::path& file) {
    const PickleValue& id = *persistent.arguments;
    const auto item = [&](std::size_t i, Kind kind) -> const PickleValue& {
        if (!id.is(Kind::tuple) || i >= id.items.size() || !id.items[i]->is(kind)) {
            base::fail_in(file, "a storage's persistent id is malformed; the file is damaged");
        }
        return *id.items[i];
    };
    if (item(0, Kind::text).text != "storage" || item(4, Kind::integer).integer < 0) {
        base::fail_in(file, "a persistent id names no storage; the file is damaged");
    }
    StorageId storage;
    storage.key = item(2, Kind::text).text;
    storage.count = static_cast<std::uint64_t>(item(4, Kind::integer).integer);
    storage.view_count = storage.count;
    const std::string_view type = item(1, Kind::global).text;
    const auto known =
        std::find_if(storage_types.begin(), storage_types.end(),
                     [&](const auto& known_type) { return known_type.name == type; });
    if (known == storage_types.end()) {
        base::fail_in(file, "storage {}: its type {} is no storage; the file is damaged",
                      printable(storage.key, 100), type);
    }
    storage.dtype = known->dtype;
    if (id.items.size() > 5 && id.items[5]->is(Kind::tuple)) {  // (view key, offset, count)
        const auto& view = id.items[5]->items;
        if (view.size() != 3 || !view[1]->is(Kind::integer) || !view[2]->is(Kind::integer) ||
            view[1]->integer < 0 || view[2]->integer < 0 ||
            static_cast<std::uint64_t>(view[1]->integer) > storage.count ||
            static_cast<std::uint64_t>(view[2]->integer) >
                storage.count - static_cast<std::uint64_t>(view[1]->integer)) {
            base::fail_in(file, "storage {}: a view of it lies outside; the file is damaged",
                          printable(storage.key, 100));
        }
        storage.view_begin = static_cast<std::uint64_t>(view[1]->integer);
        storage.view_count = static_cast<std::uint64_t>(view[2]->integer);
    }
    return storage;
}

Tensors collect_tensors(const PickleValue& root, const StorageSource& storage, std::uint64_t budget,
                        const std::filesystem::path& file) {
    Collector collector(storage, budget, file);
    collector.visit(root, "", 0);
    return collector.take();
}

}  // namespace distillar::formats
