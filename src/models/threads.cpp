#include "models/threads.hpp"

#include <dlfcn.h>

#include "models/torch.hpp"

namespace distillar::models {

void set_threads(int count) {
    torch::set_num_threads(count);
    using SetThreads = void (*)(int);
    if (const auto set = reinterpret_cast<SetThreads>(
            dlsym(RTLD_DEFAULT, "openblas_set_num_threads"))) {  // what libblas is, apt decides
        set(count);
    }
}

}  // namespace distillar::models
