#pragma once
#include <Eigen/Geometry>
#include <memory>
#include <optional>
#include <span>

#include "simulation/rendering/appearance.hpp"

namespace distillar::simulation {

struct Ray {
    Eigen::Vector3f origin = Eigen::Vector3f::Zero();
    Eigen::Vector3f direction = Eigen::Vector3f::UnitX();  ///< unit
    float time = 0;                                        ///< 0..1 over the scene's span of time
    float near = 0.05F;                                    ///< metres
    float far = 1e4F;
};

/// A mesh made ready for ray casting, shared by any number of scenes and instances.
class Shape {
public:
    explicit Shape(Mesh mesh);
    ~Shape();
    Shape(const Shape&) = delete;
    Shape& operator=(const Shape&) = delete;
    const Mesh& mesh() const { return mesh_; }

private:
    friend class Scene;
    Mesh mesh_;
    void* embree_ = nullptr;  ///< RTCScene
};

/// One thing in the scene.
struct Placement {
    std::shared_ptr<const Shape> shape;
    Eigen::Isometry3f begin = Eigen::Isometry3f::Identity();  ///< T_scene_shape at time 0
    Eigen::Isometry3f end = Eigen::Isometry3f::Identity();    ///< and at time 1
    float scale = 1;
    std::uint32_t instance = 0;
    std::uint32_t paint = 0;
    bool moving = false;
};

/// Everything rays can meet during a short span of time. Built on one thread, the same bits
/// every time; then read by any number of threads.
class Scene {
public:
    explicit Scene(std::vector<Placement> placements);
    ~Scene();
    Scene(const Scene&) = delete;
    Scene& operator=(const Scene&) = delete;

    std::optional<Hit> trace(const Ray& ray) const;
    bool occluded(const Ray& ray) const;

    /// The same for many rays at once: faster where neighbours go the same way.
    void trace(std::span<const Ray> rays, std::span<std::optional<Hit>> hits) const;
    void occluded(std::span<const Ray> rays, std::span<std::uint8_t> answers) const;

private:
    struct Found;
    Hit hit_of(const Ray& ray, const Found& found) const;

    std::vector<Placement> placements_;
    void* embree_ = nullptr;  ///< RTCScene
};

}  // namespace distillar::simulation
