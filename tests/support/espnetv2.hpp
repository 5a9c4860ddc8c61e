#pragma once
/// ESPNetv2 with random weights, for tests without data.
#include <filesystem>

#include "models/espnetv2.hpp"

namespace distillar::test {

/// Scale 0.5; every parameter and statistic is drawn, so that nothing is tested against zeros.
std::shared_ptr<models::EspNetV2> random_espnetv2();

/// Writes its weights and the statistics that go with them. @return the weights' file.
std::filesystem::path write_random_espnetv2(const std::filesystem::path& folder);

}  // namespace distillar::test
