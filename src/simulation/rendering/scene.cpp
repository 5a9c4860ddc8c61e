#include "simulation/rendering/scene.hpp"

#include <embree3/rtcore.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"

namespace distillar::simulation {

namespace {

/// One Embree device for the program. Trees are built by one thread: the same tree every time, so
/// ties between surfaces fall the same way.
RTCDevice device() {
    static RTCDevice instance = [] {
        RTCDevice made = rtcNewDevice("threads=1,set_affinity=0");
        if (made == nullptr) {
            base::fail("Embree cannot start on this machine (error {}); it needs SSE2",
                       static_cast<int>(rtcGetDeviceError(nullptr)));
        }
        return made;
    }();
    return instance;
}

RTCScene scene_of(void* embree) {
    return static_cast<RTCScene>(embree);
}

void set_transform(RTCGeometry geometry, unsigned step, const Eigen::Isometry3f& pose,
                   float scale) {
    Eigen::Affine3f scaled(pose);
    scaled.linear() *= scale;
    const Eigen::Matrix<float, 3, 4, Eigen::ColMajor> columns = scaled.affine();
    rtcSetGeometryTransform(geometry, step, RTC_FORMAT_FLOAT3X4_COLUMN_MAJOR, columns.data());
}

RTCRay embree_ray(const Ray& ray) {
    RTCRay made{};
    made.org_x = ray.origin.x();
    made.org_y = ray.origin.y();
    made.org_z = ray.origin.z();
    made.dir_x = ray.direction.x();
    made.dir_y = ray.direction.y();
    made.dir_z = ray.direction.z();
    made.time = ray.time;
    made.tnear = ray.near;
    made.tfar = ray.far;
    made.mask = ~0U;
    return made;
}

/// Rays that Embree takes together.
constexpr std::size_t packet = 16;

void put_ray(RTCRay16& rays, std::size_t i, const Ray& ray) {
    rays.org_x[i] = ray.origin.x();
    rays.org_y[i] = ray.origin.y();
    rays.org_z[i] = ray.origin.z();
    rays.dir_x[i] = ray.direction.x();
    rays.dir_y[i] = ray.direction.y();
    rays.dir_z[i] = ray.direction.z();
    rays.time[i] = ray.time;
    rays.tnear[i] = ray.near;
    rays.tfar[i] = ray.far;
    rays.mask[i] = ~0U;
    rays.id[i] = 0;
    rays.flags[i] = 0;
}

/// What lane i of a packet holds: those beyond the rays repeat the last. Embree looks at lanes that
/// are not valid, too, where it goes through a packet of 16 in two halves (AVX2).
const Ray& lane(std::span<const Ray> rays, std::size_t i) {
    return rays[std::min(i, rays.size() - 1)];
}

/// Linear blend of the two transforms, as Embree blends instances.
Eigen::Affine3f transform_at(const Placement& placement, float time) {
    Eigen::Affine3f blended;
    blended.matrix() = (1 - time) * placement.begin.matrix() + time * placement.end.matrix();
    blended.linear() *= placement.scale;
    return blended;
}

}  // namespace

Shape::Shape(Mesh mesh) : mesh_(std::move(mesh)) {
    RTCScene scene = rtcNewScene(device());
    RTCGeometry geometry = rtcNewGeometry(device(), RTC_GEOMETRY_TYPE_TRIANGLE);
    auto* positions = static_cast<float*>(
        rtcSetNewGeometryBuffer(geometry, RTC_BUFFER_TYPE_VERTEX, 0, RTC_FORMAT_FLOAT3,
                                3 * sizeof(float), mesh_.vertices.size()));
    for (const Vertex& vertex : mesh_.vertices) {
        positions = std::copy_n(vertex.position.data(), 3, positions);
    }
    auto* indices = static_cast<std::uint32_t*>(
        rtcSetNewGeometryBuffer(geometry, RTC_BUFFER_TYPE_INDEX, 0, RTC_FORMAT_UINT3,
                                3 * sizeof(std::uint32_t), mesh_.triangles.size()));
    for (const auto& triangle : mesh_.triangles) {
        indices = std::copy(triangle.begin(), triangle.end(), indices);
    }
    rtcCommitGeometry(geometry);
    rtcAttachGeometryByID(scene, geometry, 0);
    rtcReleaseGeometry(geometry);
    rtcCommitScene(scene);
    embree_ = scene;
}

Shape::~Shape() {
    rtcReleaseScene(scene_of(embree_));
}

Scene::Scene(std::vector<Placement> placements) : placements_(std::move(placements)) {
    RTCScene scene = rtcNewScene(device());
    for (std::size_t i = 0; i < placements_.size(); ++i) {
        const Placement& placement = placements_[i];
        RTCGeometry geometry = rtcNewGeometry(device(), RTC_GEOMETRY_TYPE_INSTANCE);
        rtcSetGeometryInstancedScene(geometry, scene_of(placement.shape->embree_));
        rtcSetGeometryTimeStepCount(geometry, placement.moving ? 2 : 1);
        set_transform(geometry, 0, placement.begin, placement.scale);
        if (placement.moving) {
            set_transform(geometry, 1, placement.end, placement.scale);
        }
        rtcCommitGeometry(geometry);
        rtcAttachGeometryByID(scene, geometry, static_cast<unsigned>(i));
        rtcReleaseGeometry(geometry);
    }
    rtcCommitScene(scene);
    embree_ = scene;
}

Scene::~Scene() {
    rtcReleaseScene(scene_of(embree_));
}

/// What Embree says of a hit.
struct Scene::Found {
    unsigned instance, triangle;
    float distance, u, v;
};

Hit Scene::hit_of(const Ray& ray, const Found& found) const {
    const Placement& placement = placements_[found.instance];
    const Mesh& mesh = placement.shape->mesh();
    const auto& [a, b, c] = mesh.triangles[found.triangle];
    const float u = found.u, v = found.v, w = 1 - u - v;
    const Vertex &first = mesh.vertices[a], &second = mesh.vertices[b], &third = mesh.vertices[c];
    const Eigen::Matrix3f turn = transform_at(placement, placement.moving ? ray.time : 0).linear();
    Hit hit;
    hit.distance = found.distance;
    hit.position = ray.origin + hit.distance * ray.direction;
    hit.local = w * first.position + u * second.position + v * third.position;
    hit.uv = w * first.uv + u * second.uv + v * third.uv;
    hit.normal = (turn * (w * first.normal + u * second.normal + v * third.normal)).normalized();
    hit.face = (turn * (second.position - first.position).cross(third.position - first.position))
                   .normalized();
    if (hit.face.dot(ray.direction) > 0) {
        hit.face = -hit.face;
    }
    if (hit.normal.dot(hit.face) < 0) {
        hit.normal = -hit.normal;
    }
    hit.surface = mesh.surfaces[found.triangle];
    hit.instance = placement.instance;
    hit.paint = placement.paint;
    hit.moving = placement.moving && placement.instance != 0;
    return hit;
}

std::optional<Hit> Scene::trace(const Ray& ray) const {
    RTCIntersectContext context;
    rtcInitIntersectContext(&context);
    RTCRayHit query{};
    query.ray = embree_ray(ray);
    query.hit.geomID = RTC_INVALID_GEOMETRY_ID;
    query.hit.instID[0] = RTC_INVALID_GEOMETRY_ID;
    rtcIntersect1(scene_of(embree_), &context, &query);
    if (query.hit.geomID == RTC_INVALID_GEOMETRY_ID) {
        return std::nullopt;
    }
    return hit_of(
        ray, {query.hit.instID[0], query.hit.primID, query.ray.tfar, query.hit.u, query.hit.v});
}

bool Scene::occluded(const Ray& ray) const {
    RTCIntersectContext context;
    rtcInitIntersectContext(&context);
    RTCRay query = embree_ray(ray);
    rtcOccluded1(scene_of(embree_), &context, &query);
    return query.tfar < 0;
}

void Scene::trace(std::span<const Ray> rays, std::span<std::optional<Hit>> hits) const {
    for (std::size_t first = 0; first < rays.size(); first += packet) {
        const auto some = rays.subspan(first, std::min(packet, rays.size() - first));
        RTCIntersectContext context;
        rtcInitIntersectContext(&context);
        alignas(64) std::array<int, packet> valid;
        RTCRayHit16 query;
        for (std::size_t i = 0; i < packet; ++i) {
            valid[i] = i < some.size() ? -1 : 0;
            put_ray(query.ray, i, lane(some, i));
            query.hit.geomID[i] = query.hit.instID[0][i] = RTC_INVALID_GEOMETRY_ID;
        }
        rtcIntersect16(valid.data(), scene_of(embree_), &context, &query);
        for (std::size_t i = 0; i < some.size(); ++i) {
            hits[first + i] =
                query.hit.geomID[i] == RTC_INVALID_GEOMETRY_ID
                    ? std::nullopt
                    : std::optional(
                          hit_of(some[i], {query.hit.instID[0][i], query.hit.primID[i],
                                           query.ray.tfar[i], query.hit.u[i], query.hit.v[i]}));
        }
    }
}

void Scene::occluded(std::span<const Ray> rays, std::span<std::uint8_t> answers) const {
    for (std::size_t first = 0; first < rays.size(); first += packet) {
        const auto some = rays.subspan(first, std::min(packet, rays.size() - first));
        RTCIntersectContext context;
        rtcInitIntersectContext(&context);
        alignas(64) std::array<int, packet> valid;
        RTCRay16 query;
        for (std::size_t i = 0; i < packet; ++i) {
            valid[i] = i < some.size() ? -1 : 0;
            put_ray(query, i, lane(some, i));
        }
        rtcOccluded16(valid.data(), scene_of(embree_), &context, &query);
        for (std::size_t i = 0; i < some.size(); ++i) {
            answers[first + i] = query.tfar[i] < 0 ? 1 : 0;
        }
    }
}

}  // namespace distillar::simulation
