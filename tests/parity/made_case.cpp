#include "parity/made_case.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "losses/segmentation.hpp"
#include "models/reference_case.hpp"
#include "models/state.hpp"
#include "parity/parity.hpp"
#include "training/optimiser.hpp"

namespace distillar::test {

namespace {

void put(formats::SafeTensors& file, const std::string& name, const torch::Tensor& tensor) {
    file.tensors[name] = models::from_torch(tensor.detach().contiguous());
}

/// Rows of valid points -> B x C x N with zeros past a scan's length.
torch::Tensor padded(const torch::Tensor& rows, const std::vector<std::int64_t>& lengths,
                     std::int64_t most) {
    auto result = torch::zeros({static_cast<std::int64_t>(lengths.size()), rows.size(1), most});
    std::int64_t offset = 0;
    for (std::size_t scan = 0; scan < lengths.size(); ++scan) {
        result[static_cast<std::int64_t>(scan)]
            .narrow(1, 0, lengths[scan])
            .copy_(rows.narrow(0, offset, lengths[scan]).t());
        offset += lengths[scan];
    }
    return result;
}

std::string grids_text(const std::vector<geometry::PlaneGrid>& grids) {
    std::string text;
    for (const auto& grid : grids) {
        text += fmt::format("{}[{}, {}]", text.empty() ? "" : ", ", grid.rows, grid.columns);
    }
    return "[" + text + "]";
}

formats::SafeTensors inputs_of(const MadeCase& made) {
    formats::SafeTensors file;
    const auto scans = static_cast<std::int64_t>(made.lengths.size());
    const std::int64_t most = *std::max_element(made.lengths.begin(), made.lengths.end());
    put(file, "feat", torch::randn({scans, made.backbone.input_channels, most}));
    std::vector<torch::Tensor> cells;
    for (const auto& grid : made.grids) {
        cells.push_back(
            torch::randint(0, grid.rows * grid.columns, {scans, 1, most}, torch::kInt64));
    }
    put(file, "cell_ind", torch::cat(cells, 1));
    auto neighbors = torch::zeros({scans, made.neighbors + 1, most}, torch::kInt64);
    for (std::int64_t scan = 0; scan < scans; ++scan) {
        neighbors[scan] = torch::randint(0, made.lengths[static_cast<std::size_t>(scan)],
                                         {made.neighbors + 1, most}, torch::kInt64);
    }
    put(file, "neighbors", neighbors);
    put(file, "lengths", torch::tensor(made.lengths));
    put(file, "steps.labels", torch::randint(0, made.head.outputs, {scans, most}, torch::kInt64));
    file.metadata = {{"grids", grids_text(made.grids)},
                     {"channels", std::to_string(made.backbone.channels)},
                     {"depth", std::to_string(made.backbone.depth)},
                     {"input_channels", std::to_string(made.backbone.input_channels)},
                     {"classes", std::to_string(made.head.outputs)},
                     {"neighbors", std::to_string(made.neighbors)},
                     {"norm", models::name_of(made.backbone.norm)},
                     {"activation", models::name_of(made.backbone.activation)},
                     {"head", models::name_of(made.head.kind)},
                     {"steps", "AdamW lr 2e-3 weight_decay 0.01"}};
    if (made.head.kind == models::HeadKind::mlp) {
        file.metadata["hidden"] = std::to_string(made.head.hidden);
    }
    return file;
}

void put_training(formats::SafeTensors& file, const MadeCase& made, models::Network& network,
                  models::TorchBatch batch) {
    const std::int64_t most = made.lengths.front();
    network.train();
    batch.features.requires_grad_();
    const auto logits = network.forward(batch);
    const auto loss = logits.square().mean();
    loss.backward();
    put(file, "train.logits", padded(logits, made.lengths, most));
    put(file, "train.loss", loss.reshape({1}));
    put(file, "train.grad.feat", padded(batch.features.grad(), made.lengths, most));
    for (const auto& item : network.named_parameters()) {
        put(file, "train.grad." + item.key(), item.value().grad());
    }
    for (const auto& item : network.named_buffers()) {
        if (item.value().is_floating_point()) {
            put(file, "train.state." + item.key(), item.value());
        }
    }
}

void put_steps(formats::SafeTensors& file, models::Network& network,
               const models::TorchBatch& batch) {
    network.train();
    training::AdamWConfig config;
    config.learning_rate = 2e-3;
    config.weight_decay = 0.01;
    training::AdamW optimiser(training::trained_parameters(network), config);
    std::vector<float> values;
    for (int step = 0; step < 3; ++step) {
        optimiser.zero_gradients();
        const auto loss = losses::segmentation(network.forward(batch), batch.labels);
        values.push_back(loss.item<float>());
        loss.backward();
        optimiser.step(1);
    }
    put(file, "steps.loss", torch::tensor(values));
}

}  // namespace

MadeCase small_case() {
    MadeCase made;
    made.backbone.input_channels = 4;
    made.backbone.channels = 6;
    made.backbone.depth = 2;
    made.head = {models::HeadKind::linear, 6, 3, 0};
    return made;
}

MadeFiles write_case(const std::filesystem::path& folder, const MadeCase& made) {
    torch::manual_seed(11);
    models::Network network(made.backbone, made.head);
    {
        const torch::NoGradGuard no_grad;
        for (auto& parameter : network.parameters()) {
            parameter.add_(0.3 * torch::randn_like(parameter));
        }
    }
    const auto state = models::state_of(network);
    const MadeFiles files{folder / "made.safetensors", folder / "made.case.safetensors"};
    formats::write_safetensors(files.weights, state);

    formats::SafeTensors file = inputs_of(made);
    const auto batch = models::batch_of_case(file);
    const std::int64_t most = *std::max_element(made.lengths.begin(), made.lengths.end());
    {
        const torch::NoGradGuard no_grad;
        network.eval();
        const auto tokens = network.backbone().forward(batch);
        put(file, "eval.embedding", padded(network.backbone().embed(batch), made.lengths, most));
        put(file, "eval.tokens", padded(tokens, made.lengths, most));
        put(file, "eval.logits", padded(network.head().forward(tokens), made.lengths, most));
    }
    if (made.training) {
        put_training(file, made, network, batch);
        models::load_state(network, state, "test");
        put_steps(file, network, batch);
    }
    formats::write_safetensors(files.reference, file.tensors, file.metadata);
    return files;
}

ParityResult parity(const std::filesystem::path& weights, const std::filesystem::path& reference,
                    const std::filesystem::path& cloud, const std::filesystem::path& cameras) {
    ParityResult result;
    char* text = nullptr;
    std::size_t size = 0;
    std::FILE* stream = open_memstream(&text, &size);
    try {
        result.code = parity::run_parity({reference, weights, cloud, cameras}, stream) ? 0 : 1;
    } catch (const std::exception& error) {
        result.code = 2;
        result.output = error.what();
    }
    std::fclose(stream);
    if (result.code != 2) {
        result.output = text;
    }
    std::free(text);
    return result;
}

}  // namespace distillar::test
