#pragma once
/// A numpy array inside a pickle.
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "formats/pickle.hpp"

namespace distillar::formats {

struct NdArray {
    char kind = 'f';            ///< numpy's: f float, i signed, u unsigned, b boolean, O objects
    std::size_t item_size = 8;  ///< bytes
    bool fortran = false;       ///< column-major
    std::vector<std::size_t> shape;
    std::string_view bytes;  ///< count() * item_size, little-endian, into the pickle; not for 'O'
    std::shared_ptr<const std::string> decoded;  ///< what `bytes` views where it had to be decoded
    std::vector<const PickleValue*> objects;     ///< for 'O'

    std::size_t count() const;
    /// Element as a number. The caller checks `kind`.
    double real(std::size_t index) const;
    std::int64_t integer(std::size_t index) const;
    /// Position of element (row, column) of a matrix.
    std::size_t at(std::size_t row, std::size_t column) const {
        return fortran ? row + column * shape[0] : row * shape[1] + column;
    }
};

/// @param value  what numpy's _reconstruct and BUILD, or (protocol 5) _frombuffer made.
/// @throws base::Error naming the file if the value is no array, its dtype is not a little-endian
///         number or object, or its data do not fit its shape.
NdArray read_ndarray(const PickleValue& value, const std::filesystem::path& file);

}  // namespace distillar::formats
