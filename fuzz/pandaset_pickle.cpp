/// The pickled data frame inside the gzip, whose checksum would stop nearly every change.
#include "formats/data_frame.hpp"
#include "fuzz/target.hpp"

using namespace distillar;

FUZZ_TARGET(pandaset_pickle) {
    static const std::filesystem::path file = "00.pkl.gz";
    fuzz::survive([&] {
        const auto pickle = formats::read_pickle(bytes, {formats::DataFrame::globals()}, file);
        const formats::DataFrame frame(*pickle.root, file);
        for (const char* column : {"x", "y", "z", "i", "t"}) {
            fuzz::survive([&] {
                fuzz::require(frame.doubles(column).size() == frame.rows(), "a column is short");
            });
        }
        for (const char* column : {"d", "class"}) {
            fuzz::survive([&] {
                fuzz::require(frame.integers(column).size() == frame.rows(), "a column is short");
            });
        }
    });
}
