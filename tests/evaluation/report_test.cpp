#include "evaluation/report.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "evaluation/html.hpp"
#include "evaluation/svg.hpp"
#include "evaluation/svg_parts.hpp"
#include "support/data.hpp"

namespace distillar::evaluation {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++found;
    }
    return found;
}

/// Every element that is opened is closed, in order; nothing is loaded from elsewhere.
void expect_well_formed(const std::string& html) {
    std::vector<std::string> open;
    for (auto at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
        const auto end = html.find('>', at);
        ASSERT_NE(end, std::string::npos);
        const auto tag = html.substr(at + 1, end - at - 1);
        const auto name = tag.substr(0, tag.find(' '));
        if (tag[0] == '/') {
            ASSERT_FALSE(open.empty());
            EXPECT_EQ(open.back(), name.substr(1));
            open.pop_back();
        } else if (tag.back() != '/' && name != "img" && name != "meta" && tag[0] != '!') {
            open.push_back(name);
        }
    }
    EXPECT_TRUE(open.empty());
    EXPECT_EQ(html.find("http"), std::string::npos);
    EXPECT_EQ(html.find("<script"), std::string::npos);
}

TEST(Html, TextFromFilesIsEscaped) {
    EXPECT_EQ(escape_html("a<b>&\"c'\n\x01\x7f"), "a&lt;b&gt;&amp;&quot;c&#39;\n  ");
    const std::string evil = "</title><script>alert(1)</script>";
    const auto page = html_page(
        evil, html_heading(evil) + html_paragraph(evil) + html_link("\"" + evil, evil) +
                  html_facts({{evil, evil}, {"empty", ""}}) + html_tiles({{evil, evil}}) +
                  html_figure(svg_bars({{evil, 0.5, evil, {}}}), evil) + html_folded(evil, evil) +
                  svg_lines(evil, {{evil, {0, 1}, {2, 3}}, {evil, {}, {}}}) +
                  svg_grouped_bars({{evil}, {evil}, {{{1, 1, 1}}}}) +
                  svg_confusion(ConfusionMatrix(1), {evil}));
    expect_well_formed(page);
    EXPECT_EQ(page.find("empty"), std::string::npos);
}

TEST(Chart, TicksAreRoundAndCoverTheRange) {
    EXPECT_EQ(svg::axis_ticks(0, 700, 8),
              (std::vector<double>{0, 100, 200, 300, 400, 500, 600, 700}));
    EXPECT_EQ(svg::axis_ticks(3, 9, 3), (std::vector<double>{2, 4, 6, 8, 10}));
    for (const auto& [low, high] : {std::pair{0.013, 0.0131},
                                    {-5e6, 3e5},
                                    {7.0, 7.0},
                                    {0., 0.},
                                    {-1e300, 1e300},
                                    {1e16, 1e16 + 2}}) {
        const auto ticks = svg::axis_ticks(low, high, 6);
        ASSERT_GE(ticks.size(), 2u) << low;
        EXPECT_LT(ticks.size(), 15u) << low;
        const double rounding = 1e-9 * (ticks[1] - ticks[0]);
        EXPECT_LE(ticks.front(), low + rounding);
        EXPECT_GE(ticks.back(), high - rounding);
    }
}

TEST(Chart, CurvesLieWhereTheirValuesAre) {
    const auto chart = svg_lines("step", {{"flat", {0, 100}, {1, 1}}, {"rise", {0, 100}, {0, 2}}});
    EXPECT_NE(chart.find("points=\"58.0,144.0 628.0,144.0 \""), std::string::npos) << chart;
    EXPECT_NE(chart.find("points=\"58.0,254.0 628.0,34.0 \""), std::string::npos) << chart;
    EXPECT_EQ(count(svg_file({chart, chart, chart}), "<svg x="), 3U);
}

TEST(Html, PicturesAreInTheFile) {
    const formats::Image image{2, 1, {255, 0, 0, 0, 0, 255}};
    const auto drawing = html_drawing(image, "two pixels");
    EXPECT_NE(drawing.find("src=\"data:image/png;base64,iVBORw0KGgo"), std::string::npos);
    EXPECT_NE(html_photo(image, "").find("src=\"data:image/jpeg;base64,/9j/"), std::string::npos);
    // The base64 text, decoded by hand in fours, is the PNG.
    const auto begin = drawing.find("base64,") + 7;
    const auto text = drawing.substr(begin, drawing.find('"', begin) - begin);
    const std::string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::vector<std::byte> bytes;
    for (std::size_t i = 0; i < text.size(); i += 4) {
        std::uint32_t bits = 0;
        int padding = 0;
        for (std::size_t k = i; k < i + 4; ++k) {
            padding += text[k] == '=' ? 1 : 0;
            bits = bits << 6 |
                   (text[k] == '=' ? 0 : static_cast<std::uint32_t>(letters.find(text[k])));
        }
        for (int k = 0; k < 3 - padding; ++k) {
            bytes.push_back(static_cast<std::byte>(bits >> (16 - 8 * k) & 255));
        }
    }
    EXPECT_EQ(bytes, formats::png_bytes(image));
}

TEST(Svg, CurvesAreCutWhereValuesAreMissing) {
    const double nan = std::nan("");
    const auto svg = svg_lines("step", {{"loss", {0, 1, 2, 3, 4}, {1, 2, nan, 3, 4}}});
    EXPECT_EQ(count(svg, "<polyline"), 2U);
    EXPECT_EQ(svg.find("nan"), std::string::npos);
    EXPECT_NE(svg_lines("", {{"loss", {0}, {nan}}}).find("no finite values"), std::string::npos);
    EXPECT_NE(test::error_of([] {
                  svg_lines("", {{"loss", {0, 1}, {1}}});
              }).find("2 x values but 1 y"),
              std::string::npos);
}

TEST(Svg, BarsStandForTheirValues) {
    const auto svg = svg_bars({{"road", 1, "(9)", {1, 2, 3}}, {"car", std::nan(""), "(0)", {}}});
    EXPECT_NE(svg.find(">100.0 (9)<"), std::string::npos) << svg;
    EXPECT_NE(svg.find(">- (0)<"), std::string::npos) << svg;
    EXPECT_NE(svg.find("fill=\"rgb(1,2,3)\""), std::string::npos) << svg;
    const auto grouped = svg_grouped_bars({{"a", "b"}, {"x"}, {{{10, 5, 20}, {}}}});
    EXPECT_EQ(count(grouped, "class=\"whisker\""), 1U);
    EXPECT_NE(grouped.find("a, x: 10.0 (5.0 to 20.0)"), std::string::npos);
    EXPECT_NE(test::error_of([] {
                  svg_grouped_bars({{"a", "b"}, {"x"}, {{{}}}});
              }).find("one value"),
              std::string::npos);
}

TEST(Svg, ConfusionIsByRow) {
    ConfusionMatrix matrix(3);
    const std::vector<std::uint8_t> truth{0, 0, 0, 0, 1, 1}, answer{0, 0, 0, 1, 1, 255};
    matrix.add(truth, answer);
    const auto svg = svg_confusion(matrix, {"road", "wall", "car"});
    EXPECT_NE(svg.find("<title>road -&gt; road: 3 of 4 points</title>"), std::string::npos) << svg;
    EXPECT_NE(svg.find(">75.0<"), std::string::npos);
    EXPECT_NE(svg.find(">25.0<"), std::string::npos);
    EXPECT_NE(svg.find("wall -&gt; no answer: 1 of 2 points"), std::string::npos);
    EXPECT_EQ(svg.find("car -&gt;"), std::string::npos) << "a row without points stays empty";
}

TEST(EvaluationPage, ShowsFiguresClassesAndFrames) {
    ConfusionMatrix matrix(2);
    const std::vector<std::uint8_t> truth{0, 0, 1, 1, 255}, answer{0, 0, 0, 1, 1};
    matrix.add(truth, answer);
    const auto metrics = metrics_from(matrix, {"road", "<wall>"});
    const ClassStyle style{{"road", "<wall>"}, {{128, 64, 128}, {70, 70, 70}}};
    formats::ModelDescription model;
    model.provenance.teacher = "DINOv2 & co";
    std::string html = evaluation_html(
        {model_facts(model), metrics, matrix, style, {{0, 0.58}, {1, std::nan("")}, {2, 0.6}}});
    datasets::Frame frame;
    frame.id = "00/<1>";
    frame.points.resize(5, 3);
    frame.points << 1, 0, 0, 2, 0, 0, 3, 1, 0, 4, -1, 0, 5, 0, 1;
    datasets::CameraView view;
    view.name = "front";
    const test::TemporaryFolder folder;
    view.image = folder / "front.png";
    formats::write_png(view.image, formats::Image{64, 32, std::vector<std::uint8_t>(64 * 32 * 3)});
    view.camera.fx = view.camera.fy = 20;
    view.camera.cx = 32;
    view.camera.cy = 16;
    view.camera.width = 64;
    view.camera.height = 32;
    view.T_camera_lidar.linear() << 0, -1, 0, 0, 0, -1, 1, 0, 0;
    html += frame_html("The best frame", frame, truth, answer, style);
    EXPECT_EQ(count(html, "<img "), 1U) << "from above";
    frame.views.push_back(view);
    html = html_page("Evaluation", html + frame_html("Again", frame, truth, answer, style));
    EXPECT_EQ(count(html, "<img "), 5U) << "and truth, prediction, errors in the image";
    EXPECT_NE(html.find("<b>58.3</b><span>mIoU %, classes that are there"), std::string::npos);
    EXPECT_NE(html.find("DINOv2 &amp; co"), std::string::npos);
    EXPECT_NE(html.find("Fewer than 1000 points: road, &lt;wall&gt;."), std::string::npos);
    expect_well_formed(html);
}

}  // namespace
}  // namespace distillar::evaluation
