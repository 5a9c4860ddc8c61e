#include "evaluation/metrics.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/thread_pool.hpp"
#include "support/data.hpp"

using namespace distillar;
using evaluation::ConfusionMatrix;
using evaluation::metrics_from;
using Labels = std::vector<std::uint8_t>;
using test::error_of;

namespace {

/// Adds `count` points of one (truth, prediction) pair.
void add(ConfusionMatrix& matrix, std::size_t count, std::uint8_t truth, std::uint8_t prediction) {
    matrix.add(Labels(count, truth), Labels(count, prediction));
}

bool same(const ConfusionMatrix& a, const ConfusionMatrix& b) {
    for (std::size_t t = 0; t < a.classes(); ++t) {
        for (std::size_t p = 0; p <= a.classes(); ++p) {
            if (a.at(t, p) != b.at(t, p)) {
                return false;
            }
        }
    }
    return a.classes() == b.classes();
}

Labels random_labels(std::size_t count, std::uint64_t seed) {
    Labels labels(count);
    std::uint64_t state = seed;
    for (auto& label : labels) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        const auto value = static_cast<std::uint8_t>((state >> 33) % 6);
        label = value == 5 ? std::uint8_t{255} : value;
    }
    return labels;
}

}  // namespace

TEST(Confusion, CountsByHand) {
    ConfusionMatrix matrix(3);
    matrix.add(Labels{0, 0, 1, 2, 255, 255}, Labels{0, 1, 1, 255, 0, 255});
    EXPECT_EQ(matrix.at(0, 0), 1);
    EXPECT_EQ(matrix.at(0, 1), 1);
    EXPECT_EQ(matrix.at(1, 1), 1);
    EXPECT_EQ(matrix.missed(2), 1);
    EXPECT_EQ(matrix.missed(0), 0);
    EXPECT_EQ(matrix.points(), 4);
    EXPECT_EQ(matrix.truth_points(0), 2);
    EXPECT_EQ(matrix.truth_points(2), 1);
    EXPECT_EQ(matrix.predicted_points(0), 1);
    EXPECT_EQ(matrix.predicted_points(1), 2);
}

TEST(Confusion, BadInputCountsNothing) {
    ConfusionMatrix matrix(2);
    const auto message = error_of([&] { matrix.add(Labels{0, 1}, Labels{0}); });
    EXPECT_NE(message.find("2 true labels but 1"), std::string::npos) << message;
    EXPECT_NE(error_of([&] {
                  matrix.add(Labels{0, 2}, Labels{0, 0});
              }).find("point 1 is class 2"),
              std::string::npos);
    EXPECT_NE(error_of([&] {
                  matrix.add(Labels{0, 255}, Labels{0, 254});
              }).find("the prediction"),
              std::string::npos);
    EXPECT_EQ(matrix.points(), 0);
    EXPECT_HAS(error_of([&] { matrix.merge(ConfusionMatrix(3)); }), "of 2 and 3 classes cannot");
    EXPECT_HAS(error_of([] { ConfusionMatrix none(0); }), "matrix of 0 classes");
    EXPECT_HAS(error_of([] { ConfusionMatrix many(256); }), "matrix of 256 classes");
    matrix.add(Labels{}, Labels{});
    EXPECT_EQ(matrix.points(), 0);
}

TEST(Confusion, PartsCountedByAnyNumberOfThreadsEqualTheWhole) {
    const auto truth = random_labels(100000, 1);
    const auto prediction = random_labels(100000, 2);
    ConfusionMatrix whole(5);
    whole.add(truth, prediction);
    for (const std::size_t threads : {1, 2, 5}) {
        base::set_thread_count(threads);
        constexpr std::size_t chunk = 7001;
        std::vector<ConfusionMatrix> parts(truth.size() / chunk + 1, ConfusionMatrix(5));
        base::parallel_for(truth.size(), chunk, [&](std::size_t begin, std::size_t end) {
            parts[begin / chunk].add(std::span(truth).subspan(begin, end - begin),
                                     std::span(prediction).subspan(begin, end - begin));
        });
        ConfusionMatrix sum(5);
        for (const auto& part : parts) {
            sum.merge(part);
        }
        EXPECT_TRUE(same(sum, whole)) << threads << " threads";
    }
    base::set_thread_count(0);
}

// Truth: 3000 road, 1000 car, 10 cat; dog and bird are absent, dog is predicted 5 times.
// road: 2900 right, 100 as car. car: 900 right, 95 as road, 5 as dog. cat: 4 right, 6 unanswered.
class HandComputed : public testing::Test {
protected:
    HandComputed() : matrix(5) {
        add(matrix, 2900, 0, 0);
        add(matrix, 100, 0, 1);
        add(matrix, 900, 1, 1);
        add(matrix, 95, 1, 0);
        add(matrix, 5, 1, 3);
        add(matrix, 4, 2, 2);
        add(matrix, 6, 2, 255);
        add(matrix, 777, 255, 0);  // not counted
        metrics = metrics_from(matrix, {"road", "car", "cat", "dog", "bird"});
    }
    ConfusionMatrix matrix;
    evaluation::Metrics metrics;
    const double road = 2900.0 / (3000 + 95);
    const double car = 900.0 / (1000 + 100);
    const double cat = 4.0 / 10;
};

TEST_F(HandComputed, ThreeFormsOfTheMean) {
    EXPECT_DOUBLE_EQ(metrics.classes[0].iou, road);
    EXPECT_DOUBLE_EQ(metrics.classes[1].iou, car);
    EXPECT_DOUBLE_EQ(metrics.classes[2].iou, cat);
    EXPECT_TRUE(std::isnan(metrics.classes[3].iou));
    EXPECT_TRUE(std::isnan(metrics.classes[4].iou));
    EXPECT_DOUBLE_EQ(metrics.miou, (road + car + cat) / 3);
    EXPECT_DOUBLE_EQ(metrics.miou_common, (road + car) / 2);
    EXPECT_DOUBLE_EQ(metrics.miou_nanmean, (road + car + cat + 0) / 4);
    EXPECT_DOUBLE_EQ(metrics.accuracy, 3804.0 / 4010);
    EXPECT_EQ(metrics.points, 4010);
    EXPECT_EQ(metrics.classes[1].points, 1000);
    EXPECT_EQ(metrics.left_out_of_common, (std::vector<std::string>{"cat", "dog", "bird"}));
}

TEST_F(HandComputed, Json) {
    const auto text = metrics_json(metrics, matrix);
    const auto json = nlohmann::json::parse(text);
    EXPECT_EQ(json.size(), 7u);
    EXPECT_EQ(json["miou"].get<double>(), metrics.miou);
    EXPECT_EQ(json["miou_common"].get<double>(), metrics.miou_common);
    EXPECT_EQ(json["miou_nanmean"].get<double>(), metrics.miou_nanmean);
    EXPECT_EQ(json["accuracy"].get<double>(), metrics.accuracy);
    EXPECT_EQ(json["points"], 4010);
    ASSERT_EQ(json["classes"].size(), 5u);
    EXPECT_EQ(json["classes"][1],
              (nlohmann::json{{"name", "car"}, {"iou", car}, {"points", 1000}}));
    EXPECT_TRUE(json["classes"][3]["iou"].is_null());
    EXPECT_EQ(json["confusion"], nlohmann::json::parse("[[2900, 100, 0, 0, 0], [95, 900, 0, 5, 0],"
                                                       "[0, 0, 4, 0, 0], [0, 0, 0, 0, 0],"
                                                       "[0, 0, 0, 0, 0]]"));
}

TEST_F(HandComputed, Table) {
    const auto table = metrics_table(metrics);
    EXPECT_NE(table.find("93.7          3000\n"), std::string::npos) << table;  // road
    EXPECT_NE(table.find("-             0\n"), std::string::npos) << table;     // dog
    EXPECT_NE(table.find("cat, dog, bird"), std::string::npos) << table;
    EXPECT_NE(table.find("accuracy"), std::string::npos) << table;
    std::size_t width = 0;
    for (std::size_t begin = 0, line = 0; line < 10; ++line) {  // every row ends in one column
        const auto end = table.find('\n', begin);
        width = line == 0 ? end - begin : width;
        EXPECT_EQ(end - begin, width) << table;
        begin = end + 1;
    }
}

TEST(Metrics, AThousandPointsAreCommonAndOneFewerAreNot) {
    ConfusionMatrix matrix(2);
    add(matrix, 1000, 0, 0);
    add(matrix, 999, 1, 0);
    const auto metrics = metrics_from(matrix, {"a", "b"});
    EXPECT_DOUBLE_EQ(metrics.miou_common, 1000.0 / 1999);
    EXPECT_EQ(metrics.left_out_of_common, (std::vector<std::string>{"b"}));
    EXPECT_DOUBLE_EQ(metrics.miou, 500.0 / 1999);
}

TEST(Metrics, NothingToMeasureIsNullNotZero) {
    ConfusionMatrix matrix(2);
    add(matrix, 50, 255, 1);
    const auto metrics = metrics_from(matrix, {"a", "b\"\xff"});
    EXPECT_TRUE(std::isnan(metrics.miou));
    EXPECT_TRUE(std::isnan(metrics.miou_common));
    EXPECT_TRUE(std::isnan(metrics.miou_nanmean));
    EXPECT_TRUE(std::isnan(metrics.accuracy));
    EXPECT_EQ(metrics.points, 0);
    const auto json = nlohmann::json::parse(metrics_json(metrics, matrix));
    EXPECT_TRUE(json["miou"].is_null());
    EXPECT_TRUE(json["accuracy"].is_null());
    EXPECT_HAS(error_of([&] { metrics_from(matrix, {"a"}); }),
               "1 class names for a confusion matrix");
}

TEST(Metrics, PerfectAndAllWrong) {
    ConfusionMatrix perfect(2);
    add(perfect, 10, 0, 0);
    add(perfect, 10, 1, 1);
    EXPECT_EQ(metrics_from(perfect, {"a", "b"}).miou, 1.0);
    ConfusionMatrix wrong(2);
    add(wrong, 10, 0, 1);
    add(wrong, 10, 1, 255);
    const auto metrics = metrics_from(wrong, {"a", "b"});
    EXPECT_EQ(metrics.miou, 0.0);
    EXPECT_EQ(metrics.accuracy, 0.0);
    EXPECT_EQ(metrics.points, 20);
}
