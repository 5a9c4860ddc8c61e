/// Pandas frames that promise more than they hold, or hold more than a scan.
#include <gtest/gtest.h>

#include "formats/attacks.hpp"
#include "formats/pandaset.hpp"

namespace distillar {
namespace {

namespace fs = std::filesystem;
namespace pk = test::pk;
using test::expect_refused;

const std::string zero("K\0", 2);  // the integer, as a pickle has it

/// A pandas frame of one column, its values given.
std::string frame(const std::string& values) {
    const auto array = [](const std::string& shape, const std::string& dtype,
                          const std::string& data) {
        return pk::call(
            pk::global("numpy.core.numeric", "_frombuffer"),
            pk::tuple(data, pk::call(pk::global("numpy", "dtype"), pk::tuple(pk::text(dtype))),
                      shape, pk::text("C")));
    };
    const std::string name = array(pk::tuple("K\x01"), "O8", pk::list(pk::text("class")));
    const std::string axis = pk::call(pk::global("pandas.core.indexes.base", "_new_Index"),
                                      pk::tuple(pk::global("pandas.core.indexes.base", "Index"),
                                                pk::dictionary(pk::text("data"), name)));
    const std::string place =
        pk::call(pk::global("builtins", "slice"), pk::tuple(zero, "K\x01", "K\x01"));
    const std::string block = pk::call(pk::global("pandas._libs.internals", "_unpickle_block"),
                                       pk::tuple(values, place, "K\x02"));
    const std::string manager =
        pk::call(pk::global("pandas.core.internals.managers", "BlockManager"),
                 pk::tuple(pk::tuple(block), pk::list(axis, "N")));
    return pk::whole(pk::global("pandas.core.frame", "DataFrame") + ")\x81" +
                     pk::dictionary(pk::text("_mgr"), manager) + "b");
}

std::string column(std::int64_t rows, const std::string& dtype, const std::string& data) {
    return pk::call(pk::global("numpy.core.numeric", "_frombuffer"),
                    pk::tuple(pk::bytes(data),
                              pk::call(pk::global("numpy", "dtype"), pk::tuple(pk::text(dtype))),
                              pk::tuple("K\x01", pk::long_integer(rows)), pk::text("C")));
}

TEST(AttackFiles, PandasFramesThatLie) {
    const auto read = [](const fs::path& file) { formats::read_pandaset_labels(file); };
    expect_refused({"200 GB", read,
                    test::gzip(frame(column(25'000'000'000, "u8", std::string(1000, '\1')))),
                    "holds 1000 bytes where its shape needs 200000000000"});
    expect_refused(
        {"wraps", read, test::gzip(frame(column(std::int64_t{1} << 61, "u8", ""))), "overflows"});
}

/// 20 million labels of one byte: 20 kB of gzip would become ten times 20 MB and more.
TEST(AttackFiles, RowsOfOneByte) {
    const test::MemoryFolder folder;
    const auto file = test::write_bytes(
        folder / "00.pkl.gz",
        test::gzip(frame(column(20'000'000, "u1", std::string(20'000'000, '\1'))), 9));
    const std::string message = test::error_of([&] { formats::read_pandaset_labels(file); });
    EXPECT_NE(message.find("has 20000000 points, more than the limit of 8388608"),
              std::string::npos)
        << message;
}

}  // namespace
}  // namespace distillar
