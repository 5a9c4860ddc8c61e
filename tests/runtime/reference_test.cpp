// The published networks: weights, inputs and outputs computed by the published PyTorch code.
#include <nlohmann/json.hpp>

#include "formats/pth.hpp"
#include "formats/safetensors.hpp"
#include "runtime/made_model.hpp"
#include "support/data.hpp"

namespace distillar::runtime {
namespace {

namespace fs = std::filesystem;

/// A checkpoint's network without the prefixes that torch.save and DataParallel leave.
formats::Tensors network_in(const fs::path& file) {
    formats::Tensors network;
    for (const auto& [name, tensor] : formats::read_pth(file)) {
        for (const std::string prefix :
             {"net.module.", "model_point.module.", "net.", "model_point.", "model_points."}) {
            if (name.starts_with(prefix)) {
                network.emplace(name.substr(prefix.size()), tensor);
                break;
            }
        }
    }
    return network;
}

formats::ModelDescription describe(const formats::SafeTensors& file,
                                   const formats::Tensors& network) {
    const auto value = [&](const char* key, const char* otherwise) {
        const auto found = file.metadata.find(key);
        return found == file.metadata.end() ? std::string(otherwise) : found->second;
    };
    formats::ModelDescription description;
    description.backbone.channels = std::stoi(value("channels", ""));
    description.backbone.depth = std::stoi(value("depth", ""));
    description.backbone.norm = value("norm", "");
    description.backbone.activation = value("activation", "relu");
    description.head.kind = value("head", "linear");
    description.head.outputs = std::stoi(value("classes", ""));
    description.head.hidden = std::stoi(value("hidden", "0"));
    description.input.neighbors = std::stoi(value("neighbors", ""));
    description.input.grids.clear();
    for (const auto& grid : nlohmann::json::parse(value("grids", ""))) {
        description.input.grids.push_back({2, grid[0].get<int>(), grid[1].get<int>()});
    }
    EXPECT_FALSE(network.empty());
    return description;
}

/// One scan of a padded case: B x C x N -> rows of its valid points.
struct Padded {
    std::size_t columns = 0, points = 0;
    template <typename T>
    std::vector<T> rows(const std::vector<T>& values, std::size_t scan, std::size_t first,
                        std::size_t valid) const {
        std::vector<T> result;
        for (std::size_t i = 0; i < valid; ++i) {
            for (std::size_t c = first; c < columns; ++c) {
                result.push_back(values[(scan * columns + c) * points + i]);
            }
        }
        return result;
    }
};

Padded shape_of(const formats::Tensor& tensor) {
    return {static_cast<std::size_t>(tensor.shape[1]), static_cast<std::size_t>(tensor.shape[2])};
}

void expect_published(const fs::path& folder, const std::string& name) {
    const auto network = network_in(folder / (name + ".pth"));
    const auto file = formats::read_safetensors(folder / (name + ".case.safetensors"));
    const formats::ModelFile model{describe(file, network), network};
    const auto& tensors = file.tensors;
    const Network engine(fold_weights(model, name),
                         static_cast<std::size_t>(model.description.input.neighbors),
                         Precision::fp32);
    const auto lengths = formats::to_integers(tensors.at("lengths"), "lengths");
    const auto features = formats::to_floats(tensors.at("feat"), "feat");
    const auto neighbors = formats::to_integers(tensors.at("neighbors"), "neighbors");
    const auto cells = formats::to_integers(tensors.at("cell_ind"), "cell_ind");
    const auto logits = formats::to_doubles(tensors.at("eval.logits"), "eval.logits");
    for (std::size_t scan = 0; scan < lengths.size(); ++scan) {
        const auto valid = static_cast<std::size_t>(lengths[scan]);
        test::SerialInput input;
        input.points = valid;
        input.features = shape_of(tensors.at("feat")).rows(features, scan, 0, valid);
        const auto others = shape_of(tensors.at("neighbors")).rows(neighbors, scan, 1, valid);
        input.neighbors.assign(others.begin(), others.end());
        const Padded planes = shape_of(tensors.at("cell_ind"));
        for (std::size_t grid = 0; grid < planes.columns; ++grid) {
            const auto first = cells.begin() + static_cast<std::ptrdiff_t>(
                                                   (scan * planes.columns + grid) * planes.points);
            input.cells.emplace_back(first, first + static_cast<std::ptrdiff_t>(valid));
        }
        const auto expected = shape_of(tensors.at("eval.logits")).rows(logits, scan, 0, valid);
        const test::EngineInput view(model.description, input);
        const double error = test::relative_error(test::run_network(engine, view.view), expected);
        EXPECT_LT(error, 1e-4) << name << ", scan " << scan;
        std::cout << name << ", scan " << scan << ": largest relative difference " << error << "\n";
    }
}

TEST(RuntimeReference, EqualsThePublishedCode) {
    DISTILLAR_REFERENCE_OR_SKIP(folder);
    for (const char* name :
         {"waffleiron_ln", "waffleiron_bn", "waffleiron_ln_batch", "scalr_plus", "downstream"}) {
        expect_published(folder, name);
    }
}

}  // namespace
}  // namespace distillar::runtime
