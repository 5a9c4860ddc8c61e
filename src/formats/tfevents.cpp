#include "formats/tfevents.hpp"

#include <array>
#include <cstring>

namespace distillar::formats {

namespace {

constexpr std::array<std::uint32_t, 256> crc_table = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t value = byte;
        for (int bit = 0; bit < 8; ++bit) {
            value = (value >> 1) ^ ((value & 1) != 0 ? 0x82F63B78 : 0);
        }
        table[byte] = value;
    }
    return table;
}();

/// The value's bytes, lowest first (as this machine has them; the formats are little-endian).
template <typename Value>
std::string bytes_of(Value value) {
    std::string bytes(sizeof(Value), '\0');
    std::memcpy(bytes.data(), &value, sizeof(Value));
    return bytes;
}

/// A protobuf message, field by field.
class Message {
public:
    void add(int field, double value) { bytes_ += key(field, 1) + bytes_of(value); }
    void add(int field, float value) { bytes_ += key(field, 5) + bytes_of(value); }
    void add(int field, std::int64_t value) {
        bytes_ += key(field, 0) + varint(static_cast<std::uint64_t>(value));
    }
    void add(int field, const std::string& text) {
        bytes_ += key(field, 2) + varint(text.size()) + text;
    }
    void add(int field, const Message& message) { add(field, message.bytes_); }
    const std::string& bytes() const { return bytes_; }

private:
    static std::string varint(std::uint64_t value) {
        std::string bytes;
        for (; value >= 0x80; value >>= 7) {
            bytes += static_cast<char>(value | 0x80);
        }
        return bytes + static_cast<char>(value);
    }
    static std::string key(int field, int wire_type) {
        return varint(static_cast<std::uint64_t>(field << 3 | wire_type));
    }

    std::string bytes_;
};

// Fields of tensorflow.Event, .Summary and .Summary.Value.
constexpr int event_wall_time = 1, event_step = 2, event_file_version = 3, event_summary = 5;
constexpr int summary_value = 1, value_tag = 1, value_simple = 2;

std::string masked_crc(const std::string& bytes) {
    const std::uint32_t crc = crc32c(bytes);
    return bytes_of(((crc >> 15) | (crc << 17)) + 0xA282EAD8);
}

std::string record(const Message& event) {
    const std::string length = bytes_of(static_cast<std::uint64_t>(event.bytes().size()));
    return length + masked_crc(length) + event.bytes() + masked_crc(event.bytes());
}

}  // namespace

std::uint32_t crc32c(const std::string& bytes) {
    std::uint32_t crc = 0xFFFFFFFF;
    for (const char byte : bytes) {
        crc = crc_table[(crc ^ static_cast<unsigned char>(byte)) & 0xFF] ^ (crc >> 8);
    }
    return ~crc;
}

std::string event_file_header(double wall_time) {
    Message event;
    event.add(event_wall_time, wall_time);
    event.add(event_file_version, std::string("brain.Event:2"));
    return record(event);
}

std::string event_record(const ScalarEvent& scalars) {
    Message summary;
    for (const auto& [tag, number] : scalars.values) {
        Message value;
        value.add(value_tag, tag);
        value.add(value_simple, static_cast<float>(number));
        summary.add(summary_value, value);
    }
    Message event;
    event.add(event_wall_time, scalars.wall_time);
    event.add(event_step, scalars.step);
    event.add(event_summary, summary);
    return record(event);
}

}  // namespace distillar::formats
