#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/progress.hpp"
#include "base/stop.hpp"
#include "base/thread_pool.hpp"
#include "cli/command.hpp"
#include "cli/output.hpp"
#include "cli/selection_options.hpp"
#include "models/machine.hpp"
#include "training/config.hpp"
#include "training/teacher.hpp"

namespace distillar::cli {

namespace {

namespace fs = std::filesystem;

struct FeaturesOptions {
    fs::path config;
    std::vector<std::string> overrides;
    std::vector<std::string> data;
    SelectionOptions selection;
    std::string device;
    bool trust = false;
};

training::PretrainConfig config_of(const FeaturesOptions& options) {
    auto overrides = options.overrides;
    if (!options.device.empty()) {
        overrides.push_back("device=" + options.device);
    }
    auto config = training::load_config<training::PretrainConfig>(options.config, overrides);
    config.teacher.trusted = options.trust;
    if (!options.data.empty()) {
        config.train.clear();
        config.validation.clear();
        for (const auto& argument : options.data) {
            config.train.push_back(options.selection.selection(argument));
        }
    }
    for (auto* selections : {&config.train, &config.validation}) {
        for (auto& selection : *selections) {
            selection.labels = false;
        }
    }
    return config;
}

/// Images of all frames, each once, in the order of the frames.
std::vector<fs::path> images_of(const std::vector<const datasets::Mixture*>& mixtures) {
    std::vector<fs::path> images;
    std::set<fs::path> known;
    std::size_t frames = 0;
    for (const auto* mixture : mixtures) {
        frames += mixture->size();
    }
    base::Progress progress("frames", frames);
    const std::size_t together = 4 * base::thread_count();
    for (const auto* mixture : mixtures) {
        for (std::size_t first = 0; first < mixture->size(); first += together) {
            std::vector<std::vector<datasets::CameraView>> views(
                std::min(together, mixture->size() - first));
            base::parallel_for(views.size(), 1, [&](std::size_t begin, std::size_t end) {
                for (std::size_t i = begin; i < end; ++i) {
                    views[i] = mixture->read(first + i)->views;
                }
            });
            for (const auto& frame : views) {
                for (const auto& view : frame) {
                    if (known.insert(view.image).second) {
                        images.push_back(view.image);
                    }
                }
            }
            progress.advance(views.size());
        }
    }
    return images;
}

/// Those whose content the cache lacks; of equal ones the first.
std::vector<fs::path> missing_of(const std::vector<fs::path>& images, models::FeatureCache& cache) {
    base::Progress progress("images", images.size());
    const std::size_t together = 16 * base::thread_count();
    for (std::size_t first = 0; first < images.size(); first += together) {
        const std::size_t count = std::min(together, images.size() - first);
        base::parallel_for(count, 1, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = first + begin; i < first + end; ++i) {
                cache.hash_of(images[i]);
            }
        });
        progress.advance(count);
    }
    std::vector<fs::path> missing;
    std::set<std::string> contents;
    for (const auto& image : images) {
        if (!cache.has(image) && contents.insert(cache.hash_of(image)).second) {
            missing.push_back(image);
        }
    }
    return missing;
}

std::string size_text(std::uint64_t bytes) {
    const double megabytes = static_cast<double>(bytes) / (1 << 20);
    return megabytes < 1024 ? fmt::format("{:.1f} MiB", megabytes)
                            : fmt::format("{:.1f} GiB", megabytes / 1024);
}

/// Free bytes where the folder is, or will be.
std::uint64_t free_bytes(fs::path folder) {
    folder = fs::absolute(folder);
    while (!fs::exists(folder) && folder.has_relative_path()) {
        folder = folder.parent_path();
    }
    return fs::space(folder).available;
}

void require_space(std::uint64_t needed, std::size_t images, const fs::path& folder) {
    const std::uint64_t free = free_bytes(folder);
    if (needed > free) {
        base::fail_in(folder,
                      "the features of {} images take {}, and {} are free there; name another "
                      "teacher.features, reduce them with teacher.pca, or select less data",
                      with_commas(images), size_text(needed), size_text(free));
    }
}

void fill(const FeaturesOptions& options, Session& session) {
    const auto config = config_of(options);
    models::set_up_machine();
    const auto cache = training::open_cached_teacher(
        config.teacher, models::device_named(base::name_of(config.device)));
    const datasets::Mixture train(config.train, 0);  // frames are read once: none is remembered
    const datasets::Mixture validation(config.validation, 0);
    const auto images = images_of({&train, &validation});
    if (images.empty()) {
        base::fail("none of the {} frames has a camera image; check cameras with `distillar info`",
                   train.size() + validation.size());
    }
    const auto missing = missing_of(images, *cache);
    const auto bytes = static_cast<std::uint64_t>(cache->cells() * cache->channels()) *
                       sizeof(std::uint16_t) * missing.size();
    require_space(bytes, missing.size(), cache->folder());
    session.started = true;
    base::install_stop_handlers();
    if (!session.quiet) {
        print_row("teacher", cache->name());
        print_row("folder", cache->folder().string());
        print_row("images", fmt::format("{}, {} to compute", with_commas(images.size()),
                                        with_commas(missing.size())));
        print_row("size", size_text(bytes) + " more");
        std::fflush(stdout);
    }
    cache->prepare([&] {
        return training::draw_images(train, static_cast<std::size_t>(config.teacher.pca_images));
    });
    base::Progress progress("features", missing.size());
    for (const auto& image : missing) {
        cache->features(image);
        progress.advance();
        if (base::stop_requested()) {
            break;
        }
    }
    cache->finish();
    base::stop_if_requested("stopped; the features so far are kept");
}

}  // namespace

void add_features(CLI::App& app, Session& session) {
    CLI::App* command = app.add_subcommand(
        "features", "Compute the image teacher's features ahead of pretraining, each image once.");
    auto options = std::make_shared<FeaturesOptions>();
    command->add_option("--config", options->config, "a config of pretrain: its teacher, its data")
        ->required();
    command->add_option("--set", options->overrides, "a.b=value: overrides a key of the config")
        ->type_name("KEY=VALUE");
    command
        ->add_option("--data", options->data,
                     "FORMAT:PATH or PATH, instead of the config's data; may be repeated")
        ->allow_extra_args(false);
    options->selection.add_to(*command);
    command->add_option("--device", options->device, "short for --set device=cpu|cuda");
    add_trust_option(*command, options->trust);
    add_common_options(*command, session);
    add_example(*command, "distillar features --config configs/recipes/small-pretrain.yaml");
    command->callback([options, &session] { fill(*options, session); });
}

}  // namespace distillar::cli
