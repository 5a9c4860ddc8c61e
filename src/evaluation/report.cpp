#include "evaluation/report.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/text.hpp"
#include "evaluation/svg.hpp"

namespace distillar::evaluation {

namespace {

std::string class_bars(const EvaluationResult& result) {
    std::vector<Bar> bars;
    for (std::size_t c = 0; c < result.metrics.classes.size(); ++c) {
        const auto& entry = result.metrics.classes[c];
        bars.push_back({entry.name, entry.iou, fmt::format("({} points)", entry.points),
                        result.style.colors.at(c)});
    }
    return svg_bars(bars);
}

std::string score_chart(const std::vector<FrameScore>& scores) {
    Series series{"mIoU", {}, {}};
    for (std::size_t i = 0; i < scores.size(); ++i) {
        series.x.push_back(static_cast<double>(i));
        series.y.push_back(100 * scores[i].miou);
    }
    return svg_lines("frame", {series});
}

}  // namespace

std::string percent_text(double fraction) {
    return std::isnan(fraction) ? "-" : fmt::format("{:.1f}", 100 * fraction);
}

Facts model_facts(const formats::ModelDescription& model) {
    const auto& origin = model.provenance;
    const auto& backbone = model.backbone;
    return {
        {"backbone",
         fmt::format("{}, {} layers of {} channels, {}, {}", backbone.name, backbone.depth,
                     backbone.channels, backbone.norm, backbone.activation)},
        {"head", fmt::format("{}, {} outputs", model.head.kind, model.head.outputs)},
        {"fusion", model.fusion ? fmt::format("{} of {} image channels", model.fusion->kind,
                                              model.fusion->image_channels)
                                : ""},
        {"input",
         fmt::format("{}; voxels of {} m", base::join(model.input.features), model.input.voxel)},
        {"stage", origin.stage},
        {"trained on", base::join(origin.data_sets)},
        {"licences of data", origin.data_licence},
        {"teacher", origin.teacher},
        {"teacher's licence", origin.teacher_licence},
        {"config", origin.config_hash},
        {"made by", origin.program_version.empty() ? "" : "distillar " + origin.program_version},
    };
}

std::string evaluation_html(const EvaluationResult& result) {
    const Metrics& metrics = result.metrics;
    std::string html = html_tiles({{fmt::format("mIoU %, classes of {}+ points", common_points),
                                    percent_text(metrics.miou_common)},
                                   {"mIoU %, classes that are there", percent_text(metrics.miou)},
                                   {"mIoU %, published form", percent_text(metrics.miou_nanmean)},
                                   {"accuracy %", percent_text(metrics.accuracy)}});
    html += html_facts(result.facts);
    html += html_heading("IoU per class");
    html += html_figure(class_bars(result),
                        "Intersection over union in percent; in brackets the points whose truth "
                        "is the class.");
    if (!metrics.left_out_of_common.empty()) {
        html += html_paragraph(fmt::format("Fewer than {} points: {}.", common_points,
                                           base::join(metrics.left_out_of_common)));
    }
    html += html_heading("Confusion matrix");
    html += html_figure(svg_confusion(result.confusion, result.style.names),
                        "Rows: truth; columns: prediction, by the numbers of the rows; percent of "
                        "the row's points (none: no answer). Point at a cell for its counts.");
    if (result.scores.size() > 1) {
        html += html_heading("Frames");
        html += html_figure(score_chart(result.scores),
                            "mIoU of each frame in percent, over the classes that its truth has.");
    }
    return html;
}

}  // namespace distillar::evaluation
