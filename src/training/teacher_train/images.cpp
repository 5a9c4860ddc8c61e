#include "training/teacher_train/images.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/progress.hpp"
#include "losses/segmentation.hpp"
#include "training/streams.hpp"

namespace distillar::training {

namespace fs = std::filesystem;

namespace {

bool is_image(const fs::path& file) {
    const auto extension = file.extension();
    return extension == ".png" || extension == ".jpg" || extension == ".jpeg";
}

std::vector<fs::path> images_below(const fs::path& folder) {
    std::vector<fs::path> files;
    if (!fs::is_directory(folder)) {
        base::fail_in(folder, "no such folder; give that of a data set of `distillar simulate`");
    }
    for (auto entry = fs::recursive_directory_iterator(folder);
         entry != fs::recursive_directory_iterator(); ++entry) {
        const auto name = entry->path().filename();
        if (entry->is_directory() && (name == "extras" || name == "maps")) {
            entry.disable_recursion_pending();
        } else if (entry->is_regular_file() && is_image(entry->path())) {
            files.push_back(entry->path());
        }
    }
    if (files.empty()) {
        base::fail_in(folder,
                      "there is no .png, .jpg or .jpeg image in it; give the folder of a data set "
                      "of `distillar simulate`");
    }
    std::sort(files.begin(), files.end());
    return files;
}

/// Looked for from the image's folder upwards, not above `top`.
fs::path classes_of(const fs::path& image, const fs::path& top) {
    const fs::path camera = image.parent_path().filename();
    fs::path root = image.parent_path();
    while (root != top && root.has_relative_path()) {
        root = root.parent_path();
        fs::path file = root / "extras/classes" / camera / image.stem();
        file += ".png";
        if (fs::is_regular_file(file)) {
            return file;
        }
    }
    return {};
}

void require_classes(const ImageFile& file) {
    if (file.classes.empty()) {
        base::fail_in(file.image,
                      "no extras/classes/{}/{}.png in a folder above it says what its pixels show; "
                      "give a data set of `distillar simulate`, or set objective: masked",
                      file.image.parent_path().filename().string(), file.image.stem().string());
    }
    const auto size = formats::read_image_size(file.image);
    const auto classes = formats::read_image_size(file.classes);
    if (size.width != classes.width || size.height != classes.height) {
        base::fail_in(file.classes, "has {} x {} pixels, its image {} x {}", classes.width,
                      classes.height, size.width, size.height);
    }
}

/// 1 x channels x height x width float32 -> channels x rows x columns.
torch::Tensor sampled(const torch::Tensor& pixels, const Window& window, std::int64_t rows,
                      std::int64_t columns, bool nearest) {
    const auto middle = [](double start, double length) { return 2 * start + length - 1; };
    const auto map = torch::tensor({window.mirrored ? -window.width : window.width, 0.0,
                                    middle(window.left, window.width), 0.0, window.height,
                                    middle(window.top, window.height)},
                                   torch::kFloat32)
                         .view({1, 2, 3});
    const auto places = torch::affine_grid_generator(map, {1, 1, rows, columns}, false);
    constexpr std::int64_t border = 1;
    return torch::grid_sampler(pixels, places, nearest ? 1 : 0, border, false)[0];
}

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

std::vector<ImageFile> find_images(const std::vector<fs::path>& folders, bool with_classes) {
    std::vector<ImageFile> files;
    for (const auto& folder : folders) {
        const fs::path top = fs::absolute(folder / "").lexically_normal().parent_path();
        for (const auto& image : images_below(top)) {
            files.push_back({image, classes_of(image, top)});
            if (with_classes) {
                require_classes(files.back());
            }
        }
    }
    return files;
}

torch::Tensor cut_out(const formats::Image& image, const Window& window, std::int64_t rows,
                      std::int64_t columns) {
    auto bytes = torch::empty({1, image.height, image.width, 3}, torch::kUInt8);
    std::copy(image.rgb.begin(), image.rgb.end(), bytes.data_ptr<std::uint8_t>());
    const auto pixels = bytes.permute({0, 3, 1, 2}).to(torch::kFloat32).contiguous() / 255;
    return sampled(pixels, window, rows, columns, false);
}

torch::Tensor classes_in(const fs::path& file, const datasets::Taxonomy& taxonomy,
                         const Window& window, std::int64_t rows, std::int64_t columns) {
    const auto image = formats::read_image(file);
    auto ids = torch::empty({1, 1, image.height, image.width});
    auto* id = ids.data_ptr<float>();
    for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
        *id++ = image.rgb[i];
    }
    const auto seen = sampled(ids, window, rows, columns, true)[0].contiguous();
    const std::vector<std::uint32_t> raw(seen.data_ptr<float>(),
                                         seen.data_ptr<float>() + seen.numel());
    try {
        const auto classes = taxonomy.map(raw);
        return torch::tensor(at::ArrayRef<std::uint8_t>(classes), torch::kInt64)
            .view({rows, columns});
    } catch (const base::Error& error) {
        base::fail_in(file, "{}", error.what());
    }
}

torch::Tensor majority_of(const torch::Tensor& classes, std::int64_t cell,
                          std::int64_t class_count) {
    const std::int64_t rows = classes.size(0) / cell;
    const std::int64_t columns = classes.size(1) / cell;
    const auto blocks = classes.view({rows, cell, columns, cell}).permute({0, 2, 1, 3}).flatten(2);
    std::vector<torch::Tensor> counts;
    for (std::int64_t index = 0; index < class_count; ++index) {
        counts.push_back(blocks.eq(index).sum(2));
    }
    const auto [most, winner] = torch::stack(counts, 2).max(2);
    return winner.masked_fill(most.eq(0), losses::ignore_label);
}

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
            order = base::Random(config.seed, epoch, 0, image_order_stream)
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
