#include <array>
#include <cstdio>
#include <new>

#include "distillar/distillar.h"
#include "distillar/segmenter.hpp"

struct distillar_model {
    std::shared_ptr<const distillar::Model> model;
};

struct distillar_segmenter {
    distillar::Segmenter segmenter;
};

namespace {

using distillar::FieldType;
static_assert(int(FieldType::absent) == DISTILLAR_ABSENT);
static_assert(int(FieldType::int8) == DISTILLAR_INT8 && int(FieldType::uint8) == DISTILLAR_UINT8);
static_assert(int(FieldType::int16) == DISTILLAR_INT16);
static_assert(int(FieldType::uint16) == DISTILLAR_UINT16);
static_assert(int(FieldType::int32) == DISTILLAR_INT32);
static_assert(int(FieldType::uint32) == DISTILLAR_UINT32);
static_assert(int(FieldType::float32) == DISTILLAR_FLOAT32);
static_assert(int(FieldType::float64) == DISTILLAR_FLOAT64);

/// Of the calling thread; no memory is needed to fill it.
thread_local std::array<char, 1024> last_error{};

distillar_status failed(distillar_status status, const char* message) noexcept {
    std::snprintf(last_error.data(), last_error.size(), "%s", message);
    return status;
}

distillar_status bad_argument(const char* message) noexcept {
    return failed(DISTILLAR_BAD_ARGUMENT, message);
}

/// Runs a function; nothing it throws gets past here.
template <typename Function>
distillar_status guarded(const Function& function) noexcept {
    try {
        return function();
    } catch (const distillar::Error& error) {
        return failed(static_cast<distillar_status>(error.kind()), error.what());
    } catch (const std::bad_alloc&) {
        return failed(DISTILLAR_NO_MEMORY, "out of memory; give a smaller cloud or model");
    } catch (const std::exception& error) {
        return failed(DISTILLAR_INTERNAL, error.what());
    } catch (...) {
        return failed(DISTILLAR_INTERNAL, "unknown exception");
    }
}

distillar::Field field_of(const distillar_field& field) {
    return {field.offset, static_cast<distillar::FieldType>(field.type)};
}

distillar::Options options_of(const distillar_options& options) {
    distillar::Options result;
    result.threads = options.threads;
    result.align = options.align != 0;
    result.sensor_height = options.sensor_height;
    result.intensity_mean = options.intensity_mean;
    result.intensity_deviation = options.intensity_deviation;
    result.published_frame = options.published_frame != 0;
    return result;
}

}  // namespace

const char* distillar_version(void) {
    return distillar::version();
}

const char* distillar_last_error(void) {
    return last_error.data();
}

int distillar_supported(uint32_t precision) {
    return precision <= DISTILLAR_PRECISION_INT8 &&
                   distillar::supported(static_cast<distillar::Precision>(precision))
               ? 1
               : 0;
}

distillar_status distillar_model_load(const char* file, uint32_t precision,
                                      distillar_model** model) {
    if (model == nullptr) {
        return bad_argument("distillar_model_load: model is null; give the address of a pointer");
    }
    *model = nullptr;
    if (file == nullptr) {
        return bad_argument("distillar_model_load: file is null; give the path of a model file");
    }
    if (precision > DISTILLAR_PRECISION_INT8) {
        return bad_argument(
            "distillar_model_load: precision is DISTILLAR_FP32, DISTILLAR_BF16 or "
            "DISTILLAR_PRECISION_INT8");
    }
    return guarded([&] {
        *model = new distillar_model{
            distillar::Model::load(file, static_cast<distillar::Precision>(precision))};
        return DISTILLAR_OK;
    });
}

void distillar_model_free(distillar_model* model) {
    delete model;
}

size_t distillar_class_count(const distillar_model* model) {
    return model == nullptr ? 0 : model->model->classes().size();
}

const char* distillar_class_name(const distillar_model* model, size_t index) {
    return index < distillar_class_count(model) ? model->model->classes()[index].name.c_str()
                                                : nullptr;
}

distillar_status distillar_class_color(const distillar_model* model, size_t index, uint8_t rgb[3]) {
    if (index >= distillar_class_count(model) || rgb == nullptr) {
        return bad_argument("distillar_class_color: give a model, a class below its count and rgb");
    }
    const distillar::Class& entry = model->model->classes()[index];
    rgb[0] = entry.red;
    rgb[1] = entry.green;
    rgb[2] = entry.blue;
    return DISTILLAR_OK;
}

int distillar_needs_intensity(const distillar_model* model) {
    return model != nullptr && model->model->needs_intensity() ? 1 : 0;
}

int distillar_published_frame(const distillar_model* model) {
    return model != nullptr && model->model->published_frame() ? 1 : 0;
}

distillar_options distillar_default_options(void) {
    return {sizeof(distillar_options), 0, 1, 0, 0, 0, 0};
}

distillar_status distillar_segmenter_create(const distillar_model* model,
                                            const distillar_options* options,
                                            distillar_segmenter** segmenter) {
    if (segmenter == nullptr) {
        return bad_argument(
            "distillar_segmenter_create: segmenter is null; give the address of a pointer");
    }
    *segmenter = nullptr;
    if (model == nullptr) {
        return bad_argument("distillar_segmenter_create: model is null; load one first");
    }
    const distillar_options defaults = distillar_default_options();
    if (options != nullptr && options->size != defaults.size) {
        return bad_argument(
            "distillar_segmenter_create: options have another size than this library's; start from "
            "distillar_default_options()");
    }
    return guarded([&] {
        *segmenter = new distillar_segmenter{distillar::Segmenter(
            model->model, options_of(options == nullptr ? defaults : *options))};
        return DISTILLAR_OK;
    });
}

void distillar_segmenter_free(distillar_segmenter* segmenter) {
    delete segmenter;
}

distillar_cloud distillar_cloud_xyzi(const float* points, size_t count) {
    constexpr uint32_t type = DISTILLAR_FLOAT32;
    return {points,    16 * static_cast<uint64_t>(count),
            count,     16,
            {0, type}, {4, type},
            {8, type}, {12, type},
            0,         0};
}

distillar_status distillar_segment(distillar_segmenter* segmenter, const distillar_cloud* cloud,
                                   uint8_t* labels, float* confidence) {
    if (segmenter == nullptr || cloud == nullptr) {
        return bad_argument("distillar_segment: segmenter or cloud is null");
    }
    return guarded([&] {
        distillar::Cloud view;
        view.data = cloud->data;
        view.bytes = cloud->bytes;
        view.count = cloud->count;
        view.stride = cloud->stride;
        view.x = field_of(cloud->x);
        view.y = field_of(cloud->y);
        view.z = field_of(cloud->z);
        view.intensity = field_of(cloud->intensity);
        view.width = cloud->width;
        view.row_step = cloud->row_step;
        segmenter->segmenter.segment(view, labels, confidence);
        return DISTILLAR_OK;
    });
}

size_t distillar_warning_count(const distillar_segmenter* segmenter) {
    return segmenter == nullptr ? 0 : segmenter->segmenter.warnings().size();
}

const char* distillar_warning(const distillar_segmenter* segmenter, size_t index) {
    return index < distillar_warning_count(segmenter)
               ? segmenter->segmenter.warnings()[index].c_str()
               : nullptr;
}
