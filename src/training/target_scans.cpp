#include "training/target_scans.hpp"

#include "training/sensor_contract.hpp"

namespace distillar::training {

TargetScans::TargetScans(const RunConfig& config) : mixture_(config.target) {
    const auto contract = std::make_shared<SensorContract>(config.model, config.weights.string());
    for (std::size_t part = 0; part < mixture_.parts(); ++part) {
        contract->check(mixture_.part(part).read(0));
    }
    scan_of_ = [contract](const datasets::Frame& frame) { return contract->align(frame); };
}

}  // namespace distillar::training
