#pragma once
/// A teacher without a network, for tests of what stands around teachers.
#include "models/teacher.hpp"

namespace distillar::test {

/// Counts its work. Features are those of the image's first bytes: 2 x 3 cells of four channels.
class MadeTeacher : public models::Teacher {
public:
    MadeTeacher(std::string name, std::string weights, int& calls)
        : name_(std::move(name)), weights_(std::move(weights)), calls_(calls) {}
    std::string name() const override { return name_; }
    std::int64_t channels() const override { return 4; }
    std::string licence() const override { return "MIT"; }
    std::string fingerprint() const override { return weights_; }
    std::int64_t cells() const override { return 6; }
    models::FeatureGrid features(const std::filesystem::path& file) override {
        ++calls_;
        const auto image = formats::read_image(file);
        models::FeatureGrid grid;
        grid.values = torch::empty({2, 3, 4});
        for (std::int64_t i = 0; i < grid.values.numel(); ++i) {
            const auto byte = image.rgb[static_cast<std::size_t>(i)];
            grid.values.data_ptr<float>()[i] = static_cast<float>(byte) / 7.0F;
        }
        grid.geometry = models::CellGeometry::corners;
        grid.image_width = image.width;
        grid.image_height = image.height;
        grid.input_width = 28;
        grid.input_height = 14;
        return grid;
    }

private:
    std::string name_;
    std::string weights_;
    int& calls_;
};

/// A picture that differs from that of any other number.
inline void write_picture(const std::filesystem::path& file, int number, int width = 8) {
    formats::Image image{width, 4, {}};
    for (int i = 0; i < width * 4 * 3; ++i) {
        image.rgb.push_back(static_cast<std::uint8_t>((number * 37 + i * i * (number + 3)) % 251));
    }
    formats::write_png(file, image);
}

}  // namespace distillar::test
