#include <cstdio>

#include "fuzz/seeds/seeds.hpp"
#include "support/data.hpp"

namespace distillar::fuzz {

void Seeds::add(const std::string& target, const std::string& name,
                const std::string& bytes) const {
    test::write_bytes(path(target, name), bytes);
}

}  // namespace distillar::fuzz

int main(int count, char** arguments) {
    using namespace distillar::fuzz;
    if (count != 2) {
        std::fputs("usage: fuzz-seeds FOLDER\n", stderr);
        return 2;
    }
    const Seeds seeds(arguments[1]);
    add_pickles(seeds);
    add_clouds(seeds);
    add_tensors(seeds);
    add_texts(seeds);
    add_run_configs(seeds);
    add_logs(seeds);
    add_numbers(seeds);
}
