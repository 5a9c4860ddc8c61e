#pragma once
#include <omp.h>

namespace distillar::kernels {

/// While one lives, OpenMP regions that this thread enters have one thread. oneDNN is built on
/// OpenMP and would start threads of its own under each thread of our pool. The setting belongs to
/// the calling thread, so LibTorch's on the same thread is put back, and others never see it.
class OneThread {
public:
    OneThread() : before_(omp_get_max_threads()) { omp_set_num_threads(1); }
    ~OneThread() { omp_set_num_threads(before_); }
    OneThread(const OneThread&) = delete;
    OneThread& operator=(const OneThread&) = delete;

private:
    int before_;
};

}  // namespace distillar::kernels
