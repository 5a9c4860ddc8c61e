#pragma once
#include <cstdint>

namespace distillar::training {

/// Every stream of base::Random that training draws from: one place, so that no two meet by chance.
/// 1 is also datasets::Mixture's order of an epoch; models' drop path has a large number of its
/// own. A number that is there twice is of stages that never share a run.
enum Stream : std::uint32_t {
    image_order_stream = 1,   ///< teacher train: order of an epoch's images
    augmentation_stream = 2,  ///< how a sample of an epoch is augmented
    view_stream = 3,          ///< which of its kept views a sample shows, and which of its points
    mask_stream = 3,          ///< teacher train: which patches are hidden
    kept_stream = 4,          ///< which points of a view the token cache keeps
    pca_stream = 4,           ///< images of the teacher's PCA; always of seed 0, epochs 0 and 1
    labelled_stream = 7,      ///< which frames keep their labels
    share_order_stream = 8,   ///< order of an epoch of some of the frames
    dropout_stream = 9,       ///< fuse: which cameras of a sample are left out
    pair_stream = 10,         ///< fuse: which pairs a step contrasts
};

/// adapt draws and augments target scans apart from source scans: by this seed in place of the
/// run's.
constexpr std::uint64_t target_seed(std::uint64_t seed) {
    return seed ^ 0x746172676574;  // "target"
}

}  // namespace distillar::training
