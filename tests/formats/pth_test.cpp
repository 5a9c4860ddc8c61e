#include "formats/pth.hpp"

#include <gtest/gtest.h>

#include "formats/zip_bytes.hpp"

namespace distillar {
namespace {

using test::error_of;
using test::le;
using test::ZipPart;
namespace pk = test::pk;

std::string floats(std::initializer_list<float> values) {
    std::string bytes;
    for (const float value : values) {
        bytes += le(value);
    }
    return bytes;
}

std::string numbers(std::initializer_list<std::int64_t> values) {
    std::string items;
    for (const std::int64_t value : values) {
        items += pk::long_integer(value);
    }
    return pk::tuple(items);
}

std::string storage(const std::string& key, std::int64_t count,
                    const std::string& type = "FloatStorage", const std::string& more = "") {
    return pk::tuple(pk::text("storage"), pk::global("torch", type), pk::text(key),
                     pk::text("cuda:0"), pk::long_integer(count), more) +
           "Q";
}

const std::string ordered = pk::global("collections", "OrderedDict") + ")R";

std::string tensor(const std::string& stored, std::int64_t offset, const std::string& shape,
                   const std::string& strides) {
    return pk::call(pk::global("torch._utils", "_rebuild_tensor_v2"),
                    pk::tuple(stored, pk::long_integer(offset), shape, strides, "\x89", ordered));
}

/// A tensor of 6 floats 0..5 in storage "0".
std::string six(std::int64_t offset, std::initializer_list<std::int64_t> shape,
                std::initializer_list<std::int64_t> strides) {
    return tensor(storage("0", 6), offset, numbers(shape), numbers(strides));
}

std::string named(const std::string& name, const std::string& value) {
    return pk::dictionary(pk::text(name), value);
}

class Pth : public testing::Test {
protected:
    void lay_zip(const std::string& value, std::vector<ZipPart> more = {}) {
        std::vector<ZipPart> parts{{.name = "m/data.pkl", .content = pk::whole(value)},
                                   {.name = "m/data/0", .content = floats({0, 1, 2, 3, 4, 5})}};
        parts.insert(parts.end(), more.begin(), more.end());
        test::write_bytes(file_, test::zip_file(parts));
    }
    formats::Tensors read() { return formats::read_pth(file_); }
    formats::Tensors read_zip(const std::string& value, const std::vector<ZipPart>& more = {}) {
        lay_zip(value, more);
        return read();
    }
    std::string message() {
        const std::string text = error_of([&] { read(); });
        EXPECT_NE(text.find("case.pth"), std::string::npos) << text;
        EXPECT_EQ(text.find('\n'), std::string::npos) << text;
        return text;
    }
    std::string zip_message(const std::string& value) {
        lay_zip(value);
        return message();
    }

    static std::string legacy(const std::string& value, const std::string& keys,
                              const std::string& storages, const std::string& little = "\x88") {
        return "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19." +
               pk::whole("M\xE9\x03") +
               pk::whole(pk::dictionary(pk::text("protocol_version"), pk::integer(1001),
                                        pk::text("little_endian"), little)) +
               pk::whole(value) + pk::whole(keys) + storages;
    }
    std::string legacy_message(const std::string& bytes) {
        test::write_bytes(file_, bytes);
        return message();
    }

    test::MemoryFolder folder_;
    std::filesystem::path file_ = folder_ / "case.pth";
};

const std::string legacy_value = named(
    "w", tensor(storage("94910379048864", 2, "FloatStorage", "N"), 0, numbers({2}), numbers({1})));
const std::string legacy_keys = pk::list(pk::text("94910379048864"));

TEST_F(Pth, NamesAreJoinedWithDots) {
    const std::string one = six(0, {2, 3}, {3, 1});
    const auto tensors = read_zip(pk::dictionary(
        pk::text("net"), ordered + "(" + pk::text("module.a") + one + "u", pk::text("epoch"),
        pk::integer(3), pk::text("optim"),
        pk::dictionary(
            pk::text("state"), pk::dictionary(pk::integer(7), named("exp_avg", six(1, {2}, {1}))),
            pk::text("param_groups"),
            pk::list(pk::dictionary(pk::text("lr"), std::string("G\x3F\xF0\0\0\0\0\0\0", 9),
                                    pk::text("betas"), pk::tuple("NN")),
                     named("t", six(0, {}, {}))))));
    ASSERT_EQ(tensors.size(), 3u);
    const auto& a = tensors.at("net.module.a");
    EXPECT_EQ(a.shape, (std::vector<std::int64_t>{2, 3}));
    EXPECT_EQ(formats::to_floats(a, "a"), (std::vector<float>{0, 1, 2, 3, 4, 5}));
    EXPECT_EQ(formats::to_floats(tensors.at("optim.state.7.exp_avg"), "e"),
              (std::vector<float>{1, 2}));
    EXPECT_EQ(formats::to_floats(tensors.at("optim.param_groups.1.t"), "t"),
              (std::vector<float>{0}));
    EXPECT_TRUE(formats::is_pth(file_));
}

TEST_F(Pth, ALoneTensorAndNoTensor) {
    EXPECT_EQ(read_zip(six(0, {6}, {1})).at("tensor").count(), 6);
    EXPECT_TRUE(read_zip("}").empty());
    EXPECT_TRUE(read_zip(pk::integer(3)).empty());
}

TEST_F(Pth, StridesAreMadeContiguous) {
    const auto values = [&](const std::string& value) {
        return formats::to_floats(read_zip(named("w", value)).at("w"), "w");
    };
    EXPECT_EQ(values(six(0, {3, 2}, {1, 3})), (std::vector<float>{0, 3, 1, 4, 2, 5}));
    EXPECT_EQ(values(six(1, {2}, {3})), (std::vector<float>{1, 4}));
    EXPECT_EQ(values(six(2, {2, 2}, {0, 1})), (std::vector<float>{2, 3, 2, 3}));  // expanded
    EXPECT_EQ(values(six(5, {1, 1}, {100, 9})), (std::vector<float>{5}));         // unused strides
    EXPECT_EQ(values(six(0, {2, 1, 3}, {3, 77, 1})), (std::vector<float>{0, 1, 2, 3, 4, 5}));
    EXPECT_TRUE(values(six(0, {0, 5}, {5, 1})).empty());
    EXPECT_EQ(values(six(0, {2, 1, 3}, {1, 1, 2})), (std::vector<float>{0, 2, 4, 1, 3, 5}));
}

TEST_F(Pth, TensorsShareAStorage) {
    const auto tensors =
        read_zip(pk::dictionary(pk::text("a"), six(0, {2}, {1}), pk::text("b"), six(4, {2}, {1}),
                                pk::text("c"), six(0, {6}, {1}) + "q\x01", pk::text("d"), "h\x01"));
    EXPECT_EQ(formats::to_floats(tensors.at("b"), "b"), (std::vector<float>{4, 5}));
    EXPECT_EQ(tensors.at("c").bytes.data(), tensors.at("d").bytes.data());
    EXPECT_EQ(tensors.at("a").bytes.data(), tensors.at("c").bytes.data());
}

TEST_F(Pth, EveryStorageType) {
    const std::string zeros(8, '\0');
    for (const auto& [type, dtype] : {std::pair{"DoubleStorage", formats::Dtype::f64},
                                      {"FloatStorage", formats::Dtype::f32},
                                      {"HalfStorage", formats::Dtype::f16},
                                      {"BFloat16Storage", formats::Dtype::bf16},
                                      {"LongStorage", formats::Dtype::i64},
                                      {"IntStorage", formats::Dtype::i32},
                                      {"ShortStorage", formats::Dtype::i16},
                                      {"CharStorage", formats::Dtype::i8},
                                      {"ByteStorage", formats::Dtype::u8},
                                      {"BoolStorage", formats::Dtype::boolean}}) {
        const auto count = static_cast<std::int64_t>(8 / formats::size_of(dtype));
        const auto tensors = read_zip(
            named("w", tensor(storage("1", count, type), 0, numbers({count}), numbers({1}))),
            {{.name = "m/data/1", .content = zeros}});
        EXPECT_EQ(tensors.at("w").dtype, dtype) << type;
        EXPECT_EQ(tensors.at("w").count(), count) << type;
    }
    EXPECT_NE(zip_message(tensor(storage("0", 6, "ComplexFloatStorage"), 0, ")", ")"))
                  .find("torch.ComplexFloatStorage"),
              std::string::npos);
}

TEST_F(Pth, ParametersSizesAndPythonTwoDictionaries) {
    const std::string parameter =
        pk::call(pk::global("torch._utils", "_rebuild_parameter"),
                 pk::tuple(tensor(storage("0", 6), 0,
                                  pk::call(pk::global("torch", "Size"), pk::tuple(numbers({6}))),
                                  numbers({1})),
                           "\x88", ordered));
    const auto tensors =
        read_zip(pk::call(pk::global("collections", "OrderedDict"),
                          pk::tuple(pk::list(pk::list(pk::text("a"), parameter)))) +
                 "}(" + pk::text("_metadata") + "}ub");
    ASSERT_EQ(tensors.size(), 1u);
    EXPECT_EQ(tensors.at("a").count(), 6);
}

TEST_F(Pth, DeflatedStorages) {
    const auto tensors =
        read_zip(named("w", tensor(storage("1", 2), 0, numbers({2}), numbers({1}))),
                 {{.name = "m/data/1", .content = floats({7, 8}), .deflate = true}});
    EXPECT_EQ(formats::to_floats(tensors.at("w"), "w"), (std::vector<float>{7, 8}));
}

TEST_F(Pth, LegacyLayout) {
    test::write_bytes(file_,
                      legacy(legacy_value, legacy_keys, le(std::int64_t{2}) + floats({7, 8})));
    const auto tensors = read();
    ASSERT_EQ(tensors.size(), 1u);
    EXPECT_EQ(formats::to_floats(tensors.at("w"), "w"), (std::vector<float>{7, 8}));
    EXPECT_TRUE(formats::is_pth(file_));
}

TEST_F(Pth, LegacyViews) {
    const std::string view = pk::tuple(pk::text("v"), pk::integer(1), pk::integer(2));
    const auto bytes = [&](std::int64_t begin, const std::string& a_view) {
        return legacy(named("w", tensor(storage("k", 4, "FloatStorage", a_view), begin,
                                        numbers({1}), numbers({1}))),
                      pk::list(pk::text("k")), le(std::int64_t{4}) + floats({6, 7, 8, 9}));
    };
    test::write_bytes(file_, bytes(1, view));
    EXPECT_EQ(formats::to_floats(read().at("w"), "w"), (std::vector<float>{8}));
    EXPECT_NE(legacy_message(bytes(2, view)).find("reaches element 2"), std::string::npos);
    for (const std::string& bad :
         {pk::tuple(pk::text("v"), pk::integer(3), pk::integer(2)),
          pk::tuple(pk::text("v"), pk::integer(-1), pk::integer(2)),
          pk::tuple(pk::text("v"), pk::integer(1), pk::integer(-1)),
          pk::tuple(pk::text("v"), pk::long_integer(INT64_MAX), pk::long_integer(INT64_MAX)),
          pk::tuple(pk::text("v"))}) {
        legacy_message(bytes(0, bad));
    }
}

TEST_F(Pth, LegacyFilesThatLie) {
    const std::string data = le(std::int64_t{2}) + floats({7, 8});
    EXPECT_NE(legacy_message(legacy(legacy_value, legacy_keys, data + "x")).find("1 bytes follow"),
              std::string::npos);
    legacy_message(legacy(legacy_value, legacy_keys, le(std::int64_t{1}) + floats({7})));
    legacy_message(legacy(legacy_value, legacy_keys, le(std::int64_t{-1}) + floats({7, 8})));
    legacy_message(legacy(legacy_value, legacy_keys, le(INT64_MAX) + floats({7, 8})));
    legacy_message(legacy(legacy_value, legacy_keys, le(std::int64_t{1} << 62) + floats({7, 8})));
    legacy_message(legacy(legacy_value, pk::list(pk::text("other")), data));
    legacy_message(legacy(legacy_value, pk::list(pk::integer(1)), data));
    legacy_message(legacy(legacy_value, "N", data));
    EXPECT_NE(legacy_message(legacy(legacy_value, "]", "")).find("not in the file"),
              std::string::npos);
    legacy_message(legacy(legacy_value,
                          pk::list(pk::text("94910379048864"), pk::text("94910379048864")),
                          data + data));
    EXPECT_NE(legacy_message(legacy(legacy_value, legacy_keys, data, "\x89")).find("endian"),
              std::string::npos);
    EXPECT_NE(legacy_message(legacy(pk::global("posix", "system") + ")R", legacy_keys, data))
                  .find("posix.system"),
              std::string::npos);
}

TEST_F(Pth, EveryPrefixAndChangeIsSurvived) {
    const auto value = named("w", six(0, {3, 2}, {1, 3}));
    lay_zip(value);
    const auto zipped = test::read_bytes(file_);
    test::expect_prefixes_fail(zipped, file_, [&] { read(); });
    test::expect_changes_survive(zipped, file_, [&] { read(); });
    const auto old = legacy(legacy_value, legacy_keys, le(std::int64_t{2}) + floats({7, 8}));
    test::expect_prefixes_fail(old, file_, [&] { read(); });
    test::expect_changes_survive(old, file_, [&] { read(); });
    // Checksums stop most changes of a zip file: change the pickle, then wrap it.
    for (std::size_t i = 0; i < value.size(); ++i) {
        for (const char byte : {'\0', '\xFF', '\x7F', '(', 'N', 'h'}) {
            std::string changed = value;
            changed[i] = byte;
            lay_zip(changed);
            try {
                read();
            } catch (const std::runtime_error&) {
            }
        }
    }
    lay_zip(value);
    test::write_bytes(file_, test::read_bytes(file_) + "junk");
    message();
}

TEST_F(Pth, StridesThatLeaveTheStorage) {
    for (const std::string& bad :
         {six(0, {7}, {1}), six(6, {1}, {1}), six(1, {6}, {1}), six(0, {2}, {6}),
          six(0, {2, 3}, {4, 1}), six(-1, {1}, {1}), six(0, {-1}, {1}), six(0, {2}, {-1}),
          six(INT64_MAX, {2}, {1}), six(0, {2}, {INT64_MAX}), six(0, {3}, {INT64_MAX}),
          six(0, {INT64_MAX}, {INT64_MAX}), six(0, {INT64_MAX, 4}, {0, 0}),
          six(0, {std::int64_t{1} << 61, 2}, {0, 1}), six(0, {2, 2}, {1}), six(0, {}, {1})}) {
        EXPECT_NE(zip_message(named("weight", bad)).find("weight"), std::string::npos);
    }
    EXPECT_NE(zip_message(named("w", six(0, {std::int64_t{1} << 30}, {0}))).find("contiguous"),
              std::string::npos);
    zip_message(tensor(storage("0", 6), 0, "N", numbers({1})));
    zip_message(tensor(storage("0", 6), 0, pk::tuple("N"), numbers({1})));
    std::string ones;
    for (int i = 0; i < 65; ++i) {
        ones += "K\x01";
    }
    zip_message(tensor(storage("0", 6), 0, pk::tuple(ones), pk::tuple(ones)));
}

TEST_F(Pth, StoragesThatLie) {
    const auto with = [&](const std::string& stored) {
        return zip_message(named("w", tensor(stored, 0, numbers({1}), numbers({1}))));
    };
    EXPECT_NE(with(storage("0", 5)).find("5 elements of F32"), std::string::npos);
    with(storage("0", 7));
    with(storage("0", std::int64_t{1} << 62));
    with(storage("0", 6 + (std::int64_t{1} << 62)));  // the byte count wraps to the right one
    with(storage("0", -1));
    with(storage("0", 6, "DoubleStorage"));
    EXPECT_NE(with(storage("9", 6)).find("m/data/9"), std::string::npos);
    with(storage("../data.pkl", 6));
    with("N");
    with(pk::integer(1));
    with(pk::tuple() + "Q");
    with("NQ");
    with(pk::tuple(pk::text("module"), pk::text("storage")) + "Q");
    with(pk::tuple(pk::text("storage"), pk::text("FloatStorage"), pk::text("0"), pk::text("cpu"),
                   pk::integer(6)) +
         "Q");
    with(pk::tuple(pk::text("storage"), pk::global("torch", "Size"), pk::text("0"), pk::text("cpu"),
                   pk::integer(6)) +
         "Q");
}

TEST_F(Pth, ForeignGlobalsAreRefused) {
    for (const char* name :
         {"os\nsystem", "builtins\neval", "torch\nload", "torch.storage\n_load_from_bytes",
          "torch._utils\n_rebuild_tensor_v3", "__torch__\nNet", "builtins\ngetattr"}) {
        const auto text = zip_message(named("w", std::string("c") + name + "\n(NtR"));
        EXPECT_NE(text.find("could run code"), std::string::npos) << text;
    }
}

TEST_F(Pth, OpaqueValuesAreIgnored) {
    const auto tensors = read_zip(pk::dictionary(
        pk::text("best"),
        pk::call(pk::global("numpy.core.multiarray", "scalar"),
                 pk::tuple(pk::call(pk::global("numpy", "dtype"), pk::tuple(pk::text("f8"))),
                           pk::bytes("12345678"))),
        pk::text("milestones"),
        pk::call(pk::global("collections", "Counter"), pk::tuple(pk::dictionary("K\x1E", "K\x01"))),
        pk::text("device"), pk::call(pk::global("torch", "device"), pk::tuple(pk::text("cuda"))),
        pk::text("state"),
        pk::call(pk::global("collections", "defaultdict"),
                 pk::tuple(pk::global("builtins", "dict"))) +
            pk::text("t") + six(0, {1}, {1}) + "s"));
    ASSERT_EQ(tensors.size(), 1u);
    EXPECT_TRUE(tensors.contains("state.t"));
}

TEST_F(Pth, EqualNamesFail) {
    const auto one = six(0, {1}, {1});
    EXPECT_NE(zip_message(pk::dictionary(pk::text("a.b"), one, pk::text("a"), named("b", one)))
                  .find("called a.b"),
              std::string::npos);
    zip_message(pk::dictionary(pk::text("a"), one, pk::text("a"), one));
    zip_message(pk::dictionary(pk::integer(1), one, pk::text("1"), one));
    zip_message(pk::dictionary(pk::tuple("N"), one));
    zip_message(named(std::string(5000, 'n'), one));
}

TEST_F(Pth, BombsEndQuickly) {
    std::string deep = six(0, {1}, {1});
    for (int i = 0; i < 100; ++i) {
        deep = pk::list(deep);
    }
    EXPECT_NE(zip_message(deep).find("nest too deep"), std::string::npos);
    zip_message(
        "]q\x01h\x01"
        "a");  // a list within itself
    std::string doubling = six(0, {1}, {1});
    for (char i = 10; i < 50; ++i) {
        doubling += std::string("q") + i + "h" + i + "\x86";
    }
    zip_message(doubling);  // 2^40 tensors in 40 nodes
    std::string scalars = "K\x01";
    for (char i = 10; i < 50; ++i) {
        scalars += std::string("q") + i + "h" + i + "\x86";
    }
    zip_message(scalars);
}

TEST_F(Pth, FilesThatAreNoPth) {
    for (const std::string& bytes :
         {std::string(), std::string("P"), std::string("hello"), std::string("PK\3\4"),
          test::zip_file({}), test::zip_file({{.name = "readme.txt", .content = "x"}}),
          test::zip_file({{.name = "data.pkl", .content = "N."}})}) {
        test::write_bytes(file_, bytes);
        message();
        EXPECT_FALSE(formats::is_pth(file_));
    }
    lay_zip("}", {{.name = "m/byteorder", .content = "big"}});
    EXPECT_NE(message().find("big-endian"), std::string::npos);
    EXPECT_FALSE(formats::is_pth(folder_.path()));
    EXPECT_FALSE(formats::is_pth(folder_ / "absent"));
}

TEST_F(Pth, RealLegacyWeights) {
    DISTILLAR_DATA_OR_SKIP(data);
    const auto tensors = formats::read_pth(data / "weights" / "espnetv2_s_2.0_city_1024x512.pth");
    EXPECT_EQ(tensors.size(), 526u);
    const auto& weight = tensors.at("base_net.level1.conv.weight");
    EXPECT_EQ(weight.shape, (std::vector<std::int64_t>{32, 3, 3, 3}));
    EXPECT_EQ(tensors.at("base_net.level1.bn.num_batches_tracked").dtype, formats::Dtype::i64);
    for (const auto& [name, tensor] : tensors) {
        if (tensor.dtype == formats::Dtype::f32) {
            for (const float value : formats::to_floats(tensor, name)) {
                ASSERT_LT(std::abs(value), 1e4f) << name;
            }
        }
    }
    EXPECT_EQ(formats::read_pth(data / "weights" / "espnetv2_s_0.5_city_1024x512.pth").size(),
              526u);
}

TEST_F(Pth, ReferenceCheckpoints) {
    DISTILLAR_REFERENCE_OR_SKIP(reference);
    for (const auto& [name, count] : {std::pair{"waffleiron_bn", 143},
                                      {"waffleiron_ln", 107},
                                      {"waffleiron_ln_batch", 65},
                                      {"scalr_plus", 81},
                                      {"downstream", 70},
                                      {"dinov2_tiny", 49}}) {
        const auto tensors = formats::read_pth(reference / (std::string(name) + ".pth"));
        EXPECT_EQ(tensors.size(), static_cast<std::size_t>(count)) << name;
    }
    const auto tensors = formats::read_pth(reference / "dinov2_tiny.pth");
    EXPECT_EQ(tensors.at("pos_embed").shape.size(), 3u);
}

}  // namespace
}  // namespace distillar
