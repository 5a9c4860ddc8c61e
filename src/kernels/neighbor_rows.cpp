#include "kernels/neighbor_rows.hpp"

#define HWY_TARGET_INCLUDE "kernels/neighbor_rows.cpp"
#include "kernels/simd-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace distillar::kernels::HWY_NAMESPACE {
namespace {

void maximum_of_rows(const float* rows, std::size_t count, std::size_t channels, float* out) {
    for_columns(channels, [&](auto d, std::size_t c) HWY_ATTR {
        auto best = hn::LoadU(d, rows + c);
        for (std::size_t k = 1; k < count; ++k) {
            best = hn::Max(hn::LoadU(d, rows + k * channels + c), best);
        }
        hn::StoreU(best, d, out + c);
    });
}

void maximum_and_winners(const float* rows, std::size_t count, std::size_t channels, float* out,
                         std::uint8_t* winners) {
    for_columns(channels, [&](auto d, std::size_t c) HWY_ATTR {
        const hn::RebindToSigned<decltype(d)> integers;
        const hn::Rebind<std::uint8_t, decltype(d)> bytes;
        auto best = hn::LoadU(d, rows + c);
        auto winner = hn::Zero(integers);
        auto index = winner;
        for (std::size_t k = 1; k < count; ++k) {
            const auto value = hn::LoadU(d, rows + k * channels + c);
            const auto above = hn::Gt(value, best);
            index = hn::Add(index, hn::Set(integers, 1));
            winner = hn::IfThenElse(hn::RebindMask(integers, above), index, winner);
            best = hn::Max(value, best);
        }
        hn::StoreU(best, d, out + c);
        hn::StoreU(hn::DemoteTo(bytes, winner), bytes, winners + c);
    });
}

void rectify(float* values, std::size_t count) {
    for_columns(count, [&](auto d, std::size_t i) HWY_ATTR {
        hn::StoreU(hn::Max(hn::LoadU(d, values + i), hn::Zero(d)), d, values + i);
    });
}

void rectify_backward(const float* rectified, std::size_t count, float* gradient) {
    for_columns(count, [&](auto d, std::size_t i) HWY_ATTR {
        const auto passes = hn::Gt(hn::LoadU(d, rectified + i), hn::Zero(d));
        hn::StoreU(hn::IfThenElseZero(passes, hn::LoadU(d, gradient + i)), d, gradient + i);
    });
}

/// `count` vectors of columns from `first` on; the rows of W stay in registers over the points.
template <std::size_t count, typename D>
HWY_INLINE void add_winner_columns(D d, const WinnerBlock& block, std::size_t first) {
    const std::size_t channels = block.channels;
    const std::size_t lanes = hn::Lanes(d);
    for (std::size_t c = 0; c < channels; ++c) {
        const float* factors = block.weight + c * channels + first;
        float* sums = block.weight_gradient + c * channels + first;
        hn::Vec<D> weight[count], sum[count];
#pragma GCC unroll 4
        for (std::size_t v = 0; v < count; ++v) {
            weight[v] = hn::LoadU(d, factors + v * lanes);
            sum[v] = hn::LoadU(d, sums + v * lanes);
        }
        for (std::size_t point = 0; point < block.points; ++point) {
            const auto g = hn::Set(d, block.gradient[point * channels + c]);
            const std::size_t row = point * block.neighbors + block.winners[point * channels + c];
            const float* from = block.hidden + row * channels + first;
            float* to = block.hidden_gradient + row * channels + first;
#pragma GCC unroll 4
            for (std::size_t v = 0; v < count; ++v) {
                float* target = to + v * lanes;
                hn::StoreU(hn::MulAdd(g, weight[v], hn::LoadU(d, target)), d, target);
                sum[v] = hn::MulAdd(g, hn::LoadU(d, from + v * lanes), sum[v]);
            }
        }
#pragma GCC unroll 4
        for (std::size_t v = 0; v < count; ++v) {
            hn::StoreU(sum[v], d, sums + v * lanes);
        }
    }
}

void add_winners(const WinnerBlock& block) {
    const Floats d;
    const std::size_t lanes = hn::Lanes(d);
    std::size_t first = 0;
    for (; first + 4 * lanes <= block.channels; first += 4 * lanes) {
        add_winner_columns<4>(d, block, first);
    }
    for (; first + lanes <= block.channels; first += lanes) {
        add_winner_columns<1>(d, block, first);
    }
    for (; first < block.channels; ++first) {
        add_winner_columns<1>(OneFloat(), block, first);
    }
}

}  // namespace
}  // namespace distillar::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace distillar::kernels {

HWY_EXPORT(maximum_of_rows);
HWY_EXPORT(maximum_and_winners);
void maximum_of_rows(const float* rows, std::size_t count, std::size_t channels, float* out,
                     std::uint8_t* winners) {
    if (winners == nullptr) {
        HWY_DYNAMIC_DISPATCH(maximum_of_rows)(rows, count, channels, out);
    } else {
        HWY_DYNAMIC_DISPATCH(maximum_and_winners)(rows, count, channels, out, winners);
    }
}

HWY_EXPORT(rectify);
void rectify(float* values, std::size_t count) {
    HWY_DYNAMIC_DISPATCH(rectify)(values, count);
}

HWY_EXPORT(rectify_backward);
void rectify_backward(const float* rectified, std::size_t count, float* gradient) {
    HWY_DYNAMIC_DISPATCH(rectify_backward)(rectified, count, gradient);
}

HWY_EXPORT(add_winners);
void add_winners(const WinnerBlock& block) {
    HWY_DYNAMIC_DISPATCH(add_winners)(block);
}

}  // namespace distillar::kernels
#endif
