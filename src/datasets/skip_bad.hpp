#pragma once
#include <cstddef>
#include <optional>

#include "base/error.hpp"
#include "base/log.hpp"
#include "datasets/dataset.hpp"

namespace distillar::datasets {

/// What `work` on a frame gives; or nothing, and a warning that names the file, where it fails and
/// `skip_bad` says that a frame with a damaged file is to be left out.
template <typename Work>
auto unless_bad(bool skip_bad, const Work& work) -> std::optional<decltype(work())> {
    try {
        return work();
    } catch (const base::Error& error) {
        if (!skip_bad) {
            throw;
        }
        spdlog::warn("{}; the frame is left out", error.what());
        return std::nullopt;
    }
}

/// The first frame; with `skip_bad` the first that can be read.
/// @throws base::Error if there is none.
inline Frame first_frame(const Dataset& dataset, bool skip_bad) {
    for (std::size_t i = 0; i + 1 < dataset.size(); ++i) {
        if (auto frame = unless_bad(skip_bad, [&] { return dataset.read(i); })) {
            return *std::move(frame);
        }
    }
    return dataset.read(dataset.size() - 1);
}

}  // namespace distillar::datasets
