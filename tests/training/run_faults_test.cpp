// A run folder with every file call of its making, saving and resuming failing: what is left is
// always a folder from which the same run goes on.
#include <gtest/gtest.h>

#include "formats/safetensors.hpp"
#include "support/data.hpp"
#include "support/every_fault.hpp"
#include "training/made_checkpoint.hpp"
#include "training/run_folder.hpp"

namespace distillar::training {
namespace {

using test::checkpoint_at;

constexpr std::int64_t last = 30;

PretrainConfig what_it_is() {
    PretrainConfig config;
    config.resolved = "a: 1\n";
    config.keep_checkpoints = 2;
    return config;
}

/// A training of three steps of ten, that goes on where it stopped; where it began.
std::int64_t train(const std::filesystem::path& folder) {
    RunFolder run(folder, what_it_is());
    const auto found = run.resume();
    const std::int64_t begin = found ? found->step : 0;
    if (found) {
        EXPECT_EQ(formats::to_floats(found->model.at("w"), "w").at(0), static_cast<float>(begin));
    }
    for (std::int64_t step = begin + 10; step <= last; step += 10) {
        run.log_metrics(step, {{"loss", 1.0 / static_cast<double>(step)}});
        run.save(checkpoint_at(step));
    }
    return begin;
}

/// The same training goes through now, and leaves what one without faults leaves.
void expect_goes_on(const std::filesystem::path& folder, std::int64_t at_least) {
    EXPECT_GE(train(folder), at_least);
    std::vector<std::int64_t> steps;
    for (const auto& logged : read_metrics(folder / "metrics.jsonl")) {
        steps.push_back(logged.step);
    }
    EXPECT_EQ(steps, (std::vector<std::int64_t>{10, 20, 30}));
    EXPECT_EQ(train(folder), last);
}

TEST(RunFaults, ARunThatFailsAnywhereGoesOn) {
    const test::TemporaryFolder folder;
    const auto run = folder / "run";
    const auto faults =
        test::with_every_fault([&] { std::filesystem::remove_all(run); }, [&] { train(run); },
                               [&](const test::Attempt& attempt) {
                                   SCOPED_TRACE(attempt.text());
                                   expect_goes_on(run, attempt.failed ? 0 : last);
                               });
    EXPECT_GE(faults, 80U);
}

TEST(RunFaults, ResumingThatFailsAnywhereKeepsWhatWasThere) {
    const test::TemporaryFolder folder;
    const auto run = folder / "run";
    const auto faults = test::with_every_fault(
        [&] {
            std::filesystem::remove_all(run);
            RunFolder made(run, what_it_is());
            made.resume();
            for (const std::int64_t step : {10, 20}) {
                made.log_metrics(step, {{"loss", 0.5}});
                made.save(checkpoint_at(step));
            }
        },
        [&] {
            RunFolder again(run, what_it_is());
            again.resume();
        },
        [&](const test::Attempt& attempt) {
            SCOPED_TRACE(attempt.text());
            // What could not be read once is put aside, and the one before it taken.
            const bool read_failed = attempt.kind == base::FileFault::Kind::io_error;
            expect_goes_on(run, read_failed ? 10 : 20);
        });
    EXPECT_GE(faults, 20U);
}

}  // namespace
}  // namespace distillar::training
