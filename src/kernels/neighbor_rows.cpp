#include "kernels/neighbor_rows.hpp"

#include "kernels/lanes.hpp"

namespace distillar::kernels {

DISTILLAR_MULTIVERSION
void maximum_of_rows(const float* rows, std::size_t count, std::size_t channels, float* out,
                     std::uint8_t* winners) {
    typedef std::int32_t Indices __attribute__((vector_size(64)));
    std::size_t c = 0;
    for (; c + lanes <= channels; c += lanes) {
        Lanes best = load(rows + c);
        Indices winner{};
        for (std::size_t k = 1; k < count; ++k) {
            const Lanes& value = load(rows + k * channels + c);
            const Indices index = Indices{} + static_cast<std::int32_t>(k);
            winner = value > best ? index : winner;
            best = value > best ? value : best;
        }
        at(out + c) = best;
        if (winners != nullptr) {
            for (std::size_t i = 0; i < lanes; ++i) {
                winners[c + i] = static_cast<std::uint8_t>(winner[i]);
            }
        }
    }
    for (; c < channels; ++c) {
        std::size_t winner = 0;
        for (std::size_t k = 1; k < count; ++k) {
            winner = rows[k * channels + c] > rows[winner * channels + c] ? k : winner;
        }
        out[c] = rows[winner * channels + c];
        if (winners != nullptr) {
            winners[c] = static_cast<std::uint8_t>(winner);
        }
    }
}

}  // namespace distillar::kernels
