// After the first scan of a size nothing is allocated but oneDNN's small bookkeeping of a product.
#include <dlfcn.h>

#include <atomic>
#include <cmath>
#include <cstdlib>
#include <new>

#include "base/random.hpp"
#include "runtime/made_model.hpp"
#include "runtime/random_model.hpp"
#include "runtime/segmenter.hpp"

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

namespace {

std::atomic<bool> watched{false};
std::atomic<std::size_t> largest{0}, times{0};

void note(std::size_t size) {
    if (watched) {
        ++times;
        std::size_t seen = largest;
        while (size > seen && !largest.compare_exchange_weak(seen, size)) {
        }
    }
}

template <typename Function>
Function next(const char* name) {
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

void* next_aligned_alloc(std::size_t alignment, std::size_t size) {
    static const auto function = next<void* (*)(std::size_t, std::size_t)>("aligned_alloc");
    return function(alignment, size);
}

void* take(std::size_t size, std::size_t alignment) {
    note(size);
    const std::size_t rounded = (size + alignment - 1) / alignment * alignment;
    void* memory = next_aligned_alloc(alignment, std::max(rounded, alignment));
    if (memory == nullptr) {
        throw std::bad_alloc();
    }
    return memory;
}

}  // namespace

// What C code and Eigen take.
extern "C" void* malloc(std::size_t size) {
    static const auto function = next<void* (*)(std::size_t)>("malloc");
    note(size);
    return function(size);
}
extern "C" void* realloc(void* memory, std::size_t size) {
    static const auto function = next<void* (*)(void*, std::size_t)>("realloc");
    note(size);
    return function(memory, size);
}
extern "C" void* aligned_alloc(std::size_t alignment, std::size_t size) {
    note(size);
    return next_aligned_alloc(alignment, size);
}
extern "C" int posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
    static const auto function = next<int (*)(void**, std::size_t, std::size_t)>("posix_memalign");
    note(size);
    return function(memory, alignment, size);
}

void* operator new(std::size_t size) {
    return take(size, alignof(std::max_align_t));
}
void* operator new[](std::size_t size) {
    return take(size, alignof(std::max_align_t));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    return take(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
    return take(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete[](void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
    std::free(memory);
}

namespace distillar::runtime {
namespace {

/// What oneDNN takes for one product: under 1 KiB with AVX-512; its AVX2 products pack into 16 KiB.
/// A buffer of a scan is 250 KiB and more here.
constexpr std::size_t bookkeeping = 20'000;

TEST(RuntimeAllocation, ASecondScanOfASizeNeedsNoBuffer) {
    const auto description = test::description_of({64, 3});
    const auto file = random_model(description, 5);
    for (const Precision precision : {Precision::fp32, Precision::bf16}) {
        if (precision == Precision::bf16 && !kernels::has_bf16()) {
            continue;
        }
        const Network network(fold_weights(file, "memory"), 16, precision);
        const auto input = test::made_input(description, 1000, 1);
        const test::EngineInput engine(description, input);
        Workspace workspace;
        std::vector<std::uint8_t> labels(1000);
        std::vector<float> confidence(1000);
        const auto scan = [&] {
            largest = 0;
            watched = true;
            network.run(engine.view, workspace);
            network.logits(
                1000, workspace, [&](std::size_t begin, std::size_t rows, const float* logits) {
                    classify(logits, rows, 5, labels.data() + begin, confidence.data() + begin);
                });
            watched = false;
            return largest.load();
        };
        EXPECT_GT(scan(), 100'000U);  // the watch works
        EXPECT_LT(scan(), bookkeeping);
    }
}

/// A road, walls and, after every `hole` points, one that is none: x, y, z, intensity.
std::vector<float> street(std::size_t points, std::size_t hole) {
    base::Random random(3, 0, hole);
    std::vector<float> scan;
    for (std::size_t i = 0; i < points; ++i) {
        const double x = random.uniform(-18, 18), y = random.uniform(-10, 10);
        const bool road = i % 4 != 3;
        const double z = road ? -1.8 : random.uniform(-1.8, 1);
        for (const double value : {i % hole == 0 ? NAN : x, road ? y : 11, z, random.normal()}) {
            scan.push_back(static_cast<float>(value));
        }
    }
    return scan;
}

/// Products of the network are the same calls as in a whole scan; all else takes nothing.
TEST(RuntimeAllocation, AWholeScanTakesWhatItsProductsTake) {
    auto description = test::description_of({64, 3});
    description.sensor.height = 1.8F;
    const auto model =
        std::make_shared<const Model>(random_model(description, 5), "memory", Precision::fp32);
    SegmenterOptions options;
    options.threads = 2;
    Segmenter segmenter(model, options);
    std::vector<std::uint8_t> labels(4000);
    std::vector<float> confidence(4000);
    const auto count = [&](const std::vector<float>& scan) {
        constexpr auto f = FieldType::f32;
        const CloudView cloud{
            scan.data(), 4 * scan.size(), 4000, 16, {{{0, f}, {4, f}, {8, f}}}, {12, f}, 100, 0};
        times = 0;
        largest = 0;
        watched = true;
        segmenter.segment(cloud, labels, confidence);
        watched = false;
        EXPECT_TRUE(segmenter.warnings().empty()) << segmenter.warnings().front();
        return times.load();
    };
    const auto large = street(4000, 500), small = street(4000, 7);  // fewer points are finite
    EXPECT_GT(count(large), 1000U);
    const std::size_t all = count(large);
    EXPECT_LT(largest, bookkeeping);
    count(small);
    EXPECT_LT(largest, bookkeeping);

    const std::size_t points = (count(large), segmenter.points_seen());
    const auto input = test::made_input(description, points, 1);
    const test::EngineInput engine(description, input);
    Workspace workspace;
    base::ThreadPool pool(2);
    const base::PoolScope scope(pool);
    const auto products = [&] {
        times = 0;
        watched = true;
        model->network().run(engine.view, workspace);
        model->network().logits(points, workspace, [](std::size_t, std::size_t, const float*) {});
        watched = false;
        return times.load();
    };
    products();
    EXPECT_EQ(all, products());
}

}  // namespace
}  // namespace distillar::runtime

#endif
