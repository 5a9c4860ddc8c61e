#include "simulation/objects/vehicles.hpp"

#include <set>

#include "simulation/prop_checks.hpp"
#include "simulation/rendering/appearance.hpp"

namespace distillar {
namespace {

using simulation::Category;
using simulation::Material;
using simulation::Mesh;
using simulation::VehicleKind;

/// What one kind may measure, metres (width without mirrors is 0.2 to 0.5 less).
struct Range {
    VehicleKind kind;
    float length_low, length_high, width_low, width_high, height_low, height_high;
    std::set<Category> categories;
};

const std::vector<Range>& ranges() {
    static const std::vector<Range> all = {
        {VehicleKind::sedan, 4.2F, 5.1F, 1.9F, 2.25F, 1.35F, 1.55F, {Category::car}},
        {VehicleKind::hatchback, 3.5F, 4.9F, 1.8F, 2.2F, 1.38F, 1.6F, {Category::car}},
        {VehicleKind::suv, 4.2F, 5.1F, 2.0F, 2.35F, 1.55F, 1.95F, {Category::car}},
        {VehicleKind::pickup, 5.2F, 6.1F, 2.0F, 2.45F, 1.7F, 2.0F, {Category::truck}},
        {VehicleKind::van, 4.2F, 6.2F, 1.9F, 2.45F, 1.6F, 2.75F, {Category::car}},
        {VehicleKind::truck, 7, 10, 2.4F, 3.1F, 2.4F, 4, {Category::truck}},
        {VehicleKind::semi_truck,
         16,
         20,
         2.5F,
         3.1F,
         3.4F,
         4.1F,
         {Category::truck, Category::trailer}},
        {VehicleKind::bus, 8, 18.5F, 2.3F, 3.1F, 2.9F, 3.8F, {Category::bus}},
        {VehicleKind::trailer, 2.5F, 14, 1.4F, 2.7F, 0.8F, 4.1F, {Category::trailer}},
        {VehicleKind::motorcycle, 1.7F, 2.2F, 0.5F, 1.0F, 1.0F, 1.4F, {Category::motorcycle}},
        {VehicleKind::bicycle, 1.6F, 1.95F, 0.35F, 0.9F, 0.95F, 1.2F, {Category::bicycle}},
        {VehicleKind::motorcyclist, 1.7F, 2.2F, 0.5F, 1.0F, 1.4F, 1.9F, {Category::motorcyclist}},
        {VehicleKind::bicyclist, 1.6F, 1.95F, 0.4F, 0.9F, 1.5F, 2.0F, {Category::bicyclist}}};
    return all;
}

template <typename Check>
void for_all(const Check& check) {
    for (const Range& range : ranges()) {
        for (int variant = 0; variant < simulation::variant_count(range.kind); ++variant) {
            SCOPED_TRACE("kind " + std::to_string(static_cast<int>(range.kind)) + " variant " +
                         std::to_string(variant));
            check(range, make_vehicle(range.kind, static_cast<std::uint32_t>(variant)));
        }
    }
}

TEST(Vehicles, EveryKindHasVariants) {
    EXPECT_EQ(ranges().size(), static_cast<std::size_t>(simulation::vehicle_kind_count));
    for (const Range& range : ranges()) {
        EXPECT_GE(simulation::variant_count(range.kind), 3);
    }
}

TEST(Vehicles, HaveRealSizesAndStandOnTheGround) {
    for_all([](const Range& range, const Mesh& mesh) {
        const auto box = mesh.bounds();
        const Eigen::Vector3f size = box.sizes();
        EXPECT_NEAR(box.min().z(), 0, 0.011);
        EXPECT_NEAR(box.center().x(), 0, 0.25);
        EXPECT_NEAR(box.center().y(), 0, 0.06);
        EXPECT_GE(size.x(), range.length_low);
        EXPECT_LE(size.x(), range.length_high);
        EXPECT_GE(size.y(), range.width_low);
        EXPECT_LE(size.y(), range.width_high);
        EXPECT_GE(size.z(), range.height_low);
        EXPECT_LE(size.z(), range.height_high);
    });
}

TEST(Vehicles, AreSoundMeshesOfTheirCategories) {
    for_all([](const Range& range, const Mesh& mesh) {
        testing::expect_sound(mesh);
        std::set<Category> found;
        for (const simulation::Surface& surface : mesh.surfaces) {
            found.insert(surface.category);
            EXPECT_GE(surface.material, Material::car_paint);
            EXPECT_LE(surface.material, Material::tarpaulin);
        }
        EXPECT_EQ(found, range.categories);
    });
}

TEST(Vehicles, CarsAreClosedAtTheHeightOfTheirDoors) {
    for_all([](const Range& range, const Mesh& mesh) {
        if (range.kind > VehicleKind::van && range.kind != VehicleKind::bus) {
            return;
        }
        const auto seen = testing::watch(mesh, 0.7F);
        EXPECT_EQ(seen.hits, seen.rays);
        EXPECT_GE(seen.outside, seen.rays - 1);
    });
}

TEST(Vehicles, OthersAreHitWhereTheyAreThickest) {
    for_all([](const Range& range, const Mesh& mesh) {
        const bool bicycle =
            range.kind == VehicleKind::bicycle || range.kind == VehicleKind::bicyclist;
        const auto seen = testing::watch(mesh, bicycle ? 0.34F : 0.55F);
        EXPECT_GE(seen.hits, bicycle ? 4 : seen.rays * 2 / 3);
        EXPECT_GE(seen.outside, seen.hits - 2);
    });
}

TEST(Vehicles, CarsHaveGlassLightsPlatesAndWheels) {
    for_all([](const Range& range, const Mesh& mesh) {
        if (range.kind > VehicleKind::van) {
            return;
        }
        std::set<Material> found;
        for (const simulation::Surface& surface : mesh.surfaces) {
            found.insert(surface.material);
        }
        for (const Material material :
             {Material::car_paint, Material::car_glass, Material::rubber, Material::chrome,
              Material::head_light, Material::tail_light, Material::plate}) {
            EXPECT_TRUE(found.contains(material)) << static_cast<int>(material);
        }
    });
}

TEST(Vehicles, LightsAreAtTheRightEnds) {
    for_all([](const Range&, const Mesh& mesh) {
        for (std::size_t i = 0; i < mesh.triangles.size(); ++i) {
            const float x = mesh.vertices[mesh.triangles[i][0]].position.x();
            if (mesh.surfaces[i].material == Material::head_light) {
                EXPECT_GT(x, 0);
            }
            if (mesh.surfaces[i].material == Material::tail_light &&
                mesh.surfaces[i].category != Category::truck) {
                EXPECT_LT(x, 0);
            }
        }
    });
}

TEST(Vehicles, AreTheSameEveryTimeAndDifferByVariant) {
    for (const Range& range : ranges()) {
        const Mesh first = make_vehicle(range.kind, 0);
        const auto count = static_cast<std::uint32_t>(simulation::variant_count(range.kind));
        EXPECT_TRUE(testing::same_mesh(first, make_vehicle(range.kind, 0)));
        EXPECT_TRUE(testing::same_mesh(first, make_vehicle(range.kind, count)));
        EXPECT_FALSE(testing::same_mesh(first, make_vehicle(range.kind, 1)));
    }
}

simulation::Appearance look(Material material, std::uint32_t paint, std::uint16_t style = 0) {
    simulation::Hit hit;
    hit.distance = 20;
    hit.position = hit.local = Eigen::Vector3f(0.3F, 0.9F, 0.9F);
    hit.normal = hit.face = Eigen::Vector3f::UnitY();
    hit.uv.setZero();
    hit.surface = {material, Category::car, style};
    hit.paint = paint;
    return object_appearance(hit, 0.02F);
}

TEST(ObjectAppearance, KeepsToPhysicalRanges) {
    for (int material = static_cast<int>(Material::car_paint);
         material <= static_cast<int>(Material::tarpaulin); ++material) {
        for (std::uint32_t paint = 0; paint < 200; ++paint) {
            const auto seen = look(static_cast<Material>(material), paint * 7919);
            ASSERT_GE(seen.albedo.minCoeff(), 0);
            ASSERT_LE(seen.albedo.maxCoeff(), 1);
            ASSERT_GE(seen.reflectivity, 0.02F);
            ASSERT_LE(seen.reflectivity, 3);
            ASSERT_GE(seen.transmission, 0);
            ASSERT_LE(seen.transmission, 1);
        }
    }
}

TEST(ObjectAppearance, SuitsLidars) {
    EXPECT_GT(look(Material::plate, 1).reflectivity, 1);
    EXPECT_LT(look(Material::rubber, 1).reflectivity, 0.12F);
    EXPECT_GT(look(Material::car_glass, 1).transmission, 0.5F);
    float least = 1, most = 0;
    for (std::uint32_t paint = 0; paint < 200; ++paint) {
        const float value = look(Material::car_paint, paint * 7919).reflectivity;
        least = std::min(least, value);
        most = std::max(most, value);
    }
    EXPECT_LT(least, 0.1F);
    EXPECT_GT(most, 0.5F);
}

TEST(ObjectAppearance, MostCarsAreWhiteBlackGreyOrSilver) {
    int grey = 0;
    const int cars = 2000;
    for (int i = 0; i < cars; ++i) {
        const Eigen::Vector3f albedo =
            look(Material::car_paint, static_cast<std::uint32_t>(i) * 2654435761u).albedo;
        grey += albedo.maxCoeff() - albedo.minCoeff() < 0.25F * albedo.maxCoeff() ? 1 : 0;
    }
    EXPECT_GT(grey, cars * 6 / 10);
    EXPECT_LT(grey, cars * 9 / 10);
}

}  // namespace
}  // namespace distillar
