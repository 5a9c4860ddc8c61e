#pragma once
/// distillar, deployment library: semantic segmentation of lidar scans with a distillar model file.
///
///     const auto model = distillar::Model::load("model.safetensors");
///     distillar::Segmenter segmenter(model);
///     segmenter.segment(distillar::Cloud::xyzi(points, count), labels, confidence);
///
/// Links no LibTorch, prints nothing. The same bits for any number of threads.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#define DISTILLAR_API __attribute__((visibility("default")))

namespace distillar {

/// One line: what is wrong, where, and what to do.
class DISTILLAR_API Error : public std::runtime_error {
public:
    enum class Kind {
        argument = 1,     ///< a description of memory or an option that cannot be
        model = 2,        ///< the model file
        cloud = 3,        ///< what the cloud holds
        unsupported = 4,  ///< this processor cannot do it
    };
    Error(Kind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
    ~Error() override;
    Kind kind() const { return kind_; }

private:
    Kind kind_;
};

/// fp32: everything. bf16: large products in bf16 (needs AVX512-BF16), about twice as fast; nearly
/// all labels stay the same. int8: in bytes (needs AVX512-VNNI and a file that `distillar quantize`
/// wrote), about three times as fast.
enum class Precision { fp32 = 0, bf16 = 1, int8 = 2 };

/// True if this processor has what the precision needs.
DISTILLAR_API bool supported(Precision precision);

/// Types of a field, numbered as in ROS's sensor_msgs/PointField.
enum class FieldType : std::uint32_t {
    absent = 0,
    int8 = 1,
    uint8 = 2,
    int16 = 3,
    uint16 = 4,
    int32 = 5,
    uint32 = 6,
    float32 = 7,
    float64 = 8
};

struct Field {
    std::uint64_t offset = 0;  ///< bytes from a point's start
    FieldType type = FieldType::absent;
};

/// A cloud in your own memory, as a PointCloud2 describes it; nothing is copied but the fields
/// named. Metres; x forward, y left, z up, origin at the lidar. The machine's byte order.
struct Cloud {
    const void* data = nullptr;
    std::uint64_t bytes = 0;   ///< size of the buffer
    std::uint64_t count = 0;   ///< points; at most 2^31 - 1
    std::uint64_t stride = 0;  ///< bytes from one point to the next
    Field x, y, z;
    Field intensity;  ///< raw; may be absent if the model does not need it
    /// An organised cloud: points in a row (count is width x height), and bytes from one row to the
    /// next, 0 if rows are not padded. width 0: all points are in one row.
    std::uint64_t width = 0, row_step = 0;

    /// Four floats a point, as KITTI stores them.
    static Cloud xyzi(const float* points, std::size_t count) {
        constexpr FieldType f = FieldType::float32;
        return {points, 16 * std::uint64_t{count}, count, 16, {0, f}, {4, f}, {8, f}, {12, f}};
    }
};

struct Class {
    std::string name;
    std::uint8_t red, green, blue;
};

/// A model file, weights packed for this processor. Immutable: share one among all threads.
class DISTILLAR_API Model {
public:
    /// @throws Error (model) if the file is no described segmentation model, is damaged, or its
    ///         weights do not fit its description; (unsupported) if the processor lacks the
    ///         precision.
    static std::shared_ptr<const Model> load(const std::string& file,
                                             Precision precision = Precision::fp32);
    ~Model();

    const std::vector<Class>& classes() const;
    bool needs_intensity() const;
    /// True if it was trained in its data set's published axes (nuScenes, PandaSet: x right, y
    /// forward) instead of x forward, y left: Options::published_frame.
    bool published_frame() const;
    float sensor_height() const;  ///< metres above the road it was trained for; 0: not known

    struct Parts;
    explicit Model(std::unique_ptr<Parts> parts);
    const Parts& parts() const { return *parts_; }

private:
    std::unique_ptr<Parts> parts_;
};

struct Options {
    unsigned threads = 0;  ///< of the segmenter's own, the caller among them; 0: all cores
    /// Shift scans so that the road lies where the model knows it, and check them.
    bool align = true;
    float sensor_height = 0;  ///< metres above the road; 0: measured from each scan
    /// Mean and deviation of this sensor's raw intensities; deviation 0: as the model's sensor.
    float intensity_mean = 0;
    float intensity_deviation = 0;
    /// The clouds come in the axes that Model::published_frame() speaks of. Must be what the model
    /// says: nothing is turned here.
    bool published_frame = false;
};

/// Label of a point without a class.
inline constexpr std::uint8_t no_class = 255;

/// Segments one scan after the other; one segmenter per thread. After the first scan of a size it
/// allocates nothing but the text of warnings and what oneDNN takes to run a product.
class DISTILLAR_API Segmenter {
public:
    /// @throws Error (argument) for a null model, an option out of range, or clouds of other axes
    ///         than the model's.
    explicit Segmenter(std::shared_ptr<const Model> model, const Options& options = {});
    ~Segmenter();
    Segmenter(Segmenter&&) noexcept;
    Segmenter& operator=(Segmenter&&) noexcept;

    /// @param labels      cloud.count classes, 0 to C-1; no_class for points that are not finite,
    ///                    and for all if none lies in the model's field of view.
    /// @param confidence  cloud.count probabilities of these classes, or null.
    /// @throws Error (argument) if the cloud's description cannot be true, (cloud) if no point is
    ///         finite or the cloud lacks what the model needs. An empty cloud is none.
    void segment(const Cloud& cloud, std::uint8_t* labels, float* confidence = nullptr);

    /// What was suspicious about the last scan, one line each: no road, a road at another height
    /// than declared (and so shifted), intensities of another scale, nothing in the field of view.
    const std::vector<std::string>& warnings() const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

/// "0.1.0"
DISTILLAR_API const char* version();

}  // namespace distillar
