#include "formats/pandaset.hpp"

#include <utility>

#include "base/error.hpp"
#include "base/files.hpp"
#include "formats/data_frame.hpp"
#include "formats/inflate.hpp"
#include "formats/pickle.hpp"

namespace distillar::formats {

namespace {

template <typename Use>
auto with_frame(const std::filesystem::path& file, Use&& use) {
    const auto pickled = gunzip(base::read_file(file), base::limits().inflated, file);
    const Pickle pickle = read_pickle(pickled, {DataFrame::globals()}, file);
    if (pickle.size != pickled.size()) {
        base::fail_in(file, "{} bytes follow the pickle; remove what was appended",
                      pickled.size() - pickle.size);
    }
    return use(DataFrame(*pickle.root, file));
}

template <typename Narrow>
std::vector<Narrow> narrow(const std::vector<std::int64_t>& values, const char* column,
                           const std::filesystem::path& file) {
    std::vector<Narrow> result(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!std::in_range<Narrow>(values[i])) {
            base::fail_in(file, "row {}: column \"{}\" holds {}, which is out of range", i, column,
                          values[i]);
        }
        result[i] = static_cast<Narrow>(values[i]);
    }
    return result;
}

Cloud cloud_of(const DataFrame& frame, const std::filesystem::path& file) {
    Cloud cloud;
    cloud.points.resize(static_cast<Eigen::Index>(frame.rows()), 3);
    const char* axes[] = {"x", "y", "z"};
    for (int axis = 0; axis < 3; ++axis) {
        const auto values = frame.doubles(axes[axis]);
        for (std::size_t i = 0; i < values.size(); ++i) {
            cloud.points(static_cast<Eigen::Index>(i), axis) = values[i];
        }
    }
    for (const double intensity : frame.doubles("i")) {
        cloud.intensity.push_back(static_cast<float>(intensity));
    }
    cloud.time = frame.doubles("t");
    cloud.sensor = narrow<std::uint8_t>(frame.integers("d"), "d", file);
    return cloud;
}

}  // namespace

Cloud read_pandaset_lidar(const std::filesystem::path& file) {
    return with_frame(file, [&](const DataFrame& frame) { return cloud_of(frame, file); });
}

std::vector<std::uint32_t> read_pandaset_labels(const std::filesystem::path& file,
                                                std::size_t points) {
    auto labels = with_frame(file, [&](const DataFrame& frame) {
        return narrow<std::uint32_t>(frame.integers("class"), "class", file);
    });
    if (points != 0 && labels.size() != points) {
        base::fail_in(file,
                      "holds {} labels for a scan of {} points; check that both belong "
                      "together",
                      labels.size(), points);
    }
    return labels;
}

}  // namespace distillar::formats
