#include "formats/other_kind.hpp"

#include <string_view>

#include "base/error.hpp"

namespace distillar::formats {

void refuse_other_kinds(std::span<const std::byte> bytes, const std::filesystem::path& file) {
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (text.starts_with("version https://git-lfs")) {
        base::fail_in(file,
                      "is a Git LFS pointer, not the file itself; fetch it with `git lfs pull`");
    }
    for (const std::string_view page : {"<!DOCTYPE", "<!doctype", "<html", "<HTML"}) {
        if (text.starts_with(page)) {
            base::fail_in(file, "is a web page; download the file itself again");
        }
    }
    if (text.starts_with("distillar-config:") || text.starts_with("distillar-log:")) {
        base::fail_in(file, "is a YAML file, no weights; name a model file (.safetensors)");
    }
}

}  // namespace distillar::formats
