#pragma once
#include <filesystem>

#include "research/teacher_probe/probe.hpp"

namespace distillar::research {

/// Four panels and a legend: the image, the first three principal components of its cells' features
/// as red, green and blue, the probe's classes, and the classes that most of each cell's pixels
/// have.
formats::Image draw_probe(models::Teacher& teacher, const LinearProbe& probe,
                          const datasets::Taxonomy& taxonomy, const training::ImageFile& file);

}  // namespace distillar::research
