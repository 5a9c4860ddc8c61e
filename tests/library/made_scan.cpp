#include "library/made_scan.hpp"

#include "base/random.hpp"
#include "runtime/made_model.hpp"
#include "runtime/random_model.hpp"

namespace distillar::test {

namespace {

template <typename Function>
Answer answer_of(const Function& function) {
    try {
        function();
        return {};
    } catch (const Error& error) {
        return {static_cast<distillar_status>(error.kind()), error.what()};
    }
}

Answer answer_of(distillar_status status) {
    return {status, status == DISTILLAR_OK ? "" : distillar_last_error()};
}

void expect_same(const Answer& cpp, const Answer& c) {
    EXPECT_EQ(cpp.status, c.status) << cpp.message << " | " << c.message;
    EXPECT_EQ(cpp.message, c.message);
    EXPECT_EQ(cpp.message.find('\n'), std::string::npos);
}

distillar_field field_of(const Field& field) {
    return {field.offset, static_cast<std::uint32_t>(field.type)};
}

Answer segment_c(const std::filesystem::path& file, const Cloud& cloud, const Options& options) {
    distillar_model* model = nullptr;
    EXPECT_EQ(distillar_model_load(file.c_str(), DISTILLAR_FP32, &model), DISTILLAR_OK);
    distillar_options wanted = distillar_default_options();
    wanted.threads = options.threads;
    wanted.align = options.align ? 1 : 0;
    wanted.sensor_height = options.sensor_height;
    wanted.intensity_mean = options.intensity_mean;
    wanted.intensity_deviation = options.intensity_deviation;
    wanted.published_frame = options.published_frame ? 1 : 0;
    distillar_segmenter* segmenter = nullptr;
    distillar_status status = distillar_segmenter_create(model, &wanted, &segmenter);
    distillar_model_free(model);
    if (status == DISTILLAR_OK) {
        const distillar_cloud view{
            cloud.data,        cloud.bytes,       cloud.count,       cloud.stride,
            field_of(cloud.x), field_of(cloud.y), field_of(cloud.z), field_of(cloud.intensity),
            cloud.width,       cloud.row_step};
        std::vector<std::uint8_t> labels(std::min<std::size_t>(cloud.count, 1 << 22));
        status = distillar_segment(segmenter, &view, labels.data(), nullptr);
    }
    distillar_segmenter_free(segmenter);
    return answer_of(status);
}

}  // namespace

std::vector<float> made_scan(std::size_t points, double height, std::uint64_t seed) {
    base::Random random(seed, 0, 0);
    std::vector<float> scan;
    for (std::size_t i = 0; i < points; ++i) {
        const bool road = i % 4 != 3;
        const double x = random.uniform(-19, 19);
        const double y = road ? random.uniform(-10, 10) : (random.chance(0.5) ? 11.0 : -11.5);
        const double z = road ? -height + 0.02 * random.normal() : random.uniform(-height, 2);
        for (const double value : {x, y, z, random.normal()}) {
            scan.push_back(static_cast<float>(value));
        }
    }
    return scan;
}

formats::ModelFile made_model() {
    auto description = description_of({});
    description.sensor.height = 1.8F;
    return runtime::random_model(description, 9);
}

std::filesystem::path write_made_model(const std::filesystem::path& folder) {
    const auto file = folder / "model.safetensors";
    formats::write_model(file, made_model());
    return file;
}

Labels segment(Segmenter& segmenter, const Cloud& cloud) {
    Labels labels{std::vector<std::uint8_t>(cloud.count), std::vector<float>(cloud.count)};
    segmenter.segment(cloud, labels.classes.data(), labels.confidence.data());
    return labels;
}

Labels segment(Segmenter& segmenter, const std::vector<float>& scan) {
    return segment(segmenter, Cloud::xyzi(scan.data(), scan.size() / 4));
}

Answer segment_both(const std::filesystem::path& model, const Cloud& cloud,
                    const Options& options) {
    const Answer answer = answer_of([&] {
        Segmenter segmenter(Model::load(model), options);
        std::vector<std::uint8_t> labels(std::min<std::size_t>(cloud.count, 1 << 22));
        segmenter.segment(cloud, labels.data());
    });
    expect_same(answer, segment_c(model, cloud, options));
    return answer;
}

Answer load_both(const std::filesystem::path& model, Precision precision) {
    const Answer answer = answer_of([&] { Model::load(model, precision); });
    distillar_model* loaded = nullptr;
    const auto status =
        distillar_model_load(model.c_str(), static_cast<std::uint32_t>(precision), &loaded);
    EXPECT_EQ(loaded != nullptr, status == DISTILLAR_OK);
    distillar_model_free(loaded);
    expect_same(answer, answer_of(status));
    return answer;
}

}  // namespace distillar::test
