#pragma once
/// Private to the vehicle files: windows, lights and wheel arches cut into bodies.
#include "simulation/shapes/shell.hpp"

namespace distillar::simulation {

/// A patch on the front or the rear: |y| and z of its edges, metres; `slope`: its edges rise with
/// |y|.
struct Patch {
    float y_low = 0, y_high = 0, z_low = 0, z_high = 0, slope = 0;
};

/// Paints a patch on the half y >= 0 of the end at x = `end`; `front`: that looks forward.
void cut_patch(Shell& shell, float end, bool front, const Patch& patch, const Surface& surface);

/// A window or panel on the left side (y > 0): x from rear to front, z from low to high; both ends
/// lean back by `lean` metres a metre of height.
struct Panel {
    float rear = 0, front = 0, low = 0, high = 0, lean = 0;
};
void cut_panel(Shell& shell, const Panel& panel, const Surface& surface, bool left = true);

struct Arch {
    float x = 0, axle_height = 0, radius = 0;
    float half_width = 0;  ///< of the body
    float depth = 0.25F;
    float floor = 0;  ///< z of the body's lower edge
};
/// A wheel arch with its walls on the left side.
void cut_arch(Shell& shell, const Arch& arch, Category category);

}  // namespace distillar::simulation
