#pragma once
/// The seeds of fuzz/corpus: small valid files, made by our own writers or byte by byte. Nothing
/// of a data set is among them.
#include <filesystem>
#include <string>

namespace distillar::fuzz {

/// Writes the seeds TARGET/NAME below a folder.
class Seeds {
public:
    explicit Seeds(std::filesystem::path folder) : folder_(std::move(folder)) {}
    std::filesystem::path path(const std::string& target, const std::string& name) const {
        return folder_ / target / ("seed-" + name);
    }
    void add(const std::string& target, const std::string& name, const std::string& bytes) const;

private:
    std::filesystem::path folder_;
};

void add_pickles(const Seeds& seeds);
void add_clouds(const Seeds& seeds);
void add_tensors(const Seeds& seeds);
void add_texts(const Seeds& seeds);
void add_run_configs(const Seeds& seeds);
void add_logs(const Seeds& seeds);
void add_numbers(const Seeds& seeds);

}  // namespace distillar::fuzz
