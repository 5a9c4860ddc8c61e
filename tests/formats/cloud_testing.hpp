#pragma once
/// What the tests of cloud formats share.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <string>

#include "base/error.hpp"
#include "base/random.hpp"
#include "formats/cloud.hpp"
#include "support/data.hpp"

namespace distillar::test {

/// A cloud with every optional field; coordinates as float32 unless `wide`.
inline formats::Cloud sample_cloud(std::size_t points, bool wide = false) {
    base::Random random(7, 0, points);
    formats::Cloud cloud;
    cloud.points.resize(static_cast<Eigen::Index>(points), 3);
    for (std::size_t i = 0; i < points; ++i) {
        for (int axis = 0; axis < 3; ++axis) {
            const double value = random.uniform(-80, 80);
            cloud.points(static_cast<Eigen::Index>(i), axis) =
                wide ? value + 4e6 : static_cast<double>(static_cast<float>(value));
        }
        cloud.intensity.push_back(static_cast<float>(random.uniform(0, 255)));
        cloud.ring.push_back(static_cast<std::uint16_t>(random.below(65536)));
        cloud.time.push_back(1.6e9 + random.uniform());
        cloud.label.push_back(random.next());
        cloud.instance.push_back(random.next());
        cloud.sensor.push_back(static_cast<std::uint8_t>(random.below(2)));
    }
    return cloud;
}

inline bool same(double a, double b) {
    return a == b || (std::isnan(a) && std::isnan(b));
}

inline void expect_same_points(const formats::Cloud& a, const formats::Cloud& b) {
    ASSERT_EQ(a.size(), b.size());
    for (Eigen::Index i = 0; i < a.points.size(); ++i) {
        ASSERT_TRUE(same(a.points.data()[i], b.points.data()[i]))
            << "coordinate " << i << ": " << a.points.data()[i] << " and " << b.points.data()[i];
    }
    EXPECT_EQ(a.intensity, b.intensity);
}

inline void expect_same_cloud(const formats::Cloud& a, const formats::Cloud& b) {
    expect_same_points(a, b);
    EXPECT_EQ(a.ring, b.ring);
    EXPECT_EQ(a.time, b.time);
    EXPECT_EQ(a.label, b.label);
    EXPECT_EQ(a.instance, b.instance);
    EXPECT_EQ(a.sensor, b.sensor);
}

/// Runs a reader on damaged bytes: it may succeed or throw base::Error in one line that names the
/// file, nothing else. @return whether it threw.
template <typename Reader>
bool fails_cleanly(Reader&& read, const std::filesystem::path& file, const std::string& bytes) {
    std::filesystem::remove(file);  // overwriting in place makes some file systems flush
    write_bytes(file, bytes);
    try {
        read(file);
        return false;
    } catch (const base::Error& error) {
        const std::string message = error.what();
        EXPECT_NE(message.find(file.filename().string()), std::string::npos) << message;
        EXPECT_EQ(message.find('\n'), std::string::npos) << message;
        EXPECT_LT(message.size(), 1500u) << message;
        return true;
    } catch (const std::exception& error) {
        ADD_FAILURE() << "not a base::Error: " << error.what();
        return true;
    }
}

/// Every file cut before `end` must be refused.
template <typename Reader>
void expect_cuts_refused(Reader&& read, const std::filesystem::path& file, const std::string& bytes,
                         std::size_t end, std::size_t step = 1) {
    for (std::size_t size = 0; size < end; size += step) {
        EXPECT_TRUE(fails_cleanly(read, file, bytes.substr(0, size))) << "cut to " << size;
    }
}

/// Random damage must never do worse than an error.
template <typename Reader>
void expect_damage_survived(Reader&& read, const std::filesystem::path& file,
                            const std::string& bytes, std::uint64_t rounds) {
    for (std::uint64_t round = 0; round < rounds; ++round) {
        base::Random random(11, 0, round);
        std::string damaged = bytes;
        for (std::uint32_t i = 0; i <= round % 3; ++i) {
            damaged[random.below(static_cast<std::uint32_t>(damaged.size()))] =
                static_cast<char>(random.below(256));
        }
        fails_cleanly(read, file, damaged);
    }
}

/// Little-endian bytes of values.
template <typename... T>
std::string packed(T... values) {
    std::string bytes;
    const auto add = [&](const auto& value) {
        const auto at = bytes.size();
        bytes.resize(at + sizeof(value));
        std::memcpy(bytes.data() + at, &value, sizeof(value));
    };
    (add(values), ...);
    return bytes;
}

inline constexpr float nan32 = std::numeric_limits<float>::quiet_NaN();

}  // namespace distillar::test
