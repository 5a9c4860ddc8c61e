#pragma once
#include <cstdint>
#include <map>
#include <string>

namespace distillar::formats {

/// TensorBoard's event files (events.out.tfevents.*): records of protobuf messages, framed as
/// TFRecord has it. Only what scalars need; nothing here reads them.

/// Values of one training step.
struct ScalarEvent {
    double wall_time = 0;  ///< seconds since 1970
    std::int64_t step = 0;
    std::map<std::string, double> values;  ///< by tag; stored as float32
};

/// The record that every event file begins with: version "brain.Event:2".
std::string event_file_header(double wall_time);

/// One event as a record, to be appended.
std::string event_record(const ScalarEvent& event);

/// CRC-32C (Castagnoli), the checksum of TFRecord before masking.
std::uint32_t crc32c(const std::string& bytes);

}  // namespace distillar::formats
