#include "distillar/segmenter.hpp"

#include <algorithm>
#include <iterator>

#include "base/error.hpp"
#include "runtime/precision_names.hpp"
#include "runtime/segmenter.hpp"

namespace distillar {

namespace {

static_assert(static_cast<int>(Precision::bf16) == static_cast<int>(runtime::Precision::bf16) &&
              static_cast<int>(Precision::int8) == static_cast<int>(runtime::Precision::int8));

runtime::Precision precision_of(Precision precision) {
    const auto own = static_cast<runtime::Precision>(precision);
    const auto& known = runtime::known_precisions;
    if (std::none_of(std::begin(known), std::end(known),
                     [&](const auto& entry) { return entry.precision == own; })) {
        throw Error(Error::Kind::argument, "precision: give fp32 (0), bf16 (1) or int8 (2)");
    }
    return own;
}

runtime::CloudField field_of(const Field& field) {
    return {field.offset, static_cast<runtime::FieldType>(field.type)};
}

runtime::CloudView view_of(const Cloud& cloud) {
    return {cloud.data,
            cloud.bytes,
            cloud.count,
            cloud.stride,
            {field_of(cloud.x), field_of(cloud.y), field_of(cloud.z)},
            field_of(cloud.intensity),
            cloud.width,
            cloud.row_step};
}

// The public types are those of the runtime: same numbers, same members.
template <FieldType type, runtime::FieldType inner>
constexpr bool same = static_cast<std::uint32_t>(type) == static_cast<std::uint32_t>(inner);
static_assert(same<FieldType::absent, runtime::FieldType::absent>);
static_assert(same<FieldType::int8, runtime::FieldType::i8>);
static_assert(same<FieldType::uint8, runtime::FieldType::u8>);
static_assert(same<FieldType::int16, runtime::FieldType::i16>);
static_assert(same<FieldType::uint16, runtime::FieldType::u16>);
static_assert(same<FieldType::int32, runtime::FieldType::i32>);
static_assert(same<FieldType::uint32, runtime::FieldType::u32>);
static_assert(same<FieldType::float32, runtime::FieldType::f32>);
static_assert(same<FieldType::float64, runtime::FieldType::f64>);
static_assert(sizeof(Field) == sizeof(runtime::CloudField));
static_assert(sizeof(Cloud) == sizeof(runtime::CloudView));  // a new member is forgotten in one

/// Runs a function; what it finds wrong becomes an Error of this kind.
template <typename Function>
auto with_kind(Error::Kind kind, const Function& function) {
    try {
        return function();
    } catch (const base::Error& error) {
        throw Error(kind, error.what());
    }
}

}  // namespace

Error::~Error() = default;

bool supported(Precision precision) {
    return runtime::unsupported(precision_of(precision)).empty();
}

const char* version() {
    return DISTILLAR_VERSION;
}

struct Model::Parts {
    std::shared_ptr<const runtime::Model> model;
    std::vector<Class> classes;
};

Model::Model(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Model::~Model() = default;

std::shared_ptr<const Model> Model::load(const std::string& file, Precision precision) {
    if (const auto problem = runtime::unsupported(precision_of(precision)); !problem.empty()) {
        throw Error(Error::Kind::unsupported, problem);
    }
    auto parts = std::make_unique<Parts>();
    parts->model = with_kind(Error::Kind::model,
                             [&] { return runtime::Model::load(file, precision_of(precision)); });
    for (const auto& entry : parts->model->description().classes) {
        parts->classes.push_back({entry.name, entry.color[0], entry.color[1], entry.color[2]});
    }
    return std::make_shared<const Model>(std::move(parts));
}

const std::vector<Class>& Model::classes() const {
    return parts_->classes;
}

bool Model::needs_intensity() const {
    return parts_->model->needs_intensity();
}

bool Model::published_frame() const {
    return parts_->model->description().sensor.frame == "published";
}

float Model::sensor_height() const {
    return parts_->model->description().sensor.height;
}

struct Segmenter::Parts {
    std::shared_ptr<const runtime::Model> model;
    runtime::Segmenter segmenter;
};

Segmenter::Segmenter(std::shared_ptr<const Model> model, const Options& options) {
    if (!model) {
        throw Error(Error::Kind::argument, "segmenter: the model is null; load one first");
    }
    if (options.published_frame != model->published_frame()) {
        throw Error(Error::Kind::argument,
                    model->published_frame()
                        ? "options: the model expects clouds in its data set's published axes "
                          "(nuScenes, PandaSet: x right, y forward); give them so and set "
                          "published_frame"
                        : "options: published_frame is set, but the model expects x forward, y "
                          "left, z up; give clouds so and leave it out");
    }
    runtime::SegmenterOptions wanted;
    wanted.threads = options.threads;
    wanted.align = options.align;
    wanted.sensor_height = options.sensor_height;
    if (options.intensity_deviation != 0) {
        wanted.intensity = {options.intensity_mean, options.intensity_deviation};
    }
    const auto& inner = model->parts().model;
    parts_ = with_kind(Error::Kind::argument, [&] {
        return std::unique_ptr<Parts>(new Parts{inner, runtime::Segmenter(inner, wanted)});
    });
}

Segmenter::~Segmenter() = default;
Segmenter::Segmenter(Segmenter&&) noexcept = default;
Segmenter& Segmenter::operator=(Segmenter&&) noexcept = default;

void Segmenter::segment(const Cloud& cloud, std::uint8_t* labels, float* confidence) {
    const runtime::CloudView view = view_of(cloud);
    with_kind(Error::Kind::argument, [&] { runtime::check_cloud(view); });
    if (labels == nullptr && cloud.count > 0) {
        throw Error(Error::Kind::argument, "segment: labels is null; give room for one a point");
    }
    if (view.intensity.type == runtime::FieldType::absent && parts_->model->needs_intensity()) {
        throw Error(Error::Kind::cloud,
                    "cloud: it has no intensity, but the model needs it as an input feature; "
                    "describe that field or use a model without it");
    }
    const auto count = static_cast<std::size_t>(cloud.count);
    with_kind(Error::Kind::cloud, [&] {
        parts_->segmenter.segment(view, {labels, count},
                                  {confidence, confidence == nullptr ? 0 : count});
    });
}

const std::vector<std::string>& Segmenter::warnings() const {
    return parts_->segmenter.warnings();
}

}  // namespace distillar
