#include "parity/parity.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/thread_pool.hpp"
#include "formats/pth.hpp"
#include "models/threads.hpp"
#include "parity/cases.hpp"

namespace distillar::parity {

namespace {

enum class Kind { network, dinov2, espnetv2, losses, schedules, preprocessing };

Kind kind_of(const formats::SafeTensors& file, const std::filesystem::path& path) {
    const auto has = [&](const char* name) { return file.tensors.contains(name); };
    if (has("kept_index")) {
        return Kind::preprocessing;
    }
    if (has("feat") && has("cell_ind")) {
        return Kind::network;
    }
    if (has("warmup_cosine") || has("warmup_rsqrt_cooldown")) {
        return Kind::schedules;
    }
    if (has("distill.student") || has("seg.logits")) {
        return Kind::losses;
    }
    if (has("0.image") && has("0.x_pre_norm")) {
        return Kind::dinov2;
    }
    if (has("image") && has("logits_at_pixels")) {
        return Kind::espnetv2;
    }
    std::vector<std::string> names;
    for (const auto& [name, tensor] : file.tensors) {
        names.push_back(name);
    }
    names.resize(std::min<std::size_t>(names.size(), 6));
    base::fail_in(path,
                  "no known kind of case (network, DINOv2, ESPNetv2, losses, schedules, "
                  "preprocessing); its tensors: {}",
                  names.empty() ? "none" : base::join(names));
}

/// Files that a kind needs must be given, and no others.
void check_files(Kind kind, const ParityRequest& request) {
    const bool network = kind == Kind::network || kind == Kind::dinov2 || kind == Kind::espnetv2;
    if (network && request.weights.empty()) {
        base::fail_in(request.reference,
                      "a case of a network needs its weights: distillar-parity WEIGHTS.pth CASE");
    }
    if (!network && !request.weights.empty()) {
        base::fail_in(request.reference, "this case takes no weights: leave out {}",
                      request.weights.string());
    }
    const bool preprocessing = kind == Kind::preprocessing;
    if (preprocessing && request.cloud.empty()) {
        base::fail_in(request.reference,
                      "a case of preprocessing needs its scan: distillar-parity --cloud FILE CASE");
    }
    if (!preprocessing && (!request.cloud.empty() || !request.cameras.empty())) {
        base::fail_in(request.reference, "this case takes neither --cloud nor --cameras");
    }
}

}  // namespace

formats::Tensors read_weights(const std::filesystem::path& file) {
    return formats::is_pth(file) ? formats::read_pth(file)
                                 : formats::read_safetensors(file).tensors;
}

bool run_parity(const ParityRequest& request, std::FILE* output) {
    models::set_threads(static_cast<int>(base::thread_count()));
    const auto file = formats::read_safetensors(request.reference);
    const Kind kind = kind_of(file, request.reference);
    check_files(kind, request);
    ParityReport report(output);
    switch (kind) {
        case Kind::network:
            compare_network(request, file, report);
            break;
        case Kind::dinov2:
            compare_dinov2(request, file, report);
            break;
        case Kind::espnetv2:
            compare_espnetv2(request, file, report);
            break;
        case Kind::losses:
            compare_losses(file, report);
            break;
        case Kind::schedules:
            compare_schedules(file, report);
            break;
        case Kind::preprocessing:
            compare_preprocessing(request, file, report);
            break;
    }
    return report.finish();
}

}  // namespace distillar::parity
