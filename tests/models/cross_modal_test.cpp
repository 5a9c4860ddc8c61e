#include "models/cross_modal.hpp"

#include <gtest/gtest.h>

#include "models/random_batch.hpp"
#include "models/state.hpp"
#include "support/data.hpp"

namespace distillar::models {
namespace {

const WaffleIronConfig backbone{5, 16, 3, Norm::layer, Activation::gelu, 0.0};
const HeadConfig head{HeadKind::bn_mlp, 16, 4, 12};

CrossModal small(FusionKind kind = FusionKind::gate, int adapter = 0, int projection = 6) {
    FusionConfig fusion{kind, 16, 10, 20, 4};
    fusion.adapter = adapter;
    return CrossModal(
        std::make_shared<Fused>(std::make_shared<Network>(backbone, head), head, fusion),
        {14, projection});
}

PointViews some_views() {
    return {torch::tensor({0, 0, 7, 30, 61}, torch::kInt64), torch::randn({5, 10})};
}

TEST(CrossModal, TheStudentIsThePublishedNetworkAndSeesNoImage) {
    torch::manual_seed(1);
    CrossModal model = small();
    model.eval();
    const TorchBatch batch = test::random_batch({40, 25});
    const auto output = model.network().forward(batch, some_views());
    EXPECT_EQ(output.fused.sizes(), output.tokens.sizes());
    EXPECT_EQ(output.fused_logits.sizes(), (torch::IntArrayRef{65, 4}));
    Network alone(backbone, head);
    load_state(alone, state_of(model.network().student()), "student");
    alone.eval();
    EXPECT_TRUE(alone.forward(batch).equal(output.student_logits));
    const auto other = model.network().forward(batch, some_views());  // other images
    EXPECT_TRUE(other.student_logits.equal(output.student_logits));
    EXPECT_FALSE(other.fused.equal(output.fused));
}

TEST(CrossModal, GradientsReachEveryPart) {
    for (const FusionKind kind : {FusionKind::gate, FusionKind::attention}) {
        torch::manual_seed(2);
        CrossModal model = small(kind, 7);
        for (auto& item : model.named_parameters()) {  // heads start at 0, which stops gradients
            if (item.key().find("classif.3") != std::string::npos ||
                item.key().find("fused_head.3") != std::string::npos) {
                const torch::NoGradGuard no_grad;
                item.value().normal_();
            }
        }
        const PointViews views = some_views();
        const auto output = model.network().forward(test::random_batch({40, 25}), views);
        const auto sum = output.student_logits.square().sum() + output.fused_logits.square().sum() +
                         model.project_points(output.tokens).square().sum() +
                         model.project_images(output.views.features).square().sum() +
                         model.map_features(output.tokens).square().sum();
        sum.backward();
        for (const auto& item : model.named_parameters()) {
            ASSERT_TRUE(item.value().grad().defined()) << item.key();
            if (!item.key().ends_with("conv2.0.bias")) {  // the next batch norm takes it out again
                EXPECT_GT(item.value().grad().abs().sum().item<double>(), 0) << item.key();
            }
        }
    }
}

TEST(CrossModal, AnAdapterChangesWhatIsSeenAndNothingElse) {
    torch::manual_seed(4);
    CrossModal model = small(FusionKind::attention, 7);
    model.eval();
    const PointViews views = some_views();
    const auto output = model.network().forward(test::random_batch({40, 25}), views);
    EXPECT_TRUE(output.views.point.equal(views.point));
    EXPECT_FALSE(output.views.features.equal(views.features));
    CrossModal plain = small();
    EXPECT_TRUE(plain.network()
                    .forward(test::random_batch({40, 25}), views)
                    .views.features.equal(views.features));
}

TEST(CrossModal, StateReadsBack) {
    torch::manual_seed(3);
    CrossModal model = small(), again = small();
    model.eval();
    again.eval();
    load_state(again, state_of(model), "memory");
    const TorchBatch batch = test::random_batch({40, 25});
    const PointViews views = some_views();
    EXPECT_TRUE(model.network()
                    .forward(batch, views)
                    .fused_logits.equal(again.network().forward(batch, views).fused_logits));
    EXPECT_NE(test::error_of([&] { small(FusionKind::gate, 0, 0); }).find("projection of 0"),
              std::string::npos);
}

}  // namespace
}  // namespace distillar::models
