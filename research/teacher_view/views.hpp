#pragma once
/// Photographs of which the truth is known, wholly or at the pixels that points hit.
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "formats/image.hpp"

namespace distillar::research {

struct View {
    std::string name;  ///< "000000", "001/00 front_camera"
    formats::Image image;
    std::vector<std::uint8_t> truth;    ///< groups 0..6 or no_group
    std::vector<std::uint32_t> pixels;  ///< row x width + column of each; empty: every pixel

    std::size_t pixel(std::size_t i) const { return pixels.empty() ? i : pixels[i]; }
};

struct ViewRequest {
    std::filesystem::path images;   ///< folder of photographs
    std::filesystem::path classes;  ///< folder of 8-bit grey PNG files of the same stems
    std::filesystem::path pandaset;
    std::string sequence;
    std::vector<std::string> cameras;  ///< PandaSet's; empty: all
};

/// Scenes one at a time, in order of name: an image, or a scan with the images of its cameras.
class Scenes {
public:
    virtual ~Scenes() = default;
    virtual std::size_t size() const = 0;
    /// Safe from several threads.
    virtual std::vector<View> read(std::size_t index) const = 0;
};

/// @throws base::Error if a folder, or the classes of one of the images, is not there or of another
///         size.
std::unique_ptr<Scenes> open_scenes(const ViewRequest& request);

}  // namespace distillar::research
