#include "formats/safetensors.hpp"

#include <gtest/gtest.h>

#include "formats/bytes.hpp"

namespace distillar {
namespace {

using test::error_of;
using test::le;

class SafeTensorsFiles : public testing::Test {
protected:
    /// A file with this header (its length in front) and data.
    void lay(const std::string& header, const std::string& data = "") {
        test::write_bytes(file_, le(static_cast<std::uint64_t>(header.size())) + header + data);
    }
    std::string message() {
        return error_of([&] { formats::read_safetensors(file_); });
    }
    /// Lays one tensor with these fields over 8 bytes of data.
    std::string message_for(const std::string& fields) {
        lay("{\"a\":{" + fields + "}}", std::string(8, '\0'));
        return message();
    }

    test::MemoryFolder folder_;
    std::filesystem::path file_ = folder_ / "case.safetensors";
};

const char* const one = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";

TEST_F(SafeTensorsFiles, WritesAndReadsBack) {
    formats::Tensors tensors;
    const std::vector<std::uint8_t> bytes{1, 2, 3};
    const std::vector<float> floats{1, 2, 3, 4};
    const std::vector<std::int64_t> integers{-5};
    tensors["a.bytes"] = formats::make_tensor(bytes, {3});
    tensors["b.floats"] = formats::make_tensor(floats, {2, 2});
    tensors["c.integers"] = formats::make_tensor(integers, {});
    tensors["empty"] = formats::make_tensor(std::span<const float>{}, {0, 4});
    const std::map<std::string, std::string> metadata{{"k\"ey", "väl\nue"}};
    formats::write_safetensors(file_, tensors, metadata);

    const auto read = formats::read_safetensors(file_);
    EXPECT_EQ(read.metadata, metadata);
    ASSERT_EQ(read.tensors.size(), 4u);
    EXPECT_EQ(formats::to_floats(read.tensors.at("b.floats"), "b"), floats);
    EXPECT_EQ(read.tensors.at("b.floats").shape, (std::vector<std::int64_t>{2, 2}));
    EXPECT_EQ(formats::to_integers(read.tensors.at("a.bytes"), "a"),
              (std::vector<std::int64_t>{1, 2, 3}));
    EXPECT_EQ(formats::to_integers(read.tensors.at("c.integers"), "c"), integers);
    EXPECT_EQ(read.tensors.at("empty").count(), 0);
    EXPECT_EQ(formats::read_safetensors_metadata(file_), metadata);
}

TEST_F(SafeTensorsFiles, EveryTensorIsAligned) {
    formats::Tensors tensors;
    const std::vector<std::uint8_t> odd{1, 2, 3};
    const std::vector<double> wide{1};
    tensors["a"] = formats::make_tensor(odd, {3});
    tensors["b"] = formats::make_tensor(wide, {1});
    tensors["c"] = formats::make_half_tensor(std::vector<float>{1}, {1});
    formats::write_safetensors(file_, tensors);
    for (const auto& [name, tensor] : formats::read_safetensors(file_).tensors) {
        const auto address = reinterpret_cast<std::uintptr_t>(tensor.bytes.data());
        EXPECT_EQ(address % formats::size_of(tensor.dtype), 0u) << name;
    }
}

TEST_F(SafeTensorsFiles, TensorsOutliveTheResult) {
    lay(one, le(1.0f) + le(2.0f));
    formats::Tensor kept = formats::read_safetensors(file_).tensors.at("a");
    std::filesystem::remove(file_);
    EXPECT_EQ(formats::to_floats(kept, "a"), (std::vector<float>{1, 2}));
}

TEST_F(SafeTensorsFiles, MisalignedDataIsRead) {
    lay(std::string(one) + " ", le(1.0f) + le(2.0f));
    EXPECT_EQ(formats::to_floats(formats::read_safetensors(file_).tensors.at("a"), "a"),
              (std::vector<float>{1, 2}));
}

TEST_F(SafeTensorsFiles, NoTensorsAtAllIsFine) {
    lay("{}");
    EXPECT_TRUE(formats::read_safetensors(file_).tensors.empty());
}

TEST_F(SafeTensorsFiles, EveryPrefixFails) {
    const std::string bytes = le(std::uint64_t{54}) + one + std::string(8, 'x');
    ASSERT_EQ(std::string(one).size(), 54u);
    test::expect_prefixes_fail(bytes, file_, [&] { formats::read_safetensors(file_); });
    test::expect_changes_survive(bytes, file_, [&] { formats::read_safetensors(file_); });
}

TEST_F(SafeTensorsFiles, TrailingBytesFail) {
    lay(one, std::string(9, '\0'));
    EXPECT_NE(message().find("9 bytes of data, its tensors take 8"), std::string::npos);
}

TEST_F(SafeTensorsFiles, HeaderLengthThatLies) {
    for (const std::uint64_t length :
         {std::uint64_t{55}, std::uint64_t{100'000'001}, ~std::uint64_t{0}, ~std::uint64_t{7}}) {
        test::write_bytes(file_, le(length) + one);
        EXPECT_NE(message().find("offset 0"), std::string::npos) << length;
    }
}

TEST_F(SafeTensorsFiles, OverlapsHolesAndWrapsFail) {
    const auto two = [&](const std::string& first, const std::string& second) {
        lay(R"({"a":{"dtype":"U8","shape":[8],"data_offsets":)" + first +
                R"(},"b":{"dtype":"U8","shape":[8],"data_offsets":)" + second + "}}",
            std::string(16, '\0'));
        return message();
    };
    for (const auto& [first, second] : {std::pair{"[0,8]", "[0,8]"},
                                        {"[0,8]", "[4,12]"},
                                        {"[0,8]", "[9,17]"},
                                        {"[1,9]", "[9,17]"},
                                        {"[0,8]", "[16,24]"},
                                        {"[0,8]", "[18446744073709551608,0]"},
                                        {"[8,0]", "[8,16]"},
                                        {"[0,18446744073709551615]", "[8,16]"},
                                        {"[18446744073709551608,18446744073709551615]", "[0,8]"}}) {
        const std::string text = two(first, second);
        EXPECT_NE(text.find("data_offsets"), std::string::npos) << first << second << text;
    }
}

TEST_F(SafeTensorsFiles, SizesThatDoNotMatchFail) {
    const auto offsets = R"("data_offsets":[0,8])";
    EXPECT_NE(message_for(std::string(R"("dtype":"F32","shape":[3],)") + offsets).find("12 bytes"),
              std::string::npos);
    for (const char* shape :
         {"[9223372036854775807,2]", "[4611686018427387904,4,2]", "[18446744073709551615]", "[-2]",
          "[2.0]", "[2e0]", "[null]", "[\"2\"]", "[[2]]", "2", "{}", "[0]",
          "[99999999999999999999]", "[4294967296,4294967296]"}) {
        message_for(std::string(R"("dtype":"F32","shape":)") + shape + "," + offsets);
    }
}

TEST_F(SafeTensorsFiles, EntriesThatAreNotAsTheFormatHasThem) {
    const char* const shape = R"("dtype":"F32","shape":[2],)";
    for (const char* rest :
         {R"("data_offsets":[0])", R"("data_offsets":[0,8,8])", R"("data_offsets":[])",
          R"("data_offsets":"0,8")", R"("data_offsets":[-1,7])", R"("data_offsets":null)",
          R"("data_offsets":[0,8],"more":1)", R"("data_offsets":[0,8],"more":[1])",
          R"("data_offsets":[0,8],"more":{})", R"("data_offsets":[0,8],"more":true)"}) {
        message_for(std::string(shape) + rest);
    }
    message_for(R"("dtype":"F32","data_offsets":[0,8])");
    message_for(R"("shape":[2],"data_offsets":[0,8])");
    message_for(R"("dtype":32,"shape":[2],"data_offsets":[0,8])");
    EXPECT_NE(message_for(R"("dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8])").find("F8_E4M3"),
              std::string::npos);
}

TEST_F(SafeTensorsFiles, DuplicateKeysFail) {
    const std::string entry = R"("a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]})";
    lay("{" + entry + "," + entry + "}");
    EXPECT_NE(message().find("twice"), std::string::npos);
    lay(R"({"a":{"dtype":"U8","dtype":"U8","shape":[0],"data_offsets":[0,0]}})");
    EXPECT_NE(message().find("\"dtype\" occurs twice in \"a\""), std::string::npos);
    lay(R"({"__metadata__":{"k":"1","k":"2"}})");
    EXPECT_NE(message().find("twice"), std::string::npos);
    lay(R"({"__metadata__":{},"__metadata__":{}})");
    EXPECT_NE(message().find("twice"), std::string::npos);
}

TEST_F(SafeTensorsFiles, HeadersBeyondTheLimitAreNotRead) {
    constexpr std::uint64_t beyond = 100'000'001;
    test::write_bytes(file_, le(beyond) + "{");
    std::filesystem::resize_file(file_, 8 + beyond);  // a hole: no disk is taken
    EXPECT_NE(message().find("a header of 100000001 bytes, more than the limit of 100000000"),
              std::string::npos)
        << message();
}

TEST_F(SafeTensorsFiles, HeadersThatAreNoHeader) {
    for (const char* header :
         {"", " {}", "[]", "{", "{}}", "{}x", "null", "{\"a\":1}", "{\"a\":[]}", "{\"a\":null}",
          "{\"__metadata__\":1}", "{\"__metadata__\":{\"a\":1}}", "{\"__metadata__\":{\"a\":{}}}",
          "{\"__metadata__\":{\"a\":[\"b\"]}}", "{\"a\xff\":{}}", "{\"a\":\"b\"}"}) {
        lay(header);
        EXPECT_NE(message().find("case.safetensors"), std::string::npos) << header;
    }
    lay("{\"a\":" + std::string(100'000, '['));
    message();
    lay(std::string(100'000, '{'));
    message();
    lay("{\"a\" 1}");
    EXPECT_NE(message().find("byte 13"), std::string::npos);  // 8 + offset 5 of the "1"
}

TEST_F(SafeTensorsFiles, RefusesToWriteWhatCannotBeRead) {
    formats::Tensors tensors;
    tensors["a"] = formats::make_tensor(std::vector<float>{1, 2}, {2});
    tensors["a"].shape = {3};
    error_of([&] { formats::write_safetensors(file_, tensors); });
    tensors["a"].shape = {2};
    tensors["__metadata__"] = tensors["a"];
    error_of([&] { formats::write_safetensors(file_, tensors); });
    tensors.erase("__metadata__");
    error_of([&] { formats::write_safetensors(file_, tensors, {{"k", "\xff"}}); });
    EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST_F(SafeTensorsFiles, ReferenceCasesRead) {
    DISTILLAR_REFERENCE_OR_SKIP(reference);
    const auto read = formats::read_safetensors(reference / "waffleiron_bn.case.safetensors");
    EXPECT_TRUE(read.tensors.contains("eval.logits"));
    EXPECT_FALSE(read.metadata.empty());
    const auto again = folder_ / "again.safetensors";
    formats::write_safetensors(again, read.tensors, read.metadata);
    const auto copy = formats::read_safetensors(again);
    ASSERT_EQ(copy.tensors.size(), read.tensors.size());
    EXPECT_EQ(copy.metadata, read.metadata);
    for (const auto& [name, tensor] : read.tensors) {
        const auto& other = copy.tensors.at(name);
        EXPECT_TRUE(std::ranges::equal(tensor.bytes, other.bytes)) << name;
        EXPECT_EQ(tensor.shape, other.shape);
    }
}

}  // namespace
}  // namespace distillar
