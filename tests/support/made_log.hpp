#pragma once
/// A user's own log made here: small scans, a camera, no data needed.
#include <filesystem>

namespace distillar::test {

/// `frames` scans of 800 points, a camera `front` of 64 x 32 pixels whose picture differs from
/// frame to frame; the frame `unseen` has no picture near in time.
void make_log(const std::filesystem::path& folder, int frames, int unseen = -1);

}  // namespace distillar::test
