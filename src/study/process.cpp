#include "study/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace distillar::study {

namespace {

constexpr std::array<int, 3> noted{SIGCHLD, SIGINT, SIGTERM};
constexpr char child_ended = 'c', stop = 's';

volatile int note_to = -1;  // the pipe of the Signals that lives

void note(int signal) {
    const int error = errno;
    const char byte = signal == SIGCHLD ? child_ended : stop;
    [[maybe_unused]] const ssize_t written = write(note_to, &byte, 1);
    errno = error;
}

}  // namespace

Signals::Signals() {
    if (pipe2(pipe_.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
        base::fail("no pipe can be made: {}; close programs", std::strerror(errno));
    }
    note_to = pipe_[1];
    struct sigaction action {};
    action.sa_handler = note;
    action.sa_flags = SA_RESTART;
    for (std::size_t i = 0; i < noted.size(); ++i) {
        sigaction(noted[i], &action, &before_[i]);
    }
}

Signals::~Signals() {
    for (std::size_t i = 0; i < noted.size(); ++i) {
        sigaction(noted[i], &before_[i], nullptr);
    }
    close(pipe_[0]);
    close(pipe_[1]);
}

bool Signals::wait(std::chrono::milliseconds time) const {
    pollfd readable{pipe_[0], POLLIN, 0};
    poll(&readable, 1, static_cast<int>(time.count()));
    bool stopped = false;
    for (char byte = 0; read(pipe_[0], &byte, 1) == 1;) {
        stopped = stopped || byte == stop;
    }
    return stopped;
}

Process::Process(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                 const std::filesystem::path& log) {
    std::filesystem::create_directories(log.parent_path());
    std::vector<std::string> words{"distillar"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (auto& word : words) {
        argv.push_back(word.data());
    }
    argv.push_back(nullptr);

    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    posix_spawn_file_actions_adddup2(&files, 1, 2);
    const int failure = posix_spawn(&id_, program.c_str(), &files, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    if (failure != 0) {
        base::fail_in(program, "cannot be started with the log {}: {}; check free space and limits",
                      log.string(), std::strerror(failure));
    }
}

Process::~Process() {
    if (!reaped_) {
        stop();
        waitpid(id_, nullptr, 0);
    }
}

std::optional<std::string> Process::ended() {
    int status = 0;
    if (waitpid(id_, &status, WNOHANG) == 0) {
        return std::nullopt;
    }
    reaped_ = true;
    if (WIFSIGNALED(status)) {
        return fmt::format("signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status)));
    }
    return WEXITSTATUS(status) == 0 ? "" : fmt::format("exit code {}", WEXITSTATUS(status));
}

void Process::stop() const {
    kill(id_, SIGTERM);
}

}  // namespace distillar::study
