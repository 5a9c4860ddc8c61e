#include "study/plan.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "datasets/labelling.hpp"
#include "study/arguments.hpp"
#include "study/placeholders.hpp"
#include "training/config.hpp"

namespace distillar::study {

namespace {

namespace fs = std::filesystem;

/// Errors of `work` begin with where in the study they come from.
template <typename Work>
decltype(auto) about(const std::string& where, const Work& work) {
    try {
        return work();
    } catch (const base::Error& error) {
        base::fail("{}: {}", where, error.what());
    }
}

bool newer(const fs::path& file, const fs::path& than) {
    return fs::last_write_time(file) > fs::last_write_time(than);
}

/// One training of the grid.
struct Point {
    const Recipe& recipe;
    const StudySetting* setting;  ///< null if shared by all
    std::uint64_t seed;

    /// The setting, the source or nothing.
    std::string of() const {
        if (setting == nullptr) {
            return "";
        }
        return recipe.shared == Shared::source ? setting->source : setting->name;
    }
    std::string name() const {
        return fmt::format("{}/{}seed-{}", recipe.name, setting ? of() + "/" : "", seed);
    }
};

/// Expands one study.
class Planner {
public:
    Planner(const Study& study, fs::path out) : study_(study), out_(std::move(out)) {}

    Plan plan() {
        for (const std::uint64_t seed : study_.seeds) {
            for (const auto& recipe : study_.recipes) {
                if (recipe.shared == Shared::all) {
                    train({recipe, nullptr, seed});
                }
                for (const auto& name : recipe.settings) {
                    train_and_test({recipe, &study_.setting(name), seed});
                }
            }
        }
        return std::move(plan_);
    }

private:
    struct Training {
        std::size_t job = 0;
        std::shared_ptr<training::RunConfig> config;
    };

    fs::path folder_of(const std::string& run) const { return out_ / "runs" / run; }
    fs::path model_of(const std::string& run) const { return folder_of(run) / "model.safetensors"; }

    std::size_t add(Job job) {
        job.log = out_ / "logs" / (job.name + ".txt");
        job.arguments.insert(job.arguments.end(),
                             {"--quiet", "--threads", std::to_string(study_.threads)});
        plan_.jobs.push_back(std::move(job));
        return plan_.jobs.size() - 1;
    }

    // Data. ---------------------------------------------------------------------------------------

    /// The jobs that make this data; what is not simulated is opened here.
    std::vector<std::size_t> make_data(const std::string& name) {
        const Data& data = study_.data.at(name);
        std::vector<std::size_t> jobs;
        for (const auto& drive : data.drives) {
            const auto [found, fresh] = drives_.emplace(drive.folder, plan_.jobs.size());
            if (fresh) {
                Job job;
                job.name = drive.folder.lexically_relative(out_).generic_string();
                job.group = fs::path(job.name).parent_path().string();
                job.arguments = simulate_words(drive);
                add(std::move(job));
            }
            jobs.push_back(found->second);
        }
        for (const auto& selection : data.selections) {
            open_once(selection);
        }
        return jobs;
    }

    void open_once(const datasets::Selection& selection) {
        const bool made = drives_.contains(selection.path) ||
                          drives_.contains(selection.path.parent_path());  // one of its lidars
        if (!made && opened_.insert(training::selection_text(selection)).second) {
            datasets::open_dataset(selection);
        }
    }

    // Trainings. ----------------------------------------------------------------------------------

    /// Adds the training and what it goes on from, unless they are there.
    const Training& train(const Point& point) {
        const std::string name = point.name();
        if (const auto found = trainings_.find(name); found != trainings_.end()) {
            return found->second;
        }
        const Recipe& recipe = point.recipe;
        const Training* origin = nullptr;
        if (!recipe.from.empty()) {
            const Recipe& from = study_.recipe(recipe.from);
            origin =
                &train({from, from.shared == Shared::all ? nullptr : point.setting, point.seed});
        }
        return about(fmt::format("recipe '{}'", recipe.name), [&]() -> const Training& {
            return add_training({recipe, setting_of(point), point.seed}, name, origin);
        });
    }

    /// The setting that a run is of: the first of those that share it, whichever asks for it.
    const StudySetting* setting_of(const Point& point) const {
        if (point.recipe.shared != Shared::source) {
            return point.setting;
        }
        const auto& names = point.recipe.settings;
        const auto first = std::find_if(names.begin(), names.end(), [&](const auto& name) {
            return study_.setting(name).source == point.setting->source;
        });
        return &study_.setting(*first);
    }

    const Training& add_training(const Point& point, const std::string& name,
                                 const Training* origin) {
        std::set<std::string> data;
        std::vector<std::string> overrides = overrides_of(point, data);
        Job job;
        job.name = name;
        job.group = point.recipe.name;
        if (origin != nullptr) {
            job.after.push_back(origin->job);
            overrides.insert(overrides.begin(),
                             "weights=" + model_of(plan_.jobs[origin->job].name).string());
        }
        const std::shared_ptr<training::RunConfig> config =
            training::new_run_config(point.recipe.stage);
        training::load_config(*config, point.recipe.config, overrides,
                              origin == nullptr ? nullptr : &origin->config->model);
        for (const auto& each : data) {
            const auto made = make_data(each);
            job.after.insert(job.after.end(), made.begin(), made.end());
        }
        check_data(*config);
        look_at(job, *config, origin);
        if (point.recipe.stage != training::Stage::pretrain && config->model.classes.empty()) {
            datasets::describe_classes(datasets::labelling_of(config->setting, "source").taxonomy,
                                       config->model);
        }
        job.arguments = train_words(point.recipe, overrides, folder_of(name));
        plan_.runs.push_back({point.recipe.name, point.of(), point.seed, folder_of(name)});
        return trainings_[name] = {add(std::move(job)), config};
    }

    /// @param data  gets the names of the data that stand in them.
    std::vector<std::string> overrides_of(const Point& point, std::set<std::string>& data) const {
        const Placeholders placeholders{study_, point.setting, point.seed, out_.string(),
                                        point.recipe.shared == Shared::source};
        std::vector<std::string> overrides;
        const auto set = [&](const std::string& key, const std::string& value) {
            overrides.push_back(key + "=" +
                                about(key, [&] { return placeholders.expand(value, data); }));
        };
        const auto& given = point.recipe.overrides;
        const auto says = [&](const std::string& key) {
            return std::any_of(given.begin(), given.end(),
                               [&](const auto& each) { return each.first == key; });
        };
        if (point.setting != nullptr && point.recipe.stage != training::Stage::pretrain) {
            if (!says("setting")) {
                set("setting", "{setting}");
            }
            if (!says("data.train") && !point.setting->source.empty()) {
                set("data.train", "[{source}]");
            }
        }
        for (const auto& [key, value] : given) {
            set(key, value);
        }
        overrides.push_back(fmt::format("seed={}", point.seed));
        return overrides;
    }

    void check_data(const training::RunConfig& config) {
        for (const auto* list : {&config.train, &config.validation, &config.target}) {
            for (const auto& selection : *list) {
                open_once(selection);
            }
        }
        if (config.stage() != training::Stage::pretrain) {
            const auto labelling = datasets::labelling_of(config.setting, "source");
            for (const auto& selection : config.train) {
                if (selection.labels ||
                    config.stage() != training::Stage::fuse) {  // else images alone teach there
                    datasets::require_format(labelling, selection.format, selection.path.string());
                }
            }
        }
    }

    /// Is the run finished, and of this form of the study?
    void look_at(Job& job, const training::RunConfig& config, const Training* origin) const {
        const fs::path config_file = folder_of(job.name) / "config.yaml";
        const fs::path model = model_of(job.name);
        if (!fs::exists(config_file)) {
            return;
        }
        job.stale = !training::says_the_same(base::read_text(config_file), config);
        if (!fs::exists(model)) {
            return;
        }
        job.state = Job::State::done;
        if (origin != nullptr) {
            const Job& before = plan_.jobs[origin->job];
            job.stale = job.stale || before.state != Job::State::done ||
                        newer(model_of(before.name), model);
        }
    }

    // Tests. --------------------------------------------------------------------------------------

    void train_and_test(const Point& point) {
        const std::string& parent = point.recipe.fused_model_of;
        const Training& trained =
            train(parent.empty() ? point : Point{study_.recipe(parent), point.setting, point.seed});
        if (!Study::tested(point.recipe)) {
            return;
        }
        for (const auto& test : point.setting->tests) {
            about(fmt::format("setting '{}', test '{}'", point.setting->name, test.name),
                  [&] { add_test(point, test, trained); });
        }
    }

    void add_test(const Point& point, const Test& test, const Training& trained) {
        datasets::Selection selection = study_.data.at(test.data).selections.front();
        selection.weight = 1;  // as a command line has it
        selection.labels = true;
        if (!test.cameras.empty()) {
            selection.with_cameras = test.cameras != std::vector<std::string>{"none"};
            selection.cameras = selection.with_cameras ? test.cameras : std::vector<std::string>{};
        }
        check_test(test, selection, *trained.config);
        const Job& run = plan_.jobs[trained.job];
        const bool fused = !point.recipe.fused_model_of.empty();
        const fs::path model =
            fused ? folder_of(run.name) / "fused.safetensors" : model_of(run.name);
        Job job;
        job.name = fmt::format("{}/{}/seed-{}/{}", point.recipe.name, point.setting->name,
                               point.seed, test.name);
        job.group = "test " + test.name;
        const fs::path place = out_ / "results" / job.name;
        Result result{point.recipe.name,   point.setting->name,      test.name, point.seed,
                      folder_of(run.name), place.string() + ".json", ""};
        if (point.seed == study_.seeds.front()) {
            result.report = place.string() + ".html";
        }
        job.arguments = test_words(test, selection, model, result.json, result.report);
        if (fused) {
            job.arguments.insert(job.arguments.end(),
                                 {"--teacher", (folder_of(run.name) / "config.yaml").string()});
        }
        if (run.state == Job::State::done && is_done(result, test, selection) &&
            !newer(model, result.json)) {
            job.state = Job::State::done;
        }
        job.after = make_data(test.data);
        job.after.push_back(trained.job);
        add(std::move(job));
        plan_.results.push_back(std::move(result));
    }

    static void check_test(const Test& test, const datasets::Selection& selection,
                           const training::RunConfig& trained) {
        const auto labelling = datasets::labelling_of(test.labels, test.side);
        datasets::require_format(labelling, selection.format, selection.path.string());
        const auto model = datasets::labelling_of(trained.setting, "source").taxonomy.class_set;
        if (labelling.taxonomy.class_set != model) {
            base::fail("its classes are '{}', those of training '{}'; choose another setting",
                       labelling.taxonomy.class_set, model);
        }
    }

    /// Is the test's result there, of this data and these labels?
    static bool is_done(const Result& result, const Test& test,
                        const datasets::Selection& selection) {
        if (!fs::exists(result.json) || (!result.report.empty() && !fs::exists(result.report))) {
            return false;
        }
        const auto json = nlohmann::json::parse(base::read_text(result.json), nullptr, false);
        return json.is_object() && json.value("setting", "") == test.labels &&
               json.value("side", "") == test.side && json.value("counted", "all") == test.points &&
               json.value("data", "") == training::selection_text(selection);
    }

    const Study& study_;
    fs::path out_;
    Plan plan_;
    std::map<std::string, Training> trainings_;
    std::map<fs::path, std::size_t> drives_;
    std::set<std::string> opened_;
};

/// Jobs that are neither named nor needed by a named one are skipped.
void keep_only(std::vector<Job>& jobs, const std::string& text) {
    std::vector<bool> wanted(jobs.size(), false);
    for (std::size_t i = jobs.size(); i-- > 0;) {  // what a job needs stands before it
        wanted[i] = wanted[i] || jobs[i].name.find(text) != std::string::npos;
        for (const std::size_t before : jobs[i].after) {
            wanted[before] = wanted[before] || wanted[i];
        }
    }
    if (std::none_of(wanted.begin(), wanted.end(), [](bool each) { return each; })) {
        base::fail("--only {}: no job's name holds this; --dry-run lists them", text);
    }
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        jobs[i].state = wanted[i] ? jobs[i].state : Job::State::skipped;
    }
}

void refuse_stale(const std::vector<Job>& jobs, const fs::path& out) {
    std::vector<std::string> folders;
    for (const auto& job : jobs) {
        if (job.stale && job.state != Job::State::skipped) {
            folders.push_back((out / "runs" / job.name).string());
        }
    }
    if (!folders.empty()) {
        base::fail(
            "these runs were made by another form of the study: {}; remove them, or give another "
            "--out",
            base::join(folders, " "));
    }
}

}  // namespace

Plan make_plan(const Study& study, const fs::path& out, const std::string& only) {
    Plan plan = Planner(study, out).plan();
    keep_only(plan.jobs, only);
    refuse_stale(plan.jobs, out);
    return plan;
}

}  // namespace distillar::study
