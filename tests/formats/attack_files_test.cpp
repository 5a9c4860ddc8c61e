/// Files made to hurt a reader: sizes that wrap, promises of memory that a file of a few bytes
/// cannot keep, parts that overlap. Each must be refused at once, in one line that says what is
/// wrong.
#include <gtest/gtest.h>

#include "formats/attacks.hpp"
#include "formats/model_file.hpp"
#include "formats/pcd.hpp"
#include "formats/ply.hpp"
#include "formats/safetensors.hpp"

namespace distillar {
namespace {

namespace fs = std::filesystem;
using test::Attack;
using test::expect_refused;
using test::le;
using test::repeated;

// --- clouds --------------------------------------------------------------------------------------

std::string pcd(const std::string& points, const std::string& encoding,
                const std::string& count = "1 1 1") {
    return "VERSION .7\nFIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT " + count + "\nPOINTS " +
           points + "\nDATA " + encoding + "\n" + std::string(1800, '1');
}

std::string ply(const std::string& format, const std::string& elements) {
    return "ply\nformat " + format + " 1.0\n" + elements + "end_header\n" + std::string(1800, '1');
}

const std::string xyz = "property float x\nproperty float y\nproperty float z\n";

TEST(AttackFiles, TwoKilobytesAskForTwoHundredGigabytes) {
    using formats::read_pcd;
    using formats::read_ply;
    const std::string many = "element vertex 16666666667\n" + xyz;
    const std::string no_vertex = "element vertex 0\n" + xyz;
    for (const Attack& attack : std::initializer_list<Attack>{
             {"pcd ascii", read_pcd, pcd("16666666667", "ascii"), "do not fit the 1800 bytes"},
             {"pcd binary", read_pcd, pcd("16666666667", "binary"), "only 1800 bytes of data"},
             {"pcd compressed", read_pcd, pcd("16666666667", "binary_compressed"), "decompress to"},
             {"pcd count", read_pcd, pcd("1", "binary", "1 1 50000000000"), "only 1800 bytes"},
             {"pcd wraps", read_pcd, pcd("1537228672809129302", "binary"), "overflows"},
             {"ply ascii", read_ply, ply("ascii", many), "need at least 100000000002 bytes"},
             {"ply binary", read_ply, ply("binary_little_endian", many), "need at least 2000000"},
             {"ply wraps", read_ply,
              ply("binary_little_endian", "element vertex 1537228672809129302\n" + xyz),
              "overflows"},
             {"ply list", read_ply,
              ply("binary_little_endian",
                  no_vertex + "element face 1\nproperty list uint double v\n"),
              "a list of 825307441 items, at most"},
             {"ply empty rows", read_ply,
              ply("binary_little_endian", no_vertex + "element face 25000000000\n"),
              "the element face has no property"},
         }) {
        expect_refused(attack);
    }
}

// --- safetensors ---------------------------------------------------------------------------------

std::string safetensors(const std::string& header, std::size_t data) {
    return le(static_cast<std::uint64_t>(header.size())) + header + std::string(data, '\0');
}

std::string tensor(const std::string& shape, const std::string& offsets) {
    return R"({"dtype":"F32","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}";
}

TEST(AttackFiles, SafetensorsThatLie) {
    const auto read = [](const fs::path& file) { formats::read_safetensors(file); };
    const auto one = [](const std::string& shape, const std::string& offsets) {
        return safetensors(R"({"a":)" + tensor(shape, offsets) + "}", 8);
    };
    for (const Attack& attack : std::initializer_list<Attack>{
             {"header of 200 GB", read, le(std::uint64_t{200'000'000'000}) + std::string(2000, '{'),
              "offset 0: a header of 200000000000 bytes in a file of 2008; it is truncated, or no "
              "safetensors file"},
             {"tensor of 200 GB", read, one("[50000000000]", "[0,200000000000]"),
              "truncated, overlapping or with a hole"},
             {"product wraps", read, one("[4611686018427387904,4]", "[0,8]"), "overflows"},
             {"product wraps to its bytes", read, one("[4611686018427387906,1]", "[0,8]"),
              "overflows"},
             {"zero hides a wrap", read, one("[0,9223372036854775807,3]", "[0,0]"), "overflows"},
             {"zero size, eight bytes", read, one("[0]", "[0,8]"), "need 0 bytes"},
             {"inverted", read, one("[2]", "[8,0]"), "data_offsets [8, 0]"},
             {"a hole of nothing", read,
              safetensors(
                  R"({"a":)" + tensor("[2]", "[0,8]") + R"(,"b":)" + tensor("[0]", "[4,4]") + "}",
                  8),
              "tensor b: data_offsets [4, 4]"},
             {"beyond the end", read,
              safetensors(
                  R"({"a":)" + tensor("[2]", "[0,8]") + R"(,"b":)" + tensor("[0]", "[16,16]") + "}",
                  8),
              "tensor b: data_offsets [16, 16]"},
             {"names with line ends", read, safetensors(R"({"a\n\u001b[2J":{}})", 0),
              "tensor a??[2J: needs dtype"},
             {"long names", read, safetensors("{\"" + std::string(100'000, 'n') + "\":1}", 0),
              "is not allowed"},
             {"deep", read, safetensors(repeated("{\"a\":", 100'000), 0), "an object at the key"},
         }) {
        expect_refused(attack);
    }
}

TEST(AttackFiles, ModelDescriptionsThatNest) {
    const auto read = [](const fs::path& file) { formats::read_model(file); };
    const auto described = [](const std::string& text) {
        return safetensors(R"({"__metadata__":{"distillar":")" + text + "\"}}", 0);
    };
    expect_refused({"deep", read, described(std::string(500'000, '[')), "is not JSON"});
    expect_refused({"deep and whole", read,
                    described(std::string(500'000, '[') + std::string(500'000, ']')),
                    "the whole is not an object"});
    expect_refused({"large", read, described(std::string(20'000'000, '[')),
                    "has 20000000 bytes, at most 1048576"});
}

}  // namespace
}  // namespace distillar
