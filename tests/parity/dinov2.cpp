// DINOv2: tokens before and after the final norm, and features at pixels.
#include "models/dinov2.hpp"
#include "base/error.hpp"
#include "parity/cases.hpp"

namespace distillar::parity {

namespace {

/// Tokens of the case; should they hold the registers after the class token, without these.
torch::Tensor without_registers(const torch::Tensor& expected, const torch::Tensor& actual,
                                int registers) {
    if (expected.dim() == 3 && registers > 0 && expected.size(1) == actual.size(1) + registers) {
        return torch::cat({expected.slice(1, 0, 1), expected.slice(1, 1 + registers)}, 1);
    }
    return expected;
}

/// Features of image 0 at (row, column) pixels of the input.
torch::Tensor at_pixels(const torch::Tensor& tokens, const torch::Tensor& image, int patch,
                        const torch::Tensor& pixels) {
    models::FeatureGrid grid;
    grid.geometry = models::CellGeometry::corners;
    grid.image_height = grid.input_height = static_cast<int>(image.size(2));
    grid.image_width = grid.input_width = static_cast<int>(image.size(3));
    grid.values = tokens[0].slice(0, 1).reshape({image.size(2) / patch, image.size(3) / patch, -1});
    if (pixels.dim() != 2 || pixels.size(1) != 2) {
        base::fail("the case's pixels are not a list of (row, column)");
    }
    std::vector<geometry::PointPixel> places;
    for (std::int64_t i = 0; i < pixels.size(0); ++i) {
        geometry::PointPixel place{};
        place.row = pixels[i][0].item<std::int32_t>();
        place.column = pixels[i][1].item<std::int32_t>();
        places.push_back(place);
    }
    return models::sample_features(grid, places);
}

void compare_size(const formats::SafeTensors& file, const std::string& prefix,
                  models::DinoV2& network, ParityReport& report) {
    const torch::NoGradGuard no_grad;
    const auto image = case_tensor(file, prefix + "image").to(torch::kFloat32);
    if (image.dim() != 4) {
        base::fail("the case's {}image is not B x 3 x H x W", prefix);
    }
    const auto output = network.forward(image);
    const auto compare = [&](const std::string& name, const torch::Tensor& actual) {
        if (file.tensors.contains(prefix + name)) {
            report.output(prefix + name, actual,
                          without_registers(case_tensor(file, prefix + name), actual,
                                            network.config().registers));
        }
    };
    compare("x_pre_norm", output.pre_norm);
    compare("x_norm", output.norm);
    if (file.tensors.contains(prefix + "upsampled_at_pixels")) {
        compare("upsampled_at_pixels",
                at_pixels(output.pre_norm, image, network.config().patch,
                          case_tensor(file, prefix + "pixels").to(torch::kInt64)));
    }
}

}  // namespace

void compare_dinov2(const ParityRequest& request, const formats::SafeTensors& file,
                    ParityReport& report) {
    const auto heads = static_cast<int>(case_number(file, "heads", 0));
    const auto network =
        models::load_dinov2(read_weights(request.weights), request.weights.string(), heads);
    const auto check = [&](const char* key, int actual) {
        if (case_number(file, key, actual) != actual) {
            base::fail_in(request.weights, "{} is {}, the case has {}: give the case's own weights",
                          key, actual, case_number(file, key, actual));
        }
    };
    check("dim", network->config().dim);
    check("depth", network->config().depth);
    check("patch", network->config().patch);
    for (int size = 0; file.tensors.contains(fmt::format("{}.image", size)); ++size) {
        compare_size(file, fmt::format("{}.", size), *network, report);
    }
}

}  // namespace distillar::parity
