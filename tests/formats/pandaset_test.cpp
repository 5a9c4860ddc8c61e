#include "formats/pandaset.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.hpp"
#include "formats/data_frame.hpp"
#include "formats/inflate.hpp"

#include "formats/bytes.hpp"

namespace distillar {
namespace {

using test::error_of;
using test::le;
namespace pk = test::pk;

std::string doubles(std::initializer_list<double> values) {
    std::string bytes;
    for (const double value : values) {
        bytes += le(value);
    }
    return bytes;
}

std::string integers(std::initializer_list<std::int64_t> values) {
    std::string bytes;
    for (const std::int64_t value : values) {
        bytes += le(value);
    }
    return bytes;
}

std::string shape_of(std::initializer_list<int> sizes) {
    std::string items;
    for (const int size : sizes) {
        items += pk::integer(size);
    }
    return pk::tuple(items);
}

std::string dtype_of(const std::string& code, const std::string& order = "<") {
    return pk::call(pk::global("numpy", "dtype"), pk::tuple(pk::text(code), "\x89\x88")) +
           pk::tuple(pk::integer(3), pk::text(order), "NNN") + "b";
}

/// An array as numpy pickles it below protocol 5.
std::string array(const std::string& shape, const std::string& dtype, const std::string& data,
                  bool fortran = false) {
    return pk::call(pk::global("numpy.core.multiarray", "_reconstruct"),
                    pk::tuple(pk::global("numpy", "ndarray"), pk::tuple(pk::integer(0)),
                              pk::bytes("b"))) +
           pk::tuple(pk::integer(1), shape, dtype, fortran ? "\x88" : "\x89", data) + "b";
}

std::string names(const std::vector<std::string>& columns) {
    std::string items;
    for (const auto& column : columns) {
        items += pk::text(column);
    }
    return array(shape_of({static_cast<int>(columns.size())}), dtype_of("O8", "|"),
                 pk::list(items));
}

std::string axes(const std::vector<std::string>& columns) {
    const auto index = [](const std::string& name, const std::string& fields) {
        return pk::call(pk::global("pandas.core.indexes.base", "_new_Index"),
                        pk::tuple(pk::global(name == "Index" ? "pandas.core.indexes.base"
                                                             : "pandas.core.indexes.range",
                                             name),
                                  fields));
    };
    return pk::list(index("Index", pk::dictionary(pk::text("data"), names(columns))),
                    index("RangeIndex", pk::dictionary(pk::text("start"), pk::integer(0))));
}

std::string slice(int start, int stop, int step = 1) {
    return pk::call(pk::global("builtins", "slice"), shape_of({start, stop, step}));
}

struct Block {
    std::string values, places;
};

std::string frame_of(const std::string& manager_key, const std::string& manager) {
    return pk::whole(
        pk::global("pandas.core.frame", "DataFrame") + ")\x81" +
        pk::dictionary(pk::text(manager_key), manager, pk::text("_typ"), pk::text("dataframe")) +
        "b");
}

/// The layout of pandas 0.14 to 1.2, which PandaSet's files have.
std::string old_frame(const std::vector<std::string>& columns, const std::vector<Block>& blocks) {
    std::string items;
    for (const auto& block : blocks) {
        items +=
            pk::dictionary(pk::text("values"), block.values, pk::text("mgr_locs"), block.places);
    }
    return frame_of(
        "_data",
        pk::global("pandas.core.internals.managers", "BlockManager") + ")\x81" +
            pk::tuple("]", "]", "]",
                      pk::dictionary(pk::text("0.14.1"),
                                     pk::dictionary(pk::text("axes"), axes(columns),
                                                    pk::text("blocks"), pk::list(items)))) +
            "b");
}

/// The layout of pandas 1.3 and later.
std::string new_frame(const std::vector<std::string>& columns, const std::vector<Block>& blocks) {
    std::string items;
    for (const auto& block : blocks) {
        items += pk::call(pk::global("pandas._libs.internals", "_unpickle_block"),
                          pk::tuple(block.values, block.places, pk::integer(2)));
    }
    return frame_of("_mgr", pk::call(pk::global("pandas.core.internals.managers", "BlockManager"),
                                     pk::tuple(pk::tuple(items), axes(columns))));
}

const std::vector<std::string> lidar_columns{"x", "y", "z", "i", "t", "d"};

/// Two points: (1, 2, 3), intensity 40, time 5.5, Pandar64; (-1, -2, -3), 60, 7.5, PandarGT.
std::vector<Block> lidar_blocks() {
    return {{array(shape_of({5, 2}), dtype_of("f8"),
                   pk::bytes(doubles({1, -1, 2, -2, 3, -3, 40, 60, 5.5, 7.5}))),
             slice(0, 5)},
            {array(shape_of({1, 2}), dtype_of("i8"), pk::bytes(integers({0, 1}))), slice(5, 6)}};
}

Block labels_block(const std::string& data, int count) {
    return {array(shape_of({1, count}), dtype_of("i8"), pk::bytes(data)), slice(0, 1)};
}

class PandaSetFiles : public testing::Test {
protected:
    void lay(const std::string& pickled) { test::write_bytes(file_, test::gzip(pickled)); }
    formats::Cloud lidar() { return formats::read_pandaset_lidar(file_); }
    std::string message(const std::string& pickled) {
        lay(pickled);
        const std::string text = error_of([&] { lidar(); });
        EXPECT_NE(text.find("00.pkl.gz"), std::string::npos) << text;
        EXPECT_EQ(text.find('\n'), std::string::npos) << text;
        return text;
    }
    void expect_two_points() {
        const auto cloud = lidar();
        ASSERT_EQ(cloud.size(), 2u);
        EXPECT_EQ(cloud.points(0, 0), 1);
        EXPECT_EQ(cloud.points(0, 2), 3);
        EXPECT_EQ(cloud.points(1, 1), -2);
        EXPECT_EQ(cloud.intensity, (std::vector<float>{40, 60}));
        EXPECT_EQ(cloud.time, (std::vector<double>{5.5, 7.5}));
        EXPECT_EQ(cloud.sensor, (std::vector<std::uint8_t>{0, 1}));
    }

    test::MemoryFolder folder_;
    std::filesystem::path file_ = folder_ / "00.pkl.gz";
};

TEST_F(PandaSetFiles, ReadsBothLayouts) {
    lay(old_frame(lidar_columns, lidar_blocks()));
    expect_two_points();
    lay(new_frame(lidar_columns, lidar_blocks()));
    expect_two_points();
}

TEST_F(PandaSetFiles, ReadsFortranOrder) {
    auto blocks = lidar_blocks();
    blocks[0].values = array(shape_of({5, 2}), dtype_of("f8"),
                             pk::bytes(doubles({1, 2, 3, 40, 5.5, -1, -2, -3, 60, 7.5})), true);
    lay(old_frame(lidar_columns, blocks));
    expect_two_points();
}

TEST_F(PandaSetFiles, ReadsProtocolFiveArraysAndPlacesAsArray) {
    auto blocks = lidar_blocks();
    const std::string data = doubles({1, -1, 2, -2, 3, -3, 40, 60, 5.5, 7.5});
    blocks[0].values =
        pk::call(pk::global("numpy._core.numeric", "_frombuffer"),
                 pk::tuple(std::string("\x96") + le(std::uint64_t{data.size()}) + data,
                           dtype_of("f8"), shape_of({5, 2}), pk::text("C")));
    blocks[1].places = array(shape_of({1}), dtype_of("i8"), pk::bytes(integers({5})));
    lay(new_frame(lidar_columns, blocks));
    expect_two_points();
}

TEST_F(PandaSetFiles, ReadsProtocolTwoBytes) {
    auto blocks = lidar_blocks();
    const std::string encoded =
        pk::call(pk::global("_codecs", "encode"),
                 pk::tuple(pk::text(std::string("\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0", 16)),
                           pk::text("latin1")));
    blocks[1].values = array(shape_of({1, 2}), dtype_of("i8"), encoded);
    lay(old_frame(lidar_columns, blocks));
    expect_two_points();
}

TEST_F(PandaSetFiles, ColumnsInAnyOrderAndDtype) {
    const auto narrow = [](const std::string& code, const std::string& bytes) {
        return array(shape_of({1, 2}), dtype_of(code), pk::bytes(bytes));
    };
    lay(old_frame({"d", "t", "i", "z", "y", "x"},
                  {{narrow("u1", std::string("\0\1", 2)), slice(0, 1)},
                   {narrow("f8", doubles({5.5, 7.5})), slice(1, 2)},
                   {narrow("i2", std::string("\x28\0\x3c\0", 4)), slice(2, 3)},
                   {narrow("f4", le(3.0f) + le(-3.0f)), slice(3, 4)},
                   {array(shape_of({2, 2}), dtype_of("f8"), pk::bytes(doubles({1, -1, 2, -2}))),
                    array(shape_of({2}), dtype_of("i8"), pk::bytes(integers({5, 4})))}}));
    expect_two_points();
}

TEST_F(PandaSetFiles, Labels) {
    lay(old_frame({"class"}, {labels_block(integers({5, 13, 0}), 3)}));
    EXPECT_EQ(formats::read_pandaset_labels(file_), (std::vector<std::uint32_t>{5, 13, 0}));
    EXPECT_EQ(formats::read_pandaset_labels(file_, 3).size(), 3u);
    const auto text = error_of([&] { formats::read_pandaset_labels(file_, 4); });
    EXPECT_NE(text.find("3 labels for a scan of 4 points"), std::string::npos) << text;
    EXPECT_NE(error_of([&] { lidar(); }).find("no column \"x\", only class"), std::string::npos);
    for (const std::int64_t bad : {std::int64_t{-1}, std::int64_t{1} << 32}) {
        lay(old_frame({"class"}, {labels_block(integers({5, bad}), 2)}));
        EXPECT_NE(error_of([&] { formats::read_pandaset_labels(file_); }).find("row 1"),
                  std::string::npos);
    }
}

TEST_F(PandaSetFiles, SensorMustBeAnInteger) {
    auto blocks = lidar_blocks();
    blocks[1].values = array(shape_of({1, 2}), dtype_of("f8"), pk::bytes(doubles({0, 1})));
    message(old_frame(lidar_columns, blocks));
    blocks[1].values = array(shape_of({1, 2}), dtype_of("i8"), pk::bytes(integers({0, 256})));
    EXPECT_NE(message(old_frame(lidar_columns, blocks)).find("256"), std::string::npos);
}

TEST_F(PandaSetFiles, EveryPrefixFails) {
    const std::string pickled = old_frame(lidar_columns, lidar_blocks());
    test::expect_prefixes_fail(test::gzip(pickled), file_, [&] { lidar(); });
    for (std::size_t size = 0; size < pickled.size(); size += 7) {
        message(pickled.substr(0, size));
    }
}

TEST_F(PandaSetFiles, EveryChangedByteIsSurvived) {
    for (const std::string& pickled :
         {old_frame(lidar_columns, lidar_blocks()), new_frame(lidar_columns, lidar_blocks())}) {
        for (std::size_t i = 0; i < pickled.size(); ++i) {
            for (int value = 0; value < 256; value += 3) {
                std::string changed = pickled;
                changed[i] = static_cast<char>(value);
                try {  // in memory: what gunzip gives is what the file holds
                    const auto pickle = formats::read_pickle(
                        std::as_bytes(std::span(changed)), {formats::DataFrame::globals()}, file_);
                    const formats::DataFrame frame(*pickle.root, file_);
                    frame.doubles("x");
                    frame.doubles("t");
                    frame.integers("d");
                } catch (const base::Error&) {
                }
            }
        }
    }
}

TEST_F(PandaSetFiles, TrailingDataFail) {
    const std::string pickled = old_frame(lidar_columns, lidar_blocks());
    EXPECT_NE(message(pickled + "x").find("1 bytes follow the pickle"), std::string::npos);
    test::write_bytes(file_, test::gzip(pickled) + "junk");
    EXPECT_NE(error_of([&] { lidar(); }).find("4 bytes follow"), std::string::npos);
}

TEST_F(PandaSetFiles, NoGzipAndDamagedGzipFail) {
    test::write_bytes(file_, old_frame(lidar_columns, lidar_blocks()));
    error_of([&] { lidar(); });
    std::string zipped = test::gzip(old_frame(lidar_columns, lidar_blocks()));
    zipped[zipped.size() - 6] = static_cast<char>(zipped[zipped.size() - 6] ^ 1);  // checksum
    test::write_bytes(file_, zipped);
    EXPECT_NE(error_of([&] { lidar(); }).find("damaged"), std::string::npos);
}

TEST_F(PandaSetFiles, GunzipStopsExactlyAtItsLimit) {
    const std::string zipped = test::gzip(std::string(5000, 'a'));
    const auto bytes = std::as_bytes(std::span(zipped));
    EXPECT_EQ(formats::gunzip(bytes, 5000, file_).size(), 5000u);
    EXPECT_EQ(formats::gunzip(bytes, 1 << 20, file_).size(), 5000u);
    EXPECT_EQ(formats::gunzip(bytes, (1 << 20) + 5000, file_).size(), 5000u);
    EXPECT_NE(error_of([&] { formats::gunzip(bytes, 4999, file_); }).find("4999"),
              std::string::npos);
    const std::string nothing = test::gzip("");
    EXPECT_TRUE(formats::gunzip(std::as_bytes(std::span(nothing)), 0, file_).empty());
}

TEST_F(PandaSetFiles, GzipBombEndsAtTheLimit) {
    test::write_bytes(file_, test::gzip(std::string((std::size_t{1} << 28) + 1, '\0'), 1));
    const auto text = error_of([&] { lidar(); });
    EXPECT_NE(text.find("268435456"), std::string::npos) << text;
}

TEST_F(PandaSetFiles, ForeignGlobalsAreRefused) {
    const std::string attack = pk::call(pk::global("builtins", "eval"), pk::tuple(pk::text("1")));
    EXPECT_NE(message(frame_of("_data", attack)).find("builtins.eval"), std::string::npos);
    EXPECT_NE(message(pk::whole(attack)).find("could run code"), std::string::npos);
}

TEST_F(PandaSetFiles, FramesThatAreNone) {
    message(pk::whole("N"));
    message(pk::whole("}"));
    message(pk::whole(pk::global("pandas.core.frame", "DataFrame")));
    message(pk::whole(pk::global("pandas.core.frame", "DataFrame") + ")\x81"));
    message(frame_of("_data", "N"));
    message(frame_of("other", "N"));
    const std::string manager = pk::global("pandas.core.internals.managers", "BlockManager");
    message(frame_of("_data", manager + ")\x81"));
    message(frame_of("_data", manager + ")\x81)b"));
    message(frame_of("_data", manager + ")\x81(NNNNtb"));
    message(frame_of("_data", manager + ")\x81(NNN}tb"));
    message(frame_of("_data", manager + "(NNtR"));
    message(old_frame(lidar_columns, {}));
    message(old_frame({}, {}));
}

TEST_F(PandaSetFiles, ArraysThatLie) {
    const auto with = [&](const std::string& values, const std::string& places = slice(0, 5)) {
        auto blocks = lidar_blocks();
        blocks[0] = {values, places};
        return message(old_frame(lidar_columns, blocks));
    };
    const std::string data = pk::bytes(std::string(80, '\0'));
    const auto huge = pk::tuple(pk::long_integer(INT64_MAX), pk::long_integer(INT64_MAX));
    EXPECT_NE(with(array(huge, dtype_of("f8"), data)).find("overflow"), std::string::npos);
    with(array(pk::tuple(pk::long_integer(std::int64_t{1} << 60), pk::integer(2)), dtype_of("f8"),
               data));
    with(array(shape_of({5, 3}), dtype_of("f8"), data));
    with(array(shape_of({-5, -2}), dtype_of("f8"), data));
    with(array(shape_of({10}), dtype_of("f8"), data));
    with(array(shape_of({5, 2, 1}), dtype_of("f8"), data));
    with(array("N", dtype_of("f8"), data));
    with(array(shape_of({5, 2}), "N", data));
    with(array(shape_of({5, 2}), dtype_of("f8"), "N"));
    with(array(shape_of({5, 2}), dtype_of("O8"), data));
    with(array(shape_of({5, 2}), dtype_of("O8"), pk::list("NNNNNNNNNN")));
    EXPECT_NE(with(array(shape_of({5, 2}), dtype_of("f8", ">"), data)).find(">f8"),
              std::string::npos);
    EXPECT_NE(with(array(shape_of({5, 2}), dtype_of("M8[ns]"), data)).find("M8[ns]"),
              std::string::npos);
    with(pk::integer(1));
}

TEST_F(PandaSetFiles, PlacesThatLie) {
    const auto with = [&](const std::string& places) {
        auto blocks = lidar_blocks();
        blocks[0].places = places;
        return message(old_frame(lidar_columns, blocks));
    };
    for (const std::string& places :
         {slice(0, 4), slice(0, 6), slice(1, 6), slice(2, 7), slice(-5, 0), slice(0, 5, 0),
          slice(5, 0, -1), slice(0, 2147483647), slice(2147483647, 2147483647), slice(5, 0),
          array(shape_of({5}), dtype_of("i8"), pk::bytes(integers({0, 1, 2, 3, -1}))),
          array(shape_of({5}), dtype_of("i8"), pk::bytes(integers({0, 1, 2, 3, 3}))),
          array(shape_of({5}), dtype_of("i8"), pk::bytes(integers({0, 1, 2, 3, 6}))),
          array(shape_of({5}), dtype_of("f8"), pk::bytes(doubles({0, 1, 2, 3, 4}))), pk::integer(0),
          std::string("N")}) {
        with(places);
    }
    const auto twice = pk::global("builtins", "slice") + ")R";
    with(twice);
}

TEST_F(PandaSetFiles, BlocksOfDifferentLengthFail) {
    auto blocks = lidar_blocks();
    blocks[1].values = array(shape_of({1, 3}), dtype_of("i8"), pk::bytes(integers({0, 1, 1})));
    EXPECT_NE(message(old_frame(lidar_columns, blocks)).find("different numbers of rows"),
              std::string::npos);
}

TEST_F(PandaSetFiles, MissingColumnsAreNamed) {
    for (const std::string& missing : lidar_columns) {
        auto columns = lidar_columns;
        std::find(columns.begin(), columns.end(), missing)->push_back('q');
        const auto text = message(old_frame(columns, lidar_blocks()));
        EXPECT_NE(text.find("no column \"" + missing + "\""), std::string::npos) << text;
    }
}

TEST_F(PandaSetFiles, RealFrame) {
    DISTILLAR_DATA_OR_SKIP(data);
    const auto scene = data / "pandaset" / "002";
    const auto cloud = formats::read_pandaset_lidar(scene / "lidar" / "00.pkl.gz");
    ASSERT_EQ(cloud.size(), 166768u);
    EXPECT_DOUBLE_EQ(cloud.points(0, 0), -75.13113787816837);
    EXPECT_EQ(cloud.intensity.size(), cloud.size());
    EXPECT_GT(cloud.time.front(), 1.5e9);
    EXPECT_LT(*std::max_element(cloud.sensor.begin(), cloud.sensor.end()), 2);
    EXPECT_GT(std::count(cloud.sensor.begin(), cloud.sensor.end(), 1), 1000);
    EXPECT_LE(*std::max_element(cloud.intensity.begin(), cloud.intensity.end()), 255.0f);
    const auto labels =
        formats::read_pandaset_labels(scene / "annotations" / "semseg" / "00.pkl.gz", cloud.size());
    EXPECT_EQ(labels[0], 5u);
    EXPECT_LE(*std::max_element(labels.begin(), labels.end()), 42u);
    const auto text = error_of(
        [&] { formats::read_pandaset_labels(scene / "annotations" / "semseg" / "00.pkl.gz", 5); });
    EXPECT_NE(text.find("166768 labels"), std::string::npos);
}

}  // namespace
}  // namespace distillar
