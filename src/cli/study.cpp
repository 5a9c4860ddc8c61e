#include <fmt/format.h>

#include <memory>

#include "base/text.hpp"
#include "cli/command.hpp"
#include "study/run_study.hpp"

namespace distillar::cli {

namespace {

std::vector<std::uint64_t> seeds_from(const std::string& text) {
    std::string words = text;
    std::replace(words.begin(), words.end(), ',', ' ');
    std::vector<std::uint64_t> seeds;
    for (const auto& word : base::split(words, ' ')) {
        if (!word.empty()) {
            const long long seed = base::parse_integer(word, "--seeds");
            if (seed < 0) {
                base::fail("--seeds: {} is below 0", seed);
            }
            seeds.push_back(static_cast<std::uint64_t>(seed));
        }
    }
    return seeds;
}

}  // namespace

void add_study(CLI::App& app, Session& session) {
    CLI::App* command =
        app.add_subcommand("study", "Run a grid of recipes and seeds; tables and a page of it.");
    auto options = std::make_shared<study::StudyOptions>();
    auto seeds = std::make_shared<std::string>();
    command->add_option("study", options->study, "the study's YAML file (docs/study.md)")
        ->required();
    command
        ->add_option("--out", options->out,
                     "folder of the study; one that holds this study already is gone on with")
        ->required();
    command->add_option("--seeds", *seeds, "instead of the study's: \"0 1 2\"");
    command->add_option("--only", options->only,
                        "only jobs whose name holds this text, and what they need");
    command->add_flag("--dry-run", options->dry_run, "list the jobs, start none");
    add_quiet_option(*command, session);
    add_example(*command, "distillar study configs/studies/first.yaml --out runs/first --dry-run");
    command->callback([options, seeds, &session] {
        options->seeds = seeds_from(*seeds);
        study::run_study(*options, [&session] { session.started = true; });
    });
}

}  // namespace distillar::cli
