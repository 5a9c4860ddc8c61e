#include "base/schema.hpp"

#include <array>

#include <gtest/gtest.h>

#include "support/data.hpp"

namespace distillar::base {
namespace {

enum class Color { red, dark_blue };
constexpr auto enum_names(Color) {
    return std::array{"red", "dark-blue"};
}

struct Car {
    double length = 4.5;
    int doors = 4;
    Color color = Color::red;
    std::string name = "a \"b\"";
    bool electric = false;
    std::filesystem::path manual;
    int pressure = 2;

    void add_to(Schema& schema) {
        schema.add("length", length, above(0), "metres");
        schema.add("doors", doors, between(2, 5), "of the body");
        schema.add("color", color, "of the body");
        schema.add("name", name, "as its owner says");
        schema.add("electric", electric, "or not");
        schema.add("manual", manual, "a file");
        Schema& tyres = schema.section("tyres", "all four");
        tyres.add("pressure", pressure, at_least(1), "bar");
        tyres.check([this](const Yaml& yaml) {
            if (pressure > 2 && electric) {
                yaml["pressure"].fail("must be 2 for an electric car");
            }
        });
        schema.accept_only("wings", 0, "it drives");
    }
};

std::string error_of(const std::string& text) {
    Car car;
    Schema schema;
    car.add_to(schema);
    return test::error_of([&] { schema.read(Yaml::parse(text, "car.yaml")); });
}

TEST(Schema, WhatItWritesItReads) {
    Car car, again;
    Schema schema, other;
    car.add_to(schema);
    again.add_to(other);
    schema.read(
        Yaml::parse("length: 3.25\ncolor: dark-blue\nmanual: /a/b\ntyres: {pressure: 1}\n"
                    "wings: 0\n",
                    "car.yaml"));
    EXPECT_EQ(car.length, 3.25);
    EXPECT_EQ(car.doors, 4) << "what is left out stays";
    EXPECT_EQ(car.color, Color::dark_blue);
    EXPECT_EQ(car.pressure, 1);
    other.read(Yaml::parse(schema.text(), "again"));
    EXPECT_EQ(other.text(), schema.text());
    EXPECT_EQ(again.name, "a \"b\"");
    EXPECT_EQ(schema.text().find("wings"), std::string::npos);
}

TEST(Schema, MistakesAreNamedWhereTheyStand) {
    const auto expect = [](const std::string& text, const std::string& words) {
        const auto error = error_of(text);
        EXPECT_NE(error.find(words), std::string::npos) << error;
    };
    expect("doors: 4\nlenght: 3\n",
           "car.yaml: line 2: lenght: unknown key; did you mean 'length'?");
    expect("length: 0\n", "length: is 0, must be above 0: metres");
    expect("length: .nan\n", "length: is nan, must be above 0");
    expect("doors: 9\n", "doors: is 9, must be 2 to 5: of the body");
    expect("color: green\n", "color: 'green' is not one of: red, dark-blue");
    expect("electric: perhaps\n", "electric: expected true or false");
    expect("tyres: {pressure: 0}\n", "tyres.pressure: is 0, must be 1 or above");
    expect("electric: true\ntyres: {pressure: 3}\n", "must be 2 for an electric car");
    expect("wings: 2\n", "wings: has no effect here: it drives; leave it out");
}

TEST(Schema, TheReferenceIsTheTextWithComments) {
    Car car;
    Schema schema;
    car.add_to(schema);
    const std::string reference = schema.reference();
    EXPECT_NE(reference.find("color: red"), std::string::npos) << reference;
    EXPECT_NE(reference.find("# red | dark-blue; of the body\n"), std::string::npos) << reference;
    EXPECT_NE(reference.find("\n  pressure: 2 "), std::string::npos) << reference;
    schema.read(Yaml::parse(reference, "reference"));
}

TEST(Schema, KnowsKeysBelowSections) {
    Car car;
    Schema schema;
    car.add_to(schema);
    EXPECT_TRUE(schema.knows("tyres.pressure"));
    EXPECT_FALSE(schema.knows("tyres.width"));
    EXPECT_FALSE(schema.knows("wings")) << "taken, but of no use";
    EXPECT_EQ(schema.unknown_key(Yaml::parse("tyres: {width: 3}\n", "x")), "tyres.width");
    EXPECT_EQ(schema.unknown_key(Yaml::parse("doors: 3\n", "x")), "");
}

}  // namespace
}  // namespace distillar::base
