// Gives every point of a scan a class, with the C++ interface:
//     01_segment model.safetensors 000000.bin
// The scan is four floats a point (x, y, z, intensity), as KITTI stores them.
#include <cstdio>
#include <distillar/segmenter.hpp>
#include <fstream>
#include <vector>

namespace {

std::vector<float> read_scan(const char* file) {
    std::ifstream stream(file, std::ios::binary | std::ios::ate);
    if (!stream) {
        throw std::runtime_error(std::string(file) + ": cannot be opened");
    }
    std::vector<float> values(static_cast<std::size_t>(stream.tellg()) / sizeof(float));
    stream.seekg(0);
    stream.read(reinterpret_cast<char*>(values.data()),
                static_cast<std::streamsize>(values.size() * sizeof(float)));
    return values;
}

void segment(const char* model_file, const char* scan_file) {
    const auto model = distillar::Model::load(model_file);
    distillar::Segmenter segmenter(model);

    const std::vector<float> scan = read_scan(scan_file);
    const std::size_t points = scan.size() / 4;
    std::vector<std::uint8_t> labels(points);
    std::vector<float> confidence(points);
    segmenter.segment(distillar::Cloud::xyzi(scan.data(), points), labels.data(),
                      confidence.data());

    for (const auto& warning : segmenter.warnings()) {
        std::fprintf(stderr, "warning: %s\n", warning.c_str());
    }
    for (std::size_t c = 0; c < model->classes().size(); ++c) {
        std::size_t count = 0;
        double sum = 0;
        for (std::size_t i = 0; i < points; ++i) {
            if (labels[i] == c) {
                ++count;
                sum += static_cast<double>(confidence[i]);
            }
        }
        std::printf("%-20s %8zu points, mean confidence %.2f\n", model->classes()[c].name.c_str(),
                    count, count == 0 ? 0.0 : sum / static_cast<double>(count));
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: %s MODEL.safetensors SCAN.bin\n", argv[0]);
        return 2;
    }
    try {
        segment(argv[1], argv[2]);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
