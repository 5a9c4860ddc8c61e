#include "formats/pickle.hpp"

#include <gtest/gtest.h>

#include <array>

#include "formats/bytes.hpp"
#include "formats/pickle_text.hpp"

namespace distillar {
namespace {

using formats::Pickle;
using Kind = formats::PickleValue::Kind;
using test::error_of;
using test::le;
namespace pk = test::pk;

constexpr auto allowed =
    std::to_array<std::string_view>({"collections.OrderedDict", "known.Thing"});

/// The bytes are kept by the fixture: values view them.
class Pickles : public testing::Test {
protected:
    const formats::PickleValue& parse(const std::string& bytes, bool persistent = false) {
        bytes_ = bytes;
        const formats::PickleRules rules{allowed, persistent};
        pickle_ = formats::read_pickle(std::as_bytes(std::span(bytes_)), rules, "some.pkl");
        return *pickle_.root;
    }
    std::string message(const std::string& bytes) {
        return error_of([&] { parse(bytes); });
    }

    std::string bytes_;
    Pickle pickle_;
};

TEST_F(Pickles, Numbers) {
    EXPECT_EQ(parse("K\xFF.").integer, 255);
    EXPECT_EQ(parse(std::string("M\x01\x02.")).integer, 0x201);
    EXPECT_EQ(parse("J" + le(std::int32_t{-5}) + ".").integer, -5);
    EXPECT_EQ(parse(std::string("\x8a\x00.", 3)).integer, 0);
    EXPECT_EQ(parse("\x8a\x01\xFF.").integer, -1);
    EXPECT_EQ(parse("\x8a\x02\xFF\x7F.").integer, 0x7FFF);
    EXPECT_EQ(parse(pk::long_integer(INT64_MIN) + ".").integer, INT64_MIN);
    EXPECT_EQ(parse("\x8b" + le(std::int32_t{1}) + "\x80.").integer, -128);
    EXPECT_EQ(parse("I-12\n.").integer, -12);
    EXPECT_EQ(parse("L99L\n.").integer, 99);
    EXPECT_EQ(parse("F-2.5e3\n.").real, -2500.0);
    EXPECT_EQ(parse(std::string("G\x3F\xF8\0\0\0\0\0\0.", 10)).real, 1.5);
    EXPECT_TRUE(parse("\x88.").is(Kind::boolean));
    EXPECT_EQ(parse("I01\n.").kind, Kind::boolean);
    EXPECT_EQ(parse("N.").kind, Kind::none);
    const auto& magic = parse("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.");
    EXPECT_EQ(magic.kind, Kind::long_integer);
    EXPECT_EQ(magic.text.size(), 10u);
}

TEST_F(Pickles, TextsAndBytes) {
    EXPECT_EQ(parse(pk::text("h\xC3\xA9") + ".").text, "h\xC3\xA9");
    EXPECT_EQ(parse("\x8c\x02hi.").text, "hi");
    EXPECT_EQ(parse("\x8d" + le(std::uint64_t{2}) + "hi.").text, "hi");
    EXPECT_EQ(parse("U\x02hi.").text, "hi");
    EXPECT_EQ(parse("T" + le(std::int32_t{2}) + "hi.").text, "hi");
    EXPECT_EQ(parse("S'it\\'s \\x41\\n'\n.").text, "it's A\n");
    EXPECT_EQ(parse("Va\\u00e9\xE9\\U0001F600\n.").text, "a\xC3\xA9\xC3\xA9\xF0\x9F\x98\x80");
    EXPECT_EQ(parse("C\x02hi.").kind, Kind::bytes);
    EXPECT_EQ(parse(pk::bytes("abc") + ".").text, "abc");
    EXPECT_EQ(parse("\x8e" + le(std::uint64_t{1}) + "z.").text, "z");
    EXPECT_EQ(parse("\x96" + le(std::uint64_t{1}) + "z.").text, "z");
}

TEST_F(Pickles, Containers) {
    const auto& list = parse(
        "](K\x01K\x02"
        "eK\x03"
        "a.");
    ASSERT_EQ(list.items.size(), 3u);
    EXPECT_EQ(list.items[2]->integer, 3);
    EXPECT_EQ(parse("K\x01K\x02\x86.").items[1]->integer, 2);
    EXPECT_EQ(parse("(K\x01K\x02l.").kind, Kind::list);
    EXPECT_EQ(parse("(K\x01\x91.").kind, Kind::set);
    EXPECT_EQ(parse("\x8f(K\x01\x90.").items.size(), 1u);
    const auto& pairs = parse("(" + pk::text("a") +
                              "K\x07"
                              "d.");
    EXPECT_EQ(pairs.find("a")->integer, 7);
    EXPECT_EQ(pairs.find("b"), nullptr);
    EXPECT_EQ(parse(pk::dictionary(pk::text("a"), "K\x01", pk::text("a"), "K\x02") + ".")
                  .find("a")
                  ->integer,
              2);
    EXPECT_EQ(parse("K\x05"
                    "2\x86.")
                  .items[0]
                  ->integer,
              5);  // DUP
    EXPECT_EQ(parse("K\x05K\x06"
                    "0.")
                  .integer,
              5);  // POP
    EXPECT_EQ(parse("K\x05(K\x06K\x07"
                    "1.")
                  .integer,
              5);                             // POP_MARK
    EXPECT_EQ(parse("K\x05(0.").integer, 5);  // POP of a mark
}

TEST_F(Pickles, MemoOfEveryKind) {
    EXPECT_EQ(parse("K\x05q\x09K\x06"
                    "0h\x09\x86.")
                  .items[1]
                  ->integer,
              5);
    EXPECT_EQ(parse("K\x05\x94"
                    "0h" +
                    std::string(1, '\0') + ".")
                  .integer,
              5);
    EXPECT_EQ(parse("K\x05p12\n0g12\n.").integer, 5);
    EXPECT_EQ(parse("K\x05r\xFF\xFF\xFF\xFF"
                    "0j\xFF\xFF\xFF\xFF.")
                  .integer,
              5);
    EXPECT_NE(message("h\x01.").find("memo entry 1 was never stored"), std::string::npos);
    message("q\x01.");
    message("p-1\n.");
    message("Nptwo\n.");
}

TEST_F(Pickles, KnownGlobalsAreKeptAsNames) {
    const auto& made = parse(pk::call(pk::global("known", "Thing"), pk::tuple("K\x01")) + "}(" +
                             pk::text("x") + "K\x02ub.");
    EXPECT_TRUE(made.is_object("known.Thing"));
    EXPECT_EQ(made.argument(0)->integer, 1);
    EXPECT_EQ(made.argument(1), nullptr);
    EXPECT_EQ(made.state->find("x")->integer, 2);
    EXPECT_TRUE(parse("cknown\nThing\n)\x81.").is_object("known.Thing"));
    EXPECT_TRUE(parse("\x8c\x05known\x8c\x05Thing\x93)}\x92.").is_object("known.Thing"));
    EXPECT_TRUE(parse("(K\x01iknown\nThing\n.").is_object("known.Thing"));
    EXPECT_TRUE(parse("(cknown\nThing\nK\x01o.").is_object("known.Thing"));
}

TEST_F(Pickles, ForeignGlobalsAreRefusedByName) {
    const std::string argument = pk::tuple(pk::text("echo pwned"));
    const std::string system = pk::global("posix", "system");
    for (const std::string& bytes :
         {system + argument + "R.",                             // REDUCE
          system + ".",                                         // even if unused
          system + "0N.",                                       // even if dropped
          system + argument + "\x81.",                          // NEWOBJ
          system + argument + "}\x92.",                         // NEWOBJ_EX
          "(" + pk::text("echo") + "iposix\nsystem\n.",         // INST
          "(" + system + pk::text("echo") + "o.",               // OBJ
          "\x8c\x05posix\x8c\x06system\x93" + argument + "R.",  // STACK_GLOBAL
          pk::text("posix") + pk::text("system") + "\x93.",     //
          "cknown\nThing\n)R" + system + "b.",                  // BUILD
          "cknown\nThing\n)R}(" + pk::text("__setstate__") + system + "ub."}) {
        const std::string text = message(pk::whole(bytes));
        EXPECT_NE(text.find("posix.system"), std::string::npos) << text;
        EXPECT_NE(text.find("could run code"), std::string::npos) << text;
        EXPECT_NE(text.find("some.pkl"), std::string::npos) << text;
    }
}

TEST_F(Pickles, NamesThatOnlyLookKnown) {
    for (const char* bytes :
         {"cknown\nThing.__init__\n.", "cknown.Thing\n\n.", "cKnown\nThing\n.", "cknown \nThing\n.",
          "c\nknown.Thing\n.", "cknown\nThing\r\n.", "c\n\n.", "cknown\n\x1b[2J\n."}) {
        const std::string text = message(bytes);
        EXPECT_EQ(text.find_first_of("\n\r\x1b"), std::string::npos) << bytes;
        EXPECT_NE(text.find("could run code"), std::string::npos) << bytes;
    }
    EXPECT_LT(message("c" + std::string(100'000, 'a') + "\nb\n.").size(), 500u);
}

TEST_F(Pickles, CallsOfWhatIsNoGlobalAreRefused) {
    for (const std::string& bytes :
         {pk::text("posix.system") + ")R.", std::string("N)R."), std::string("K\x01)\x81."),
          std::string("cknown\nThing\n)R)R."),  // an object is not callable
          std::string("cknown\nThing\nNR."),    // arguments that are no tuple
          std::string("(N)o."), std::string("(o."), std::string("K\x01}b."), std::string("}}b."),
          std::string("K\x01K\x02\x93."), std::string("\x82\x01."), std::string("\x83\x01\x02."),
          std::string("\x84\x01\x02\x03\x04."), std::string("\x97."), std::string("\x98.")}) {
        message(bytes);
    }
}

TEST_F(Pickles, PersistentIdsOnlyWhereAllowed) {
    const std::string bytes = pk::tuple(pk::text("storage")) + "Q.";
    EXPECT_NE(message(bytes).find("persistent"), std::string::npos);
    EXPECT_EQ(parse(bytes, true).arguments->items[0]->text, "storage");
    EXPECT_EQ(parse("Pkey\n.", true).arguments->text, "key");
}

TEST_F(Pickles, StackAbuse) {
    for (const char* bytes : {".",
                              "0.",
                              "2.",
                              "1.",
                              "e.",
                              "(.",
                              "]e.",
                              "](K\x01.",
                              "K\x01"
                              "a.",
                              "](K\x01"
                              "a.",
                              "t.",
                              "\x85.",
                              "K\x01\x86.",
                              "(\x85.",
                              "K\x01(\x85.",
                              "s.",
                              "}K\x01s.",
                              "}(K\x01u.",
                              "](K\x01u.",
                              "}(K\x01"
                              "e.",
                              ")(K\x01"
                              "e.",
                              "NK\x01"
                              "a.",
                              "]K\x01K\x02s.",
                              "R.",
                              "b.",
                              "Q.",
                              "l.",
                              "d.",
                              "(K\x01"
                              "d.",
                              "\x90.",
                              "](K\x01\x90.",
                              "\x93.",
                              "N\x93.",
                              "cknown\nThing\n)R(K\x01"
                              "e."}) {
        EXPECT_NE(message(bytes).find("some.pkl: pickle offset"), std::string::npos) << bytes;
    }
}

TEST_F(Pickles, LengthsThatLie) {
    for (const char* code : {"X", "B"}) {
        message(code + le(std::uint32_t{0xFFFFFFFF}) + "abc.");
    }
    for (const char* code : {"\x8d", "\x8e", "\x96", "\x95"}) {
        message(code + le(std::uint64_t{1} << 62) + "abc.");
        message(code + le(~std::uint64_t{0}) + "abc.");
    }
    for (const char* code : {"T", "\x8b"}) {
        message(code + le(std::int32_t{-1}) + "abc.");
        message(code + le(std::int32_t{0x7FFFFFFF}) + "abc.");
    }
    message(
        "\x8c\x05"
        "abc.");
    message(
        "C\x05"
        "abc.");
    message("\x8a\xFFz.");
}

TEST_F(Pickles, MalformedTexts) {
    for (const char* bytes : {"I\n.",        "Ix\n.",          "I99999999999999999999\n.",
                              "L1\n2",       "F\n.",           "F1.5x\n.",
                              "S'abc\n.",    "Sabc\n.",        "S'\n.",
                              "S\n.",        "S'\\'\n.",       "S'\\x4'\n.",
                              "S'\\xZZ'\n.", "S'\\q'\n.",      "V\\u12\n.",
                              "V\\uZZZZ\n.", "V\\U1234567\n.", "S'abc'",
                              "cknown",      "cknown\nThing",  "\x80\x06N.",
                              "\xFFN."}) {
        message(bytes);
    }
}

TEST_F(Pickles, EveryPrefixFails) {
    const std::string whole = pk::whole(
        pk::dictionary(pk::text("a"), pk::list(pk::integer(1), "N"), pk::text("b"),
                       pk::call(pk::global("known", "Thing"), pk::tuple(pk::bytes("xyz")))));
    parse(whole);
    EXPECT_EQ(pickle_.size, whole.size());
    for (std::size_t size = 0; size < whole.size(); ++size) {
        message(whole.substr(0, size));
    }
    for (std::size_t i = 0; i < whole.size(); ++i) {
        for (int value = 0; value < 256; ++value) {
            std::string changed = whole;
            changed[i] = static_cast<char>(value);
            try {
                parse(changed, true);
            } catch (const std::runtime_error&) {
            }
        }
    }
}

TEST_F(Pickles, BombsEndQuickly) {
    // Nesting a million deep: read without recursion, freed without recursion.
    EXPECT_EQ(parse(std::string(1'000'000, ']') + std::string(999'999, 'a') + ".").kind,
              Kind::list);
    EXPECT_EQ(parse("N" + std::string(1'000'000, '\x85') + ".").kind, Kind::tuple);
    message(std::string(1'000'000, '('));
    EXPECT_NE(message(std::string(5'000'000, 'N') + ".").find("operations"), std::string::npos);
    // A list within itself.
    const auto& cycle = parse(
        "]q\x01h\x01"
        "a.");
    EXPECT_EQ(cycle.items[0], &cycle);
    // Doubling through the memo: 2^40 paths, 40 nodes.
    std::string doubling = "N";
    for (char i = 0; i < 40; ++i) {
        doubling += std::string("q") + i + "h" + i + "\x86";
    }
    parse(doubling + ".");
    EXPECT_LT(pickle_.values.size(), 50u);
}

TEST(PickleText, Latin1) {
    EXPECT_EQ(formats::utf8_to_latin1("a\xC3\xBF\xC2\x80"), "a\xFF\x80");
    EXPECT_EQ(formats::utf8_to_latin1(""), "");
    for (const char* bad : {"\xC4\x80", "\xC3", "\xC3z", "\x80", "\xE2\x82\xAC", "\xFF"}) {
        EXPECT_FALSE(formats::utf8_to_latin1(bad)) << bad;
    }
}

}  // namespace
}  // namespace distillar
