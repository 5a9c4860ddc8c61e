#include <algorithm>
#include <cmath>

#include "base/files.hpp"
#include "base/text.hpp"
#include "datasets/dataset.hpp"
#include "datasets/layout.hpp"

namespace distillar::datasets {

namespace {

constexpr std::size_t longest_frame_number = 6;

/// "[a, b]" or a single value.
std::vector<std::string> names_at(const base::Yaml& yaml, const std::string& key) {
    const auto value = yaml.find(key);
    if (!value) {
        return {};
    }
    return value->is_list() ? value->as<std::vector<std::string>>()
                            : std::vector<std::string>{value->as<std::string>()};
}

void read_cameras(const base::Yaml& yaml, Selection& selection) {
    selection.cameras = names_at(yaml, "cameras");
    const bool none = selection.cameras == std::vector<std::string>{"none"};
    if (none || (yaml.has("cameras") && selection.cameras.empty())) {
        selection.with_cameras = false;
        selection.cameras.clear();
    }
}

/// The part after the last slash: "05" of "002/05".
std::string_view last_part(std::string_view id) {
    return id.substr(id.rfind('/') + 1);
}

bool is_frame_number(std::string_view text) {
    return !text.empty() && text.size() <= longest_frame_number &&
           text.find_first_not_of("0123456789") == std::string_view::npos;
}

struct Slice {
    long long start = 0;
    long long stop = 0;
    long long step = 1;
};

/// "start:stop:step" as Python reads it; every part may be missing.
Slice slice_from(const std::string& text, long long end, bool from_the_end) {
    const auto parts = base::split(text, ':');
    const std::string what = "frames '" + text + "'";
    if (parts.size() > 3) {
        base::fail("{}: has more than three parts; write start:stop:step", what);
    }
    Slice slice{0, end, 1};
    const auto bound = [&](const std::string& part, long long fallback) {
        if (base::trim(part).empty()) {
            return fallback;
        }
        const long long value = base::parse_integer(base::trim(part), what);
        if (value < 0 && !from_the_end) {
            base::fail("{}: frame numbers are not negative; write start:stop:step", what);
        }
        return value < 0 ? std::max(0LL, end + value) : value;
    };
    slice.start = bound(parts[0], 0);
    slice.stop = bound(parts[1], end);
    if (parts.size() == 3 && !base::trim(parts[2]).empty()) {
        slice.step = base::parse_integer(base::trim(parts[2]), what);
    }
    if (slice.step < 1) {
        base::fail("{}: the step must be at least 1", what);
    }
    return slice;
}

std::vector<std::size_t> slice_frames(const std::vector<std::string>& ids,
                                      const std::string& frames) {
    const bool numbered = std::all_of(ids.begin(), ids.end(), [](const std::string& id) {
        return is_frame_number(last_part(id));
    });
    const long long end = numbered ? 1'000'000 : static_cast<long long>(ids.size());
    const Slice slice = slice_from(frames, end, !numbered);
    std::vector<std::size_t> selected;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const long long place =
            numbered ? base::parse_integer(last_part(ids[i]), "frame") : static_cast<long long>(i);
        if (place >= slice.start && place < slice.stop && (place - slice.start) % slice.step == 0) {
            selected.push_back(i);
        }
    }
    if (selected.empty() && !ids.empty()) {
        base::fail("frames '{}': none of the {} frames is in it; there are {} {}", frames,
                   ids.size(), numbered ? "the numbers" : "the ids", listed(ids));
    }
    return selected;
}

std::vector<std::size_t> named_frames(const std::vector<std::string>& ids,
                                      const std::string& frames) {
    std::vector<bool> taken(ids.size(), false);
    for (const auto& part : base::split(frames, ',')) {
        const std::string name = base::trim(part);
        bool found = false;
        for (std::size_t i = 0; i < ids.size(); ++i) {
            if (ids[i] == name || last_part(ids[i]) == name) {
                taken[i] = true;
                found = true;
            }
        }
        if (!found) {
            base::fail("frame '{}' is not there; did you mean '{}'? There are: {}", name,
                       base::nearest_name(name, ids), listed(ids));
        }
    }
    std::vector<std::size_t> selected;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (taken[i]) {
            selected.push_back(i);
        }
    }
    return selected;
}

}  // namespace

Selection selection_from(const base::Yaml& yaml) {
    yaml.allow_keys({"format", "path", "sequences", "scenes", "sensor", "cameras", "frames",
                     "split", "labels", "weight", "frame"});
    Selection selection;
    selection.format = yaml.get<std::string>("format", "");
    selection.path = base::expand_path(yaml["path"].as<std::string>());
    if (yaml.has("sequences") && yaml.has("scenes")) {
        yaml["scenes"].fail("`scenes` is another word for `sequences`; keep one");
    }
    selection.sequences = names_at(yaml, yaml.has("scenes") ? "scenes" : "sequences");
    selection.sensor = yaml.get<std::string>("sensor", "");
    read_cameras(yaml, selection);
    selection.frames = base::join(names_at(yaml, "frames"), ",");
    selection.split = yaml.get<std::string>("split", "all");
    selection.labels = yaml.get("labels", true);
    selection.weight = yaml.get("weight", 1.0);
    if (!(selection.weight > 0) || !std::isfinite(selection.weight)) {
        yaml["weight"].fail("must be a number above 0");
    }
    const auto frame = yaml.get<std::string>("frame", "canonical");
    if (frame != "canonical" && frame != "published") {
        yaml["frame"].fail(fmt::format("'{}' is neither 'canonical' nor 'published'", frame));
    }
    selection.published_frame = frame == "published";
    return selection;
}

Selection selection_from(const std::string& argument) {
    Selection selection;
    const std::size_t colon = argument.find(':');
    const std::string word = argument.substr(0, colon);
    const bool is_word =
        colon != std::string::npos && !word.empty() &&
        word.find_first_not_of("abcdefghijklmnopqrstuvwxyz_-") == std::string::npos;
    if (!is_word || std::filesystem::exists(argument)) {
        selection.path = base::expand_path(argument);
        return selection;
    }
    selection.format = word;
    selection.path = base::expand_path(argument.substr(colon + 1));
    if (selection.path.empty()) {
        base::fail("{}: the path is missing; write FORMAT:PATH", argument);
    }
    return selection;
}

std::vector<std::size_t> select_frames(const std::vector<std::string>& ids,
                                       const std::string& frames) {
    if (frames.empty()) {
        std::vector<std::size_t> all(ids.size());
        for (std::size_t i = 0; i < all.size(); ++i) {
            all[i] = i;
        }
        return all;
    }
    return frames.find(':') != std::string::npos ? slice_frames(ids, frames)
                                                 : named_frames(ids, frames);
}

}  // namespace distillar::datasets
