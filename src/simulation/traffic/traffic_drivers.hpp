#pragma once
/// Private to the traffic files: how people drive.

namespace distillar::simulation {

inline constexpr double driver_sight = 42;    ///< metres that drivers look ahead
inline constexpr double acceleration = 1.6;   ///< metres a second squared
inline constexpr double deceleration = 2.5;   ///< what is comfortable
inline constexpr double hardest_braking = 7;  ///< what is possible

}  // namespace distillar::simulation
