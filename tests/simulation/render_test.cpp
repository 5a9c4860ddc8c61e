#include "simulation/rendering/render.hpp"

#include <gtest/gtest.h>

#include "base/thread_pool.hpp"

using namespace distillar;
using namespace distillar::simulation;
using Eigen::Vector3f;

namespace {

std::shared_ptr<const Shape> shape_of(Mesh mesh) {
    return std::make_shared<const Shape>(std::move(mesh));
}

Placement road() {
    Mesh mesh;
    add_quad(mesh, {Vector3f(-50, -50, 0), {200, -50, 0}, {200, 50, 0}, {-50, 50, 0}},
             {Material::gravel, Category::other_ground, 0});
    Placement placement;
    placement.shape = shape_of(std::move(mesh));
    return placement;
}

/// Two metres wide and high, 10 m ahead; it moves one metre to the left.
Placement block() {
    Mesh mesh;
    add_box(mesh, {10.5F, 0, 1}, {1, 2, 2}, {Material::concrete, Category::wall, 0});
    Placement placement;
    placement.shape = shape_of(std::move(mesh));
    placement.end.translation() = Vector3f(0, 1, 0);
    placement.instance = 6;
    placement.moving = true;
    return placement;
}

/// Wire mesh before everything.
Placement mesh_ahead() {
    Mesh mesh;
    add_quad(mesh, {Vector3f(5, 2, 0), {5, -2, 0}, {5, -2, 4}, {5, 2, 4}},
             {Material::wire_mesh, Category::fence, 0});
    Placement placement;
    placement.shape = shape_of(std::move(mesh));
    return placement;
}

/// Looks along x from a metre above the road.
Exposure exposure(float time) {
    Exposure exposure;
    exposure.camera = {.width = 161, .height = 90, .fx = 100, .fy = 100, .cx = 80, .cy = 45};
    exposure.T_scene_camera.linear() << 0, 0, 1, -1, 0, 0, 0, -1, 0;
    exposure.T_scene_camera.translation() = Eigen::Vector3d(0, 0, 1);
    exposure.time = time;
    return exposure;
}

struct View {
    CameraShot shot;
    std::size_t at(int row, int column) const {
        return static_cast<std::size_t>(row * shot.image.width + column);
    }
};

View view_of(std::vector<Placement> placements, float time = 0) {
    const Scene scene(std::move(placements));
    return {render(scene, make_weather(3), exposure(time))};
}

}  // namespace

TEST(Render, TellsTheTruthOfEveryPixelsMiddle) {
    for (const float time : {0.0F, 1.0F}) {
        const View view = view_of({road(), block()}, time);
        const auto& shot = view.shot;
        ASSERT_EQ(shot.image.width, 161);
        ASSERT_EQ(shot.image.height, 90);
        for (const auto size : {shot.category.size(), shot.moving.size(), shot.instance.size(),
                                shot.image.rgb.size() / 3}) {
            ASSERT_EQ(size, 161U * 90U);
        }
        for (int row = 0; row < 90; ++row) {
            for (int column = 0; column < 161; ++column) {
                const float left = -(static_cast<float>(column) + 0.5F - 80) / 10 - time;
                const float up = 1 - (static_cast<float>(row) + 0.5F - 45) / 10;
                const bool on_block = left > -1 && left < 1 && up > 0 && up < 2;
                const Category wanted = on_block     ? Category::wall
                                        : up >= 1.0F ? Category::sky
                                                     : Category::other_ground;
                const float horizon = (static_cast<float>(row) + 0.5F - 45) / 100;
                if (!on_block && horizon > 0 && horizon < 0.02F) {
                    continue;  // 50 m and more away: the world's end
                }
                ASSERT_EQ(shot.category[view.at(row, column)], wanted) << row << ", " << column;
                ASSERT_EQ(shot.instance[view.at(row, column)], on_block ? 6U : 0U);
                ASSERT_EQ(shot.moving[view.at(row, column)], on_block ? 1 : 0);
            }
        }
    }
}

TEST(Render, IsTheSameForAnyNumberOfThreads) {
    const std::size_t before = base::thread_count();
    base::set_thread_count(1);
    const View one = view_of({road(), block(), mesh_ahead()});
    for (const std::size_t threads : {2, 3}) {
        base::set_thread_count(threads);
        const View other = view_of({road(), block(), mesh_ahead()});
        EXPECT_EQ(one.shot.image.rgb, other.shot.image.rgb);
        EXPECT_EQ(one.shot.category, other.shot.category);
    }
    base::set_thread_count(before);
}

TEST(Render, AFenceIsOneThingWithItsHoles) {
    const View with = view_of({road(), block(), mesh_ahead()}),
               without = view_of({road(), block()});
    int fence = 0, unlike = 0;
    for (int row = 10; row < 55; ++row) {
        for (int column = 50; column < 110; ++column) {
            const auto at = with.at(row, column);
            fence += with.shot.category[at] == Category::fence ? 1 : 0;
            const int change =
                std::abs(with.shot.image.rgb[3 * at] - without.shot.image.rgb[3 * at]);
            unlike += change > 30 ? 1 : 0;
        }
    }
    EXPECT_EQ(fence, 45 * 60);
    EXPECT_LT(unlike, 45 * 60 / 2) << "most of it shows what lies behind";
    EXPECT_GT(unlike, 0);
}

TEST(Render, LightComesFromAbove) {
    const View view = view_of({road(), block()});
    const auto brightness = [&](int row, int column) {
        const std::uint8_t* pixel = view.shot.image.at(row, column);
        return pixel[0] + pixel[1] + pixel[2];
    };
    EXPECT_GT(brightness(5, 20), brightness(85, 20)) << "the sky outshines the ground";
    EXPECT_GT(brightness(85, 20), 40) << "which is not black";
}

TEST(Render, NoSkyIsLostAtNothing) {
    const View view = view_of({});
    for (const Category category : view.shot.category) {
        ASSERT_EQ(category, Category::sky);
    }
}
