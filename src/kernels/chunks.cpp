#include "kernels/chunks.hpp"

#include <algorithm>
#include <cstring>

#include "base/thread_pool.hpp"
#include "kernels/rows.hpp"

namespace distillar::kernels {

Chunks chunks_of(std::size_t rows, std::size_t block, std::size_t partial_size) {
    constexpr std::size_t most = 32;
    constexpr std::size_t partial_budget = std::size_t{1} << 21;  // floats, all partials together
    const std::size_t affordable = partial_budget / std::max<std::size_t>(1, partial_size);
    const std::size_t wanted = std::clamp<std::size_t>(affordable, 8, most);
    Chunks chunks;
    chunks.rows = rows;
    const std::size_t blocks = (rows + block - 1) / block;
    chunks.size = block * std::max<std::size_t>(1, (blocks + wanted - 1) / wanted);
    chunks.count = (rows + chunks.size - 1) / chunks.size;
    return chunks;
}

void sum_over_chunks(const Chunks& chunks, std::size_t partial_size, float* total,
                     const std::function<void(std::size_t, std::size_t, float*)>& body) {
    Buffer partials(chunks.count * partial_size);
    base::parallel_for(chunks.count, 1, [&](std::size_t chunk, std::size_t) {
        float* partial = partials.data() + chunk * partial_size;
        std::memset(partial, 0, partial_size * sizeof(float));
        const std::size_t begin = chunk * chunks.size;
        body(begin, std::min(chunks.rows, begin + chunks.size), partial);
    });
    std::memset(total, 0, partial_size * sizeof(float));
    base::parallel_for(partial_size, 16384, [&](std::size_t begin, std::size_t end) {
        for (std::size_t chunk = 0; chunk < chunks.count; ++chunk) {
            add_rows(partials.data() + chunk * partial_size + begin, 1, end - begin, total + begin);
        }
    });
}

}  // namespace distillar::kernels
