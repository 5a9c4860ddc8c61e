#include "formats/pcd.hpp"

#include <map>

#include "formats/cloud_testing.hpp"
#include "formats/kitti.hpp"

namespace distillar {
namespace {

using formats::PcdEncoding;
using test::error_of;
using test::packed;

constexpr PcdEncoding encodings[] = {PcdEncoding::ascii, PcdEncoding::binary,
                                     PcdEncoding::binary_compressed};

/// A header of x y z as float32 with lines replaced: {"POINTS", "POINTS 7"}; "" leaves one out.
std::string header(const std::map<std::string, std::string>& changes = {}) {
    std::string text = "# a comment\n";
    const std::pair<std::string, std::string> lines[] = {
        {"VERSION", "VERSION 0.7"}, {"FIELDS", "FIELDS x y z"},
        {"SIZE", "SIZE 4 4 4"},     {"TYPE", "TYPE F F F"},
        {"COUNT", "COUNT 1 1 1"},   {"WIDTH", "WIDTH 2"},
        {"HEIGHT", "HEIGHT 1"},     {"VIEWPOINT", "VIEWPOINT 0 0 0 1 0 0 0"},
        {"POINTS", "POINTS 2"},     {"DATA", "DATA ascii"}};
    for (const auto& [keyword, line] : lines) {
        const auto change = changes.find(keyword);
        const std::string chosen = change == changes.end() ? line : change->second;
        text += chosen.empty() ? "" : chosen + "\n";
    }
    return text;
}

class Pcd : public testing::Test {
protected:
    formats::Cloud read(const std::string& bytes) {
        return formats::read_pcd(test::write_bytes(file_, bytes));
    }
    std::string error(const std::string& bytes) {
        return error_of([&] { read(bytes); });
    }
    std::string written(const formats::Cloud& cloud, PcdEncoding encoding) {
        formats::write_pcd(file_, cloud, encoding);
        return test::read_bytes(file_);
    }

    test::TemporaryFolder folder_;
    std::filesystem::path file_ = folder_ / "a.pcd";
};

TEST_F(Pcd, RoundTripsAreExactInEveryEncoding) {
    for (const PcdEncoding encoding : encodings) {
        for (const bool wide : {false, true}) {
            const auto cloud = test::sample_cloud(1000, wide);
            const std::string bytes = written(cloud, encoding);
            EXPECT_HAS(bytes.substr(0, 300), wide ? "SIZE 8 8 8 4 2 8 4 4 1" : "SIZE 4 4 4 4 2 8");
            test::expect_same_cloud(formats::read_pcd(file_), cloud);
        }
    }
}

TEST_F(Pcd, NotANumberAndInfinityAreKept) {
    formats::Cloud cloud;
    cloud.points.resize(3, 3);
    const double inf = std::numeric_limits<double>::infinity();
    cloud.points << NAN, 1, 2, inf, -inf, 0, 1, 2, -0.0;
    for (const PcdEncoding encoding : encodings) {
        EXPECT_HAS(written(cloud, encoding), "SIZE 4 4 4\n");
        const auto again = formats::read_pcd(file_);
        test::expect_same_cloud(again, cloud);
        EXPECT_TRUE(std::signbit(again.points(2, 2)));
    }
}

TEST_F(Pcd, EmptyAndOnePointClouds) {
    for (const PcdEncoding encoding : encodings) {
        for (const std::size_t points : {0u, 1u}) {
            auto cloud = test::sample_cloud(points);
            written(cloud, encoding);
            test::expect_same_cloud(formats::read_pcd(file_), cloud);
        }
    }
}

TEST_F(Pcd, ReadsEveryTypeAndOtherNames) {
    const std::string start =
        "VERSION .7\nFIELDS x _ y z rgb Reflectivity t ring label instance\n"
        "SIZE 2 1 8 1 4 1 4 2 4 8\nTYPE I U F U F U U U I U\nCOUNT 1 3 1 1 1 1 1 1 1 1\n"
        "WIDTH 1\nHEIGHT 1\nPOINTS 1\n";
    const std::string row = packed<std::int16_t>(-7) + "abc" + packed(0.1) +
                            packed<std::uint8_t>(200) + packed(1.f) + packed<std::uint8_t>(99) +
                            packed<std::uint32_t>(2'500'000) + packed<std::uint16_t>(63) +
                            packed<std::int32_t>(40) + packed<std::uint64_t>(4294967295u);
    const auto check = [](const formats::Cloud& cloud) {
        ASSERT_EQ(cloud.size(), 1u);
        EXPECT_EQ(cloud.points(0, 0), -7);
        EXPECT_EQ(cloud.points(0, 1), 0.1);
        EXPECT_EQ(cloud.points(0, 2), 200);
        EXPECT_EQ(cloud.intensity, std::vector<float>{99});
        EXPECT_EQ(cloud.time, std::vector<double>{0.0025});
        EXPECT_EQ(cloud.ring, std::vector<std::uint16_t>{63});
        EXPECT_EQ(cloud.label, std::vector<std::uint32_t>{40});
        EXPECT_EQ(cloud.instance, std::vector<std::uint32_t>{4294967295u});
    };
    check(read(start + "DATA binary\n" + row));
    check(read(start + "DATA ascii\n-7 1 2 3 +1e-1 200 nan 99 2500000 63 40 4294967295"));
    // Literal runs of at most 32 bytes; padding may be left out of compressed data or kept.
    const std::string bare = row.substr(0, 2) + row.substr(5);
    for (const std::string& data : {row, bare}) {
        const std::string runs = std::string(1, 31) + data.substr(0, 32) +
                                 std::string(1, static_cast<char>(data.size() - 33)) +
                                 data.substr(32);
        check(read(start + "DATA binary_compressed\n" +
                   packed(static_cast<std::uint32_t>(runs.size()),
                          static_cast<std::uint32_t>(data.size())) +
                   runs));
    }
}

TEST_F(Pcd, OrganisedCloudsOldHeadersAndWindowsLineEnds) {
    EXPECT_EQ(
        read(header({{"WIDTH", "WIDTH 1"}, {"HEIGHT", "HEIGHT 2"}}) + "1 2 3\n4 5 6\n").size(), 2u);
    EXPECT_EQ(read(header({{"COUNT", ""}, {"WIDTH", ""}, {"HEIGHT", ""}}) + "1 2 3\n4 5 6").size(),
              2u);
    EXPECT_EQ(
        read(header({{"POINTS", ""}, {"FIELDS", "COLUMNS x y z"}}) + "1 2 3\n\n4 5 6\n \n").size(),
        2u);
    std::string windows;
    for (const char letter : header() + "1 2 3\n4 5 6\n") {
        windows += letter == '\n' ? "\r\n" : std::string(1, letter);
    }
    EXPECT_EQ(read(windows).points(1, 2), 6);
}

TEST_F(Pcd, AsciiMistakesNameTheLine) {
    EXPECT_HAS(error(header() + "1 2 3\n4 five 6\n"), "a.pcd: line 13: 'five' is not a number");
    EXPECT_HAS(error(header() + "1.00 2 3\n4 5\n"), "line 13: has too few values");
    EXPECT_HAS(error(header() + "1 2 3\n4 5 6 7\n"), "line 13: '7' is one value too many");
    EXPECT_HAS(error(header() + "1 2 3\n4 5 6\n7 8 9\n"), "line 14: more lines than POINTS 2");
    EXPECT_HAS(error(header() + "1.00 2.00 3.00\n"), "ends after 1 of 2 points");
    EXPECT_HAS(error(header() + "1 2 3\n4 5 +-6\n"), "'+-6' is not a number");
    EXPECT_HAS(error(header() + "1 2 3\n4 5 6,7\n"), "'6,7' is not a number");
    EXPECT_HAS(error(header() + "1 2 3\n4 5 \x1b[31m\n"), "'?[31m' is not a number");
}

TEST_F(Pcd, TextIsRoundedOnceToFloat32) {
    // Just below the middle of two float32 numbers; by way of float64 it would be the middle.
    const auto cloud = read(header() + "1.00000017881393432617187499 1e-50 3\n4 5 6\n");
    EXPECT_EQ(cloud.points(0, 0), 1 + 0x1p-23);
    EXPECT_EQ(cloud.points(0, 1), 0);
}

TEST_F(Pcd, MissingCoordinateListsTheFieldsThatAreThere) {
    const std::string message = error(header({{"FIELDS", "FIELDS x y range"}}) + "1 2 3\n4 5 6\n");
    EXPECT_HAS(message, "has no field z, only x, y, range");
}

TEST_F(Pcd, HostileHeaders) {
    const std::string two = "1 2 3\n4 5 6\n";
    const std::map<std::string, std::string> none = {{"WIDTH", ""}, {"HEIGHT", ""}};
    for (const std::string encoding : {"ascii", "binary", "binary_compressed"}) {
        for (const std::string points :
             {"99999999999999", "18446744073709551615", "4611686018427387904", "3"}) {
            auto changes = none;
            changes["POINTS"] = "POINTS " + points;
            changes["DATA"] = "DATA " + encoding;
            EXPECT_HAS(error(header(changes) + two), "POINTS") << encoding << " " << points;
        }
    }
    auto changes = none;
    changes["POINTS"] = "POINTS -2";
    EXPECT_HAS(error(header(changes) + two), "POINTS '-2' is not a whole number >= 0");
    changes["POINTS"] = "POINTS 99999999999999999999";
    EXPECT_HAS(error(header(changes) + two), "is not a whole number");
    changes["POINTS"] = "POINTS";
    EXPECT_HAS(error(header(changes) + two), "POINTS needs one number, has 0");
    changes["POINTS"] = "";
    EXPECT_HAS(error(header(changes) + two), "neither POINTS nor WIDTH");
    EXPECT_HAS(error(header({{"WIDTH", "WIDTH 3"}}) + two),
               "POINTS 2 differs from WIDTH x HEIGHT = 3");
    EXPECT_HAS(
        error(header({{"WIDTH", "WIDTH 4294967296"}, {"HEIGHT", "HEIGHT 4294967296"}}) + two),
        "overflows");
    EXPECT_HAS(error(header({{"COUNT", "COUNT 1 1 99999999999"}}) + two), "");
    EXPECT_HAS(error(header({{"COUNT", "COUNT 1 1 9223372036854775807"}}) + two), "overflows");
    EXPECT_HAS(error(header({{"COUNT", "COUNT 1 1 0"}}) + two), "field z has COUNT 0");
    EXPECT_HAS(error(header({{"COUNT", "COUNT 1 1 2"}}) + "1 2 3 3\n4 5 6 6\n"),
               "field z has COUNT 2");
    EXPECT_HAS(error(header({{"SIZE", "SIZE 4 4 3"}}) + two), "field z has TYPE F and SIZE 3");
    EXPECT_HAS(error(header({{"TYPE", "TYPE F F C"}}) + two), "field z has TYPE C and SIZE 4");
    EXPECT_HAS(error(header({{"TYPE", "TYPE F F"}}) + two), "TYPE has 2 entries for 3 fields");
    EXPECT_HAS(error(header({{"SIZE", ""}}) + two), "no SIZE line");
    EXPECT_HAS(error(header({{"FIELDS", "FIELDS x y x"}}) + two), "field x stands twice");
    EXPECT_HAS(error(header({{"HEIGHT", "WIDTH 2"}}) + two), "WIDTH stands twice");
    EXPECT_HAS(error(header({{"DATA", "DATA zip"}}) + two), "DATA 'zip' is not supported");
    EXPECT_HAS(error(header({{"DATA", ""}})), "has no DATA line");
    EXPECT_HAS(error("ply\nformat ascii 1.0\n"), "'ply' is no keyword of a PCD header");
    EXPECT_HAS(error(std::string(100000, '#')), "has no DATA line");
    EXPECT_HAS(error(""), "a.pcd: is empty");
    std::string many = "FIELDS";
    for (int i = 0; i < 300; ++i) {
        many += " f" + std::to_string(i);
    }
    EXPECT_HAS(error(header({{"FIELDS", many}}) + two), "300 fields, more than the 256");
}

TEST_F(Pcd, LyingCompressedSizes) {
    auto changes = std::map<std::string, std::string>{{"DATA", "DATA binary_compressed"}};
    const std::string start = header(changes);
    const std::string literal = std::string(1, 23) + std::string(24, '\0');
    EXPECT_EQ(read(start + packed(25u, 24u) + literal).size(), 2u);
    EXPECT_EQ(read(start + packed(25u, 24u) + literal + std::string(4071, '\0')).size(), 2u);
    EXPECT_HAS(error(start + packed(25u, 24u) + literal + "x"), "1 bytes more than POINTS says");
    EXPECT_HAS(error(start + packed(26u, 24u) + literal), "26 bytes of compressed data announced");
    EXPECT_HAS(error(start + packed(25u, 23u) + literal), "decompress to 23 bytes");
    EXPECT_HAS(error(start + packed(24u, 24u) + literal), "its compressed data are damaged");
    EXPECT_HAS(error(start + packed(25u)), "ends before the sizes");
    // A copy that reaches before the start, runs past the end, or is cut off.
    EXPECT_HAS(error(start + packed(3u, 24u) + std::string("\xe0\x0f\x00", 3)),
               "its compressed data are damaged");
    EXPECT_HAS(error(start + packed(5u, 24u) + std::string("\x00\x00\xe0\x0e\x01", 5)),
               "its compressed data are damaged");
    EXPECT_HAS(error(start + packed(5u, 24u) + std::string("\x00\x00\xe0\x20\x00", 5)),
               "its compressed data are damaged");
    EXPECT_HAS(error(start + packed(3u, 24u) + std::string("\x00\x00\xe0", 3)),
               "its compressed data are damaged");
    // One run of a repeated byte is fine: 1 literal, then 23 copied.
    EXPECT_EQ(read(start + packed(5u, 24u) + std::string("\x00\x00\xe0\x0e\x00", 5)).size(), 2u);
    changes["POINTS"] = "POINTS 300000000";
    changes["WIDTH"] = "WIDTH 300000000";
    EXPECT_HAS(error(header(changes) + packed(25u, 3600000000u) + literal), "cannot decompress");
}

TEST_F(Pcd, IdsMustBeWholeNumbersInRange) {
    const std::map<std::string, std::string> changes = {{"FIELDS", "FIELDS x y z label"},
                                                        {"SIZE", "SIZE 4 4 4 4"},
                                                        {"TYPE", "TYPE F F F F"},
                                                        {"COUNT", ""}};
    EXPECT_EQ(read(header(changes) + "1 2 3 40\nnan 5 6 nan\n").label[1], 0u);
    EXPECT_HAS(error(header(changes) + "1 2 3 40\n4 5 6 nan\n"), "point 1 is finite but its ring");
    EXPECT_HAS(error(header(changes) + "1 2 3 -1\n4 5 6 1\n"), "label -1 of point 0");
    EXPECT_HAS(error(header(changes) + "1 2 3 1\n4 5 6 1.5\n"), "label 1.5 of point 1");
    EXPECT_HAS(error(header(changes) + "1 2 3 1\n4 5 6 1e20\n"), "of point 1");
    EXPECT_HAS(error(header(changes) + "1 2 3 1\n4 5 6 inf\n"), "label inf of point 1");
}

TEST_F(Pcd, EveryCutIsRefusedAndDamageSurvived) {
    for (const PcdEncoding encoding : encodings) {
        const std::string bytes = written(test::sample_cloud(20), encoding);
        // Of a number in text, a cut of the last one cannot be seen.
        const std::size_t end = bytes.size() - (encoding == PcdEncoding::ascii ? 3 : 0);
        test::expect_cuts_refused(formats::read_pcd, file_, bytes, end);
        test::expect_damage_survived(formats::read_pcd, file_, bytes, 2000);
    }
}

TEST_F(Pcd, TrailingBytesAreRefused) {
    const std::string bytes = written(test::sample_cloud(5), PcdEncoding::binary);
    EXPECT_HAS(error(bytes + "x"), "1 bytes more than POINTS says");
    EXPECT_EQ(read(bytes + std::string(100, '\0')).size(), 5u);
}

TEST_F(Pcd, WritersRefuseUnevenFieldsAndLeaveNothing) {
    auto cloud = test::sample_cloud(5);
    cloud.time.pop_back();
    EXPECT_HAS(error_of([&] { formats::write_pcd(file_, cloud); }),
               "4 values of time for 5 points");
    EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST_F(Pcd, RealScanSurvivesCompression) {
    DISTILLAR_DATA_OR_SKIP(data);
    const auto cloud =
        formats::read_kitti_bin(data / "semantickitti/sequences/00/velodyne/000000.bin");
    const std::size_t compressed = written(cloud, PcdEncoding::binary_compressed).size();
    test::expect_same_cloud(formats::read_pcd(file_), cloud);
    EXPECT_LT(compressed, 16 * cloud.size());
}

}  // namespace
}  // namespace distillar
