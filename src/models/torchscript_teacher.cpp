#include "models/torchscript_teacher.hpp"

#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/import.h>

#include <cmath>

#include "base/error.hpp"
#include "base/hash.hpp"

namespace distillar::models {

namespace fs = std::filesystem;

namespace {

/// What LibTorch says went wrong, without its traces.
std::string reason_of(const std::string& message) {
    const auto begin = message.rfind("RuntimeError: ");
    const std::string reason = begin == std::string::npos ? message : message.substr(begin);
    return reason.substr(0, reason.find('\n'));
}

torch::jit::Module load(const fs::path& file, torch::Device device) {
    try {
        auto module = torch::jit::load(file.string(), device);
        module.eval();
        return module;
    } catch (const std::exception& error) {
        base::fail_in(file, "is no TorchScript module that this LibTorch reads: {}",
                      reason_of(error.what()));
    }
}

class TorchScriptTeacher : public Teacher {
public:
    TorchScriptTeacher(const fs::path& file, const TorchScriptOptions& options,
                       torch::Device device)
        : file_(file), options_(options), device_(device), hash_(base::hash_of_file(file)) {
        module_ = load(file, device);
        const auto grid = grid_of(torch::zeros({1, 3, options.height, options.width}));
        cells_ = grid.size(0) * grid.size(1);
        channels_ = grid.size(2);
    }

    std::string name() const override {
        return fmt::format("torchscript {} {}x{} {} {}", file_.stem().string(), options_.height,
                           options_.width, options_.imagenet ? "imagenet" : "raw",
                           options_.geometry == CellGeometry::corners ? "corners" : "centres");
    }
    std::int64_t channels() const override { return channels_; }
    std::string licence() const override { return ""; }
    std::string fingerprint() const override { return hash_; }
    std::int64_t cells() const override { return cells_; }

    FeatureGrid features(const fs::path& file) override {
        const auto image = formats::read_image(file);
        FeatureGrid grid;
        grid.values = grid_of(image_tensor(image, options_.height, options_.width));
        if (grid.values.size(2) != channels_ ||
            grid.values.size(0) * grid.values.size(1) != cells_) {
            base::fail_in(file_, "gave another size of features for {}", file.string());
        }
        grid.geometry = options_.geometry;
        grid.image_width = image.width;
        grid.image_height = image.height;
        grid.input_width = options_.width;
        grid.input_height = options_.height;
        return grid;
    }

private:
    /// rows x columns x channels float32 on the CPU.
    torch::Tensor grid_of(const torch::Tensor& image) {
        const auto output = forward(options_.imagenet ? normalised_as_imagenet(image) : image)
                                .to(torch::kCPU, torch::kFloat32);
        if (output.dim() == 4 && output.size(0) == 1 && output.numel() > 0) {
            return output[0].permute({1, 2, 0}).contiguous();
        }
        if (output.dim() == 3 && output.size(0) == 1 && output.numel() > 0) {
            return patches(output[0]).contiguous();
        }
        refuse(output.sizes().vec());
    }

    /// (h w) x C of square patches -> h x w x C.
    torch::Tensor patches(const torch::Tensor& rows) const {
        const double area = double(options_.height) * options_.width;
        const auto side = std::llround(std::sqrt(area / static_cast<double>(rows.size(0))));
        const std::int64_t down = side > 0 ? options_.height / side : 0;
        const std::int64_t across = side > 0 ? options_.width / side : 0;
        if (down * across != rows.size(0)) {
            refuse({1, rows.size(0), rows.size(1)});
        }
        return rows.view({down, across, rows.size(1)});
    }

    torch::Tensor forward(const torch::Tensor& image) {
        const torch::NoGradGuard no_grad;
        torch::jit::IValue output;
        try {
            output = module_.forward({image.to(device_)});
        } catch (const std::exception& error) {
            base::fail_in(file_, "fails on an image of {} x {} pixels: {}", options_.height,
                          options_.width, reason_of(error.what()));
        }
        if (!output.isTensor()) {
            base::fail_in(file_,
                          "answers with a {}; it must be one tensor, B x C x h x w or "
                          "B x (h w) x C",
                          output.tagKind());
        }
        return output.toTensor();
    }

    [[noreturn]] void refuse(const std::vector<std::int64_t>& shape) const {
        base::fail_in(file_,
                      "answers an image of {} x {} pixels with shape [{}]; it must be B x C x h x "
                      "w, or B x (h w) x C of square patches without a class token",
                      options_.height, options_.width, fmt::join(shape, ", "));
    }

    fs::path file_;
    TorchScriptOptions options_;
    torch::Device device_;
    std::string hash_;
    torch::jit::Module module_;
    std::int64_t cells_ = 0;
    std::int64_t channels_ = 0;
};

}  // namespace

std::unique_ptr<Teacher> open_torchscript(const fs::path& module, const TorchScriptOptions& options,
                                          torch::Device device) {
    return std::make_unique<TorchScriptTeacher>(module, options, device);
}

}  // namespace distillar::models
