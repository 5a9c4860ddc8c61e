#include "training/teacher_train/config.hpp"

#include "base/files.hpp"
#include "datasets/named_configs.hpp"

namespace distillar::training {

using base::at_least;
using base::between;
using base::Schema;
using base::Yaml;

namespace {

/// Multi-head attention splits the channels; position embeddings, into four.
void require_splits(const Yaml& yaml, const char* key, int dim, int heads) {
    if (dim % 4 != 0 || dim % heads != 0) {
        yaml.fail(
            fmt::format("{} {} must be a multiple of 4 and of its heads, {}", key, dim, heads));
    }
}

}  // namespace

TeacherTrainConfig::TeacherTrainConfig() {
    steps = 1000;
    batch = 16;
    checkpoint_every = 100;
}

void TeacherTrainConfig::add_to(Schema& schema) {
    add_start_to(schema);
    schema.add("objective", objective, "classes of pixels, or none: the pixels of hidden patches");
    Schema& below = schema.section("network", "a vision transformer under DINOv2's names");
    below.add("dim", network.dim, between(4, 4096), "channels of a token");
    below.add("depth", network.depth, between(1, 64), "blocks");
    below.add("heads", network.heads, between(1, 64), "of attention");
    below.add("patch", network.patch, between(1, 64), "pixels");
    below.add("positions", network.positions, between(1, 256),
              "the position embedding is so many patches wide and high");
    below.add("height", height, between(1, 4096), "of the input, pixels: a multiple of the patch");
    below.add("width", width, between(1, 4096), "of the input, pixels: a multiple of the patch");
    below.check([this](const Yaml& yaml) {
        require_splits(yaml, "dim", network.dim, network.heads);
        if (height % network.patch != 0 || width % network.patch != 0) {
            yaml.fail(
                fmt::format("an input of {} x {} pixels: both must be multiples of the patch, "
                            "{}",
                            height, width, network.patch));
        }
    });
    schema.add("classes", classes, "supervised: a list in configs/teachers, or a .yaml file");
    Schema& pixels = schema.section("supervised", "classes of every patch's cells x cells parts");
    pixels.add("cells", supervised.cells, between(1, 64), "a side; at most a patch's pixels");
    pixels.add("weight_power", supervised.weight_power, between(0, 1),
               "a class weighs its frequency to the power of minus this");
    pixels.check([this](const Yaml& yaml) {
        if (yaml.has("cells") && supervised.cells > network.patch) {
            yaml["cells"].fail(fmt::format("is {}, must be at most a patch's pixels, {}",
                                           supervised.cells, network.patch));
        }
    });
    Schema& hidden = schema.section("masked", "a masked autoencoder");
    hidden.add("ratio", masked.ratio, between(0.05, 0.95), "share of the patches that is hidden");
    hidden.add("decoder_dim", masked.decoder_dim, between(4, 4096), "channels");
    hidden.add("decoder_depth", masked.decoder_depth, between(1, 64), "blocks");
    hidden.add("decoder_heads", masked.decoder_heads, between(1, 64), "of attention");
    hidden.check([this](const Yaml& yaml) {
        require_splits(yaml, "decoder_dim", masked.decoder_dim, masked.decoder_heads);
    });
    schema.add_field({"data", "", "folders of simulated data sets; or --data",
                      [this](const Yaml& yaml) {
                          for (const auto& folder : yaml.as<std::vector<std::string>>()) {
                              data.push_back(base::expand_path(folder));
                          }
                      },
                      [this] {
                          return base::quoted_list({data.begin(), data.end()});
                      }});
    Schema& images = schema.section("augmentation", "[ours] of images");
    images.add("smallest_area", augmentation.smallest_area, between(0.01, 1),
               "of the window cut out, of the image's; the largest is 1");
    images.add("aspect", augmentation.aspect, between(1, 4),
               "its width / height: the image's, times or over up to this");
    images.add("flip_probability", augmentation.flip_probability, between(0, 1), "left and right");
    images.add("color", augmentation.color, between(0, 0.95),
               "brightness, contrast, saturation: times 1 - color to 1 + color");
    add_length_to(schema, 1);
    schema.add("learning_rate", learning_rate, between(0, 1), "AdamW's, after the warm-up");
    schema.add("weight_decay", weight_decay, between(0, 1), "AdamW's");
    schema.add("warmup_steps", warmup_steps, at_least(0), "at most the run's");
    schema.add("min_factor", min_factor, between(0, 1),
               "of the learning rate, at the end of the cosine");
    add_rhythm_to(schema);
    schema.check([this](const Yaml& yaml) {
        supervised.cells = std::min(supervised.cells, network.patch);
        warmup_steps = yaml.has("warmup_steps") ? warmup_steps : std::min(warmup_steps, steps);
        if (warmup_steps > steps) {
            yaml["warmup_steps"].fail(fmt::format("must be 0 to the run's steps, {}", steps));
        }
    });
}

TeacherTrainConfig load_teacher_train_config(const std::filesystem::path& file,
                                             const std::vector<std::string>& overrides,
                                             const std::vector<std::string>& data) {
    TeacherTrainConfig config;
    Yaml yaml = Yaml::load(file);
    prepare_config(yaml, overrides, config);
    Schema schema;
    config.add_to(schema);
    schema.read(yaml);
    if (config.objective == TeacherTrainConfig::Objective::supervised) {
        if (config.classes.extension() != ".yaml") {
            config.classes =
                datasets::config_file("teachers", "list of pixel classes", config.classes.string());
        }
        config.taxonomy = datasets::load_taxonomy_file(config.classes);
    }
    if (!data.empty()) {
        config.data.clear();
        for (const auto& folder : data) {
            config.data.push_back(base::expand_path(folder));
        }
    }
    if (config.data.empty()) {
        yaml.fail("no images: name folders of simulated data sets as --data DIR or `data: [DIR]`");
    }
    config.resolved = resolved_text(config);
    return config;
}

}  // namespace distillar::training
