#include "kernels/gemm.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>

#include "kernels/multiversion.hpp"

namespace distillar::kernels {

namespace {

constexpr std::size_t width = Panels::width;

enum class Start { bias, product };

/// out (R x 64 or less) = start + sum over inner of left(i, k) * right(k, c): one register tile.
struct Tile {
    const float* left;
    std::size_t left_row, left_inner;
    const float* right;
    std::size_t right_inner;
    std::size_t inner;
    const float* bias;  ///< Start::bias
    float* out;
    std::size_t out_stride;
};

/// R rows x V vectors of L lanes, all sums in registers.
template <int R, int V, int L, Start start>
DISTILLAR_INLINE void run_tile(const Tile& tile) {
    typedef float Vector __attribute__((vector_size(4 * L), aligned(4), may_alias));
    const auto vector = [](const float* at) -> const Vector& {
        return *reinterpret_cast<const Vector*>(at);
    };
    Vector sums[R][V];
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r) {
#pragma GCC unroll 4
        for (int v = 0; v < V; ++v) {
            sums[r][v] =
                start == Start::bias
                    ? vector(tile.bias + v * L)
                    : vector(tile.out + static_cast<std::size_t>(r) * tile.out_stride + v * L);
        }
    }
    const float* left = tile.left;
    const float* right = tile.right;
    for (std::size_t k = 0; k < tile.inner; ++k) {
        Vector factors[V];
#pragma GCC unroll 4
        for (int v = 0; v < V; ++v) {
            factors[v] = vector(right + v * L);
        }
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r) {
            const float value = left[static_cast<std::size_t>(r) * tile.left_row];
#pragma GCC unroll 4
            for (int v = 0; v < V; ++v) {
                sums[r][v] += value * factors[v];
            }
        }
        left += tile.left_inner;
        right += tile.right_inner;
    }
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r) {
#pragma GCC unroll 4
        for (int v = 0; v < V; ++v) {
            *reinterpret_cast<Vector*>(tile.out + static_cast<std::size_t>(r) * tile.out_stride +
                                       v * L) = sums[r][v];
        }
    }
}

/// `columns` (a multiple of V * L, at most 64) of R rows.
template <int R, int V, int L, Start start>
DISTILLAR_INLINE void run_columns(Tile tile, std::size_t columns) {
    for (std::size_t c = 0; c < columns; c += V * L) {
        run_tile<R, V, L, start>(tile);
        tile.right += V * L;
        tile.bias += start == Start::bias ? V * L : 0;
        tile.out += V * L;
    }
}

/// `rows` rows of one panel, six at a time.
template <int V, int L, Start start>
DISTILLAR_INLINE void run_rows(Tile tile, std::size_t rows, std::size_t columns) {
    const auto advance = [&](std::size_t step) {
        tile.left += step * tile.left_row;
        tile.out += step * tile.out_stride;
        rows -= step;
    };
    while (rows >= 6) {
        run_columns<6, V, L, start>(tile, columns);
        advance(6);
    }
    if (rows >= 3) {
        run_columns<3, V, L, start>(tile, columns);
        advance(3);
    }
    while (rows > 0) {
        run_columns<1, V, L, start>(tile, columns);
        advance(1);
    }
}

/// Columns come in multiples of 16; 64 at once where the registers allow.
template <Start start>
void rows_plain(const Tile& tile, std::size_t rows, std::size_t columns) {
    run_rows<1, 4, start>(tile, rows, columns);
}

#if defined(__x86_64__) && defined(__GNUC__)
#define DISTILLAR_TARGETS 1
template <Start start>
__attribute__((target("avx2,fma"))) void rows_avx2(const Tile& tile, std::size_t rows,
                                                   std::size_t columns) {
    run_rows<2, 8, start>(tile, rows, columns);
}

template <Start start>
__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma"))) void rows_avx512(
    const Tile& tile, std::size_t rows, std::size_t columns) {
    if (columns == width) {
        run_rows<4, 16, start>(tile, rows, columns);
    } else {
        run_rows<1, 16, start>(tile, rows, columns);
    }
}
#endif

template <Start start>
using RowsFunction = void (*)(const Tile&, std::size_t, std::size_t);

Instructions best_instructions() {
#ifdef DISTILLAR_TARGETS
    __builtin_cpu_init();  // this runs before main
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw")) {
        return Instructions::avx512;
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        return Instructions::avx2;
    }
#endif
    return Instructions::plain;
}

std::atomic<Instructions> used_instructions = best_instructions();

template <Start start>
RowsFunction<start> rows_function() {
    switch (used_instructions.load(std::memory_order_relaxed)) {
#ifdef DISTILLAR_TARGETS
        case Instructions::avx512:
            return rows_avx512<start>;
        case Instructions::avx2:
            return rows_avx2<start>;
#endif
        default:
            return rows_plain<start>;
    }
}

std::size_t whole_vectors(std::size_t columns) {
    return columns / 16 * 16;
}

/// Product of the last, incomplete vector of a panel: into a block of 16 columns, then copied.
void multiply_rest(Tile tile, std::size_t rows, std::size_t columns,
                   RowsFunction<Start::bias> run) {
    constexpr std::size_t block_rows = 48;
    alignas(64) std::array<float, block_rows * 16> block;
    float* target = tile.out;
    const std::size_t target_stride = tile.out_stride;
    for (std::size_t row = 0; row < rows; row += block_rows) {
        const std::size_t count = std::min(block_rows, rows - row);
        tile.out = block.data();
        tile.out_stride = 16;
        run(tile, count, 16);
        for (std::size_t i = 0; i < count; ++i) {
            std::memcpy(target + (row + i) * target_stride, block.data() + 16 * i,
                        columns * sizeof(float));
        }
        tile.left += count * tile.left_row;
    }
}

/// sum += left^T right for the last, fewer than 16 columns of right.
DISTILLAR_MULTIVERSION
void add_transposed_rest(const float* left, std::size_t left_stride, std::size_t left_columns,
                         const float* right, std::size_t right_stride, std::size_t right_columns,
                         std::size_t rows, float* sum, std::size_t sum_stride) {
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t m = 0; m < left_columns; ++m) {
            const float value = left[row * left_stride + m];
            for (std::size_t c = 0; c < right_columns; ++c) {
                sum[m * sum_stride + c] += value * right[row * right_stride + c];
            }
        }
    }
}

}  // namespace

Instructions set_instructions(Instructions wanted) {
    used_instructions = std::min(wanted, best_instructions());
    return used_instructions;
}

Panels::Panels(const float* matrix, std::size_t inner, std::size_t columns, std::size_t row_stride,
               std::size_t column_stride, const float* bias)
    : inner_(inner), columns_(columns), values_(count() * inner * width), bias_(count() * width) {
    values_.zero();
    bias_.zero();
    for (std::size_t panel = 0; panel < count(); ++panel) {
        const std::size_t first = panel * width;
        const std::size_t used = std::min(width, columns - first);
        float* target = values_.data() + panel * inner * width;
        for (std::size_t i = 0; i < inner; ++i) {
            for (std::size_t c = 0; c < used; ++c) {
                target[i * width + c] = matrix[i * row_stride + (first + c) * column_stride];
            }
        }
        if (bias != nullptr) {
            std::memcpy(bias_.data() + first, bias + first, used * sizeof(float));
        }
    }
}

void multiply(const float* left, std::size_t left_stride, std::size_t rows, const Panels& right,
              float* product, std::size_t product_stride) {
    const RowsFunction<Start::bias> run = rows_function<Start::bias>();
    for (std::size_t panel = 0; panel < right.count(); ++panel) {
        const std::size_t first = panel * width;
        const std::size_t columns = std::min(width, right.columns() - first);
        const std::size_t whole = whole_vectors(columns);
        Tile tile{left,
                  left_stride,
                  1,
                  right.panel(panel),
                  width,
                  right.inner(),
                  right.bias(panel),
                  product + first,
                  product_stride};
        if (whole > 0) {
            run(tile, rows, whole);
        }
        if (whole < columns) {
            tile.right += whole;
            tile.bias += whole;
            tile.out += whole;
            multiply_rest(tile, rows, columns - whole, run);
        }
    }
}

void add_transposed_product(const float* left, std::size_t left_stride, std::size_t left_columns,
                            const float* right, std::size_t right_stride, std::size_t right_columns,
                            std::size_t rows, float* sum) {
    const RowsFunction<Start::product> run = rows_function<Start::product>();
    for (std::size_t first = 0; first < right_columns; first += width) {
        const std::size_t columns = std::min(width, right_columns - first);
        const std::size_t whole = whole_vectors(columns);
        if (whole > 0) {
            run({left, 1, left_stride, right + first, right_stride, rows, nullptr, sum + first,
                 right_columns},
                left_columns, whole);
        }
        if (whole < columns) {
            add_transposed_rest(left, left_stride, left_columns, right + first + whole,
                                right_stride, columns - whole, rows, sum + first + whole,
                                right_columns);
        }
    }
}

}  // namespace distillar::kernels
