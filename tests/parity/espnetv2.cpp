// ESPNetv2: logits at pixels, and the pooled features of the decoder.
#include "models/espnetv2.hpp"
#include "base/error.hpp"
#include "parity/cases.hpp"

namespace distillar::parity {

namespace {

/// Image 0's logits (P x 20) at (row, column) pixels.
torch::Tensor at_pixels(const torch::Tensor& logits, const torch::Tensor& pixels) {
    if (pixels.dim() != 2 || pixels.size(1) != 2) {
        base::fail("the case's pixels are not a list of (row, column)");
    }
    const auto rows = pixels.select(1, 0);
    const auto columns = pixels.select(1, 1);
    const bool inside = pixels.numel() > 0 && pixels.min().item<std::int64_t>() >= 0 &&
                        rows.max().item<std::int64_t>() < logits.size(2) &&
                        columns.max().item<std::int64_t>() < logits.size(3);
    if (!inside) {
        base::fail("the case's pixels lie outside its image of {} x {}", logits.size(2),
                   logits.size(3));
    }
    return logits[0].flatten(1).index_select(1, rows * logits.size(3) + columns).t();
}

}  // namespace

void compare_espnetv2(const ParityRequest& request, const formats::SafeTensors& file,
                      ParityReport& report) {
    const torch::NoGradGuard no_grad;
    const auto network =
        models::load_espnetv2(read_weights(request.weights), request.weights.string());
    const double scale = case_number(file, "scale", network->config().scale());
    if (scale != network->config().scale()) {
        base::fail_in(request.weights, "scale is {}, the case has {}: give the case's own weights",
                      network->config().scale(), scale);
    }
    const auto image = case_tensor(file, "image").to(torch::kFloat32);
    if (image.dim() != 4) {
        base::fail("the case's image is not B x 3 x H x W");
    }
    const auto output = network->forward(image);
    const auto logits = output.logits();
    report.output("logits_at_pixels",
                  at_pixels(logits, case_tensor(file, "pixels").to(torch::kInt64)),
                  case_tensor(file, "logits_at_pixels"));
    const auto compare = [&](const char* name, const torch::Tensor& map) {
        if (file.tensors.contains(name)) {
            const auto expected = case_tensor(file, name);
            report.output(name,
                          at::adaptive_avg_pool2d(map, {expected.size(-2), expected.size(-1)}),
                          expected);
        }
    };
    compare("decoder_l3", output.decoder_l3);
    compare("decoder_l4", output.decoder_l4);
    compare("softmax10", 10 * torch::softmax(logits, 1));
}

}  // namespace distillar::parity
