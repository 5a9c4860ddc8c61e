// Products in the sizes that the kernels use, one thread: as the kernels call them, and the ways
// to call a library.
// A round runs every one of them in turn, so that what else the machine does hits all alike.
// For each: GFLOP/s of processor time, and (NAME/kernels) its time over the kernels'; medians of
// rounds.
//   bench-gemm
#include <benchmark/benchmark.h>
#include <omp.h>
#include <time.h>
#include <dnnl.hpp>

#include <algorithm>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/random.hpp"
#include "kernels/gemm.hpp"

extern "C" {
// OpenBLAS; Debian keeps its headers in a package that nothing else needs.
void cblas_sgemm(int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha,
                 const float* a, int a_stride, const float* b, int b_stride, float beta, float* c,
                 int c_stride);
void openblas_set_num_threads(int threads);
}

namespace {

using namespace distillar;
using dnnl::memory;
using Values = std::vector<float>;

constexpr int row_major = 101, plain = 111, transposed = 112;

Values random_values(std::size_t count, std::uint64_t address) {
    base::Random random(7, 0, address);
    Values values(count);
    for (float& value : values) {
        value = static_cast<float>(random.normal());
    }
    return values;
}

double processor_seconds() {
    timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double median(Values& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

struct Contender {
    std::string name;
    std::function<void()> run;
    Values seconds = {}, ratios = {};
};

/// All against the first.
void compare(benchmark::State& state, double operations, std::vector<Contender> contenders) {
    const int calls = std::max(1, static_cast<int>(2e7 / operations));
    for (auto _ : state) {
        for (Contender& contender : contenders) {
            contender.run();  // its data into the cache
            const double start = processor_seconds();
            for (int i = 0; i < calls; ++i) {
                contender.run();
            }
            const double seconds = (processor_seconds() - start) / calls;
            contender.seconds.push_back(static_cast<float>(seconds));
            contender.ratios.push_back(contender.seconds.back() /
                                       contenders.front().seconds.back());
        }
    }
    for (Contender& contender : contenders) {
        state.counters[contender.name] = operations / median(contender.seconds) * 1e-9;
        if (&contender != &contenders.front()) {
            state.counters[contender.name + "/kernels"] = median(contender.ratios);
        }
    }
}

const dnnl::engine& processor() {
    static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    return engine;
}

/// oneDNN's product as a primitive. With a bias: right is packed beforehand, as a weight would be;
/// without: right is taken as it is, and the product added to what is there.
class Matmul {
public:
    /// @param left_shape    rows, inner; left_strides in floats.
    Matmul(const memory::dims& left_shape, const memory::dims& left_strides, memory::dim columns,
           float* left, float* right, float* bias, float* out)
        : stream_(processor()) {
        const auto type = memory::data_type::f32;
        const auto rows_first = memory::format_tag::ab;
        const memory::dim inner = left_shape[1];
        const memory::desc left_desc(left_shape, type, left_strides);
        const memory::desc right_desc({inner, columns}, type, rows_first);
        const memory::desc packed_desc({inner, columns}, type, memory::format_tag::any);
        const memory::desc bias_desc({1, columns}, type, rows_first);
        const memory::desc out_desc({left_shape[0], columns}, type, rows_first);
        dnnl::primitive_attr attributes;
        attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
        if (bias == nullptr) {
            dnnl::post_ops add;
            add.append_sum();
            attributes.set_post_ops(add);
        }
        const dnnl::matmul::primitive_desc description(
            bias == nullptr ? dnnl::matmul::desc(left_desc, right_desc, out_desc)
                            : dnnl::matmul::desc(left_desc, packed_desc, bias_desc, out_desc),
            attributes, processor());
        matmul_ = dnnl::matmul(description);
        memory given(right_desc, processor(), right);
        memory weights(description.weights_desc(), processor());
        dnnl::reorder(given, weights).execute(stream_, given, weights);
        stream_.wait();
        arguments_ = {{DNNL_ARG_SRC, memory(left_desc, processor(), left)},
                      {DNNL_ARG_WEIGHTS, weights},
                      {DNNL_ARG_DST, memory(out_desc, processor(), out)},
                      {DNNL_ARG_SCRATCHPAD, memory(description.scratchpad_desc(), processor())}};
        if (bias != nullptr) {
            arguments_.insert({DNNL_ARG_BIAS, memory(bias_desc, processor(), bias)});
        }
    }
    void run() const { matmul_.execute(stream_, arguments_); }

private:
    dnnl::stream stream_;
    dnnl::matmul matmul_;
    std::unordered_map<int, memory> arguments_;
};

/// The three sizes of a benchmark, as each library counts them.
struct Sizes {
    memory::dim m, k, n;
    explicit Sizes(const benchmark::State& state)
        : m(state.range(0)), k(state.range(1)), n(state.range(2)) {}
    double operations() const { return 2.0 * static_cast<double>(m * k * n); }
};

std::size_t size(memory::dim value) {
    return static_cast<std::size_t>(value);
}

int number(memory::dim value) {
    return static_cast<int>(value);
}

/// left (m x k) times right (k x n); with a bias where the call knows one.
void product(benchmark::State& state) {
    const Sizes s(state);
    Values left = random_values(size(s.m * s.k), 1), right = random_values(size(s.k * s.n), 2);
    Values bias = random_values(size(s.n), 3), out(size(s.m * s.n));
    const kernels::Factor factor(right.data(), size(s.k), size(s.n), size(s.n), 1, bias.data());
    const Matmul matmul({s.m, s.k}, {s.k, 1}, s.n, left.data(), right.data(), bias.data(),
                        out.data());
    const auto ours = [&] {
        kernels::multiply(left.data(), size(s.k), size(s.m), factor, out.data(), size(s.n));
    };
    const auto sgemm = [&] {
        dnnl_sgemm('N', 'N', s.m, s.n, s.k, 1, left.data(), s.k, right.data(), s.n, 0, out.data(),
                   s.n);
    };
    const auto openblas = [&] {
        cblas_sgemm(row_major, plain, plain, number(s.m), number(s.n), number(s.k), 1, left.data(),
                    number(s.k), right.data(), number(s.n), 0, out.data(), number(s.n));
    };
    compare(state, s.operations(),
            {{"kernels", ours},
             {"sgemm", sgemm},
             {"matmul", [&] { matmul.run(); }},
             {"openblas", openblas}});
}

/// sum (k x n) += left^T right over m rows: a weight's gradient.
void transposed_product(benchmark::State& state) {
    const Sizes s(state);
    Values left = random_values(size(s.m * s.k), 1), right = random_values(size(s.m * s.n), 2);
    Values sum(size(s.k * s.n));
    const Matmul matmul({s.k, s.m}, {1, s.k}, s.n, left.data(), right.data(), nullptr, sum.data());
    const auto ours = [&] {
        kernels::add_transposed_product(left.data(), size(s.k), size(s.k), right.data(), size(s.n),
                                        size(s.n), size(s.m), sum.data());
    };
    const auto sgemm = [&] {
        dnnl_sgemm('T', 'N', s.k, s.n, s.m, 1, left.data(), s.k, right.data(), s.n, 1, sum.data(),
                   s.n);
    };
    const auto openblas = [&] {
        cblas_sgemm(row_major, transposed, plain, number(s.k), number(s.n), number(s.m), 1,
                    left.data(), number(s.k), right.data(), number(s.n), 1, sum.data(),
                    number(s.n));
    };
    compare(state, s.operations(),
            {{"kernels", ours},
             {"sgemm", sgemm},
             {"matmul", [&] { matmul.run(); }},
             {"openblas", openblas}});
}

// Rows of a block, inner, columns.
BENCHMARK(product)
    ->Args({96, 64, 64})  // mixing of channels
    ->Args({192, 64, 64})
    ->Args({512, 64, 64})
    ->Args({96, 256, 256})
    ->Args({192, 256, 256})
    ->Args({512, 256, 256})
    ->Args({96, 5, 64})  // embedding of the neighbours: the narrow first map
    ->Args({192, 5, 64})
    ->Args({96, 64, 5})  // and its gradient
    ->Args({192, 64, 5})
    ->Args({96, 64, 384})  // head of a distillation
    ->Args({96, 64, 17});  // head of a segmentation
// Rows of a block, rows and columns of the sum.
BENCHMARK(transposed_product)
    ->Args({96, 64, 64})
    ->Args({192, 64, 64})
    ->Args({512, 64, 64})
    ->Args({96, 256, 256})
    ->Args({192, 256, 256})
    ->Args({512, 256, 256})
    ->Args({96, 5, 64})
    ->Args({192, 5, 64});

}  // namespace

int main(int argc, char** argv) {
    omp_set_num_threads(1);
    openblas_set_num_threads(1);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
}
