#include "evaluation/entropy.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "base/thread_pool.hpp"
#include "support/data.hpp"

using distillar::evaluation::PredictionEntropy;
using distillar::test::error_of;
namespace base = distillar::base;

TEST(Entropy, KnownDistributions) {
    PredictionEntropy none;
    EXPECT_TRUE(std::isnan(none.mean()));

    PredictionEntropy uniform;
    uniform.add(std::vector<float>{2, 2, 2, 2}, 4);
    EXPECT_NEAR(uniform.mean(), std::log(4.0), 1e-12);

    PredictionEntropy certain;
    certain.add(std::vector<float>{1000, -1000}, 2);
    EXPECT_NEAR(certain.mean(), 0, 1e-12);

    PredictionEntropy pair;  // p = 3/4, 1/4, then p = 1/2, 1/2
    pair.add(std::vector<float>{std::log(3.0F), 0, -5, -5}, 2);
    const double first = -0.75 * std::log(0.75) - 0.25 * std::log(0.25);
    EXPECT_NEAR(pair.mean(), (first + std::log(2.0)) / 2, 1e-7);
    EXPECT_EQ(pair.points(), 2);

    pair.merge(uniform);
    EXPECT_EQ(pair.points(), 3);
    EXPECT_NEAR(pair.mean(), (first + std::log(2.0) + std::log(4.0)) / 3, 1e-7);
}

TEST(Entropy, SameBitsForAnyNumberOfThreads) {
    std::vector<float> logits(8 * 50001);
    for (std::size_t i = 0; i < logits.size(); ++i) {
        logits[i] = 5 * std::sin(static_cast<float>(i) * 0.37F);
    }
    std::vector<double> means;
    for (const std::size_t threads : {1, 2, 7}) {
        base::set_thread_count(threads);
        PredictionEntropy entropy;
        entropy.add(logits, 8);
        means.push_back(entropy.mean());
    }
    base::set_thread_count(0);
    EXPECT_EQ(means[0], means[1]);
    EXPECT_EQ(means[0], means[2]);
    EXPECT_GT(means[0], 0);
    EXPECT_LT(means[0], std::log(8.0));
}

TEST(Entropy, BadInputAddsNothing) {
    PredictionEntropy entropy;
    const float infinite = std::numeric_limits<float>::infinity();
    EXPECT_HAS(error_of([&] { entropy.add(std::vector<float>{1, 2, 3}, 2); }), "3 logits are not");
    EXPECT_HAS(error_of([&] { entropy.add(std::vector<float>{1, 2}, 0); }), "points of 0 classes");
    EXPECT_NE(error_of([&] {
                  entropy.add(std::vector<float>{1, 2, 3, infinite}, 2);
              }).find("point 1, class 1 is not finite"),
              std::string::npos);
    EXPECT_EQ(entropy.points(), 0);
    entropy.add({}, 3);
    EXPECT_EQ(entropy.points(), 0);
}
