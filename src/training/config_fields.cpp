// What a config may say: every field of every stage, with range and meaning.
#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "formats/model_json.hpp"
#include "geometry/features.hpp"
#include "training/config.hpp"

namespace distillar::training {

using base::above;
using base::at_least;
using base::between;
using base::fraction_above_0;
using base::fraction_below_1;
using base::Schema;
using base::Yaml;

void TeacherConfig::add_to(Schema& schema) {
    constexpr int largest_side = 1 << 14;
    schema.add(
        "kind", kind,
        "feature files of any network; dinov2, espnetv2 and torchscript run here, each image "
        "once");
    schema.add("images", images, "kind features: root of the images");
    schema.add("features", features,
               "kind features: root of the feature files; else the folder that keeps the features");
    schema.add("weights", weights, "weights of a network that runs here, or `stand-in`");
    schema.add("height", height, between(1, largest_side), "of the input, pixels (not espnetv2)");
    schema.add("width", width, between(1, largest_side), "of the input, pixels (not espnetv2)");
    schema.add("pre_norm", pre_norm, "dinov2: features before its last norm, as published");
    schema.add("precision", precision, "dinov2 on the CPU; bf16 is ours");
    schema.add("heads", heads, at_least(0),
               "dinov2; 0: 64 channels a head, as published sizes have");
    schema.add("imagenet", imagenet,
               "torchscript: images normalised as ImageNet's; else in [0, 1]");
    schema.add("geometry", geometry, "torchscript: where a feature cell lies on the image");
    schema.add("pca", pca, at_least(0), "[ours] components that features are reduced to; 0: none");
    schema.add("pca_images", pca_images, at_least(1), "[ours] images that the PCA is fitted on");
    schema.check([this](const Yaml& yaml) {
        if (precision != models::Precision::fp32 && kind != Kind::dinov2) {
            yaml["precision"].fail("must be fp32 for this kind of teacher");
        }
        if (pca > 0 && kind == Kind::features) {
            yaml["pca"].fail("must be 0 for feature files: they are read as they are");
        }
    });
}

void ScheduleConfig::add_to(Schema& schema) {
    const base::Range epochs = at_least(0);
    schema.add("kind", kind, "of the learning rate: ScaLR's, or ScaLR+'s");
    schema.add("warmup_epochs", warmup_epochs, epochs, "where warmup_steps is not given");
    schema.add("warmup_steps", warmup_steps, at_least(-1), "steps from 0 to the peak; -1: epochs");
    schema.add("min_factor", min_factor, between(0, 1), "cosine: of the peak, at the end");
    schema.add("cooldown_epochs", cooldown_epochs, epochs, "rsqrt: the last fall linearly to 0");
    schema.add("timescale_epochs", timescale_epochs, above(0), "rsqrt: of the decay");
}

void TokenCacheConfig::add_to(Schema& schema) {
    schema.add("augmented_views", augmented_views, at_least(0),
               "[ours] random views of a scan drawn once, beside the plain one; 0: no cache, each "
               "sample is augmented anew, as published");
    schema.add("points", points, at_least(0),
               "kept of each view, at random: a head looks at each alone; 0: all");
    schema.add("folder", folder,
               "empty: beside the run, removed at its end; else shared by runs with the same "
               "backbone, seed, data, input and augmentation, and kept");
    schema.check([this](const Yaml& yaml) {
        if (!folder.empty() && augmented_views == 0) {
            yaml["folder"].fail("must be left out where augmented_views is 0: nothing is cached");
        }
    });
}

void ClassThresholds::add_to(Schema& schema) {
    schema.add("share", share, fraction_above_0, "of the class's highest confidence in the batch");
    schema.add("floor", floor, fraction_below_1, "no threshold lies below");
    schema.add("discount", discount, above(0), "classes rarer than this have a lower threshold");
    schema.add("momentum", momentum, fraction_below_1, "of the classes' mean probability");
}

void AdaptConfig::add_to(Schema& schema) {
    schema.add("method", method,
               "heads on the frozen backbone, or batch-norm statistics and nothing else");
    schema.add("ema", ema, between(0, 1),
               "teacher = ema x teacher + (1 - ema) x student, parameters alone");
    schema.add("ema_every", ema_every, at_least(1),
               "steps from one update of the teacher to the next");
    schema.add("thresholds", thresholds, "of pseudo-labels: one, or one a class and batch (TTYD)");
    schema.add("confidence", confidence, fraction_below_1,
               "global: a pseudo-label's softmax is above it");
    class_thresholds.add_to(schema.section(
        "class_thresholds", "max(floor, share x peak x (1 - exp(-running / discount)))"));
    schema.add("source_weight", source_weight, at_least(0),
               "of cross-entropy + loss.lovasz x Lovasz on source labels");
    schema.add("target_weight", target_weight, at_least(0), "of cross-entropy on pseudo-labels");
    schema.add("target_lovasz", target_lovasz, at_least(0),
               "of Lovasz on pseudo-labels, inside target_weight");
    schema.add("entropy_weight", entropy_weight, at_least(0),
               "of the mean entropy on target points (TTYD: 1)");
    schema.add("statistics", statistics,
               "of the head's batch norms, fixed while it trains: those of the weights, or "
               "estimated on the target before the first step");
    schema.add("result", result, "the head that is kept");
    schema.add("select", select, "its last state, or the one surest of the target");
    schema.add("select_every", select_every, at_least(1),
               "entropy: steps from one candidate to the next");
    schema.add("select_scans", select_scans, at_least(1),
               "entropy: target scans to measure on, evenly spaced");
    schema.add("give_up_steps", give_up_steps, at_least(0),
               "without one confident target point in so many the run fails; 0: at its end alone");
}

void CrossModalLossConfig::add_to(Schema& schema) {
    schema.add("contrastive", contrastive, at_least(0), "weight of L_con + consistency x L_mv");
    schema.add("consistency", consistency, at_least(0), "weight of L_mv in it");
    schema.add("temperature", temperature, above(0), "of L_con");
    schema.add("symmetric", symmetric,
               "L_con both ways; else points -> pixels alone, as published");
    schema.add("pairs", pairs, at_least(2), "a step, at most; negatives are other pairs");
    schema.add("every_view", every_view, "of a point; else one, drawn at random");
    schema.add("logits", logits, at_least(0), "weight of KL(fused || student)");
    schema.add("logit_temperature", logit_temperature, above(0), "of that");
    schema.add("features", features, at_least(0), "weight of 1 - cos(mapped tokens, fused tokens)");
}

void FuseConfig::add_to(Schema& schema) {
    const auto width = [](int least) { return between(least, geometry::max_channels); };
    schema.add("fusion", fusion, "how tokens and views meet");
    schema.add("hidden", hidden, width(1), "channels of the fusion");
    schema.add("heads", heads, width(1), "attention: of the fusion");
    schema.add("adapter", adapter, width(0),
               "image features: 0: frozen; else trained through an MLP so wide");
    schema.add("projection", projection, width(1), "channels that are contrasted");
    schema.add("projection_hidden", projection_hidden, width(1), "of the projections' MLPs");
    loss.add_to(schema.section("loss", "weights of xModel-KD's terms beside segmentation"));
    schema.add("camera_dropout", camera_dropout, fraction_below_1,
               "[ours] so often a camera of a sample is left out: for the day one is dark");
    schema.add("image_dropout", image_dropout, fraction_below_1, "[ours] and so often all of them");
    Schema& below = schema.section("sweeps", "neighbouring sweeps' cameras give views too");
    below.add("before", sweeps.before, between(0, 100), "sweeps");
    below.add("after", sweeps.after, between(0, 100), "sweeps");
    below.add("limit", sweeps.limit, above(0),
              "seconds from sweep to sweep; beyond it is left out");
}

// What all stages share.
// ---------------------------------------------------------------------------

void BaseConfig::add_start_to(Schema& schema) {
    int schema_version = current_schema;
    schema.add_field({"distillar-config", "", "the schema",
                      [](const Yaml& yaml) {
                          if (const int found = yaml.as<int>(); found != current_schema) {
                              yaml.fail(
                                  fmt::format("schema {} is not known to this program, which "
                                              "reads {}; update it",
                                              found, current_schema));
                          }
                      },
                      [schema_version] { return std::to_string(schema_version); }});
    schema.check([](const Yaml& yaml) { yaml["distillar-config"]; });
    schema.add("seed", seed, "a whole number; of every random number of the run");
    schema.add("device", device, "where networks run");
}

void BaseConfig::add_length_to(Schema& schema, std::int64_t least_steps) {
    schema.add("steps", steps, at_least(static_cast<double>(least_steps)),
               least_steps > 0 ? "of the run" : "of the run; 0: epochs");
    schema.add("batch", batch, at_least(1), "samples a step");
}

void BaseConfig::add_rhythm_to(Schema& schema) {
    schema.add("log_every", log_every, at_least(1), "steps");
    schema.add("checkpoint_every", checkpoint_every, at_least(1), "steps");
    schema.add("keep_checkpoints", keep_checkpoints, at_least(1), "the newest");
    schema.add("keep_every", keep_every, at_least(0),
               "checkpoints of steps that are multiples of it stay too; 0: none");
    schema.add("bad_steps", bad_steps, at_least(1),
               "in a row, whose loss or gradient is not finite, and the run fails");
}

// A run on scans.
// ----------------------------------------------------------------------------------

namespace {

void read_fov(const Yaml& yaml, geometry::FieldOfView& fov) {
    const auto corners = yaml.list();
    const auto corner = [&](std::size_t i) { return corners[i].as<std::vector<float>>(); };
    const bool shaped = corners.size() == 2 && corner(0).size() == 3 && corner(1).size() == 3;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        if (!shaped || !(corner(0)[axis] < corner(1)[axis]) ||
            !std::isfinite(corner(1)[axis] - corner(0)[axis])) {
            yaml.fail("expected [[xmin, ymin, zmin], [xmax, ymax, zmax]], each max above its min");
        }
        fov.min[axis] = corner(0)[axis];
        fov.max[axis] = corner(1)[axis];
    }
}

/// Grids of square cells for the planes that drop z, y and x.
/// @param cell  metres, above 0.
std::vector<geometry::PlaneGrid> grids_of(const geometry::FieldOfView& fov, double cell) {
    const auto cells = [&](std::size_t axis) {
        const double extent = double{fov.max[axis]} - double{fov.min[axis]};
        return static_cast<int>(
            std::clamp(std::round(extent / cell), 1.0, geometry::max_cells + 1.0));
    };
    return {{2, cells(0), cells(1)}, {1, cells(0), cells(2)}, {0, cells(1), cells(2)}};
}

/// The size of cells that grids follow from; 0 if from none.
double cell_of(const geometry::InputSpec& input) {
    const double extent = double{input.fov.max[0]} - double{input.fov.min[0]};
    const double cell = extent / std::max(1, input.grids.at(0).rows);
    return grids_of(input.fov, cell) == input.grids ? cell : 0;
}

std::string grids_text(const std::vector<geometry::PlaneGrid>& grids) {
    std::vector<std::string> texts;
    for (const auto& grid : grids) {
        texts.push_back(
            fmt::format("{{drop: {}, rows: {}, columns: {}}}", grid.drop, grid.rows, grid.columns));
    }
    return fmt::format("[{}]", fmt::join(texts, ", "));
}

bool possible(const std::vector<geometry::PlaneGrid>& grids) {
    return !grids.empty() && grids.size() <= geometry::max_grids &&
           std::all_of(grids.begin(), grids.end(), [](const auto& grid) {
               return grid.drop >= 0 && grid.drop <= 2 && std::min(grid.rows, grid.columns) >= 1 &&
                      std::max(grid.rows, grid.columns) <= geometry::max_cells;
           });
}

/// `cell: 0.5` gives the three planes their grids; it is the form that keeps weights usable on any
/// field of view. `grids` writes them out.
void add_grids_to(Schema& schema, geometry::InputSpec& input) {
    schema.add_field({"cell", "above 0", "metres: square cells of the planes that drop z, y and x",
                      [&input](const Yaml& yaml) {
                          const auto cell = yaml.as<double>();
                          if (!(cell > 0) || !std::isfinite(cell)) {
                              yaml.fail("must be above 0 (metres)");
                          }
                          input.grids = grids_of(input.fov, cell);
                      },
                      [&input] {
                          const double cell = cell_of(input);
                          return cell > 0 ? fmt::format("{}", cell) : "";
                      }});
    schema.add_field({"grids", "",
                      "instead of cell: [{drop: axis, rows: cells, columns: cells}, ...]",
                      [&input](const Yaml& yaml) { input.grids = formats::grids_from(yaml); },
                      [&input] { return cell_of(input) > 0 ? "" : grids_text(input.grids); }});
    schema.check([&input](const Yaml& yaml) {
        if (yaml.has("cell") && yaml.has("grids")) {
            yaml["cell"].fail("must be left out where grids are given");
        }
        if (!yaml.has("cell") && !yaml.has("grids")) {
            constexpr double usual_cell = 0.5;
            input.grids = grids_of(input.fov, usual_cell);
        }
        if (!possible(input.grids)) {
            const auto place = yaml.find(yaml.has("grids") ? "grids" : "cell");
            (place ? *place : yaml)
                .fail(fmt::format("must be such that each of 1 to {} planes has 1 to {} rows and "
                                  "columns of cells",
                                  geometry::max_grids, geometry::max_cells));
        }
    });
}

void add_input_to(Schema& schema, geometry::InputSpec& input) {
    schema.add_field({"features", "", "of a point: intensity, x, y, z, radius, height, constant",
                      [&input](const Yaml& yaml) {
                          input.features = yaml.as<std::vector<std::string>>();
                          try {
                              geometry::check_feature_names(input.features);
                          } catch (const base::Error& error) {
                              yaml.fail(error.what());
                          }
                      },
                      [&input] { return base::quoted_list(input.features); }});
    schema.add("voxel", input.voxel, at_least(0),
               "metres; one point of each is kept; 0: all points");
    schema.add("neighbors", input.neighbors, between(1, geometry::max_neighbors),
               "of a point, without itself");
    schema.add_field({"fov", "", "[[xmin, ymin, zmin], [xmax, ymax, zmax]], metres",
                      [&input](const Yaml& yaml) { read_fov(yaml, input.fov); },
                      [&fov = input.fov] {
                          return fmt::format("[[{}], [{}]]", fmt::join(fov.min, ", "),
                                             fmt::join(fov.max, ", "));
                      }});
    add_grids_to(schema, input);
}

void add_augmentation_to(Schema& schema, geometry::Augmentation& augmentation) {
    schema.add(
        "order", augmentation.order,
        "distillation: coordinates first, then features; downstream: features first, then each "
        "rotated apart");
    schema.add("random_voxel_point", augmentation.random_voxel_point, "else the first of each");
    schema.add("max_points", augmentation.max_points, at_least(0),
               "the nearest to a random one; 0: all");
    schema.add("rotate", augmentation.rotate, "about z by any angle");
    schema.add("flip_probability", augmentation.flip_probability, between(0, 1),
               "then x or y by a fair coin");
    schema.add("scale", augmentation.scale, fraction_below_1,
               "by a factor of 1 - scale to 1 + scale");
    schema.add("tilt", augmentation.tilt, between(0, geometry::max_tilt),
               "[ours] degrees, about a random horizontal axis: streets climb, vehicles pitch");
    schema.add("height_jitter", augmentation.height_jitter, at_least(0),
               "[ours] metres added to every z, at most");
}

/// A list of data sets, which names at least one where it is there.
void add_selections_to(Schema& schema, const std::string& key,
                       std::vector<datasets::Selection>& selections, const std::string& meaning) {
    schema.add_field({key, "", meaning,
                      [&selections](const Yaml& yaml) {
                          selections.clear();
                          for (const auto& entry : yaml.list()) {
                              selections.push_back(datasets::selection_from(entry));
                          }
                          if (selections.empty()) {
                              yaml.fail("is empty; name at least one data set");
                          }
                      },
                      [&selections] {
                          std::string text;
                          for (const auto& selection : selections) {
                              text += "\n    - " + selection_text(selection);
                          }
                          return text;
                      }});
}

}  // namespace

std::string input_text(const RunConfig& config) {
    RunConfig& values = const_cast<RunConfig&>(config);  // text() changes nothing
    Schema schema;
    add_input_to(schema, values.model.input);
    add_augmentation_to(schema, values.augmentation);
    return schema.text();
}

bool RunConfig::trains_backbone() const {
    return stage() != Stage::probe && stage() != Stage::adapt;
}

void RunConfig::add_model_to(Schema& schema) {
    constexpr const char* frozen = "the backbone is frozen";
    Schema& section = schema.section(
        "model",
        "where `weights` are given, backbone and input features are theirs: leave them out");
    Schema& backbone = section.section("backbone", "points to tokens");
    backbone.add_choice(
        "name", {"waffleiron"}, "the architecture",
        [this](const std::string& name) { model.backbone.name = name; },
        [this] { return model.backbone.name; });
    backbone.add("channels", model.backbone.channels, between(1, geometry::max_channels),
                 "of a token");
    backbone.add("depth", model.backbone.depth, between(1, geometry::max_depth), "layers");
    backbone.add_choice(
        "norm", {"layernorm", "batchnorm"}, "of the layers",
        [this](const std::string& name) { model.backbone.norm = name; },
        [this] { return model.backbone.norm; });
    backbone.add_choice(
        "activation", {"relu", "gelu"}, "of the layers",
        [this](const std::string& name) { model.backbone.activation = name; },
        [this] { return model.backbone.activation; });
    if (trains_backbone()) {
        backbone.add("drop_path", drop_path, fraction_below_1,
                     "so often a layer is left out for a scan, more often the deeper it lies");
        schema.add("activations", activations,
                   "what backward needs is kept, or [ours] each layer's input alone: same bits, "
                   "less memory, more time");
    } else {
        backbone.accept_only("drop_path", 0.0, frozen);
        schema.accept_only<std::string>("activations", "stored", frozen);
    }
    Schema& head = section.section("head", "tokens to classes");
    head.add_choice(
        "kind", {"linear", "mlp", "bn_linear", "bn_mlp"}, "its layers",
        [this](const std::string& name) {
            model.head.hidden = name == model.head.kind ? model.head.hidden : 0;
            model.head.kind = name;
        },
        [this] { return model.head.kind; });
    head.add("hidden", model.head.hidden, between(0, geometry::max_channels),
             "channels of an MLP's hidden layer; 0: as many as tokens have");
    head.check([this](const Yaml& yaml) {
        if (model.head.hidden > 0 && model.head.kind.find("mlp") == std::string::npos) {
            yaml["hidden"].fail("must be left out: a head of the kind " + model.head.kind +
                                " has no hidden layer");
        }
    });
    add_input_to(section.section("input", "what the network sees of a scan"), model.input);
}

void RunConfig::add_labelled_to(Schema& schema, LabelledShare& labelled) {
    Schema& section =
        schema.section("labelled", "how many of the training frames keep their labels");
    section.add("share", labelled.share, fraction_above_0, "of the frames that have some");
    section.add("rule", labelled.rule,
                "every round(1 / share)-th frame from the first, in the data's order "
                "(SemanticKITTI's 1 %: every 100th scan), or drawn by the seed");
    const std::string meaning = "so many of a step's `batch` frames are labelled ones; 0: half";
    if (stage() == Stage::fuse) {
        section.add("batch", labelled.batch, at_least(0), meaning);
        section.check([this, &labelled](const Yaml& yaml) {
            if (labelled.batch > this->batch) {
                yaml["batch"].fail("must be 0 (half) to the frames of a step, `batch`");
            }
        });
    } else {
        section.accept_only("batch", 0, "all frames of a step are labelled ones");
    }
}

void RunConfig::add_optimiser_to(Schema& schema) {
    constexpr const char* whole = "the learning rate is one for all that trains";
    Schema& section = schema.section("optimiser", "AdamW");
    section.add("learning_rate", optimiser.learning_rate, above(0), "at the schedule's peak");
    section.add("weight_decay", optimiser.weight_decay, at_least(0),
                "of every parameter, biases and norms included, as published");
    if (stage() == Stage::train || stage() == Stage::fuse) {
        section.add("layer_decay", optimiser.layer_decay, fraction_above_0,
                    "of the learning rate, from each layer to the one before it");
        section.add("backbone_scale", optimiser.backbone_scale, at_least(0),
                    "[ours] learning rate of the backbone, relative to the head's");
    } else {
        section.accept_only("layer_decay", 1.0, whole);
        section.accept_only("backbone_scale", 1.0, whole);
    }
    if (stage() == Stage::train) {
        section.add("freeze_statistics", optimiser.freeze_statistics,
                    "[ours] fine-tuning keeps the embedding's batch-norm statistics: those of the "
                    "distillation corpus, which has seen the target's sensor");
    } else {
        section.accept_only("freeze_statistics", false, "it is a key of train");
    }
}

void RunConfig::add_data_to(Schema& data) {
    add_selections_to(data, "train", train, "data sets; docs/data.md has the words of an entry");
    add_selections_to(data, "validation", validation,
                      stage() == Stage::pretrain
                          ? "held-out frames with images, for loss and cosine"
                          : "held-out frames with the source's labels, for loss and miou_common");
    data.check([](const Yaml& yaml) { yaml["train"]; });
}

void AdaptRunConfig::add_data_to(Schema& data) {
    add_selections_to(data, "train", train, "source scans with labels; adabn needs none");
    add_selections_to(data, "target", target, "target scans; labels are never read");
    data.refuse("validation",
                "adapt has none: the target's labels must not choose a model; adapt.select chooses "
                "by entropy, without labels");
    data.check([this](const Yaml& yaml) {
        yaml["target"];
        if (adapt.method != AdaptConfig::Method::adabn) {
            yaml["train"];
        }
        for (auto* selections : {&train, &target}) {
            for (auto& selection : *selections) {
                selection.with_cameras = false;
                selection.labels = selection.labels && selections == &train;
            }
        }
    });
}

void RunConfig::add_to(Schema& schema) {
    add_start_to(schema);
    schema.add("weights", weights, "a model file to start from; empty: from scratch");
    add_model_to(schema);
    if (stage() != Stage::pretrain) {
        schema.add("setting", setting,
                   "one of configs/settings: classes, and labels of its source side");
        schema.section("loss", "of labels: cross-entropy + lovasz x Lovasz")
            .add("lovasz", loss.lovasz, at_least(0), "weight of the Lovasz softmax");
    }
    add_length_to(schema, 0);
    schema.add("epochs", epochs, above(0), "where steps is 0");
    add_own_to(schema);
    add_data_to(schema.section("data", "what is read"));
    schema.check([](const Yaml& yaml) { yaml["data"]; });
    if (stage() != Stage::adapt && stage() != Stage::pretrain) {
        schema.add("validate_every", validate_every, at_least(0),
                   "steps from one validation to the next; 0: at the end alone");
        schema.add("keep", keep,
                   "the network's last state, or the best miou_common of data.validation");
        schema.check([this](const Yaml& yaml) {
            if (keep == Keep::best && (validation.empty() || validate_every == 0)) {
                yaml["keep"].fail("best needs data.validation, and validate_every above 0");
            }
        });
    }
    add_augmentation_to(schema.section("augmentation", "of training samples"), augmentation);
    add_optimiser_to(schema);
    schedule.add_to(schema.section("schedule", "of the learning rate"));
    add_rhythm_to(schema);
}

// The stages.
// --------------------------------------------------------------------------------------

RunConfig::RunConfig() {
    model.backbone.channels = 768;
    model.backbone.depth = 48;
    augmentation.order = geometry::Augmentation::Order::downstream;
}

PretrainConfig::PretrainConfig() {
    model.head.kind = "linear";
    epochs = 25;
    optimiser = {2e-3, 0.03, 1, 1, false};
    schedule.warmup_steps = 3500;
    schedule.min_factor = 1e-5 / 2e-3;
    augmentation.order = geometry::Augmentation::Order::distillation;
}

void PretrainConfig::add_own_to(Schema& schema) {
    teacher.add_to(
        schema.section("teacher", "the image network that is distilled; docs/teachers.md"));
    Schema& section = schema.section("views", "which points a sample keeps, which images teach it");
    section.add("all_cameras", views.all_cameras,
                "[ours] at once; else one at random, as published");
    section.add("unseen_points", views.unseen_points,
                "[ours] stay in the sample; else those in the image alone, as published");
}

ProbeConfig::ProbeConfig() {
    model.head.kind = "bn_mlp";
    epochs = 20;
    optimiser = {1e-3, 0.003, 1, 1, false};
    schedule.min_factor = 1e-5 / 1e-3;
}

void ProbeConfig::add_own_to(Schema& schema) {
    cache.add_to(schema.section("cache", "of the frozen backbone's tokens"));
}

TrainConfig::TrainConfig() {
    model.head.kind = "bn_linear";
    epochs = 25;
    drop_path = 0.2;
    optimiser = {2e-3, 0, 0.99, 1, false};
}

void TrainConfig::add_own_to(Schema& schema) {
    add_labelled_to(schema, labelled);
}

AdaptRunConfig::AdaptRunConfig() {
    steps = 5000;
    batch = 4;
    optimiser = {1e-4, 0.003, 1, 1, false};
    schedule.warmup_steps = 0;
    schedule.min_factor = 1;  // the learning rate stays as it is
}

void AdaptRunConfig::add_own_to(Schema& schema) {
    adapt.add_to(schema.section("adapt", "how the head goes to the target"));
    cache.add_to(schema.section("cache", "of the frozen backbone's tokens"));
}

FuseRunConfig::FuseRunConfig() {
    model.head.kind = "bn_linear";
    epochs = 25;
    drop_path = 0.2;
    optimiser = {2e-3, 0, 0.99, 1, false};
}

void FuseRunConfig::add_own_to(Schema& schema) {
    teacher.add_to(schema.section("teacher", "the image network; docs/teachers.md"));
    fuse.add_to(schema.section("fuse", "how tokens meet image features, and what teaches whom"));
    add_labelled_to(schema, labelled);
}

}  // namespace distillar::training
