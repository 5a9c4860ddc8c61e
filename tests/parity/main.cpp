#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "parity/parity.hpp"

namespace {

int usage_error(const char* message) {
    std::fprintf(stderr, "distillar-parity: error: %s\n", message);
    return 2;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app(
        "Compares this code with a reference case: outputs, gradients, running statistics, "
        "training "
        "steps. Exit code 0: within tolerance, 1: not, 2: wrong usage or unusable file.",
        "distillar-parity");
    std::vector<std::string> files;
    distillar::parity::ParityRequest request;
    app.add_option("files", files, "[WEIGHTS.pth] CASE.safetensors")->required()->expected(1, 2);
    app.add_option("--cloud", request.cloud, "the scan of a preprocessing case");
    app.add_option("--cameras", request.cameras, "cameras.json: intrinsics and extrinsics");
    app.footer(
        "Examples:\n  distillar-parity net.pth net.case.safetensors\n"
        "  distillar-parity losses.safetensors\n"
        "  distillar-parity --cloud scan.pcd.bin case.safetensors --cameras cameras.json");
    try {
        app.parse(argc, argv);
        request.reference = files.back();
        if (files.size() == 2) {
            request.weights = files.front();
        }
        return distillar::parity::run_parity(request, stdout) ? 0 : 1;
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    } catch (const std::exception& error) {
        return usage_error(error.what());
    }
}
