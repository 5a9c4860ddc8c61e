#include "models/state.hpp"

#include <gtest/gtest.h>

#include "models/compare.hpp"
#include "models/head.hpp"
#include "support/data.hpp"

namespace distillar::models {
namespace {

using test::error_of;
using test::holds;

TEST(State, RoundTrip) {
    torch::manual_seed(1);
    Head from({HeadKind::bn_mlp, 6, 4, 8}), to({HeadKind::bn_mlp, 6, 4, 8});
    from.forward(torch::randn({20, 6}));
    formats::Tensors state = state_of(from, "classif.");
    state.emplace("embed.norm.weight", state.begin()->second);  // outside the prefix: not extra
    load_state(to, state, "memory", "classif.");
    for (const auto& item : from.named_parameters()) {
        EXPECT_TRUE(torch::equal(item.value(), to.named_parameters()[item.key()])) << item.key();
    }
    for (const auto& item : from.named_buffers()) {
        EXPECT_TRUE(torch::equal(item.value(), to.named_buffers()[item.key()])) << item.key();
    }
}

TEST(State, IsACopy) {
    Head head({HeadKind::linear, 6, 4, 0});
    const formats::Tensors state = state_of(head);
    const torch::Tensor before = to_torch(state.at("weight"));
    torch::NoGradGuard no_grad;
    head.named_parameters()["weight"].zero_();
    EXPECT_TRUE(torch::equal(before, to_torch(state.at("weight"))));
    EXPECT_GT(before.abs().sum().item<float>(), 0);
}

TEST(State, ListsEveryProblemInOneLine) {
    Head head({HeadKind::mlp, 6, 4, 8});
    formats::Tensors state = state_of(head);
    const formats::Tensor bias = state.at("0.bias");
    state.erase("0.bias");
    state["2.weight"] = bias;
    state["surplus"] = bias;
    const torch::Tensor before = head.named_parameters()["0.weight"].detach().clone();
    const std::string message = error_of([&] { load_state(head, state, "file.pth"); });
    EXPECT_TRUE(holds(message, "file.pth")) << message;
    EXPECT_TRUE(holds(message, "missing 0.bias")) << message;
    EXPECT_TRUE(holds(message, "extra surplus")) << message;
    EXPECT_TRUE(holds(message, "2.weight is [8], needs [4, 8, 1]")) << message;
    EXPECT_FALSE(holds(message, "\n"));
    load_state(head, state_of(head), "ok");
    EXPECT_TRUE(torch::equal(before, head.named_parameters()["0.weight"]));
}

TEST(State, LongListsAreCut) {
    Head head({HeadKind::mlp, 6, 4, 8});
    formats::Tensors state = state_of(head);
    for (int i = 0; i < 12; ++i) {
        state["extra" + std::to_string(i)] = state.begin()->second;
    }
    const std::string message = error_of([&] { load_state(head, state, "f"); });
    EXPECT_TRUE(holds(message, "(and 4 more)")) << message;
}

TEST(State, SomeKeysMayBeAbsentOrUnused) {
    Head head({HeadKind::bn_linear, 6, 4, 0});
    formats::Tensors state = state_of(head, "p.");
    state.erase("p.0.num_batches_tracked");
    state["p.mask_token"] = state.begin()->second;
    load_state(head, state, "f", "p.", {"mask_token"});
    EXPECT_TRUE(holds(error_of([&] { load_state(head, state, "f", "p."); }), "p.mask_token"));
}

TEST(State, WrongKindOfNumbers) {
    Head head({HeadKind::linear, 2, 1, 0});
    formats::Tensors state = state_of(head);
    state["bias"] = formats::make_tensor(std::vector<std::int64_t>{1}, {1});
    EXPECT_TRUE(holds(error_of([&] { load_state(head, state, "f"); }), "bias"));
}

TEST(Checkpoint, FindsTheNetwork) {
    const formats::Tensor t = formats::make_tensor(std::vector<float>{1}, {1});
    const auto keys = [](const formats::Tensors& tensors) {
        std::vector<std::string> names;
        for (const auto& [name, tensor] : tensors) {
            names.push_back(name);
        }
        return names;
    };
    const std::vector<std::string> expected{"classif.weight", "embed.norm.weight"};
    for (const std::string wrapper : {"net.", "model_point.", "model_points.", ""}) {
        for (const std::string module : {"module.", ""}) {
            formats::Tensors file{{wrapper + module + "embed.norm.weight", t},
                                  {wrapper + module + "classif.weight", t},
                                  {"optim.state.0.exp_avg", t},
                                  {"scheduler.base_lrs.0", t}};
            EXPECT_EQ(keys(network_of(file, "f")), expected) << wrapper << module;
        }
    }
}

TEST(Checkpoint, NamesWhatIsThereInstead) {
    const formats::Tensor t = formats::make_tensor(std::vector<float>{1}, {1});
    const std::string message = error_of([&] {
        network_of({{"teacher.blocks.0.weight", t}, {"student.x", t}}, "some.pth");
    });
    EXPECT_TRUE(holds(message, "some.pth") && holds(message, "student, teacher")) << message;
    EXPECT_TRUE(holds(error_of([&] { network_of({}, "f"); }), "no tensors"));
    EXPECT_TRUE(holds(error_of([&] { network_of({{"optim.state.0.exp_avg", t}}, "f"); }), "optim"));
}

TEST(Tensor, AllTypesThereAndBack) {
    for (const auto type :
         {torch::kFloat64, torch::kFloat32, torch::kFloat16, torch::kBFloat16, torch::kInt64,
          torch::kInt32, torch::kInt16, torch::kInt8, torch::kUInt8, torch::kBool}) {
        const torch::Tensor tensor = torch::tensor({0, 1, 1, 0, 1, 0}).view({2, 3}).t().to(type);
        const torch::Tensor back = to_torch(from_torch(tensor));
        EXPECT_EQ(back.scalar_type(), type);
        EXPECT_TRUE(torch::equal(back, tensor.contiguous()));
    }
    const std::string message =
        error_of([] { from_torch(torch::zeros({2}, torch::kComplexFloat)); });
    EXPECT_TRUE(holds(message, "float32")) << message;
}

}  // namespace
}  // namespace distillar::models
