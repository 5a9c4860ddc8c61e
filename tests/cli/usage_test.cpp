#include "cli/program.hpp"
#include "support/data.hpp"

namespace distillar::test {

class Help : public testing::TestWithParam<const char*> {};

TEST_P(Help, ShowsAnExample) {
    const Outcome outcome = run_program({GetParam(), "--help"});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_NE(outcome.out.find("Example:\n  distillar " + std::string(GetParam())),
              std::string::npos)
        << outcome.out;
    EXPECT_EQ(outcome.err, "");
}

INSTANTIATE_TEST_SUITE_P(EveryCommand, Help,
                         testing::Values("info", "project", "features", "pretrain", "probe",
                                         "train", "adapt", "evaluate", "segment", "convert",
                                         "inspect", "simulate", "bench", "quantize", "draw",
                                         "study", "teacher"),
                         [](const auto& command) { return std::string(command.param); });

TEST(Usage, VersionAndHelpOfTheProgram) {
    EXPECT_EQ(run_program({"--version"}).code, 0);
    const Outcome help = run_program({"--help"});
    EXPECT_EQ(help.code, 0);
    EXPECT_NE(help.out.find("segment"), std::string::npos);
}

TEST(Usage, NoCommandNamesThem) {
    expect_one_line_error({}, 2, {"say what to do", "info", "segment", "distillar --help"});
}

TEST(Usage, MisspeltCommand) {
    expect_one_line_error({"segmnet"}, 2, {"unknown command 'segmnet'", "did you mean 'segment'"});
}

TEST(Usage, MisspeltOption) {
    expect_one_line_error(
        {"info", "/tmp", "--senzor=pandar64"}, 2,
        {"unknown option --senzor", "did you mean --sensor?", "distillar info --help"});
    expect_one_line_error({"project", "/tmp", "--frame", "1", "--camera", "c", "--overly", "a.png"},
                          2, {"unknown option --overly", "did you mean --overlay?"});
}

TEST(Usage, CommandBelowACommand) {
    expect_one_line_error({"teacher"}, 2, {"say what to do: train", "distillar teacher --help"});
    expect_one_line_error({"teacher", "trian"}, 2,
                          {"unknown command 'trian'", "did you mean 'train'"});
    expect_one_line_error(
        {"teacher", "train", "--dta", "/tmp"}, 2,
        {"unknown option --dta", "did you mean --data?", "distillar teacher train --help"});
    expect_one_line_error({"teacher", "train", "--run", "/tmp/x"}, 2, {"--config is required"});
}

TEST(Usage, MissingAndSuperfluousArguments) {
    expect_one_line_error({"info"}, 2, {"path is required"});
    expect_one_line_error({"project", "/tmp", "--camera", "front"}, 2, {"--frame is required"});
    expect_one_line_error({"info", "/tmp", "--sequences", "001", "002"}, 2,
                          {"'002' is one argument too many"});
    expect_one_line_error({"info", "/tmp", "--measure", "many"}, 2, {"--measure"});
}

TEST(Usage, PathThatIsNotThere) {
    expect_one_line_error({"info", "/nowhere/at/all"}, 2, {"/nowhere/at/all"});
    expect_one_line_error({"inspect", "/nowhere.pth"}, 2, {"/nowhere.pth", "check the path"});
    expect_one_line_error({"convert", "/nowhere.pth", "/tmp/out.safetensors"}, 2,
                          {"/nowhere.pth", "check the path"});
}

TEST(Usage, ModelToStartFromThatIsNotThere) {
    const TemporaryFolder folder;
    const std::string text =
        "distillar-config: 1\nweights: /there.safetensors\nsetting: kitti-to-pandaset8\n"
        "data: {train: [{path: /data}]";
    const std::string config = write_bytes(folder / "run.yaml", text + "}\n").string();
    const std::string with_target =
        write_bytes(folder / "adapt.yaml", text + ", target: [{path: /data}]}\n").string();
    const std::string run = (folder / "run").string();
    expect_one_line_error(
        {"train", "--config", config, "--run", run, "--finetune", "/no.safetensors"}, 2,
        {"/no.safetensors"});
    expect_one_line_error({"adapt", "--config", with_target, "--run", run}, 2,
                          {"/there.safetensors"});
}

TEST(Usage, MisspeltFormat) {
    const TemporaryFolder folder;
    expect_one_line_error({"info", folder.path(), "--format", "semantikitti"}, 2,
                          {"semantikitti", "did you mean 'semantickitti'"});
    expect_one_line_error({"info", "pandsaet:" + folder.path().string()}, 2,
                          {"pandsaet", "did you mean 'pandaset'"});
    expect_one_line_error({"info", "pandaset:" + folder.path().string(), "--format", "nuscenes"}, 2,
                          {"pandaset", "nuscenes", "give one of them"});
}

}  // namespace distillar::test
