#include "formats/ndarray.hpp"

#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "base/files.hpp"
#include "formats/pickle_text.hpp"
#include "formats/records.hpp"
#include "formats/tensor.hpp"

namespace distillar::formats {

namespace {

using Kind = PickleValue::Kind;

[[noreturn]] void refuse(const std::filesystem::path& file, const char* what) {
    base::fail_in(file, "numpy array: {}; the file is damaged or written by an unknown version",
                  what);
}

/// dtype("f8"): a one-letter kind and a size; the byte order is in the state, or before the kind.
void read_dtype(const PickleValue* value, NdArray& array, const std::filesystem::path& file) {
    const PickleValue* code = value == nullptr ? nullptr : value->argument(0);
    if (code == nullptr || !value->is_object("numpy.dtype") || !code->is(Kind::text)) {
        refuse(file, "no dtype");
    }
    std::string_view text = code->text;
    bool big_endian = text.starts_with('>');
    if (text.starts_with('<') || text.starts_with('>') || text.starts_with('|')) {
        text.remove_prefix(1);
    }
    if (const PickleValue* state = value->state;
        state != nullptr && state->items.size() >= 2 && state->items[1]->is(Kind::text)) {
        big_endian = big_endian || state->items[1]->text == ">";
    }
    constexpr std::string_view known[] = {"f4", "f8", "i1", "i2", "i4", "i8", "u1",
                                          "u2", "u4", "u8", "b1", "O8", "O4", "O"};
    if (std::find(std::begin(known), std::end(known), text) == std::end(known) || big_endian) {
        base::fail_in(file,
                      "numpy array: dtype {}{} is not supported; save plain little-endian "
                      "numbers",
                      big_endian ? ">" : "", printable(text, 20));
    }
    array.kind = text[0];
    array.item_size = text.size() > 1 ? static_cast<std::size_t>(text[1] - '0') : 8;
}

void read_shape(const PickleValue* value, NdArray& array, const std::filesystem::path& file) {
    if (value == nullptr || !value->is(Kind::tuple) || value->items.size() > 8) {
        refuse(file, "no shape of at most 8 dimensions");
    }
    for (const PickleValue* size : value->items) {
        if (!size->is(Kind::integer) || size->integer < 0) {
            refuse(file, "a size that is no positive integer");
        }
        array.shape.push_back(static_cast<std::size_t>(size->integer));
    }
}

/// Bytes as such, as Python 2 text, or as protocol 2 wraps them: _codecs.encode(text, "latin1").
void read_bytes(const PickleValue* value, NdArray& array, const std::filesystem::path& file) {
    if (value != nullptr && (value->is(Kind::bytes) || value->is(Kind::text))) {
        array.bytes = value->text;
        return;
    }
    const PickleValue* text = value == nullptr ? nullptr : value->argument(0);
    if (text == nullptr || !value->is_object("_codecs.encode") || !text->is(Kind::text)) {
        refuse(file, "no data");
    }
    auto decoded = utf8_to_latin1(text->text);
    if (!decoded) {
        refuse(file, "data that are no bytes");
    }
    array.decoded = std::make_shared<const std::string>(std::move(*decoded));
    array.bytes = *array.decoded;
}

void read_data(const PickleValue* data, NdArray& array, const std::filesystem::path& file) {
    std::uint64_t count = 1;
    bool empty = false;
    for (const std::size_t size : array.shape) {
        empty = empty || size == 0;
        count = base::checked_multiply(count, std::max<std::size_t>(size, 1), file, "array shape");
    }
    count = empty ? 0 : count;
    if (array.kind == 'O') {
        if (data == nullptr || !data->is(Kind::list) || data->items.size() != count) {
            refuse(file, "objects that do not fit the shape");
        }
        array.objects = data->items;
        return;
    }
    read_bytes(data, array, file);
    const auto size = base::checked_multiply(count, array.item_size, file, "array size");
    if (array.bytes.size() != size) {
        base::fail_in(file,
                      "numpy array: holds {} bytes where its shape needs {}; the file is "
                      "damaged",
                      array.bytes.size(), size);
    }
}

template <typename Stored>
Stored load(const NdArray& array, std::size_t index) {
    Stored value;
    std::memcpy(&value, array.bytes.data() + index * sizeof(Stored), sizeof(Stored));
    return value;
}

}  // namespace

std::size_t NdArray::count() const {
    return kind == 'O' ? objects.size() : bytes.size() / item_size;
}

double NdArray::real(std::size_t index) const {
    if (kind == 'f') {
        return item_size == 8 ? load<double>(*this, index)
                              : static_cast<double>(load<float>(*this, index));
    }
    return static_cast<double>(integer(index));
}

std::int64_t NdArray::integer(std::size_t index) const {
    const bool is_signed = kind == 'i';
    switch (item_size) {
        case 1:
            return is_signed ? std::int64_t{load<std::int8_t>(*this, index)}
                             : std::int64_t{load<std::uint8_t>(*this, index)};
        case 2:
            return is_signed ? std::int64_t{load<std::int16_t>(*this, index)}
                             : std::int64_t{load<std::uint16_t>(*this, index)};
        case 4:
            return is_signed ? std::int64_t{load<std::int32_t>(*this, index)}
                             : std::int64_t{load<std::uint32_t>(*this, index)};
        default:
            return load<std::int64_t>(*this, index);
    }
}

NdArray read_ndarray(const PickleValue& value, const std::filesystem::path& file) {
    NdArray array;
    const auto item = [](const PickleValue* tuple, std::size_t index) -> const PickleValue* {
        const bool has = tuple != nullptr && tuple->is(Kind::tuple) && index < tuple->items.size();
        return has ? tuple->items[index] : nullptr;
    };
    if (value.is_object("numpy.core.multiarray._reconstruct") ||
        value.is_object("numpy._core.multiarray._reconstruct")) {
        // BUILD with (version, shape, dtype, is it Fortran-ordered, data)
        read_dtype(item(value.state, 2), array, file);
        read_shape(item(value.state, 1), array, file);
        const PickleValue* order = item(value.state, 3);
        array.fortran = order != nullptr && order->integer != 0;
        read_data(item(value.state, 4), array, file);
    } else if (value.is_object("numpy.core.numeric._frombuffer") ||
               value.is_object("numpy._core.numeric._frombuffer")) {
        // (buffer, dtype, shape, "C" or "F")
        read_dtype(value.argument(1), array, file);
        read_shape(value.argument(2), array, file);
        const PickleValue* order = value.argument(3);
        array.fortran = order != nullptr && order->text == "F";
        read_data(value.argument(0), array, file);
    } else {
        refuse(file, "something else is in its place");
    }
    return array;
}

}  // namespace distillar::formats
