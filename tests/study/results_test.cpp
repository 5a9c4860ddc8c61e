#include "study/results.hpp"

#include <cmath>

#include "study/made_study.hpp"

namespace distillar::study {
namespace {

class StudyResults : public test::StudyTest {
protected:
    /// Results of both seeds: `miou`, and 0.1 more.
    void write(const std::string& run, const std::string& test, double miou) const {
        for (const int seed : {3, 5}) {
            const double value = miou + (seed == 5 ? 0.1 : 0);
            nlohmann::json json{{"miou", value},
                                {"miou_common", value},
                                {"miou_nanmean", nullptr},
                                {"accuracy", 0.5},
                                {"entropy", 1.25}};
            json["classes"] = {{{"name", "road & <kerb>"}, {"iou", value}, {"points", 7}},
                               {{"name", "car"}, {"iou", nullptr}, {"points", 0}}};
            test::write_bytes(
                folder_ / fmt::format("out/results/{}/seed-{}/{}.json", run, seed, test),
                json.dump());
        }
    }
};

TEST_F(StudyResults, TablesHoldMeanAndRange) {
    write("plain/a-to-b", "far", 0.2);
    write("oracle/a-to-b", "far", 0.6);
    write("head/a-to-b", "far", 0.5);
    write("plain/b-to-b", "near", 0.7);
    test::write_bytes(folder_ / "out/runs/plain/a-to-b/seed-3/metrics.jsonl",
                      "{\"step\":1,\"loss\":2.0,\"learning_rate\":0.1}\n"
                      "{\"step\":2,\"loss\":1.0,\"learning_rate\":0.1}\n");
    const auto study = load(text());
    const auto made = plan(text());
    const auto results = gather(study, made);
    EXPECT_EQ(results.recipes, (std::vector<std::string>{"plain", "head", "oracle"}));
    ASSERT_EQ(results.columns.size(), 2U);
    EXPECT_EQ(results.columns[0].name, "a-to-b");
    EXPECT_EQ(results.columns[1].name, "b-to-b -> near");
    EXPECT_NEAR(gap_closed(study, results, "head", "a-to-b", "miou"), 0.75, 1e-9);
    EXPECT_TRUE(std::isnan(gap_closed(study, results, "head", "b-to-b -> near", "miou")));
    EXPECT_TRUE(std::isnan(results.spread("plain", "a-to-b", "miou_nanmean").mean));
    const auto gain = results.gain("head", "plain", "a-to-b", "miou");
    EXPECT_NEAR(gain.low, 0.3, 1e-9);
    EXPECT_NEAR(gain.high, 0.3, 1e-9);
    EXPECT_TRUE(std::isnan(results.gain("head", "plain", "b-to-b -> near", "miou").mean));

    Durations durations(folder_ / "out/durations.json");
    durations.add("plain/a-to-b/seed-3", "plain", 75);
    write_results(study, made, results, durations, folder_ / "out");
    const auto markdown = test::read_bytes(folder_ / "out/results.md");
    EXPECT_NE(markdown.find("# Small\n"), std::string::npos);
    EXPECT_NE(markdown.find("| recipe | a-to-b | b-to-b -> near |\n|---|---|---|\n"
                            "| plain | 25.0 (20.0-30.0) | 75.0 (70.0-80.0) |\n"
                            "| head | 55.0 (50.0-60.0) | - |\n"),
              std::string::npos)
        << markdown;
    EXPECT_NE(markdown.find("Gap from plain to oracle that is closed (`miou`), %\n\n"
                            "| recipe | a-to-b | b-to-b -> near |\n|---|---|---|\n"
                            "| plain | 0.0 | - |\n| head | 75.0 | - |\n| oracle | 100.0 | - |\n"),
              std::string::npos)
        << markdown;
    EXPECT_NE(markdown.find("| plain | 1.500 | 1:15 |"), std::string::npos) << markdown;
    EXPECT_NE(markdown.find("| car | 0 | - | - | - |"), std::string::npos) << markdown;
    const auto json = nlohmann::json::parse(test::read_bytes(folder_ / "out/results.json"));
    EXPECT_EQ(json.at("tests").size(), 8U);
    EXPECT_EQ(json.at("cells").size(), 6U);
    EXPECT_NEAR(json.at("cells")[0].at("miou")[2].get<double>(), 0.3, 1e-9);
}

TEST_F(StudyResults, GainsAreOfTheSeedsThatBothHave) {
    write("plain/a-to-b", "far", 0.2);
    write("head/a-to-b", "far", 0.5);
    const auto result = [&](const char* run) { return folder_ / "out/results" / run; };
    test::write_bytes(result("head/a-to-b/seed-5/far.json"), "{\"miou\": 0.25}");
    auto gain = gather(load(text()), plan(text())).gain("head", "plain", "a-to-b", "miou");
    EXPECT_NEAR(gain.mean, 0.125, 1e-9);  // seed 3: +0.3, seed 5: -0.05
    EXPECT_EQ(gain_text(gain, 100, 1), "+12.5 (-5.0 to +30.0)");
    std::filesystem::remove(result("plain/a-to-b/seed-3/far.json"));
    gain = gather(load(text()), plan(text())).gain("head", "plain", "a-to-b", "miou");
    EXPECT_EQ(gain_text(gain, 100, 1), "-5.0");
    EXPECT_EQ(gain_text({}, 100, 1), "-");
}

TEST_F(StudyResults, OneRecipeAloneShowsSettingsByTests) {
    write("plain/a-to-b", "far", 0.2);
    write("plain/b-to-b", "near", 0.7);
    const auto results = gather(load(text()), plan(text()));
    const auto table = table_of(
        results, [](const auto& recipe, const auto& column) { return recipe + "@" + column; });
    EXPECT_EQ(table, (Table{{"setting", "far", "near"},
                            {"a-to-b", "plain@a-to-b", "-"},
                            {"b-to-b", "-", "plain@b-to-b -> near"}}));
}

TEST_F(StudyResults, ThePageIsWholeAndEscapes) {
    write("plain/a-to-b", "far", 0.2);
    const auto yaml = text("title: Small", "title: \"<script>&\"");
    const auto study = load(yaml);
    const auto made = plan(yaml);
    const Durations durations(folder_ / "out/durations.json");
    write_report(study, made, gather(study, made), durations, folder_ / "out");
    const auto html = test::read_bytes(folder_ / "out/report.html");
    EXPECT_EQ(html.find("<script"), std::string::npos);
    EXPECT_NE(html.find("&lt;script&gt;&amp;"), std::string::npos);
    EXPECT_EQ(html.find("<kerb>"), std::string::npos);
    EXPECT_NE(html.find("road &amp; &lt;kerb&gt;"), std::string::npos);
    EXPECT_NE(html.find("<a href=\"results/plain/a-to-b/seed-5/far.json\">a-to-b</a>"),
              std::string::npos);
    EXPECT_NE(html.find("25.0 (20.0-30.0)"), std::string::npos);
}

TEST_F(StudyResults, NothingIsThereYet) {
    const auto study = load(text());
    const auto made = plan(text());
    const auto results = gather(study, made);
    const Durations durations(folder_ / "out/durations.json");
    write_results(study, made, results, durations, folder_ / "out");
    write_report(study, made, results, durations, folder_ / "out");
    EXPECT_EQ(terminal_table(results), "mIoU over common classes (`miou_common`), %\nrecipe\n");
}

}  // namespace
}  // namespace distillar::study
