#pragma once
/// Neighbouring sweeps: the cameras of the moments before and after a scan see its points too.
#include <vector>

#include "datasets/mixture.hpp"

namespace distillar::datasets {

/// Neighbouring sweeps whose cameras look at a scan's points too.
struct Sweeps {
    int before = 0;  ///< of the same sequence
    int after = 0;
    double limit = 0.6;  ///< seconds from sweep to sweep: things move; what is beyond is left out
};

/// The views of frame `index`'s neighbours: the frames next to it in its part of the mixture, of
/// its sequence, with known poses and times, and not further away in time than the limit.
/// T_camera_lidar is from this frame's own coordinates and carries the motion between the sweeps,
/// `offset` is the seconds from this frame to the neighbour, and the name ends in the neighbour's
/// place: "CAM_FRONT-1", "CAM_FRONT+2". A border rule by the lidar's x is one by the camera's z
/// here: what lies before the lidar now may lie behind the neighbour's camera.
/// Reads the neighbours, no other frame.
std::vector<CameraView> neighbour_views(const Mixture& mixture, std::size_t index,
                                        const Sweeps& sweeps);

/// Reads no frame.
/// @throws base::Error if sweeps are asked for and no frame of the mixture has a neighbour: poses
///         or times are missing (naming the part and what would hold them), or no two sweeps are
///         within the limit (naming the nearest distance and the key `fuse.sweeps.limit`).
void require_sweeps(const Mixture& mixture, const Sweeps& sweeps);

}  // namespace distillar::datasets
