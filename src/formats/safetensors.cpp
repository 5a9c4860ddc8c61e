#include "formats/safetensors.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/limits.hpp"
#include "formats/other_kind.hpp"
#include "formats/records.hpp"
#include "formats/safetensors_header.hpp"

namespace distillar::formats {

namespace {

static_assert(std::endian::native == std::endian::little, "formats are little-endian");

std::uint64_t header_length(std::span<const std::byte> bytes, const std::filesystem::path& file) {
    std::uint64_t length = 0;
    if (bytes.size() < sizeof(length)) {
        base::fail_in(file, "has {} bytes, a safetensors file has at least 8; it is truncated",
                      bytes.size());
    }
    std::memcpy(&length, bytes.data(), sizeof(length));
    refuse_other_kinds(bytes, file);
    if (length > bytes.size() - sizeof(length)) {
        base::fail_in(file,
                      "offset 0: a header of {} bytes in a file of {}; it is truncated, or no "
                      "safetensors file",
                      length, bytes.size());
    }
    base::require_within(length, &base::Limits::header, file, "offset 0: a header of");
    return length;
}

/// Sorted by place, the tensors must follow one another and fill the data area exactly.
void check_layout(SafeTensorsHeader& header, std::uint64_t data_size,
                  const std::filesystem::path& file) {
    std::sort(header.entries.begin(), header.entries.end(), [](const auto& a, const auto& b) {
        return std::tie(a.begin, a.end) < std::tie(b.begin, b.end);
    });
    std::uint64_t position = 0;
    for (const auto& entry : header.entries) {
        const std::string name = printable(entry.name, 200);
        if (entry.begin != position || entry.end < entry.begin || entry.end > data_size) {
            base::fail_in(file,
                          "tensor {}: data_offsets [{}, {}] where [{}, ... {}] is expected; "
                          "truncated, overlapping or with a hole",
                          name, entry.begin, entry.end, position, data_size);
        }
        const std::uint64_t bytes = checked_bytes(entry.dtype, entry.shape, file, name);
        if (bytes != entry.end - entry.begin) {
            base::fail_in(file, "tensor {}: shape and dtype {} need {} bytes, data_offsets give {}",
                          name, name_of(entry.dtype), bytes, entry.end - entry.begin);
        }
        position = entry.end;
    }
    if (position != data_size) {
        base::fail_in(file, "holds {} bytes of data, its tensors take {}; remove what was appended",
                      data_size, position);
    }
}

/// Padded with spaces so that the data begin at a multiple of 8.
std::string header_text(const std::vector<const Tensors::value_type*>& order,
                        const std::map<std::string, std::string>& metadata,
                        const std::filesystem::path& file) {
    nlohmann::ordered_json header = nlohmann::ordered_json::object();
    if (!metadata.empty()) {
        header["__metadata__"] = metadata;
    }
    std::uint64_t position = 0;
    for (const auto* item : order) {
        const auto& [name, tensor] = *item;
        const std::uint64_t bytes = checked_bytes(tensor.dtype, tensor.shape, file, name);
        if (bytes != tensor.bytes.size() || name == "__metadata__") {
            base::fail_in(file, "tensor {}: cannot be written: {}", printable(name, 200),
                          name == "__metadata__" ? "the name is reserved"
                                                 : "its bytes do not match its shape");
        }
        header[name] = {{"dtype", name_of(tensor.dtype)},
                        {"shape", tensor.shape},
                        {"data_offsets", {position, position + bytes}}};
        position += bytes;
    }
    try {
        std::string text = header.dump();
        text.append((8 - text.size() % 8) % 8, ' ');
        return text;
    } catch (const nlohmann::json::exception&) {
        base::fail_in(file, "cannot be written: a tensor name or metadata value is not UTF-8");
    }
}

}  // namespace

SafeTensors read_safetensors(const std::filesystem::path& file) {
    const auto owner = std::make_shared<const base::MappedFile>(file);
    const auto bytes = owner->bytes();
    const std::uint64_t length = header_length(bytes, file);
    const std::string_view json(reinterpret_cast<const char*>(bytes.data()) + 8, length);
    SafeTensorsHeader header = parse_safetensors_header(json, file);
    const auto data = bytes.subspan(8 + length);
    check_layout(header, data.size(), file);

    SafeTensors result{std::move(header.metadata), {}};
    for (auto& entry : header.entries) {
        result.tensors[entry.name] = {entry.dtype, std::move(entry.shape),
                                      data.subspan(entry.begin, entry.end - entry.begin), owner};
    }
    return result;
}

std::map<std::string, std::string> read_safetensors_metadata(const std::filesystem::path& file) {
    return read_safetensors(file).metadata;
}

void write_safetensors(const std::filesystem::path& file, const Tensors& tensors,
                       const std::map<std::string, std::string>& metadata) {
    std::vector<const Tensors::value_type*> order;
    for (const auto& item : tensors) {
        order.push_back(&item);
    }
    std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
        return size_of(a->second.dtype) > size_of(b->second.dtype);
    });
    const std::string header = header_text(order, metadata, file);
    const std::uint64_t length = header.size();
    base::require_within(length, &base::Limits::header, file, "cannot be written: a header of");
    base::AtomicFile out(file);
    out.write(std::as_bytes(std::span(&length, 1)));
    out.write(header);
    for (const auto* item : order) {
        if (!item->second.bytes.empty()) {
            out.write(item->second.bytes);
        }
    }
    out.commit();
}

}  // namespace distillar::formats
