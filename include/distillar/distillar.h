/* distillar, deployment library, C interface: semantic segmentation of lidar scans with a distillar
 * model file. No function throws, prints or ends the program. See examples/02_segment.c. */
#ifndef DISTILLAR_H
#define DISTILLAR_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DISTILLAR_C_API __attribute__((visibility("default")))

typedef enum distillar_status {
    DISTILLAR_OK = 0,
    DISTILLAR_BAD_ARGUMENT = 1, /* null pointer, option or description of memory that cannot be */
    DISTILLAR_BAD_MODEL = 2,    /* the model file */
    DISTILLAR_BAD_CLOUD = 3,    /* what the cloud holds */
    DISTILLAR_UNSUPPORTED = 4,  /* this processor cannot do it */
    DISTILLAR_NO_MEMORY = 5,
    DISTILLAR_INTERNAL = 6 /* a fault of the library: please report it */
} distillar_status;

/* DISTILLAR_INT8 is the type of a field. */
typedef enum distillar_precision {
    DISTILLAR_FP32 = 0,
    DISTILLAR_BF16 = 1,
    DISTILLAR_PRECISION_INT8 = 2 /* needs AVX512-VNNI and a model that was quantized */
} distillar_precision;

/* Numbered as in ROS's sensor_msgs/PointField. */
typedef enum distillar_type {
    DISTILLAR_ABSENT = 0,
    DISTILLAR_INT8 = 1,
    DISTILLAR_UINT8 = 2,
    DISTILLAR_INT16 = 3,
    DISTILLAR_UINT16 = 4,
    DISTILLAR_INT32 = 5,
    DISTILLAR_UINT32 = 6,
    DISTILLAR_FLOAT32 = 7,
    DISTILLAR_FLOAT64 = 8
} distillar_type;

typedef struct distillar_field {
    uint64_t offset; /* bytes from a point's start */
    uint32_t type;   /* distillar_type */
} distillar_field;

/* A cloud in your own memory, as a PointCloud2 describes it. Metres; x forward, y left, z up,
 * origin at the lidar. The machine's byte order; no alignment needed. */
typedef struct distillar_cloud {
    const void* data;
    uint64_t bytes;  /* size of the buffer */
    uint64_t count;  /* points, at most 2^31 - 1 */
    uint64_t stride; /* bytes from one point to the next */
    distillar_field x, y, z;
    distillar_field intensity; /* raw; DISTILLAR_ABSENT if there is none */
    /* An organised cloud: points in a row (count is width x height), and bytes from one row to the
     * next, 0 if rows are not padded. width 0: all points are in one row. */
    uint64_t width, row_step;
} distillar_cloud;

/* Start from distillar_default_options(). */
typedef struct distillar_options {
    uint32_t size;             /* of this struct, as the caller knows it */
    uint32_t threads;          /* the segmenter's own, the caller among them; 0: all cores */
    uint32_t align;            /* 1: shift scans so that the road lies where the model knows it */
    float sensor_height;       /* metres above the road; 0: measured from each scan */
    float intensity_mean;      /* of this sensor's raw intensities */
    float intensity_deviation; /* 0: as the model's sensor */
    uint32_t published_frame;  /* 1: clouds come in the axes of distillar_published_frame() */
} distillar_options;

/* A model: immutable, may be shared by segmenters on any threads. It may be freed before them. */
typedef struct distillar_model distillar_model;
/* A segmenter: one scan at a time, one per thread. */
typedef struct distillar_segmenter distillar_segmenter;

/* Label of a point without a class. */
#define DISTILLAR_NO_CLASS 255

/* "0.1.0" */
DISTILLAR_C_API const char* distillar_version(void);

/* One line about the last call on this thread that did not return DISTILLAR_OK; never null. */
DISTILLAR_C_API const char* distillar_last_error(void);

/* 1 if this processor has what the precision needs. */
DISTILLAR_C_API int distillar_supported(uint32_t precision);

/* On failure *model is null. */
DISTILLAR_C_API distillar_status distillar_model_load(const char* file, uint32_t precision,
                                                      distillar_model** model);
DISTILLAR_C_API void distillar_model_free(distillar_model* model); /* null is fine */

/* 0 for a null model. */
DISTILLAR_C_API size_t distillar_class_count(const distillar_model* model);
/* Null if there is no such class; lives as long as the model. */
DISTILLAR_C_API const char* distillar_class_name(const distillar_model* model, size_t index);
DISTILLAR_C_API distillar_status distillar_class_color(const distillar_model* model, size_t index,
                                                       uint8_t rgb[3]);
/* 1 if clouds must have an intensity. */
DISTILLAR_C_API int distillar_needs_intensity(const distillar_model* model);

/* 1 if the model was trained in its data set's published axes (nuScenes, PandaSet: x right, y
 * forward) instead of x forward, y left. Options must say the same: nothing is turned. */
DISTILLAR_C_API int distillar_published_frame(const distillar_model* model);

DISTILLAR_C_API distillar_options distillar_default_options(void);

/* Null options: the defaults. On failure *segmenter is null. */
DISTILLAR_C_API distillar_status distillar_segmenter_create(const distillar_model* model,
                                                            const distillar_options* options,
                                                            distillar_segmenter** segmenter);
DISTILLAR_C_API void distillar_segmenter_free(distillar_segmenter* segmenter); /* null is fine */

/* Four floats a point (x, y, z, intensity), as KITTI stores them. */
DISTILLAR_C_API distillar_cloud distillar_cloud_xyzi(const float* points, size_t count);

/* labels: count classes, DISTILLAR_NO_CLASS for points that are not finite and for all if none lies
 * in the model's field of view. confidence: count probabilities of these classes, or null.
 * An empty cloud is fine. After an error both hold no usable values. */
DISTILLAR_C_API distillar_status distillar_segment(distillar_segmenter* segmenter,
                                                   const distillar_cloud* cloud, uint8_t* labels,
                                                   float* confidence);

/* What was suspicious about the last scan, one line each; a line lives until the next scan. */
DISTILLAR_C_API size_t distillar_warning_count(const distillar_segmenter* segmenter);
DISTILLAR_C_API const char* distillar_warning(const distillar_segmenter* segmenter, size_t index);

#ifdef __cplusplus
}
#endif
#endif
