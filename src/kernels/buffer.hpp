#pragma once
#include <cstddef>
#include <cstring>
#include <memory>
#include <new>

namespace distillar::kernels {

/// Uninitialised floats on a cache-line boundary.
class Buffer {
public:
    Buffer() = default;
    explicit Buffer(std::size_t size)
        : data_(new (std::align_val_t{alignment}) float[size]), size_(size) {}

    float* data() { return data_.get(); }
    const float* data() const { return data_.get(); }
    std::size_t size() const { return size_; }
    void zero() {
        if (size_ != 0) {
            std::memset(data_.get(), 0, size_ * sizeof(float));
        }
    }

private:
    static constexpr std::size_t alignment = 64;
    struct Free {
        void operator()(float* data) const {
            ::operator delete[](data, std::align_val_t{alignment});
        }
    };
    std::unique_ptr<float[], Free> data_;
    std::size_t size_ = 0;
};

}  // namespace distillar::kernels
