#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace distillar::study {

/// How long jobs took, kept in a file for later starts of the study: what is left is estimated from
/// jobs of the same group.
class Durations {
public:
    /// Reads the file if it is there; one that is damaged counts as absent.
    explicit Durations(std::filesystem::path file);

    /// Remembers a job that was done, and writes the file. Of a job's times the longest stays: one
    /// that was interrupted took longer than its last part.
    void add(const std::string& job, const std::string& group, double seconds);

    /// Mean over the jobs of the group; of all jobs where none of it is known; empty without any.
    std::optional<double> expected(const std::string& group) const;
    /// Mean over the group's own jobs, if there are any.
    std::optional<double> mean(const std::string& group) const;

private:
    struct Entry {
        std::string group;
        double seconds = 0;
    };
    std::filesystem::path file_;
    std::map<std::string, Entry> jobs_;
};

}  // namespace distillar::study
