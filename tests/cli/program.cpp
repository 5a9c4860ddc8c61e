#include "cli/program.hpp"

#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <filesystem>

#include "support/data.hpp"

extern char** environ;

namespace distillar::test {

Outcome run_program(const std::vector<std::string>& arguments,
                    const std::function<void(pid_t)>& meanwhile) {
    const TemporaryFolder folder;
    const std::string out = folder / "out";
    const std::string err = folder / "err";
    std::vector<std::string> words{DISTILLAR_PROGRAM};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (auto& word : words) {
        argv.push_back(word.data());
    }
    argv.push_back(nullptr);

    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    constexpr int create = 0x241;  // O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", 0, 0);
    posix_spawn_file_actions_addopen(&files, 1, out.c_str(), create, 0600);
    posix_spawn_file_actions_addopen(&files, 2, err.c_str(), create, 0600);
    pid_t process = 0;
    const int failure =
        posix_spawn(&process, DISTILLAR_PROGRAM, &files, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    if (failure != 0) {
        ADD_FAILURE() << "cannot start " << DISTILLAR_PROGRAM;
        return {};
    }
    if (meanwhile) {
        meanwhile(process);
    }
    int status = 0;
    waitpid(process, &status, 0);
    Outcome outcome;
    outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    outcome.out = read_bytes(out);
    outcome.err = read_bytes(err);
    return outcome;
}

void expect_one_line_error(const std::vector<std::string>& arguments, int code,
                           const std::vector<std::string>& parts) {
    const Outcome outcome = run_program(arguments);
    EXPECT_EQ(outcome.code, code) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
    EXPECT_TRUE(outcome.err.starts_with("distillar: error: ")) << outcome.err;
    for (const auto& part : parts) {
        EXPECT_NE(outcome.err.find(part), std::string::npos)
            << "no '" << part << "' in: " << outcome.err;
    }
}

}  // namespace distillar::test
