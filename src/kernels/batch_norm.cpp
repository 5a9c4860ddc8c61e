#include "kernels/batch_norm.hpp"

#include <algorithm>
#include <vector>

#include "base/thread_pool.hpp"
#include "kernels/batch_norm_rows.hpp"
#include "kernels/chunks.hpp"
#include "kernels/rows.hpp"

namespace distillar::kernels {

namespace {

constexpr std::size_t chunk_rows = 512;

}  // namespace

void column_moments(const float* x, std::size_t rows, std::size_t channels, float* mean,
                    float* variance) {
    const std::size_t count = (rows + chunk_rows - 1) / chunk_rows;
    std::vector<double> means(count * channels);
    std::vector<float> squares(count * channels);
    base::parallel_for(rows, chunk_rows, [&](std::size_t begin, std::size_t end) {
        const float* first = x + begin * channels;
        const std::size_t at = begin / chunk_rows * channels;
        std::vector<float> centre(channels);
        add_differences(first, first, end - begin, channels, centre.data());
        for (std::size_t c = 0; c < channels; ++c) {
            means[at + c] = static_cast<double>(first[c]) +
                            static_cast<double>(centre[c]) / static_cast<double>(end - begin);
            centre[c] = static_cast<float>(means[at + c]);
        }
        add_squares(first, centre.data(), end - begin, channels, squares.data() + at);
    });
    for (std::size_t c = 0; c < channels; ++c) {
        double average = 0, square = 0, seen = 0;
        for (std::size_t chunk = 0; chunk < count; ++chunk) {
            const auto added = static_cast<double>(std::min(chunk_rows, rows - chunk * chunk_rows));
            const double step = means[chunk * channels + c] - average;
            average += step * added / (seen + added);
            square += squares[chunk * channels + c] + step * step * seen * added / (seen + added);
            seen += added;
        }
        mean[c] = static_cast<float>(average);
        variance[c] = static_cast<float>(square / std::max(1.0, seen));
    }
}

void scale_columns(const float* x, std::size_t rows, std::size_t channels, const float* factor,
                   const float* shift, float* out) {
    base::parallel_for(rows, chunk_rows, [&](std::size_t begin, std::size_t end) {
        apply_affine(x + begin * channels, factor, shift, end - begin, channels,
                     out + begin * channels);
    });
}

void batch_norm_backward(const BatchNormBackward& norm, const float* gradient, float* gradient_x,
                         float* gradient_weight, float* gradient_bias) {
    const std::size_t channels = norm.channels;
    std::vector<float> sums(2 * channels);
    sum_over_chunks(chunks_of(norm.rows, 64, 2 * channels), 2 * channels, sums.data(),
                    [&](std::size_t begin, std::size_t end, float* partial) {
                        add_batch_norm_gradients(norm, gradient, begin, end, partial);
                    });
    std::copy_n(sums.data(), channels, gradient_weight);
    std::copy_n(sums.data() + channels, channels, gradient_bias);
    if (gradient_x == nullptr) {
        return;
    }
    const float share =
        norm.own ? 1.0F / static_cast<float>(std::max<std::size_t>(1, norm.rows)) : 0.0F;
    std::vector<float> slope(channels), shift(channels);
    for (std::size_t c = 0; c < channels; ++c) {
        slope[c] = sums[c] * share;
        shift[c] = sums[channels + c] * share;
    }
    base::parallel_for(norm.rows, chunk_rows, [&](std::size_t begin, std::size_t end) {
        spread_batch_norm_gradient(norm, gradient, slope.data(), shift.data(), begin, end,
                                   gradient_x);
    });
}

}  // namespace distillar::kernels
