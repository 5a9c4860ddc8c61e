#include "simulation/objects/people.hpp"

#include "simulation/prop_checks.hpp"

namespace distillar {
namespace {

using simulation::Category;
using simulation::make_person;
using simulation::Material;
using simulation::Mesh;

template <typename Check>
void for_all(const Check& check) {
    for (int variant = 0; variant < simulation::person_variant_count; ++variant) {
        for (const float stride : {-1.0F, 0.0F, 0.25F, 0.5F, 0.8F}) {
            SCOPED_TRACE("variant " + std::to_string(variant) + " stride " +
                         std::to_string(stride));
            check(make_person(static_cast<std::uint32_t>(variant), stride), stride);
        }
    }
}

TEST(People, HaveRealSizesAndStandOnTheGround) {
    for_all([](const Mesh& mesh, float stride) {
        const auto box = mesh.bounds();
        EXPECT_NEAR(box.min().z(), 0, 1e-3);
        EXPECT_GE(box.sizes().z(), 1.0F);
        EXPECT_LE(box.sizes().z(), 1.95F);
        EXPECT_GE(box.sizes().y(), 0.25F);
        EXPECT_LE(box.sizes().y(), 0.8F);
        EXPECT_LE(box.sizes().x(), stride < 0 ? 0.7F : 1.3F);
        EXPECT_NEAR(box.center().y(), 0, 0.12);
    });
}

TEST(People, AreSoundMeshesOfOneCategory) {
    for_all([](const Mesh& mesh, float) {
        testing::expect_sound(mesh);
        for (const simulation::Surface& surface : mesh.surfaces) {
            ASSERT_EQ(surface.category, Category::person);
            ASSERT_TRUE(surface.material == Material::cloth || surface.material == Material::skin ||
                        surface.material == Material::hair);
        }
    });
}

TEST(People, AreSolidAtTheirChests) {
    for_all([](const Mesh& mesh, float) {
        const Eigen::Vector3f size = mesh.bounds().sizes();
        for (int i = 0; i < 24; ++i) {
            const float angle = 0.2618F * static_cast<float>(i) + 0.1F;
            const Eigen::Vector3f out(std::cos(angle), std::sin(angle), 0);
            const Eigen::Vector3f chest(0.03F, 0, 0.72F * size.z());
            const auto hit = testing::nearest_face(mesh, chest + 5 * out, -out);
            ASSERT_TRUE(hit);
            EXPECT_TRUE(hit->from_outside);
        }
    });
}

TEST(People, StepsRepeatAndFeetPassEachOther) {
    EXPECT_TRUE(testing::same_mesh(make_person(0, 0.3F), make_person(0, 0.3F)));
    EXPECT_FALSE(testing::same_mesh(make_person(0, 0.3F), make_person(0, 0.6F)));
    EXPECT_FALSE(testing::same_mesh(make_person(0, -1), make_person(1, -1)));
    const float apart = make_person(0, 0).bounds().sizes().x();
    const float together = make_person(0, 0.25F).bounds().sizes().x();
    EXPECT_GT(apart, together + 0.2F);
    EXPECT_GT(simulation::step_length(0), 0.9F);
    EXPECT_LT(simulation::step_length(0), 1.7F);
}

}  // namespace
}  // namespace distillar
