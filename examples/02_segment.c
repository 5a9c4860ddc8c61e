/* The same as 01_segment with the C interface:
 *     02_segment model.safetensors 000000.bin */
#include <distillar/distillar.h>
#include <stdio.h>
#include <stdlib.h>

/* Four floats a point; NULL if the file cannot be read. */
static float* read_scan(const char* file, size_t* points) {
    FILE* stream = fopen(file, "rb");
    float* values = NULL;
    long bytes = 0;
    if (stream == NULL) {
        return NULL;
    }
    if (fseek(stream, 0, SEEK_END) == 0 && (bytes = ftell(stream)) > 0 &&
        fseek(stream, 0, SEEK_SET) == 0) {
        *points = (size_t)bytes / (4 * sizeof(float));
        values = malloc((size_t)bytes);
        if (values != NULL && fread(values, 4 * sizeof(float), *points, stream) != *points) {
            free(values);
            values = NULL;
        }
    }
    fclose(stream);
    return values;
}

static void print_counts(const distillar_model* model, const uint8_t* labels, size_t points) {
    size_t counts[256] = {0};
    size_t i;
    for (i = 0; i < points; ++i) {
        ++counts[labels[i]];
    }
    for (i = 0; i < distillar_class_count(model); ++i) {
        printf("%-20s %8zu points\n", distillar_class_name(model, i), counts[i]);
    }
}

static int segment(const char* model_file, const float* scan, size_t points) {
    distillar_model* model = NULL;
    distillar_segmenter* segmenter = NULL;
    uint8_t* labels = malloc(points);
    const distillar_cloud cloud = distillar_cloud_xyzi(scan, points);
    size_t i;
    int done = labels != NULL &&
               distillar_model_load(model_file, DISTILLAR_FP32, &model) == DISTILLAR_OK &&
               distillar_segmenter_create(model, NULL, &segmenter) == DISTILLAR_OK &&
               distillar_segment(segmenter, &cloud, labels, NULL) == DISTILLAR_OK;
    if (done) {
        for (i = 0; i < distillar_warning_count(segmenter); ++i) {
            fprintf(stderr, "warning: %s\n", distillar_warning(segmenter, i));
        }
        print_counts(model, labels, points);
    } else {
        fprintf(stderr, "%s\n", distillar_last_error());
    }
    distillar_segmenter_free(segmenter);
    distillar_model_free(model);
    free(labels);
    return done ? 0 : 1;
}

int main(int argc, char** argv) {
    size_t points = 0;
    float* scan = NULL;
    int status = 1;
    if (argc != 3) {
        fprintf(stderr, "usage: %s MODEL.safetensors SCAN.bin\n", argv[0]);
        return 2;
    }
    scan = read_scan(argv[2], &points);
    if (scan == NULL) {
        fprintf(stderr, "%s: cannot be read\n", argv[2]);
    } else {
        status = segment(argv[1], scan, points);
    }
    free(scan);
    return status;
}
