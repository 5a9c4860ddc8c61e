#include "kernels/attention.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "kernels/one_thread.hpp"
#include "kernels/onednn.hpp"

namespace distillar::kernels {

namespace {

using namespace onednn;
using Type = dnnl::memory::data_type;

/// Runs `work`; what oneDNN throws becomes an Error that names the operation.
template <typename Work>
void with_onednn(const char* name, const Work& work) {
    const OneThread scope;
    try {
        work();
    } catch (const dnnl::error& error) {
        base::fail("oneDNN: {} cannot run on this processor: {}", name, error.what());
    }
}

}  // namespace

struct Attention::Parts {
    std::size_t count;  ///< of scores
    dnnl::memory::desc scores, weights;
    dnnl::matmul::primitive_desc score_description, mix_description;
    dnnl::softmax_forward::primitive_desc softmax_description;
    dnnl::matmul score, mix;
    dnnl::softmax_forward softmax;
    dnnl::reorder round;

    explicit Parts(const AttentionShape& s)
        : count(s.queries * s.keys),
          scores(matrix(s.queries, s.keys, Type::f32, s.keys)),
          weights(matrix(s.queries, s.keys, type_of(s.format), s.keys)),
          score_description(
              dnnl::matmul::desc(matrix(s.queries, s.width, type_of(s.format), s.stride),
                                 matrix(s.width, s.keys, type_of(s.format), 1, s.stride), scores),
              own_scratchpad(), engine()),
          mix_description(
              dnnl::matmul::desc(weights, matrix(s.keys, s.width, type_of(s.format), s.stride),
                                 matrix(s.queries, s.width, type_of(s.format), s.out_stride)),
              own_scratchpad(), engine()),
          softmax_description(
              dnnl::softmax_forward::desc(dnnl::prop_kind::forward_inference, scores, 1),
              own_scratchpad(), engine()),
          score(score_description),
          mix(mix_description),
          softmax(softmax_description) {
        if (weights != scores) {
            round =
                dnnl::reorder(dnnl::reorder::primitive_desc(engine(), scores, engine(), weights));
        }
    }

    /// Floats of the scores, on a cache-line boundary, and of them once more as bf16.
    std::size_t score_floats() const { return (count + 15) / 16 * 16; }
    std::size_t weight_floats() const {
        return weights == scores ? 0 : ((count + 1) / 2 + 15) / 16 * 16;
    }
    std::size_t scratchpad_bytes() const {
        return std::max({score_description.scratchpad_desc().get_size(),
                         mix_description.scratchpad_desc().get_size(),
                         softmax_description.scratchpad_desc().get_size()});
    }
};

Attention::Attention(const AttentionShape& shape) {
    with_onednn("attention", [&] { parts_ = std::make_unique<Parts>(shape); });
}
Attention::~Attention() = default;
Attention::Attention(Attention&&) noexcept = default;

void Attention::run(const void* query, const void* key, const void* value, void* out,
                    float* scratch) const {
    with_onednn("attention", [&] {
        const Parts& p = *parts_;
        float* rounded = scratch + p.score_floats();
        void* scratchpad = rounded + p.weight_floats();
        const auto run = [&](const auto& primitive, const auto& description, auto arguments) {
            arguments.insert(
                {DNNL_ARG_SCRATCHPAD, memory(description.scratchpad_desc(), scratchpad)});
            primitive.execute(stream(), arguments);
        };
        using Arguments = std::unordered_map<int, dnnl::memory>;
        const dnnl::memory scores = memory(p.scores, scratch);
        run(p.score, p.score_description,
            Arguments{{DNNL_ARG_SRC, memory(p.score_description.src_desc(), query)},
                      {DNNL_ARG_WEIGHTS, memory(p.score_description.weights_desc(), key)},
                      {DNNL_ARG_DST, scores}});
        run(p.softmax, p.softmax_description,
            Arguments{{DNNL_ARG_SRC, scores}, {DNNL_ARG_DST, scores}});
        dnnl::memory weights = scores;
        if (p.round) {
            weights = memory(p.weights, rounded);
            p.round.execute(stream(), {{DNNL_ARG_FROM, scores}, {DNNL_ARG_TO, weights}});
        }
        run(p.mix, p.mix_description,
            Arguments{{DNNL_ARG_SRC, weights},
                      {DNNL_ARG_WEIGHTS, memory(p.mix_description.weights_desc(), value)},
                      {DNNL_ARG_DST, memory(p.mix_description.dst_desc(), out)}});
    });
}

std::size_t Attention::scratch_floats() const {
    return parts_->score_floats() + parts_->weight_floats() +
           parts_->scratchpad_bytes() / sizeof(float) + 1;
}

struct RowNorm::Parts {
    dnnl::memory::desc rows, rounded;
    dnnl::layer_normalization_forward norm;
    dnnl::reorder round;

    Parts(std::size_t count, std::size_t channels, float epsilon, ProductShape::Format result)
        : rows(matrix(count, channels, Type::f32, channels)),
          rounded(matrix(count, channels, type_of(result), channels)),
          norm(dnnl::layer_normalization_forward::primitive_desc(
              dnnl::layer_normalization_forward::desc(dnnl::prop_kind::forward_inference, rows,
                                                      epsilon, dnnl::normalization_flags::none),
              engine())) {
        if (rows != rounded) {
            round = dnnl::reorder(dnnl::reorder::primitive_desc(engine(), rows, engine(), rounded));
        }
    }
};

RowNorm::RowNorm(std::size_t rows, std::size_t channels, float epsilon,
                 ProductShape::Format result) {
    with_onednn("layer norm",
                [&] { parts_ = std::make_unique<Parts>(rows, channels, epsilon, result); });
}
RowNorm::~RowNorm() = default;
RowNorm::RowNorm(RowNorm&&) noexcept = default;

void RowNorm::run(const float* x, float* normed, void* result) const {
    with_onednn("layer norm", [&] {
        const bool direct = !parts_->round;
        const dnnl::memory out = memory(parts_->rows, direct ? result : normed);
        parts_->norm.execute(stream(),
                             {{DNNL_ARG_SRC, memory(parts_->rows, x)}, {DNNL_ARG_DST, out}});
        if (!direct) {
            parts_->round.execute(
                stream(), {{DNNL_ARG_FROM, out}, {DNNL_ARG_TO, memory(parts_->rounded, result)}});
        }
    });
}

}  // namespace distillar::kernels
