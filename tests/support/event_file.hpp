#pragma once
/// Reads TensorBoard event files apart from the code that writes them: TFRecord framing and the
/// protobuf wire format, checksums included. Any mistake throws.
#include <cstdint>
#include <cstring>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace distillar::test {

struct Event {
    double wall_time = 0;
    std::int64_t step = 0;
    std::string version;
    std::map<std::string, float> values;
};

namespace event_file {

template <typename Value>
Value take(std::string_view& bytes) {
    if (bytes.size() < sizeof(Value)) {
        throw std::runtime_error("the event file ends in the middle");
    }
    Value value;
    std::memcpy(&value, bytes.data(), sizeof(Value));
    bytes.remove_prefix(sizeof(Value));
    return value;
}

inline std::uint64_t take_varint(std::string_view& bytes) {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
        const auto byte = take<std::uint8_t>(bytes);
        value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
        if (byte < 0x80) {
            return value;
        }
    }
}

inline std::string_view take_text(std::string_view& bytes) {
    const std::uint64_t size = take_varint(bytes);
    if (size > bytes.size()) {
        throw std::runtime_error("a field is longer than its message");
    }
    const auto text = bytes.substr(0, size);
    bytes.remove_prefix(size);
    return text;
}

/// Bit by bit, no table.
inline std::uint32_t masked_crc(std::string_view bytes) {
    std::uint32_t crc = 0xFFFFFFFF;
    for (const char byte : bytes) {
        crc ^= static_cast<unsigned char>(byte);
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78U : crc >> 1;
        }
    }
    crc = ~crc;
    return ((crc >> 15) | (crc << 17)) + 0xA282EAD8U;
}

inline void parse_value(std::string_view message, Event& event) {
    std::string tag;
    float number = 0;
    while (!message.empty()) {
        const std::uint64_t key = take_varint(message);
        if (key == (1 << 3 | 2)) {
            tag = take_text(message);
        } else if (key == (2 << 3 | 5)) {
            number = take<float>(message);
        } else {
            throw std::runtime_error("Summary.Value: unexpected field");
        }
    }
    event.values[tag] = number;
}

inline Event parse_event(std::string_view message) {
    Event event;
    while (!message.empty()) {
        const std::uint64_t key = take_varint(message);
        if (key == (1 << 3 | 1)) {
            event.wall_time = take<double>(message);
        } else if (key == (2 << 3 | 0)) {
            event.step = static_cast<std::int64_t>(take_varint(message));
        } else if (key == (3 << 3 | 2)) {
            event.version = take_text(message);
        } else if (key == (5 << 3 | 2)) {
            auto summary = take_text(message);
            while (!summary.empty()) {
                if (take_varint(summary) != (1 << 3 | 2)) {
                    throw std::runtime_error("Summary: unexpected field");
                }
                parse_value(take_text(summary), event);
            }
        } else {
            throw std::runtime_error("Event: unexpected field");
        }
    }
    return event;
}

}  // namespace event_file

inline std::vector<Event> parse_events(std::string_view file) {
    using namespace event_file;
    std::vector<Event> events;
    while (!file.empty()) {
        const auto header = file.substr(0, 8);
        const auto length = take<std::uint64_t>(file);
        if (take<std::uint32_t>(file) != masked_crc(header) || length > file.size()) {
            throw std::runtime_error("the length's checksum is wrong");
        }
        const auto data = file.substr(0, length);
        file.remove_prefix(length);
        if (take<std::uint32_t>(file) != masked_crc(data)) {
            throw std::runtime_error("the data's checksum is wrong");
        }
        events.push_back(parse_event(data));
    }
    return events;
}

}  // namespace distillar::test
