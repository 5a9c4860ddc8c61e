#include "formats/data_frame.hpp"

#include <array>

#include "base/error.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "formats/records.hpp"

namespace distillar::formats {

namespace {

using Kind = PickleValue::Kind;

constexpr std::size_t max_columns = 1000;

constexpr auto known_globals = std::to_array<std::string_view>({
    "pandas.core.frame.DataFrame",
    "pandas.core.internals.BlockManager",
    "pandas.core.internals.managers.BlockManager",
    "pandas._libs.internals._unpickle_block",
    "pandas.core.index._new_Index",
    "pandas.core.index.Index",
    "pandas.core.index.Int64Index",
    "pandas.core.index.RangeIndex",
    "pandas.core.indexes.base._new_Index",
    "pandas.core.indexes.base.Index",
    "pandas.core.indexes.numeric.Int64Index",
    "pandas.core.indexes.range.RangeIndex",
    "numpy.core.multiarray._reconstruct",
    "numpy._core.multiarray._reconstruct",
    "numpy.core.numeric._frombuffer",
    "numpy._core.numeric._frombuffer",
    "numpy.ndarray",
    "numpy.dtype",
    "builtins.slice",
    "__builtin__.slice",
    "_codecs.encode",
});

bool is_manager(const PickleValue& value) {
    return value.is_object("pandas.core.internals.managers.BlockManager") ||
           value.is_object("pandas.core.internals.BlockManager");
}

}  // namespace

std::span<const std::string_view> DataFrame::globals() {
    return known_globals;
}

void DataFrame::fail(const std::string& what) const {
    base::fail_in(file_,
                  "pandas data frame: {}; the file is damaged or written by an unknown "
                  "version of pandas",
                  what);
}

const PickleValue& DataFrame::need(const PickleValue* value, const char* what) const {
    if (value == nullptr) {
        fail(std::string("has no ") + what);
    }
    return *value;
}

DataFrame::DataFrame(const PickleValue& root, const std::filesystem::path& file) : file_(file) {
    if (!root.is_object("pandas.core.frame.DataFrame")) {
        fail("the pickle holds something else");
    }
    const PickleValue& state = need(root.state, "state");
    const PickleValue* manager = state.find("_mgr");
    add_manager(need(manager != nullptr ? manager : state.find("_data"), "block manager"));
}

void DataFrame::add_manager(const PickleValue& manager) {
    if (!is_manager(manager)) {
        fail("its block manager is something else");
    }
    if (manager.state != nullptr) {
        // Up to pandas 1.2: (axes, values, items, {"0.14.1": {"axes", "blocks": [{...}]}})
        const auto& state = *manager.state;
        const PickleValue* extra = state.items.size() == 4 ? state.items[3] : nullptr;
        const auto& layout = need(need(extra, "layout").find("0.14.1"), "layout of 0.14.1");
        const auto names = column_names(need(layout.find("axes"), "axes"));
        for (const PickleValue* block : need(layout.find("blocks"), "blocks").items) {
            add_block(need(block->find("values"), "block values"),
                      need(block->find("mgr_locs"), "block places"), names);
        }
    } else {
        // From pandas 1.3: BlockManager((_unpickle_block(values, places, ndim), ...), axes)
        const auto& blocks = need(manager.argument(0), "blocks");
        const auto names = column_names(need(manager.argument(1), "axes"));
        for (const PickleValue* block : blocks.items) {
            if (!block->is_object("pandas._libs.internals._unpickle_block")) {
                fail("a block is something else");
            }
            add_block(need(block->argument(0), "block values"),
                      need(block->argument(1), "block places"), names);
        }
    }
    if (columns_.empty()) {
        fail("has no column");
    }
}

void DataFrame::add_block(const PickleValue& values, const PickleValue& places,
                          const std::vector<std::string>& names) {
    NdArray block = read_ndarray(values, file_);
    if (block.shape.size() != 2 || block.kind == 'O') {
        fail("a block is no matrix of numbers");
    }
    if (!columns_.empty() && block.shape[1] != rows_) {
        fail("its blocks have different numbers of rows");
    }
    rows_ = block.shape[1];
    // columns become float64, however narrow the file has them
    base::require_within(rows_, &base::Limits::points, file_, "has");
    decoded_bytes_ += block.decoded ? block.decoded->size() : 0;
    if (decoded_bytes_ > base::limits().inflated) {
        fail("its blocks are larger than the file");
    }
    const auto positions = places_of(places, block.shape[0]);
    for (std::size_t row = 0; row < positions.size(); ++row) {
        if (positions[row] >= names.size()) {
            fail("a block lies beyond the last column");
        }
        const auto& name = names[positions[row]];
        if (!columns_.emplace(name, Column{blocks_.size(), row}).second) {
            fail("two columns share one name or place");
        }
    }
    blocks_.push_back(std::move(block));
}

/// axes: [columns, rows]; an axis is _new_Index(class, {"data": array of text, ...}).
std::vector<std::string> DataFrame::column_names(const PickleValue& axes) const {
    const PickleValue* axis =
        axes.is_sequence() && axes.items.size() == 2 ? axes.items[0] : nullptr;
    const PickleValue* index = need(axis, "column axis").argument(1);
    const NdArray data =
        read_ndarray(need(need(index, "column index").find("data"), "names"), file_);
    if (data.kind != 'O' || data.shape.size() != 1 || data.objects.size() > max_columns) {
        fail("its column names are no list of text");
    }
    std::vector<std::string> names;
    for (const PickleValue* name : data.objects) {
        if (!name->is(Kind::text)) {
            fail("a column name is no text");
        }
        names.emplace_back(name->text);
    }
    return names;
}

/// slice(start, stop, step) or an array of positions; there must be `count` of them.
std::vector<std::size_t> DataFrame::places_of(const PickleValue& places, std::size_t count) const {
    std::vector<std::size_t> positions;
    if (count > max_columns) {
        fail("a block has more than 1000 columns");
    }
    if (places.is_object("builtins.slice") || places.is_object("__builtin__.slice")) {
        std::int64_t numbers[3] = {0, 0, 1};
        for (std::size_t i = 0; i < 3; ++i) {
            const auto& number = need(places.argument(i), "slice bound");
            const bool absent = number.is(Kind::none) && i != 1;
            if (!absent && !number.is(Kind::integer)) {
                fail("a slice bound is no number");
            }
            numbers[i] = absent ? numbers[i] : number.integer;
        }
        const auto [start, stop, step] = numbers;
        const auto limit = static_cast<std::int64_t>(max_columns);
        if (start < 0 || step < 1 || step > limit || start > limit || stop > limit + step) {
            fail("a block's slice is out of range");
        }
        for (std::int64_t i = start; i < stop; i += step) {
            positions.push_back(static_cast<std::size_t>(i));
        }
    } else {
        const NdArray array = read_ndarray(places, file_);
        if (array.kind != 'i' || array.count() > max_columns) {
            fail("a block's places are no integers");
        }
        for (std::size_t i = 0; i < array.count(); ++i) {
            positions.push_back(static_cast<std::size_t>(array.integer(i)));  // < 0: out of range
        }
    }
    if (positions.size() != count) {
        fail("a block has another number of places than of columns");
    }
    return positions;
}

const DataFrame::Column& DataFrame::column(const std::string& name) const {
    constexpr std::size_t most_named = 20;
    const auto found = columns_.find(name);
    if (found == columns_.end()) {
        std::vector<std::string> known;
        for (const auto& [other, place] : columns_) {
            known.push_back(printable(other));
            if (known.size() == most_named) {
                break;
            }
        }
        base::fail_in(file_, "has no column \"{}\", only {}; is it a file of another kind?", name,
                      base::join(known));
    }
    return found->second;
}

std::vector<double> DataFrame::doubles(const std::string& name) const {
    const Column& place = column(name);
    const NdArray& block = blocks_[place.block];
    std::vector<double> values(rows_);
    for (std::size_t i = 0; i < rows_; ++i) {
        values[i] = block.real(block.at(place.row, i));
    }
    return values;
}

std::vector<std::int64_t> DataFrame::integers(const std::string& name) const {
    const Column& place = column(name);
    const NdArray& block = blocks_[place.block];
    if (block.kind == 'f') {
        base::fail_in(file_, "column \"{}\" holds floating-point numbers where integers are needed",
                      name);
    }
    std::vector<std::int64_t> values(rows_);
    for (std::size_t i = 0; i < rows_; ++i) {
        values[i] = block.integer(block.at(place.row, i));
    }
    return values;
}

}  // namespace distillar::formats
