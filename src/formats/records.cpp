#include "formats/records.hpp"

#include "base/error.hpp"

namespace distillar::formats {

std::size_t record_count(const std::filesystem::path& file, std::size_t size, std::size_t record,
                         std::string_view layout, std::string_view hint) {
    if (size == 0) {
        base::fail_in(file, "is empty (0 bytes), expected {}; copy or download it again", layout);
    }
    if (size % record != 0) {
        base::fail_in(file, "{} bytes is not a multiple of {} ({}); {}", size, record, layout,
                      hint);
    }
    return size / record;
}

void check_label_count(const std::filesystem::path& file, std::size_t labels, std::size_t points) {
    if (points != 0 && labels != points) {
        base::fail_in(file,
                      "{} labels but the scan has {} points; check that both are of one frame",
                      labels, points);
    }
}

void check_field_sizes(const std::filesystem::path& file, const Cloud& cloud) {
    const auto check = [&](const auto& field, const char* name) {
        if (!field.empty() && field.size() != cloud.size()) {
            base::fail_in(file, "cannot be written: {} values of {} for {} points; give one each",
                          field.size(), name, cloud.size());
        }
    };
    check(cloud.intensity, "intensity");
    check(cloud.ring, "ring");
    check(cloud.time, "time");
    check(cloud.label, "label");
    check(cloud.instance, "instance");
    check(cloud.sensor, "sensor");
}

std::string printable(std::string_view text, std::size_t longest) {
    std::string result(text.substr(0, longest));
    for (char& letter : result) {
        if (letter < ' ' || letter > '~') {
            letter = '?';
        }
    }
    return text.size() > longest ? result + "..." : result;
}

}  // namespace distillar::formats
