#include <algorithm>
#include <nlohmann/json.hpp>

#include "study/made_study.hpp"
#include "training/config.hpp"

namespace distillar::test {
namespace {

using study::Job;

class StudyPlan : public StudyTest {
protected:
    static const Job& job(const study::Plan& plan, const std::string& name) {
        const auto found = std::find_if(plan.jobs.begin(), plan.jobs.end(),
                                        [&](const Job& each) { return each.name == name; });
        if (found == plan.jobs.end()) {
            throw std::runtime_error("no job " + name);
        }
        return *found;
    }
    static std::string words(const Job& job) {
        std::string line;
        for (const auto& word : job.arguments) {
            line += word + " ";
        }
        return line;
    }
    static std::vector<std::string> needs(const study::Plan& plan, const std::string& name) {
        std::vector<std::string> names;
        for (const std::size_t before : job(plan, name).after) {
            names.push_back(plan.jobs[before].name);
        }
        return names;
    }
    void expect_error(const std::string& from, const std::string& to,
                      const std::vector<std::string>& parts) const {
        const auto error = error_of([&] { plan(text(from, to)); });
        for (const auto& part : parts) {
            EXPECT_NE(error.find(part), std::string::npos) << "no '" << part << "' in: " << error;
        }
        EXPECT_FALSE(std::filesystem::exists(folder_ / "out"));
    }
    /// As if the run had been finished by this study.
    void finish(const study::Plan& plan, const std::string& name) const {
        const auto& arguments = job(plan, name).arguments;
        std::vector<std::string> overrides;
        for (std::size_t i = 0; i + 1 < arguments.size(); ++i) {
            if (arguments[i] == "--set") {
                overrides.push_back(arguments[i + 1]);
            }
        }
        const auto run = folder_ / ("out/runs/" + name);
        const auto config =
            training::new_run_config(*base::enum_from<training::Stage>(arguments[0]));
        training::load_config(*config, arguments[2], overrides);
        write_bytes(run / "config.yaml", config->resolved);
        formats::ModelFile model{config->model, {}};
        model.description.head.outputs = 8;
        formats::write_model(run / "model.safetensors", model);
    }
};

TEST_F(StudyPlan, EveryRunComesAfterWhatItNeeds) {
    const auto made = plan(text());
    // 3 drives; plain and head of both settings, oracle of one; each tested: 1 + 2; two seeds.
    EXPECT_EQ(made.jobs.size(), 3U + 2 * (2 + 2 + 1) + 2 * (3 + 3 + 1));
    EXPECT_EQ(made.runs.size(), 10U);
    EXPECT_EQ(made.results.size(), 14U);
    for (std::size_t i = 0; i < made.jobs.size(); ++i) {
        for (const std::size_t before : made.jobs[i].after) {
            EXPECT_LT(before, i);
        }
        EXPECT_EQ(made.jobs[i].state, Job::State::waiting);
    }
    EXPECT_EQ(needs(made, "plain/a-to-b/seed-3"),
              (std::vector<std::string>{"data/a/1", "data/a/2"}));
    EXPECT_EQ(needs(made, "head/b-to-b/seed-5"),
              (std::vector<std::string>{"plain/b-to-b/seed-5", "data/b/0"}));
    EXPECT_EQ(needs(made, "oracle/a-to-b/seed-3"), std::vector<std::string>{"data/b/0"});
    EXPECT_EQ(needs(made, "plain/a-to-b/seed-3/far"),
              (std::vector<std::string>{"data/b/0", "plain/a-to-b/seed-3"}));
}

TEST_F(StudyPlan, PlaceholdersBecomeDataAndLabels) {
    const auto made = plan(text());
    const auto plain = words(job(made, "plain/a-to-b/seed-3"));
    EXPECT_NE(plain.find("train --config "), std::string::npos) << plain;
    EXPECT_NE(plain.find("--set setting=city-a64-to-b32 "), std::string::npos) << plain;
    EXPECT_NE(plain.find("--set seed=3 "), std::string::npos) << plain;
    EXPECT_NE(plain.find("out/data/a/1\""), std::string::npos) << plain;
    EXPECT_NE(plain.find("out/data/a/2\""), std::string::npos) << plain;
    EXPECT_NE(plain.find("--quiet --threads 1"), std::string::npos) << plain;
    const auto oracle = words(job(made, "oracle/a-to-b/seed-3"));
    EXPECT_NE(oracle.find("setting=city-b32-to-a64"), std::string::npos) << oracle;
    EXPECT_NE(oracle.find("data.train=[{format: \"nuscenes\""), std::string::npos) << oracle;
    const auto head = words(job(made, "head/a-to-b/seed-3"));
    EXPECT_NE(head.find("weights=" + (folder_ / "out/runs/plain/a-to-b/seed-3").string() +
                        "/model.safetensors"),
              std::string::npos)
        << head;
    EXPECT_NE(head.find("optimiser.learning_rate=0.5"), std::string::npos) << head;
    const auto far = words(job(made, "plain/b-to-b/seed-3/far"));
    EXPECT_NE(far.find("--setting city-b32-to-a64 --side source"), std::string::npos) << far;
    EXPECT_NE(far.find("--report "), std::string::npos) << "the first seed's";
    EXPECT_EQ(words(job(made, "plain/b-to-b/seed-5/far")).find("--report "), std::string::npos);
    const auto drive = words(job(made, "data/b/0"));
    EXPECT_NE(drive.find("simulate --city b --rig hdl32e --format nuscenes --seed 0 --frames 2 "),
              std::string::npos)
        << drive;
    EXPECT_NE(drive.find("--interval 3 "), std::string::npos) << drive;
}

TEST_F(StudyPlan, OneSharedPretrainingServesAllSettings) {
    write_bytes(folder_ / "pretrain.yaml",
                "distillar-config: 1\nmodel: {backbone: {channels: 16, depth: 3}}\n"
                "data: {train: [{path: x}]}\nsteps: 4\n");
    const auto made = plan(text("recipes:\n",
                                "recipes:\n  distil: {stage: pretrain, shared: true, "
                                "config: " +
                                    (folder_ / "pretrain.yaml").string() +
                                    ", set: {data.train: \"[{data.both}]\"}}\n"));
    EXPECT_EQ(needs(made, "distil/seed-3"),
              (std::vector<std::string>{"data/a/1", "data/a/2", "data/b/0"}));
    for (const auto& result : made.results) {
        EXPECT_NE(result.recipe, "distil") << "a backbone without classes is not tested";
    }
}

TEST_F(StudyPlan, SettingsWithOneSourceShareARun) {
    const auto other = text("  b-to-b:\n",
                            "  a-to-a:\n"
                            "    setting: city-a64-to-b64\n"
                            "    source: a\n"
                            "    tests: {far: {data: b, setting: city-a64-to-b32}}\n"
                            "  b-to-b:\n");
    auto shared = other;
    shared.replace(shared.find("plain: {"), 8, "plain: {shared: source, ");
    const auto made = plan(shared);
    EXPECT_EQ(made.results.size(), plan(other).results.size()) << "each setting is tested";
    EXPECT_EQ(made.jobs.size() + 2, plan(other).jobs.size()) << "one run fewer a seed";
    EXPECT_NE(words(job(made, "plain/a/seed-3")).find("setting=city-a64-to-b32 "),
              std::string::npos);
    EXPECT_EQ(needs(made, "head/a-to-a/seed-3").at(0), "plain/a/seed-3");
    EXPECT_EQ(needs(made, "head/a-to-b/seed-3").at(0), "plain/a/seed-3");
    EXPECT_EQ(needs(made, "plain/a-to-a/seed-3/far"),
              (std::vector<std::string>{"data/b/0", "plain/a/seed-3"}));
    EXPECT_NE(words(job(made, "plain/a-to-a/seed-3/far")).find("out/runs/plain/a/seed-3/model"),
              std::string::npos);

    const std::string of_target = "plain: {shared: source, set: {data.train: \"[{target}]\"}, ";
    shared.replace(shared.find("plain: {shared: source, "), 24, of_target);
    EXPECT_NE(error_of([&] { plan(shared); }).find("{target} means nothing in a shared recipe"),
              std::string::npos);
}

TEST_F(StudyPlan, AFusedModelIsTestedWithTheTeacherOfItsRun) {
    auto yaml = text("plain: {stage: train", "plain: {stage: fuse");
    yaml.replace(yaml.find("  head:"), 0, "  eyes: {fused_model_of: plain}\n");
    yaml.replace(yaml.find("far: {data: b}"), 14,
                 "far: {data: b, points: seen, cameras: [CAM_BACK, CAM_FRONT]}");
    const auto plan = this->plan(yaml, "eyes/a-to-b/seed-3");
    const auto job = std::find_if(plan.jobs.begin(), plan.jobs.end(), [](const auto& each) {
        return each.name == "eyes/a-to-b/seed-3/far";
    });
    ASSERT_NE(job, plan.jobs.end());
    const auto run = (folder_ / "out/runs/plain/a-to-b/seed-3").string();
    const auto value = [&](const char* option) {
        const auto at = std::find(job->arguments.begin(), job->arguments.end(), option);
        return at == job->arguments.end() ? "" : *(at + 1);
    };
    EXPECT_EQ(value("--model"), run + "/fused.safetensors");
    EXPECT_EQ(value("--teacher"), run + "/config.yaml");
    EXPECT_EQ(value("--points"), "seen");
    EXPECT_EQ(value("--cameras"), "CAM_BACK,CAM_FRONT");
    EXPECT_EQ(plan.jobs[job->after.back()].name, "plain/a-to-b/seed-3");
    for (const auto& each : plan.jobs) {
        EXPECT_FALSE(each.name == "eyes/a-to-b/seed-3") << "it is no training";
    }
}

TEST_F(StudyPlan, WhatIsFinishedIsDone) {
    const auto before = plan(text());
    finish(before, "plain/a-to-b/seed-3");
    EXPECT_EQ(job(plan(text()), "plain/a-to-b/seed-3").state, Job::State::done);
    EXPECT_EQ(job(plan(text()), "plain/a-to-b/seed-5").state, Job::State::waiting);
    finish(before, "head/a-to-b/seed-3");
    EXPECT_EQ(job(plan(text()), "head/a-to-b/seed-3").state, Job::State::done)
        << "its config is that which was foreseen without the weights";

    const auto result = folder_ / "out/results/plain/a-to-b/seed-3/far.json";
    const auto data = "{format: \"nuscenes\", path: \"" + (folder_ / "out/data/b/0").string() +
                      "\", split: \"all\", labels: true, weight: 1, frame: canonical}";
    const nlohmann::json json{{"setting", "city-a64-to-b32"}, {"side", "target"}, {"data", data}};
    write_bytes(result, json.dump());
    EXPECT_EQ(job(plan(text()), "plain/a-to-b/seed-3/far").state, Job::State::waiting)
        << "its page is not there";
    write_bytes(folder_ / "out/results/plain/a-to-b/seed-3/far.html", "");
    EXPECT_EQ(job(plan(text()), "plain/a-to-b/seed-3/far").state, Job::State::done);
    const auto other = text("far: {data: b}", "far: {data: b, setting: city-a64-to-a32}");
    EXPECT_EQ(job(plan(other), "plain/a-to-b/seed-3/far").state, Job::State::waiting)
        << "other labels";
}

TEST_F(StudyPlan, RunsOfAnotherFormAreNamedTogether) {
    const auto before = plan(text());
    finish(before, "plain/a-to-b/seed-3");
    finish(before, "head/a-to-b/seed-3");
    const auto changed = text("learning_rate: 0.5", "learning_rate: 0.25");
    const auto error = error_of([&] { plan(changed); });
    EXPECT_NE(error.find("out/runs/head/a-to-b/seed-3; remove them"), std::string::npos) << error;
    plan(changed, "oracle");  // is not concerned

    std::filesystem::remove_all(folder_ / "out/runs/plain");
    EXPECT_NE(error_of([&] { plan(text()); }).find("out/runs/head/a-to-b/seed-3"),
              std::string::npos)
        << "its weights will be made anew";
}

TEST_F(StudyPlan, OnlyKeepsWhatIsNeeded) {
    const auto made = plan(text(), "head/a-to-b/seed-5");
    std::vector<std::string> names;
    for (const auto& each : made.jobs) {
        if (each.state == Job::State::waiting) {
            names.push_back(each.name);
        }
    }
    EXPECT_EQ(names,
              (std::vector<std::string>{"data/a/1", "data/a/2", "data/b/0", "plain/a-to-b/seed-5",
                                        "head/a-to-b/seed-5", "head/a-to-b/seed-5/far"}));
    EXPECT_NE(error_of([&] { plan(text(), "nothing"); }).find("--only nothing"), std::string::npos);
}

TEST_F(StudyPlan, MistakesAreFoundBeforeAnythingRuns) {
    expect_error("optimiser.learning_rate", "optimizer.learning_rate",
                 {"recipe 'head'", "did you mean 'optimiser'"});
    expect_error("optimiser.learning_rate: 0.5", "optimiser.learning_rate: -1", {"above 0"});
    expect_error("probe.yaml", "prob.yaml", {"recipe 'head'", "prob.yaml"});
    expect_error("{target_labels}", "{target_label}",
                 {"recipe 'oracle': setting: {target_label} means nothing", "{target_labels}"});
    expect_error("{target}", "{data.c}", {"{data.c} means nothing", "did you mean {data."});
    expect_error("    target: b\n", "", {"{target} means nothing for the setting 'a-to-b'"});
    expect_error("setting: city-a64-to-b32", "setting: city-a64-to-b33",
                 {"no setting 'city-a64-to-b33'", "city-a64-to-b32"});
    expect_error("setting: city-a64-to-b32", "setting: synlidar-to-kitti19",
                 {"no reader for 'synlidar'"});
    expect_error("setting: city-a64-to-b32", "setting: city-b32-to-a64",
                 {"recipe 'plain'", "is semantickitti", "another setting or side"});
    expect_error("far: {data: b}", "far: {data: b, side: source}",
                 {"setting 'a-to-b', test 'far'", "is nuscenes"});
    expect_error(
        "far: {data: b}", "far: {data: b, setting: kitti-to-nuscenes10}",
        {"setting 'a-to-b', test 'far'", "its classes are 'sk10', those of training 'pd8'"});
    expect_error("{simulate: {city: b, rig: hdl32e, format: nuscenes, frames: 2, interval: 3}}",
                 "{format: nuscenes, path: /nowhere}", {"/nowhere", "not there"});
}

}  // namespace
}  // namespace distillar::test
