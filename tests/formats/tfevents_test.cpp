#include "formats/tfevents.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/event_file.hpp"

namespace distillar::formats {
namespace {

TEST(EventFile, ChecksumIsThatOfTheStandard) {
    // RFC 3720, B.4: 32 bytes of zeros, of ones, ascending.
    EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAU);
    EXPECT_EQ(crc32c(std::string(32, '\xFF')), 0x62A8AB43U);
    EXPECT_EQ(crc32c("123456789"), 0xE3069283U);
    EXPECT_EQ(crc32c(""), 0U);
}

TEST(EventFile, ReadsBackAsItWasWritten) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    std::string file = event_file_header(1700000000.25);
    file += event_record({1700000001.5, 10, {{"loss", 0.75}, {"learning_rate", 1e-3}}});
    file += event_record({1700000002.5, 300, {{"loss", nan}}});
    file += event_record({1700000003.5, std::int64_t{1} << 40, {{std::string(200, 'x'), -2.5}}});
    const auto events = test::parse_events(file);
    ASSERT_EQ(events.size(), 4U);
    EXPECT_EQ(events[0].version, "brain.Event:2");
    EXPECT_EQ(events[0].wall_time, 1700000000.25);
    EXPECT_EQ(events[1].step, 10);
    EXPECT_EQ(events[1].wall_time, 1700000001.5);
    EXPECT_EQ(events[1].values,
              (std::map<std::string, float>{{"learning_rate", 1e-3F}, {"loss", 0.75F}}));
    EXPECT_EQ(events[2].step, 300);
    EXPECT_TRUE(std::isnan(events[2].values.at("loss")));
    EXPECT_EQ(events[3].step, std::int64_t{1} << 40);
    EXPECT_EQ(events[3].values.at(std::string(200, 'x')), -2.5F);
}

}  // namespace
}  // namespace distillar::formats
