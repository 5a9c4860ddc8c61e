#include "geometry/points.hpp"

#include <cmath>
#include <limits>

#include "support/data.hpp"

namespace distillar::geometry {
namespace {

using test::error_of;

const std::vector<double> quarter_turn{0, -1, 0, 1, 1, 0, 0, 2, 0, 0, 1, 3};

TEST(Pose, QuaternionIsWFirstAndNormalised) {
    // 90 degrees about z, twice the unit length.
    const double half = std::sqrt(0.5);
    const Pose pose = pose_from(2 * half, 0, 0, 2 * half, {1, 2, 3});
    const Eigen::Vector3d moved = pose * Eigen::Vector3d(1, 0, 0);
    EXPECT_NEAR((moved - Eigen::Vector3d(1, 3, 3)).norm(), 0, 1e-12);
}

TEST(Pose, RefusesUselessQuaternions) {
    EXPECT_NE(error_of([] {
                  pose_from(0, 0, 0, 0, {0, 0, 0});
              }).find("quaternion"),
              std::string::npos);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    EXPECT_NE(error_of([&] {
                  pose_from(1, nan, 0, 0, {0, 0, 0});
              }).find("not finite"),
              std::string::npos);
    EXPECT_NE(error_of([&] {
                  pose_from(1, 0, 0, 0, {0, nan, 0});
              }).find("not finite"),
              std::string::npos);
}

TEST(Pose, RowsOfTwelveAndSixteenNumbers) {
    const Pose from_12 = pose_from_rows(quarter_turn, "Tr");
    auto numbers = quarter_turn;
    numbers.insert(numbers.end(), {0, 0, 0, 1});
    const Pose from_16 = pose_from_rows(numbers, "Tr");
    EXPECT_EQ(from_12.matrix(), from_16.matrix());
    EXPECT_EQ((from_12 * Eigen::Vector3d(1, 0, 0)), Eigen::Vector3d(1, 3, 3));
}

TEST(Pose, KeepsARotationThatIsRoundedAsGiven) {
    auto numbers = quarter_turn;
    numbers[1] = -0.99995;
    EXPECT_EQ(pose_from_rows(numbers, "Tr").matrix()(0, 1), -0.99995);
}

TEST(Pose, NamesWhatIsWrongWithRows) {
    const auto error_with = [](std::size_t place, double value) {
        auto numbers = quarter_turn;
        numbers.insert(numbers.end(), {0, 0, 0, 1});
        numbers[place] = value;
        return error_of([&] { pose_from_rows(numbers, "calib.txt: Tr"); });
    };
    EXPECT_NE(error_with(0, 0.5).find("calib.txt: Tr: the left 3x3 part is not a rotation"),
              std::string::npos);
    EXPECT_NE(error_with(10, -1).find("mirrors"), std::string::npos);
    EXPECT_NE(error_with(3, std::numeric_limits<double>::infinity()).find("not finite"),
              std::string::npos);
    EXPECT_NE(error_with(13, 1).find("last row"), std::string::npos);
    EXPECT_NE(error_of([] {
                  pose_from_rows({1, 2, 3}, "Tr");
              }).find("3 numbers"),
              std::string::npos);
}

TEST(Transform, MovesEveryPointAndComesBack) {
    Points points(2, 3);
    points << 1, 0, 0, 4, 5, 6;
    const Pose pose = pose_from_rows(quarter_turn, "Tr");
    const Points moved = transform(pose, points);
    Points expected(2, 3);
    expected << 1, 3, 3, -4, 6, 9;
    EXPECT_EQ(moved, expected);
    EXPECT_LT((transform(pose.inverse(), moved) - points).cwiseAbs().maxCoeff(), 1e-12);
    EXPECT_EQ(transform(pose, Points(0, 3)).rows(), 0);
}

}  // namespace
}  // namespace distillar::geometry
