#include "datasets/taxonomy.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>

#include "base/files.hpp"
#include "datasets/taxonomy_tables.hpp"
#include "support/data.hpp"

using namespace distillar;
using datasets::load_taxonomy;
using test::error_of;

namespace {

/// The configs folder for one test: a copy of nothing but the files the test writes.
class OwnConfigs {
public:
    OwnConfigs() {
        test::write_bytes(folder_.path() / "taxonomies" / "log-two.yaml", valid);
        setenv("DISTILLAR_CONFIGS", folder_.path().c_str(), 1);
    }
    ~OwnConfigs() { unsetenv("DISTILLAR_CONFIGS"); }

    /// Error of loading the valid file with `from` replaced by `to`.
    std::string error_with(const std::string& from, const std::string& to) const {
        std::string text = valid;
        const auto place = text.find(from);
        EXPECT_NE(place, std::string::npos) << from;
        text.replace(place, from.size(), to);
        test::write_bytes(folder_.path() / "taxonomies" / "log-two.yaml", text);
        return error_of([] { load_taxonomy("log-two"); });
    }

    const std::filesystem::path& path() const { return folder_.path(); }

private:
    static inline const std::string valid =
        "format: log\n"
        "class_set: two\n"
        "classes:\n"
        "  - {name: road, color: [1, 2, 3], write: 40, raw: [40, 44]}\n"
        "  - {name: car, color: [4, 5, 6], write: 10, raw: [10]}\n"
        "ignore: [0, 1]\n"
        "names: {0: none, 1: outlier, 10: car, 40: road, 44: parking}\n";
    test::TemporaryFolder folder_;
};

void expect_contains(const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << "'" << part << "' is not in: " << text;
    EXPECT_EQ(text.find('\n'), std::string::npos) << text;
}

int squared_distance(const std::array<std::uint8_t, 3>& a, const std::array<std::uint8_t, 3>& b) {
    int sum = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return sum;
}

}  // namespace

TEST(Taxonomy, EveryRawIdIsAsPublished) {
    std::set<std::string> checked;
    for (const auto& table : test::published_tables()) {
        for (std::size_t column = 0; column < table.class_sets.size(); ++column) {
            const auto name = table.format + "-" + table.class_sets[column];
            const auto taxonomy = load_taxonomy(name);
            EXPECT_EQ(taxonomy.name, name);
            EXPECT_EQ(taxonomy.format, table.format);
            EXPECT_EQ(taxonomy.class_set, table.class_sets[column]);
            EXPECT_EQ(taxonomy.raw_to_class.size(), table.rows.size()) << name;
            EXPECT_EQ(taxonomy.raw_names.size(), table.rows.size()) << name;
            for (const auto& row : table.rows) {
                const int published = row.classes.at(column);
                EXPECT_EQ(taxonomy.raw_to_class.at(row.raw), published == 0 ? 255 : published - 1)
                    << name << " raw id " << row.raw;
                EXPECT_EQ(taxonomy.raw_names.at(row.raw), row.name) << name;
            }
            checked.insert(name);
        }
    }
    const auto names = datasets::taxonomy_names();
    EXPECT_EQ(std::set<std::string>(names.begin(), names.end()), checked);
    EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
}

TEST(Taxonomy, OneClassSetHasTheSameClassesAndPaletteEverywhere) {
    std::map<std::string, std::vector<std::array<std::uint8_t, 3>>> palettes;
    for (const auto& name : datasets::taxonomy_names()) {
        const auto taxonomy = load_taxonomy(name);
        EXPECT_EQ(taxonomy.classes, test::published_classes().at(taxonomy.class_set)) << name;
        ASSERT_EQ(taxonomy.palette.size(), taxonomy.classes.size()) << name;
        const auto [place, fresh] = palettes.emplace(taxonomy.class_set, taxonomy.palette);
        EXPECT_EQ(place->second, taxonomy.palette) << name;
    }
}

TEST(Taxonomy, ColoursOfOneTaxonomyCanBeToldApart) {
    for (const auto& name : datasets::taxonomy_names()) {
        const auto palette = load_taxonomy(name).palette;
        for (std::size_t a = 0; a < palette.size(); ++a) {
            for (std::size_t b = 0; b < a; ++b) {
                EXPECT_GE(squared_distance(palette[a], palette[b]), 40 * 40)
                    << name << " classes " << a << " and " << b;
            }
        }
    }
}

TEST(Taxonomy, RepresentativesMapBackToTheirClass) {
    for (const auto& name : datasets::taxonomy_names()) {
        const auto taxonomy = load_taxonomy(name);
        const auto mapped = taxonomy.map(taxonomy.representative);
        ASSERT_EQ(mapped.size(), taxonomy.classes.size()) << name;
        for (std::size_t i = 0; i < mapped.size(); ++i) {
            EXPECT_EQ(mapped[i], i) << name;
        }
    }
}

TEST(Taxonomy, MapsLabelsAndNamesAnUnknownOne) {
    const auto taxonomy = load_taxonomy("semantickitti-pd8");
    EXPECT_EQ(taxonomy.map({40, 0, 259, 30, 81}), (std::vector<std::uint8_t>{2, 255, 7, 1, 5}));
    EXPECT_TRUE(taxonomy.map({}).empty());
    expect_contains(error_of([&] { taxonomy.map({40, 41}); }), "label 41 (point 1)");
    expect_contains(error_of([&] { taxonomy.map({4000000000U}); }), "semantickitti-pd8");
}

TEST(Taxonomy, UnknownNameSuggestsTheNearest) {
    expect_contains(error_of([] { load_taxonomy("pandaset-pd9"); }), "'pandaset-pd8'");
    expect_contains(error_of([] { load_taxonomy("../splits/nuscenes"); }), "there is no taxonomy");
    expect_contains(error_of([] { load_taxonomy(""); }), "there is no taxonomy ''");
}

TEST(Taxonomy, BrokenFilesAreNamedWithLineAndKey) {
    const OwnConfigs configs;
    EXPECT_EQ(load_taxonomy("log-two").representative, (std::vector<std::uint32_t>{40, 10}));
    const auto error = [&](const std::string& from, const std::string& to) {
        const auto message = configs.error_with(from, to);
        expect_contains(message, "log-two.yaml");
        return message;
    };
    expect_contains(error("raw: [10]", "raw: [10, 44]"), "raw id 44 already stands under road");
    expect_contains(error("[40, 44]", "[40, 40]"), "raw id 40 already stands under road");
    expect_contains(error("[0, 1]", "[0, 1, 10]"), "raw id 10 already stands under car");
    expect_contains(error("[0, 1]", "[0, 0, 1]"), "already stands under ignore");
    expect_contains(error("write: 40", "write: 41"), "41 is not among the raw ids of 'road'");
    expect_contains(error("write: 10, ", ""), "the key 'write' is missing");
    expect_contains(error("raw: [10]", "raw: []"), "'car' has no raw id");
    expect_contains(error(", raw: [10]", ""), "the key 'raw' is missing");
    expect_contains(error("name: car", "name: road"), "name of its own");
    expect_contains(error("[4, 5, 6]", "[4, 5, 256]"), "[red, green, blue]");
    expect_contains(error("[4, 5, 6]", "[4, 5]"), "[red, green, blue]");
    expect_contains(error("raw: [10]", "raw: [-10]"), "-10 is no raw id");
    expect_contains(error("raw: [10]", "raw: [4294967306]"), "4294967306 is no raw id");
    expect_contains(error("raw: [10]", "raw: [ten]"), "expected a whole number, found 'ten'");
    expect_contains(error("10: car, ", ""), "raw id 10 has no name");
    expect_contains(error("10: car", "10: car, 11: bus"), "raw id 11 has a name but");
    expect_contains(error("10: car", "ten: car"), "'ten' is not a whole number");
    expect_contains(error("ignore:", "ignored:"), "did you mean 'ignore'");
    expect_contains(error("format: log", "format: nuscenes"), "must be named nuscenes-two.yaml");
}

TEST(Taxonomy, AClassListMustHaveClassesAndFitOneByte) {
    const test::TemporaryFolder folder;
    const auto file = folder / "classes.yaml";
    test::write_bytes(file, "classes: []\n");
    expect_contains(error_of([&] { datasets::load_taxonomy_file(file); }), "0 classes");
    std::string text = "classes:\n";
    for (int i = 1; i <= 256; ++i) {
        text += "  - {name: c" + std::to_string(i) + ", raw: [" + std::to_string(i) + "]}\n";
    }
    test::write_bytes(file, text);
    expect_contains(error_of([&] { datasets::load_taxonomy_file(file); }), "256 classes");
}

TEST(Taxonomy, FileOfALogsOwnClasses) {
    const test::TemporaryFolder folder;
    const auto file = test::write_bytes(folder / "classes.yaml",
                                        "classes:\n"
                                        "  - {name: road, raw: [1, 2]}\n"
                                        "  - {name: crate, raw: [7], color: [9, 8, 7]}\n"
                                        "ignore: [3]\n");
    const auto taxonomy = datasets::load_taxonomy_file(file);
    EXPECT_EQ(taxonomy.format, "log");
    EXPECT_EQ(taxonomy.classes, (std::vector<std::string>{"road", "crate"}));
    EXPECT_EQ(taxonomy.map({1, 2, 7, 3, 0}), (std::vector<std::uint8_t>{0, 0, 1, 255, 255}));
    EXPECT_EQ(taxonomy.representative, (std::vector<std::uint32_t>{1, 7}));
    EXPECT_EQ(taxonomy.palette[1], (std::array<std::uint8_t, 3>{9, 8, 7}));
    EXPECT_GT(squared_distance(taxonomy.palette[0], taxonomy.palette[1]), 1000);
    EXPECT_EQ(taxonomy.raw_names.at(2), "road");
    expect_contains(error_of([&] { taxonomy.map({4}); }), "label 4");

    test::write_bytes(file, "classes: [{name: floor, raw: [0]}]\n");
    EXPECT_EQ(datasets::load_taxonomy_file(file).map({0}), (std::vector<std::uint8_t>{0}));
    expect_contains(error_of([&] { datasets::load_taxonomy_file(folder / "none.yaml"); }),
                    "no such file");
}
