/// Compressed bytes, and the sizes and values of kernels.
#include "formats/bytes.hpp"
#include "formats/lzf.hpp"
#include "fuzz/seeds/seeds.hpp"

namespace distillar::fuzz {

namespace {

std::string number(int value) {
    return test::le(static_cast<std::uint16_t>(value));
}

std::string lzf_of(const std::string& text) {
    const auto packed = formats::lzf_compress(std::as_bytes(std::span(text)));
    return {reinterpret_cast<const char*>(packed.data()), packed.size()};
}

}  // namespace

void add_numbers(const Seeds& seeds) {
    const std::string text = "abcabcabcabcabcabc, and then abcabc again and again and again";
    seeds.add("inflate", "gzip", test::gzip(text));
    seeds.add("inflate", "raw", test::deflate_raw(text));
    seeds.add("inflate", "stored", test::gzip(text, 0));
    seeds.add("inflate", "long", test::gzip(std::string(1'100'000, 'z'), 9));
    seeds.add("lzf", "packed", number(static_cast<int>(text.size())) + lzf_of(text));
    seeds.add("lzf", "run", number(600) + lzf_of(std::string(600, 'z')));
    std::string values;
    for (int i = 0; i < 40; ++i) {
        values += number(i * 1021 - 20000);
    }
    seeds.add("kernels", "small", number(2) + number(9) + number(1) + values);
    seeds.add("kernels", "wide", number(3) + number(67) + number(3) + values);
}

}  // namespace distillar::fuzz
