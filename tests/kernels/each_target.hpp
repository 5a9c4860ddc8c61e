#pragma once
#include <gtest/gtest.h>

#include <hwy/targets.h>

namespace distillar::test {

/// A test that runs once for every vector target that is compiled and that this processor has:
///   using Rows = test::EachTarget;  TEST_P(Rows, ...)  DISTILLAR_EACH_TARGET(Rows);
class EachTarget : public testing::TestWithParam<std::int64_t> {
protected:
    void SetUp() override { choose(GetParam()); }
    void TearDown() override { choose(0); }

private:
    /// 0: the best one again.
    static void choose(std::int64_t target) {
        hwy::SetSupportedTargetsForTest(target);
        hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    }
};

}  // namespace distillar::test

#define DISTILLAR_EACH_TARGET(suite)                                                 \
    INSTANTIATE_TEST_SUITE_P(Targets, suite,                                         \
                             testing::ValuesIn(hwy::SupportedAndGeneratedTargets()), \
                             [](const auto& made) { return hwy::TargetName(made.param); })
