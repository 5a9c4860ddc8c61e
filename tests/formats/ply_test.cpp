#include "formats/ply.hpp"

#include "formats/cloud_testing.hpp"

namespace distillar {
namespace {

using test::error_of;
using test::packed;

const std::string ascii = "ply\nformat ascii 1.0\n";
const std::string binary = "ply\nformat binary_little_endian 1.0\n";
const std::string xyz = "property float x\nproperty float y\nproperty float z\n";
const std::string end = "end_header\n";

class Ply : public testing::Test {
protected:
    formats::Cloud read(const std::string& bytes) {
        return formats::read_ply(test::write_bytes(file_, bytes));
    }
    std::string error(const std::string& bytes) {
        return error_of([&] { read(bytes); });
    }

    test::TemporaryFolder folder_;
    std::filesystem::path file_ = folder_ / "a.ply";
};

/// What write_ply keeps of a cloud.
formats::Cloud kept(formats::Cloud cloud) {
    cloud.ring.clear();
    cloud.time.clear();
    cloud.instance.clear();
    cloud.sensor.clear();
    return cloud;
}

TEST_F(Ply, RoundTripsAreExact) {
    for (const bool wide : {false, true}) {
        const auto cloud = kept(test::sample_cloud(500, wide));
        for (const bool colored : {false, true}) {
            const std::vector<formats::Color> colors(colored ? 500 : 0, {1, 2, 3});
            formats::write_ply(file_, cloud, colors);
            const std::string bytes = test::read_bytes(file_);
            EXPECT_HAS(bytes.substr(0, 300), wide ? "property double x" : "property float x");
            EXPECT_EQ(bytes.find("property uchar red") != std::string::npos, colored);
            test::expect_same_cloud(formats::read_ply(file_), cloud);
        }
    }
}

TEST_F(Ply, ColorsStandBesideTheirPoints) {
    formats::Cloud cloud;
    cloud.points.resize(2, 3);
    cloud.points << 1, 2, 3, NAN, 5, 6;
    formats::write_ply(file_, cloud, {{10, 20, 30}, {40, 50, 60}});
    const std::string bytes = test::read_bytes(file_);
    const std::string first = packed(1.f, 2.f, 3.f) + "\x0a\x14\x1e";
    EXPECT_EQ(bytes.substr(bytes.find(end) + end.size(), 15), first);
    EXPECT_TRUE(std::isnan(formats::read_ply(file_).points(1, 0)));
    EXPECT_HAS(error_of([&] {
                   formats::write_ply(folder_ / "b.ply", cloud, {{1, 2, 3}});
               }),
               "1 colors for 2 points");
    EXPECT_FALSE(std::filesystem::exists(folder_ / "b.ply"));
}

TEST_F(Ply, SkipsOtherElementsAndLists) {
    const std::string elements =
        "comment by hand\nobj_info none\nelement camera 1\nproperty float view\n"
        "property list uchar int things\nelement vertex 2\nproperty double x\n"
        "property list ushort double weights\nproperty int16 y\nproperty uint8 z\n"
        "property float t\nproperty float scalar_Intensity\nproperty int label\nproperty ushort "
        "ring\nelement face 2\nproperty list uchar int vertex_indices\nelement edge 1\n"
        "property int a\nproperty int b\n" +
        end;
    const auto check = [](const formats::Cloud& cloud) {
        ASSERT_EQ(cloud.size(), 2u);
        EXPECT_EQ(cloud.points(0, 0), 0.1);
        EXPECT_EQ(cloud.points(1, 1), -5);
        EXPECT_EQ(cloud.points(1, 2), 250);
        EXPECT_EQ(cloud.intensity, (std::vector<float>{0.5f, 1.5f}));
        EXPECT_EQ(cloud.label, (std::vector<std::uint32_t>{7, 8}));
        EXPECT_EQ(cloud.ring, (std::vector<std::uint16_t>{1, 2}));
        EXPECT_TRUE(cloud.time.empty()) << "t is a texture coordinate in PLY";
    };
    check(read(ascii + elements +
               "1 2 10 11\n0.1 0 3 4 9 0.5 7 1\n2 1 9.5 -5 250 9 1.5 8 2\n3 0 1 2\n0\n1 2\n"));
    using I16 = std::int16_t;
    using U16 = std::uint16_t;
    using U8 = std::uint8_t;
    const std::string data = packed(1.f, U8{2}, 10, 11) +
                             packed(0.1, U16{0}, I16{3}, U8{4}, 9.f, 0.5f, 7, U16{1}) +
                             packed(2.0, U16{1}, 9.5, I16{-5}, U8{250}, 9.f, 1.5f, 8, U16{2}) +
                             packed(U8{3}, 0, 1, 2, U8{0}) + packed(1, 2);
    check(read(binary + elements + data));
    test::expect_cuts_refused(formats::read_ply, file_, binary + elements + data,
                              (binary + elements + data).size());
    test::expect_damage_survived(formats::read_ply, file_, binary + elements + data, 2000);
    EXPECT_HAS(error(binary + elements + data + "x"), "1 bytes more than its header says");
}

TEST_F(Ply, WindowsLineEnds) {
    EXPECT_EQ(read("ply\r\nformat ascii 1.0\r\nelement vertex 1\r\nproperty float x\r\nproperty "
                   "float y\r\nproperty float z\r\nend_header\r\n1 2 3\r\n")
                  .points(0, 2),
              3);
}

TEST_F(Ply, BigEndianIsUnsupported) {
    EXPECT_HAS(error("ply\nformat binary_big_endian 1.0\nelement vertex 1\n" + xyz + end),
               "big-endian PLY is unsupported; save it as binary_little_endian or ascii");
}

TEST_F(Ply, AsciiMistakesNameTheLine) {
    const std::string start = ascii + "element vertex 2\n" + xyz + end;
    EXPECT_EQ(read(start + "1 2 3\n4 5 6").size(), 2u);
    EXPECT_HAS(error(start + "1 2 3\n4 x 6\n"), "a.ply: line 9: 'x' is not a number");
    EXPECT_HAS(error(start + "1.0 2 3\n4 5\n"), "line 9: has too few values");
    EXPECT_HAS(error(start + "1 2 3 4\n5 6 7\n"), "line 8: '4' is one value too many");
    EXPECT_HAS(error(start + "1.000000 2 3\n"), "ends after 1 of 2 rows of element vertex");
    EXPECT_HAS(error(start + "1 2 3\n4 5 6\n7 8 9\n"), "line 10: more rows than the header says");
    test::expect_cuts_refused(formats::read_ply, file_, start + "1 2 3\n4 5 6\n",
                              start.size() + 10);
    test::expect_damage_survived(formats::read_ply, file_, start + "1 2 3\n4 5 6\n", 2000);
}

TEST_F(Ply, HostileHeaders) {
    const std::string row = packed(1.f, 2.f, 3.f);
    for (const std::string& start : {ascii, binary}) {
        for (const std::string count :
             {"99999999999999", "18446744073709551615", "1537228672809129302", "2"}) {
            EXPECT_HAS(error(start + "element vertex " + count + "\n" + xyz + end + row),
                       start == ascii && count == "2" ? "is not a number" : "element");
        }
        EXPECT_HAS(error(start + "element vertex -1\n" + xyz + end + row),
                   "'-1' is not a whole number >= 0");
        EXPECT_HAS(error(start + "element vertex\n" + xyz + end + row), "is not a whole number");
        EXPECT_HAS(
            error(start + "element vertex 0\n" + xyz + "element e 9999999999999999999\n" + end),
            "the element e has no property");
        EXPECT_HAS(error(start + "element vertex 0\n" + xyz +
                         "element e 9999999999999999999\nproperty double v\n" + end),
                   "overflows");
        EXPECT_HAS(error(start + "element face 0\n" + xyz + end), "no element vertex");
        EXPECT_HAS(error(start + "property float x\n"), "line 3: a property before");
        EXPECT_HAS(error(start + "element vertex 0\nproperty half x\n"), "'half' is no PLY type");
        EXPECT_HAS(error(start + "element vertex 0\nproperty list float int x\n"), "integer type");
        EXPECT_HAS(error(start + "element vertex 0\nproperty float\n"), "the property has no name");
        EXPECT_HAS(error(start + "element vertex 0\n" + xyz + "property float x\n"),
                   "the property x stands twice");
        EXPECT_HAS(error(start + "element vertex 0\nelement vertex 0\n"), "vertex stands twice");
        EXPECT_HAS(error(start +
                         "element vertex 0\nproperty float x\nproperty float y\n"
                         "property list uchar float z\n" +
                         end),
                   "has no field z, only x, y, (list)");
        EXPECT_HAS(error(start + "element vertex 0\n" + xyz), "has no end_header");
        EXPECT_HAS(error(start + "vertices 3\n"), "'vertices' is no keyword of a PLY header");
    }
    EXPECT_HAS(error("ply\nelement vertex 0\n" + xyz + end), "no format line");
    EXPECT_HAS(error("ply\nformat ascii 2.0\n"), "'ascii 2.0' is not supported");
    EXPECT_HAS(error("solid cube\n"), "does not start with the line 'ply'");
    EXPECT_HAS(error(""), "a.ply: is empty");
    EXPECT_HAS(error("ply\n" + std::string(200'000, 'c')), "");
}

TEST_F(Ply, ListLengthsThatExceedTheFile) {
    const auto start = [](const std::string& type) {
        return "element vertex 1\n" + xyz + "element face 1\nproperty list " + type +
               " double v\n" + end;
    };
    const std::string point = packed(1.f, 2.f, 3.f);
    EXPECT_HAS(error(binary + start("uint") + point + packed(0xFFFFFFFFu)),
               "row 0 of element face: a list of 4294967295 items, at most 0");
    EXPECT_HAS(error(binary + start("int") + point + packed(-1)), "a list of -1 items");
    EXPECT_HAS(error(binary + start("uint") + point + packed(2u, 1.0)), "a list of 2 items");
    EXPECT_EQ(read(binary + start("uint") + point + packed(1u, 1.0)).size(), 1u);
    EXPECT_HAS(error(ascii + start("uint") + "1 2 3\n4000000000 1 2\n"), "4000000000 items");
    EXPECT_HAS(error(ascii + start("uint") + "1 2 3\n3 1 2\n"), "line 11: has too few values");
    EXPECT_HAS(error(ascii + start("uint") + "1 2 3\nnan\n"), "a list of nan items");
    EXPECT_HAS(error(ascii + start("int") + "1 2 3\n-1\n"), "a list of -1 items");
}

}  // namespace
}  // namespace distillar
