#pragma once
#include "research/teacher_view/views.hpp"

namespace distillar::research {

/// Photograph | true groups above predicted groups | mistakes (red; what is not judged is dark),
/// each at most 960 pixels wide, with a legend beneath.
/// @param predicted  Cityscapes train ids, one per pixel of the view's image.
formats::Image draw_view(const View& view, const std::vector<std::uint8_t>& predicted);

}  // namespace distillar::research
