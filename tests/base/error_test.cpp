#include "base/error.hpp"

#include "support/data.hpp"

namespace distillar::base {
namespace {

using test::error_of;

TEST(Error, IsOnePlainLineWhateverANameHolds) {
    EXPECT_EQ(error_of([] { fail("no class '{}'", "a\x1b[2Jb\nc"); }), "no class 'a [2Jb c'");
    EXPECT_EQ(error_of([] { fail_in("log\n.yaml", "is empty"); }), "log .yaml: is empty");
}

TEST(Error, OfALongNameKeepsWhereItIsAndWhatToDo) {
    const std::string longest(2000 - 2, 'n');
    EXPECT_EQ(error_of([&] { fail("a{}z", longest); }), "a" + longest + "z");
    const std::string text =
        error_of([&] { fail("m.pcd: {}: rename it", std::string(5000, 'n')); });
    EXPECT_EQ(text.size(), 1400 + 5 + 500);
    EXPECT_EQ(text.substr(0, 8), "m.pcd: n");
    EXPECT_EQ(text.substr(text.size() - 12), "n: rename it");
}

}  // namespace
}  // namespace distillar::base
