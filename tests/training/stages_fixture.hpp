#pragma once
/// Three labelled scans with images, teacher features and configs, for tests of whole stages.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "formats/image.hpp"
#include "formats/safetensors.hpp"
#include "support/data.hpp"
#include "training/config.hpp"
#include "training/made_scans.hpp"
#include "training/torch_predictor.hpp"

namespace distillar::test {

class Stages : public testing::Test {
protected:
    void SetUp() override {
        const std::filesystem::path sequence = folder_ / "data/sequences/00";
        for (const char* name : {"000000", "000001", "000002"}) {
            write_made_scan(sequence, name, static_cast<std::uint64_t>(name[5]));
            write_image(sequence, name);
        }
        write_bytes(sequence / "calib.txt",
                    "P2: 40 0 32 0 0 40 16 0 0 0 1 0\n"
                    "Tr: 0 -1 0 0 0 0 -1 0 1 0 0 0\n");
    }

    /// An image and teacher features that tell its upper from its lower half.
    void write_image(const std::filesystem::path& sequence, const std::string& name) {
        formats::Image image{64, 32, std::vector<std::uint8_t>(64 * 32 * 3, 90)};
        formats::write_png(sequence / "image_2" / (name + ".png"), image);
        std::vector<float> features;
        for (int cell = 0; cell < 4 * 8; ++cell) {
            for (int channel = 0; channel < 6; ++channel) {
                features.push_back((cell < 16) == (channel < 3) ? 1.0F : -1.0F);
            }
        }
        formats::write_safetensors(
            folder_ / "features/sequences/00/image_2" / (name + ".safetensors"),
            {{"features", formats::make_half_tensor(features, {4, 8, 6})}},
            {{"image", "sequences/00/image_2/" + name + ".png"},
             {"image_width", "64"},
             {"image_height", "32"},
             {"teacher", "halves"},
             {"weights_licence", "none"}});
    }

    template <typename Config>
    Config config(const std::vector<std::string>& overrides = {}) {
        const std::string stage = base::name_of(Config().stage());
        const std::string data = (folder_ / "data").string();
        const std::string teacher =
            "teacher: {images: " + data + ", features: " + (folder_ / "features").string() + "}\n";
        const std::string text = "distillar-config: 1\n" + model(stage) +
                                 (stage == "pretrain" || stage == "fuse" ? teacher : "") +
                                 (stage == "pretrain" ? "" : "setting: kitti-to-pandaset8\n") +
                                 "batch: 2\nsteps: 12\n"
                                 "schedule: {warmup_steps: 2}\noptimiser: {learning_rate: 0.01}\n"
                                 "log_every: 1\ncheckpoint_every: 5\n"
                                 "data: {train: [{format: semantickitti, path: " +
                                 data + "}]" + second_list(stage, data) + "}\n";
        return training::load_config<Config>(write_bytes(folder_ / (stage + ".yaml"), text),
                                             overrides);
    }

    std::string second_list(const std::string& stage, const std::string& data) const {
        const std::string name = stage == "adapt"      ? "target"
                                 : stage == "pretrain" ? "validation"
                                                       : "";
        return name.empty() ? "" : ", " + name + ": [{format: semantickitti, path: " + data + "}]";
    }

    std::string model(const std::string& stage) const {
        if (stage == "adapt") {
            return "";
        }
        return "model:\n  head: {kind: " + std::string(stage == "pretrain" ? "mlp" : "bn_mlp") +
               ", hidden: 16}\n" + (stage == "probe" ? "" : backbone);
    }

    std::filesystem::path run(const std::string& name) { return folder_ / ("runs/" + name); }

    const std::string backbone =
        "  backbone: {channels: 16, depth: 3, drop_path: 0.1}\n"
        "  input: {features: [x, y, z, radius], voxel: 0.1, cell: 1.0,\n"
        "          fov: [[-16, -16, -4], [16, 16, 6]]}\n";
    TemporaryFolder folder_;
};

}  // namespace distillar::test
