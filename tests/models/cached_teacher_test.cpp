#include "models/cached_teacher.hpp"

#include <gtest/gtest.h>

#include "support/data.hpp"

namespace distillar::models {
namespace {

/// Counts its work; features are the image's width and a counter.
class CountingTeacher : public Teacher {
public:
    CountingTeacher(std::string name, int& calls) : name_(std::move(name)), calls_(calls) {}
    std::string name() const override { return name_; }
    std::int64_t channels() const override { return 2; }
    std::string licence() const override { return "MIT"; }
    FeatureGrid features(const std::filesystem::path& image) override {
        ++calls_;
        const auto size = formats::read_image_size(image);
        FeatureGrid grid;
        grid.values = torch::full({2, 3, 2}, 0.5 * calls_);
        grid.geometry = CellGeometry::corners;
        grid.image_width = size.width;
        grid.image_height = size.height;
        grid.input_width = 28;
        grid.input_height = 14;
        return grid;
    }

private:
    std::string name_;
    int& calls_;
};

void write_image(const std::filesystem::path& file, int width) {
    const std::vector<std::uint8_t> black(12 * static_cast<std::size_t>(width));
    formats::write_png(file, formats::Image{width, 4, black});
}

TEST(CachedTeacher, computes_each_image_once) {
    const test::TemporaryFolder folder;
    write_image(folder / "a.png", 8);
    write_image(folder / "b.png", 8);
    int calls = 0;
    const auto teacher =
        with_cache(std::make_unique<CountingTeacher>("one", calls), folder / "cache");
    const FeatureGrid first = teacher->features(folder / "a.png");
    const FeatureGrid again = teacher->features(folder / "a.png");
    EXPECT_EQ(calls, 1);
    EXPECT_TRUE(torch::equal(first.values, again.values));
    EXPECT_EQ(again.geometry, CellGeometry::corners);
    EXPECT_EQ(again.input_width, 28);
    EXPECT_EQ(again.image_height, 4);
    teacher->features(folder / "b.png");
    EXPECT_EQ(calls, 2);
}

TEST(CachedTeacher, another_teacher_or_image_size_is_computed_anew) {
    const test::TemporaryFolder folder;
    write_image(folder / "a.png", 8);
    int calls = 0;
    with_cache(std::make_unique<CountingTeacher>("one", calls), folder / "cache")
        ->features(folder / "a.png");
    const auto other =
        with_cache(std::make_unique<CountingTeacher>("two", calls), folder / "cache");
    other->features(folder / "a.png");
    EXPECT_EQ(calls, 2);
    write_image(folder / "a.png", 9);
    EXPECT_EQ(other->features(folder / "a.png").image_width, 9);
    EXPECT_EQ(calls, 3);
}

}  // namespace
}  // namespace distillar::models
