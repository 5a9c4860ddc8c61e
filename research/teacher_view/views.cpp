#include "research/teacher_view/views.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "datasets/dataset.hpp"
#include "geometry/camera.hpp"
#include "research/teacher_view/groups.hpp"

namespace distillar::research {

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> images_in(const fs::path& folder) {
    if (!fs::is_directory(folder)) {
        base::fail_in(folder, "no such folder of images");
    }
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder)) {
        const auto extension = entry.path().extension();
        if (entry.is_regular_file() &&
            (extension == ".png" || extension == ".jpg" || extension == ".jpeg")) {
            files.push_back(entry.path());
        }
    }
    if (files.empty()) {
        base::fail_in(folder, "there is no .png, .jpg or .jpeg file in it");
    }
    std::sort(files.begin(), files.end());
    return files;
}

/// Images with a picture of true classes each.
class ClassifiedImages : public Scenes {
public:
    ClassifiedImages(const fs::path& images, const fs::path& classes) : images_(images_in(images)) {
        for (const auto& image : images_) {
            classes_.push_back(classes / (image.stem().string() + ".png"));
            const fs::path& file = classes_.back();
            if (!fs::is_regular_file(file)) {
                base::fail_in(image, "no classes {}: give --classes the folder of its 8-bit PNG",
                              file.string());
            }
            const auto size = formats::read_image_size(image);
            const auto classes_size = formats::read_image_size(file);
            if (size.width != classes_size.width || size.height != classes_size.height) {
                base::fail_in(file, "has {} x {} pixels, its image {} x {}", classes_size.width,
                              classes_size.height, size.width, size.height);
            }
        }
    }

    std::size_t size() const override { return images_.size(); }

    std::vector<View> read(std::size_t index) const override {
        View view;
        view.name = images_[index].stem().string();
        view.image = formats::read_image(images_[index]);
        const auto classes = formats::read_image(classes_[index]);
        for (std::size_t i = 0; i < classes.rgb.size(); i += 3) {
            view.truth.push_back(group_of_kitti(classes.rgb[i]));
        }
        return {view};
    }

private:
    std::vector<fs::path> images_;
    std::vector<fs::path> classes_;
};

/// Every camera of every labelled scan, with the labels of the points that it sees.
class PandasetScans : public Scenes {
public:
    explicit PandasetScans(const ViewRequest& request) {
        datasets::Selection selection;
        selection.format = "pandaset";
        selection.path = request.pandaset;
        selection.sequences = {request.sequence};
        selection.cameras = request.cameras;
        dataset_ = datasets::open_dataset(selection);
        for (std::size_t i = 0; i < dataset_->size(); ++i) {
            if (dataset_->labelled(i)) {
                scans_.push_back(i);
            }
        }
        if (scans_.empty()) {
            base::fail_in(request.pandaset, "sequence {} has no labelled scan", request.sequence);
        }
    }

    std::size_t size() const override { return scans_.size(); }

    std::vector<View> read(std::size_t index) const override {
        const auto frame = dataset_->read(scans_[index]);
        std::vector<View> views;
        for (const auto& camera : frame.views) {
            View view;
            view.name = frame.id + " " + camera.name;
            view.image = formats::read_image(camera.image);
            for (const auto& point : geometry::project(frame.points, camera.camera,
                                                       camera.T_camera_lidar, camera.border)) {
                view.pixels.push_back(
                    static_cast<std::uint32_t>(point.row * view.image.width + point.column));
                view.truth.push_back(group_of_pandaset(frame.labels[point.point]));
            }
            views.push_back(std::move(view));
        }
        return views;
    }

private:
    std::unique_ptr<datasets::Dataset> dataset_;
    std::vector<std::size_t> scans_;
};

}  // namespace

std::unique_ptr<Scenes> open_scenes(const ViewRequest& request) {
    if (request.pandaset.empty()) {
        return std::make_unique<ClassifiedImages>(request.images, request.classes);
    }
    return std::make_unique<PandasetScans>(request);
}

}  // namespace distillar::research
