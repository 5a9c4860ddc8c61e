#include "base/yaml.hpp"

#include "support/data.hpp"

namespace distillar::base {
namespace {

using test::error_of;
using Strings = std::vector<std::string>;

Yaml parse(const std::string& text) {
    return Yaml::parse(text, "c.yaml");
}

TEST(Yaml, ReadsValuesOfEveryType) {
    const Yaml yaml = parse(
        "train: {rate: 1e-3, steps: 400, on: yes, name: a b}\n"
        "big: 9007199254740993\nlist: [1, 2.5]\nnames: [x, 'y z']\nempty: []\nflags: [true, "
        "off]\n");
    EXPECT_EQ(yaml["train"]["rate"].as<double>(), 1e-3);
    EXPECT_EQ(yaml["train"]["rate"].as<float>(), 1e-3f);
    EXPECT_EQ(yaml["train"]["steps"].as<int>(), 400);
    EXPECT_TRUE(yaml["train"]["on"].as<bool>());
    EXPECT_EQ(yaml["train"]["name"].as<std::string>(), "a b");
    EXPECT_EQ(yaml["big"].as<std::int64_t>(), 9007199254740993);
    EXPECT_EQ(yaml["big"].as<std::uint64_t>(), 9007199254740993u);
    EXPECT_EQ(yaml["list"].as<std::vector<double>>(), (std::vector<double>{1, 2.5}));
    EXPECT_EQ(yaml["names"].as<Strings>(), (Strings{"x", "y z"}));
    EXPECT_EQ(yaml["flags"].as<std::vector<bool>>(), (std::vector<bool>{true, false}));
    EXPECT_TRUE(yaml["empty"].as<std::vector<int>>().empty());
    EXPECT_EQ(yaml.get("none", 7), 7);
    EXPECT_EQ(yaml["train"].get("steps", 7), 400);
    EXPECT_FALSE(yaml.has("none"));
    EXPECT_TRUE(yaml["train"].is_map() && yaml["list"].is_list() && yaml["big"].is_scalar());
    EXPECT_EQ(yaml["train"].keys(), (Strings{"rate", "steps", "on", "name"}));
    EXPECT_EQ(yaml["train"].items()[1].second.as<int>(), 400);
    EXPECT_EQ(yaml["list"].list().size(), 2u);
}

TEST(Yaml, WrongTypesNameLineAndKey) {
    const Yaml yaml = parse("a:\n  b: x\n  c: [1, 2, z]\n  d:\n  e: -1\n  f: 1.5\n  g: {h: 1}\n");
    const Yaml a = yaml["a"];
    EXPECT_EQ(error_of([&] { a["b"].as<int>(); }),
              "c.yaml: line 2: a.b: expected a whole number, found 'x'");
    EXPECT_HAS(error_of([&] { a["b"].as<double>(); }), "a.b: expected a number, found 'x'");
    EXPECT_HAS(error_of([&] { a["b"].as<bool>(); }), "a.b: expected true or false, found 'x'");
    EXPECT_HAS(error_of([&] { a["b"].as<Strings>(); }), "a.b: expected a list");
    EXPECT_EQ(error_of([&] { a["c"].as<std::vector<int>>(); }),
              "c.yaml: line 3: a.c[2]: expected a whole number, found 'z'");
    EXPECT_HAS(error_of([&] { a["c"].as<int>(); }), "line 3: a.c: expected a whole number");
    EXPECT_HAS(error_of([&] { a["d"].as<int>(); }), "a.d: expected a whole number");
    EXPECT_HAS(error_of([&] { a["d"].as<std::string>(); }), "a.d: expected text");
    EXPECT_HAS(error_of([&] { a["e"].as<std::uint64_t>(); }), "expected a whole number >= 0");
    EXPECT_HAS(error_of([&] { a["f"].as<int>(); }), "expected a whole number, found '1.5'");
    EXPECT_HAS(error_of([&] { a["g"].as<std::string>(); }), "line 7: a.g: expected text");
    EXPECT_HAS(error_of([&] { a["g"].list(); }), "line 7: a.g: expected a list");
    EXPECT_HAS(error_of([&] { a["b"]["c"]; }), "line 2: a.b: expected a mapping");
    EXPECT_HAS(error_of([&] { parse("n: 99999999999")["n"].as<int>(); }), "a whole number");
    EXPECT_HAS(error_of([&] { a["nope"]; }), "a: the key 'nope' is missing; add it");
    EXPECT_HAS(error_of([&] { a["b"].fail("custom"); }), "c.yaml: line 2: a.b: custom");
}

TEST(Yaml, UnknownKeysSuggestTheNearest) {
    const Yaml yaml = parse("train:\n  rate: 1\n  setps: 3\n");
    yaml.allow_keys({"train", "data"});
    EXPECT_EQ(error_of([&] {
                  yaml["train"].allow_keys({"rate", "steps", "seed"});
              }),
              "c.yaml: line 3: train.setps: unknown key; did you mean 'steps'? known keys: rate, "
              "steps, seed");
}

TEST(Yaml, DuplicateKeysAreErrors) {
    const Yaml yaml = parse("a: 1\nb: 2\na: 3\n");
    EXPECT_HAS(error_of([&] { yaml.allow_keys({"a", "b"}); }), "the key 'a' stands twice");
    EXPECT_HAS(error_of([&] { yaml["a"]; }), "the key 'a' stands twice");
    EXPECT_EQ(yaml["b"].as<int>(), 2);
}

TEST(Yaml, SyntaxErrorsNameTheLine) {
    EXPECT_HAS(error_of([] { parse("a: 1\nb: [1, 2\n"); }), "c.yaml: line ");
    EXPECT_HAS(error_of([] { parse("a: 1\n  b: 2\n"); }), "c.yaml: line 2: ");
    EXPECT_HAS(error_of([] { parse("a: *none\n"); }), "c.yaml: line 1: ");
    EXPECT_HAS(error_of([] { parse("? [a]\n: 1\n").keys(); }), "every key must be plain text");
    EXPECT_HAS(error_of([] { parse("").keys(); }), "expected a mapping");
}

TEST(Yaml, HostileTextIsAnError) {
    for (const std::string& text : {std::string(200'000, '['), std::string(200'000, '{'),
                                    std::string("\0\1\2", 3), std::string("\xff\xfe\x00\xd8", 4)}) {
        try {
            parse(text).keys();
        } catch (const Error&) {
        }
    }
    const Yaml cycle = parse("a: &x {b: *x}");
    EXPECT_TRUE(cycle["a"]["b"]["b"].has("b"));
    EXPECT_LT(cycle.dump().size(), 100u);
}

TEST(Yaml, FilesAreNamed) {
    const test::TemporaryFolder folder;
    EXPECT_HAS(error_of([&] { Yaml::load(folder / "none.yaml"); }), "none.yaml: no such file");
    test::write_bytes(folder / "a.yaml", "a: x\n");
    EXPECT_EQ(Yaml::load(folder / "a.yaml").file(), folder / "a.yaml");
    EXPECT_HAS(error_of([&] { Yaml::load(folder / "a.yaml")["a"].as<int>(); }),
               "a.yaml: line 1: a:");
}

TEST(Yaml, SetChangesAndMakesKeys) {
    Yaml yaml = parse("a: {b: 1}\nlist: [1]\n");
    yaml.set("a.b", "2");
    yaml.set("a.c", "[x, y]");
    yaml.set("d.e.f", "text");
    EXPECT_EQ(yaml["a"]["b"].as<int>(), 2);
    EXPECT_EQ(yaml["a"]["c"].as<Strings>(), (Strings{"x", "y"}));
    EXPECT_EQ(yaml["d"]["e"]["f"].as<std::string>(), "text");
    EXPECT_HAS(error_of([&] { yaml.set("a.b.c", "1"); }), "--set a.b.c: 'b' is not a section");
    EXPECT_HAS(error_of([&] { yaml.set("list.x", "1"); }), "'list' is not a section");
    EXPECT_HAS(error_of([&] { yaml.set("a.b", "[1"); }), "--set a.b=[1: ");
    for (const char* key : {"", ".", "a.", ".a", "a..b"}) {
        EXPECT_HAS(error_of([&] { yaml.set(key, "1"); }), "has an empty part");
    }
    Yaml list = parse("[1, 2]");
    EXPECT_HAS(error_of([&] { list.set("a", "1"); }), "the config is no mapping");
    Yaml nothing = parse("");
    nothing.set("a.b", "1");
    EXPECT_EQ(nothing["a"]["b"].as<int>(), 1);
}

TEST(Yaml, DumpReadsBackEqual) {
    const Yaml yaml = parse("a: {b: 0.1, c: [1, 'x: y']}\nd: \"multi\\nline\"\n");
    const Yaml again = parse(yaml.dump());
    EXPECT_EQ(again["a"]["b"].as<double>(), 0.1);
    EXPECT_EQ(again["a"]["c"].as<Strings>()[1], "x: y");
    EXPECT_EQ(again["d"].as<std::string>(), "multi\nline");
    EXPECT_EQ(again.dump(), yaml.dump());
}

}  // namespace
}  // namespace distillar::base
