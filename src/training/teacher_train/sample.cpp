#include "training/teacher_train/sample.hpp"
#include "training/plan.hpp"

#include <cmath>

#include "base/error.hpp"
#include "base/progress.hpp"

namespace distillar::training {

namespace {

// Streams of base::Random.
constexpr std::uint32_t order_stream = 1;
constexpr std::uint32_t mask_stream = 3;

/// rows x columns -> (patches) x (parts of a patch), both row by row.
torch::Tensor by_patch(const torch::Tensor& cells, std::int64_t rows, std::int64_t columns) {
    const std::int64_t part = cells.size(0) / rows;
    return cells.view({rows, part, columns, part}).permute({0, 2, 1, 3}).reshape({-1, part * part});
}

torch::Tensor random_order(std::int64_t patches, base::Random& random) {
    const auto order = random.permutation(static_cast<std::uint32_t>(patches));
    return torch::tensor(std::vector<std::int64_t>(order.begin(), order.end()), torch::kInt64);
}

}  // namespace

Window random_window(const ImageAugmentation& augmentation, base::Random& random) {
    const double area = random.uniform(augmentation.smallest_area, 1);
    const double log_aspect = std::log(augmentation.aspect);
    const double aspect = std::exp(random.uniform(-log_aspect, log_aspect));
    Window window;
    window.height = std::min(1.0, std::sqrt(area / aspect));
    window.width = std::min(1.0, std::sqrt(area * aspect));
    window.top = random.uniform(0, 1) * (1 - window.height);
    window.left = random.uniform(0, 1) * (1 - window.width);
    window.mirrored = random.chance(augmentation.flip_probability);
    return window;
}

torch::Tensor random_colors(const torch::Tensor& image, double most, base::Random& random) {
    const auto factor = [&] { return random.uniform(1 - most, 1 + most); };
    const auto grey_of = [](const torch::Tensor& colors) {
        return (0.299 * colors[0] + 0.587 * colors[1] + 0.114 * colors[2]).unsqueeze(0);
    };
    const auto bright = image * factor();
    const auto mean = grey_of(bright).mean();
    const auto contrasted = mean + (bright - mean) * factor();
    const auto grey = grey_of(contrasted);
    return (grey + (contrasted - grey) * factor()).clamp(0, 1);
}

std::vector<ImageDraw> image_draws(const TeacherTrainConfig& config, std::size_t images,
                                   std::int64_t step) {
    std::vector<ImageDraw> draws;
    std::vector<std::uint32_t> order;
    for (std::int64_t i = step * config.batch; i < (step + 1) * config.batch; ++i) {
        const auto epoch = static_cast<std::uint64_t>(i) / images;
        const auto position = static_cast<std::uint64_t>(i) % images;
        if (order.empty() || position == 0) {
            order = base::Random(config.seed, epoch, 0, order_stream)
                        .permutation(static_cast<std::uint32_t>(images));
        }
        draws.push_back({epoch, position, order[position]});
    }
    return draws;
}

TeacherBatch teacher_batch(const TeacherTrainConfig& config, const std::vector<ImageFile>& images,
                           std::int64_t step) {
    const std::int64_t rows = config.height / config.network.patch;
    const std::int64_t columns = config.width / config.network.patch;
    std::vector<torch::Tensor> pixels, classes, orders;
    for (const auto& draw : image_draws(config, images.size(), step)) {
        const ImageFile& file = images[draw.image];
        base::Random random(config.seed, draw.epoch, draw.position, augmentation_stream);
        const Window window = random_window(config.augmentation, random);
        const auto cut =
            cut_out(formats::read_image(file.image), window, config.height, config.width);
        pixels.push_back(random_colors(cut, config.augmentation.color, random));
        if (config.objective == TeacherTrainConfig::Objective::supervised) {
            const std::int64_t cells = config.supervised.cells;
            classes.push_back(by_patch(
                classes_in(file.classes, config.taxonomy, window, rows * cells, columns * cells),
                rows, columns));
        } else {
            base::Random mask(config.seed, draw.epoch, draw.position, mask_stream);
            orders.push_back(random_order(rows * columns, mask));
        }
    }
    TeacherBatch batch{torch::stack(pixels), {}, {}};
    (classes.empty() ? batch.order : batch.classes) =
        torch::stack(classes.empty() ? orders : classes);
    return batch;
}

std::vector<double> class_frequencies(const TeacherTrainConfig& config,
                                      const std::vector<ImageFile>& images) {
    const std::int64_t rows = config.height / config.network.patch;
    const std::int64_t columns = config.width / config.network.patch;
    std::vector<double> counts(config.taxonomy.classes.size(), 0);
    base::Progress progress("classes", images.size());
    for (const auto& file : images) {
        const auto classes = classes_in(file.classes, config.taxonomy, Window{}, rows, columns);
        for (std::size_t index = 0; index < counts.size(); ++index) {
            counts[index] += classes.eq(static_cast<std::int64_t>(index)).sum().item<double>();
        }
        progress.advance();
    }
    double total = 0;
    for (const double count : counts) {
        total += count;
    }
    if (total == 0) {
        base::fail_in(config.classes, "no pixel of {} images has one of its classes",
                      images.size());
    }
    for (double& count : counts) {
        count /= total;
    }
    return counts;
}

}  // namespace distillar::training
