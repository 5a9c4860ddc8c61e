#pragma once
/// How much a teacher's features say about what a patch of an image shows: a linear layer on the
/// frozen features, trained on some images and tested on others.
#include <cstdint>
#include <vector>

#include "datasets/taxonomy.hpp"
#include "evaluation/confusion.hpp"
#include "models/teacher.hpp"
#include "training/teacher_train/images.hpp"

namespace distillar::research {

/// Features of images' cells and the class that most of each cell's pixels have.
struct Cells {
    torch::Tensor features;  ///< N x channels, image by image, row by row
    torch::Tensor classes;   ///< N int64, 255: none
};

/// Shows progress.
Cells cells_of(models::Teacher& teacher, const datasets::Taxonomy& taxonomy,
               const std::vector<training::ImageFile>& images);

/// Classes as bytes.
std::vector<std::uint8_t> bytes_of(const torch::Tensor& classes);

/// Softmax regression on features standardised per channel: full batches, AdamW, cross-entropy.
class LinearProbe {
public:
    LinearProbe(const Cells& cells, std::int64_t classes);
    /// Features (N x channels) -> N classes.
    std::vector<std::uint8_t> predict(const torch::Tensor& features) const;

private:
    torch::Tensor standardised(const torch::Tensor& features) const;

    torch::Tensor mean_, deviation_;
    torch::Tensor weight_, bias_;
};

evaluation::ConfusionMatrix test(const LinearProbe& probe, const Cells& cells, std::size_t classes);

}  // namespace distillar::research
