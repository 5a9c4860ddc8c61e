#include "base/limits.hpp"

#include "base/error.hpp"
#include "support/data.hpp"

namespace distillar::base {
namespace {

TEST(Limits, AreRaisedByNameAndNamedWhereTheyEnd) {
    const std::uint64_t before = limits().points;
    const auto require = [](std::uint64_t points) {
        require_within(points, &Limits::points, "a.pcd", "has");
    };
    const auto error = [&](std::uint64_t points) {
        return test::error_of([&] { require(points); });
    };
    require(before);
    EXPECT_EQ(error(before + 1),
              fmt::format("a.pcd: has {0} points, more than the limit of {1}; if you trust the "
                          "file: --limit points={0}",
                          before + 1, before));
    set_limit(fmt::format("points={}", before + 1));
    require(before + 1);
    EXPECT_HAS(error(before + 2), fmt::format("more than the limit of {}", before + 1));
    set_limit(fmt::format("points={}", before));
}

TEST(Limits, MisspeltOnesAreNamed) {
    for (const char* wrong : {"pints=5", "points", "", "=5"}) {
        EXPECT_NE(test::error_of([&] {
                      set_limit(wrong);
                  }).find("expected NAME=VALUE with one of: file, config"),
                  std::string::npos)
            << wrong;
    }
    EXPECT_NE(test::error_of([] { set_limit("points=many"); }).find("limit points"),
              std::string::npos);
    EXPECT_NE(test::error_of([] { set_limit("points=0"); }).find("is not above 0"),
              std::string::npos);
}

}  // namespace
}  // namespace distillar::base
