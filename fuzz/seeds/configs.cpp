/// Configs of runs and studies; the cities, rigs and lidars that the project has.
#include "fuzz/seeds/seeds.hpp"
#include "tests/support/data.hpp"

namespace distillar::fuzz {

namespace {

const char* const pretrain = R"(distillar-config: 1
seed: 3
model:
  backbone: {name: waffleiron, channels: 64, depth: 6, norm: layernorm, activation: relu, drop_path: 0.1}
  head: {kind: linear, hidden: 0}
  input: {features: [intensity, x, y, z, radius], voxel: 0.1, neighbors: 16, fov: [[-48, -48, -5], [48, 48, 3]], cell: 0.7}
teacher: {kind: dinov2, weights: d.pth, features: f, height: 224, width: 448, pca: 64, pca_images: 8}
views: {all_cameras: true, unseen_points: true}
augmentation: {order: distillation, random_voxel_point: true, max_points: 20000, rotate: true, flip_probability: 0.5, scale: 0.1, tilt: 1, height_jitter: 0.2}
optimiser: {learning_rate: 0.002, weight_decay: 0.03, layer_decay: 0.99, backbone_scale: 0.1, freeze_statistics: true}
schedule: {kind: warmup_rsqrt_cooldown, warmup_epochs: 1.5, warmup_steps: 10, min_factor: 0.005, cooldown_epochs: 2, timescale_epochs: 0.4}
data: {train: [{format: pandaset, path: /d, sequences: ["002"], sensor: pandar64, frames: "0:80:5", weight: 2}], validation: [{format: log, path: "l\n"}]}
steps: 100
)";

const char* const adapt = R"(distillar-config: 1
weights: coming.safetensors
setting: city-a64-to-b32
adapt: {method: self_training, ema: 0.99, ema_every: 2, thresholds: class, confidence: 0.9, class_thresholds: {share: 0.5, floor: 0.2, discount: 0.9, momentum: 0.9}, source_weight: 1, target_weight: 0.5, result: teacher, select: entropy, select_every: 10, select_scans: 4, statistics: target, give_up_steps: 5}
cache: {augmented_views: 2, points: 100, folder: c}
data: {train: [{path: /s, cameras: [a, b], split: train, frame: published}], target: [{path: /t, labels: no}]}
)";

const char* const fuse = R"(distillar-config: 1
setting: city-a64-to-b32
teacher: {kind: features, images: i, features: f}
fuse: {fusion: attention, hidden: 64, heads: 2, adapter: 16, projection: 32, projection_hidden: 32, loss: {contrastive: 1, consistency: 0.5, temperature: 0.07, symmetric: true, pairs: 64, every_view: true, logits: 1, logit_temperature: 2, features: 0.5}, camera_dropout: 0.1, image_dropout: 0.2, sweeps: {before: 1, after: 1, limit: 0.5}}
labelled: {share: 0.05, rule: random, batch: 1}
loss: {lovasz: 0.5}
data: {train: [{format: nuscenes, path: /d}]}
epochs: 3
batch: 2
log_every: 5
checkpoint_every: 7
keep_checkpoints: 2
keep_every: 9
bad_steps: 4
activations: recomputed
)";

}  // namespace

void add_run_configs(const Seeds& seeds) {
    seeds.add("run_config", "pretrain", pretrain);
    seeds.add("run_config", "adapt", adapt);
    seeds.add("run_config", "fuse", fuse);
    const auto own = [](const char* file) {
        return test::read_bytes(std::filesystem::path(DISTILLAR_SOURCE_DIR) / "configs" / file);
    };
    seeds.add("study_file", "demo", own("studies/demo.yaml"));
    seeds.add("city_and_rig", "city", own("cities/a.yaml"));
    seeds.add("city_and_rig", "rig", own("rigs/kitti.yaml"));
    seeds.add("city_and_rig", "spinning", own("sensors/vlp16.yaml"));
    seeds.add("city_and_rig", "raster", own("sensors/pandargt.yaml"));
}

}  // namespace distillar::fuzz
