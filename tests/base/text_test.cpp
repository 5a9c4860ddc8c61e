#include "base/text.hpp"

#include "base/error.hpp"
#include "support/data.hpp"

namespace distillar::base {
namespace {

using test::error_of;
using Strings = std::vector<std::string>;

TEST(Text, NearestNameHasTheSmallestEditDistance) {
    const Strings known = {"learning_rate", "batch_size", "epochs", "seed"};
    EXPECT_EQ(nearest_name("lerning_rate", known), "learning_rate");
    EXPECT_EQ(nearest_name("epoch", known), "epochs");
    EXPECT_EQ(nearest_name("sede", known), "seed");
    EXPECT_EQ(nearest_name("batchsize", known), "batch_size");
    EXPECT_EQ(nearest_name("seed", known), "seed");
    EXPECT_EQ(nearest_name("", Strings{"aaaa", "a"}), "a");
    EXPECT_EQ(nearest_name("x", Strings{}), "");
}

TEST(Text, JoinSplitTrim) {
    EXPECT_EQ(join(Strings{"a", "b", "c"}), "a, b, c");
    EXPECT_EQ(join(Strings{"a", "b"}, "/"), "a/b");
    EXPECT_EQ(join(Strings{}), "");
    EXPECT_EQ(split("a.b.c", '.'), (Strings{"a", "b", "c"}));
    EXPECT_EQ(split(".a..", '.'), (Strings{"", "a", "", ""}));
    EXPECT_EQ(split("", '.'), Strings{""});
    EXPECT_EQ(trim(" \t a b\r\n"), "a b");
    EXPECT_EQ(trim(" \n"), "");
    EXPECT_EQ(trim(""), "");
}

TEST(Text, OneLineHoldsNoControlCharacter) {
    EXPECT_EQ(one_line("a\nb\r\x1b[31mc\x7f\n"), "a b  [31mc");
    EXPECT_EQ(one_line("straße.bin: 3 °C"), "straße.bin: 3 °C");
    EXPECT_EQ(one_line(""), "");
}

TEST(Text, NumbersAreWholeTexts) {
    EXPECT_EQ(parse_integer("-42", "n"), -42);
    EXPECT_EQ(parse_integer("9223372036854775807", "n"), 9223372036854775807LL);
    EXPECT_EQ(parse_number("1.5e-3", "n"), 1.5e-3);
    EXPECT_EQ(parse_number("-7", "n"), -7);
    for (const char* text :
         {"", " 1", "1 ", "1x", "x", "0x10", "1.5", "9223372036854775808", "--1"}) {
        EXPECT_EQ(error_of([&] { parse_integer(text, "frames"); }),
                  fmt::format("frames: '{}' is not a whole number", text));
    }
    for (const char* text : {"", " 1", "1 ", "1,5", "x", "1e", "."}) {
        EXPECT_EQ(error_of([&] { parse_number(text, "times"); }),
                  fmt::format("times: '{}' is not a number", text));
    }
}

}  // namespace
}  // namespace distillar::base
