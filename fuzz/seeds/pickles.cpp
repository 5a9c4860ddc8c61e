/// .pth files of both layouts and PandaSet's data frames.
#include "formats/zip_bytes.hpp"
#include "fuzz/seeds/seeds.hpp"

namespace distillar::fuzz {

namespace {

using test::le;
namespace pk = test::pk;

template <typename Number>
std::string numbers(std::initializer_list<Number> values) {
    std::string bytes;
    for (const Number value : values) {
        bytes += le(value);
    }
    return bytes;
}

const std::string zero("K\0", 2);  // the integer, as a pickle has it

std::string tensor(const std::string& key, int count, const std::string& shape,
                   const std::string& strides, const std::string& type = "FloatStorage") {
    const std::string id = pk::tuple(pk::text("storage"), pk::global("torch", type), pk::text(key),
                                     pk::text("cpu"), pk::integer(count));
    return pk::call(pk::global("torch._utils", "_rebuild_tensor_v2"),
                    pk::tuple(id + "Q", zero, shape, strides, "\x89",
                              pk::global("collections", "OrderedDict") + ")R"));
}

std::string pair(int first, int second) {
    return pk::tuple(pk::integer(first), pk::integer(second));
}

/// A state dict: a matrix, its transpose through the memo, a parameter, a number.
std::string state() {
    const std::string matrix = tensor("0", 6, pair(2, 3), pair(3, 1));
    const std::string parameter =
        pk::call(pk::global("torch._utils", "_rebuild_parameter"),
                 pk::tuple(tensor("0", 6, pair(3, 2), pair(1, 3)), "\x88", "N"));
    return pk::dictionary(pk::text("net"),
                          pk::dictionary(pk::text("w"), matrix + "q\x01", pk::text("v"), "h\x01",
                                         pk::text("p"), parameter),
                          pk::text("list"), pk::list(matrix, pk::integer(3), "N"));
}

std::string legacy() {
    const std::string value = pk::dictionary(
        pk::text("w"), tensor("k", 2, pk::tuple(pk::integer(2)), pk::tuple(pk::integer(1))));
    return "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19." + pk::whole("M\xE9\x03") +
           pk::whole(pk::dictionary(pk::text("little_endian"), "\x88")) + pk::whole(value) +
           pk::whole(pk::list(pk::text("k"))) + le(std::int64_t{2}) + numbers<float>({7, 8});
}

void add_pth(const Seeds& seeds) {
    const std::string floats = numbers<float>({0, 1, 2, 3, 4, 5});
    const std::string pickled = pk::whole(state());
    const auto zip = [&](bool deflate, bool zip64) {
        return test::zip_file({{.name = "m/data.pkl", .content = pickled, .deflate = deflate},
                               {.name = "m/byteorder", .content = "little"},
                               {.name = "m/data/0", .content = floats, .deflate = deflate}},
                              "", zip64);
    };
    seeds.add("pth", "stored", zip(false, false));
    seeds.add("pth", "deflated", zip(true, false));
    seeds.add("pth", "zip64", zip(false, true));
    seeds.add("pth", "legacy", legacy());
    seeds.add("pth_pickle", "state", pickled);
    seeds.add("pth_pickle", "protocols",
              "\x80\x04\x95\x40" + std::string(7, '\0') +
                  "}\x94(\x8c\x01w\x94K\x01\x8c\x01l](I1\nI01\n" +
                  "L7L\nF1.5\nS'a\\x41'\nVb\\u0041\nU\x01zC\x01q\x8a\x01\x05G" +
                  std::string("\x3f\xf8\0\0\0\0\0\0", 8) +
                  "\x88\x89N)]}\x8f(K\x01\x90K\x01\x85"
                  "eu.");
    seeds.add(
        "pth_pickle", "ordered",
        pk::whole(pk::call(
            pk::global("collections", "OrderedDict"),
            pk::tuple(pk::list(pk::list(pk::text("a"), tensor("0", 6, pair(2, 3), pair(3, 1))))))));
}

std::string dtype(const std::string& code, const std::string& order) {
    return pk::call(pk::global("numpy", "dtype"), pk::tuple(pk::text(code), "\x89\x88")) +
           pk::tuple(pk::integer(3), pk::text(order), "NNN") + "b";
}

std::string array(const std::string& shape, const std::string& type, const std::string& data) {
    return pk::call(pk::global("numpy.core.multiarray", "_reconstruct"),
                    pk::tuple(pk::global("numpy", "ndarray"), pk::tuple(pk::integer(0)),
                              pk::bytes("b"))) +
           pk::tuple(pk::integer(1), shape, type, "\x89", data) + "b";
}

std::string axes(const std::string& names) {
    std::string items;
    for (const char name : names) {
        items += pk::text(name == 'c' ? "class" : std::string(1, name));
    }
    const auto count = pk::tuple(pk::integer(static_cast<int>(names.size())));
    const auto index = [](const std::string& module, const std::string& name,
                          const std::string& fields) {
        return pk::call(pk::global("pandas.core.indexes.base", "_new_Index"),
                        pk::tuple(pk::global("pandas.core.indexes." + module, name), fields));
    };
    return pk::list(
        index("base", "Index",
              pk::dictionary(pk::text("data"), array(count, dtype("O8", "|"), pk::list(items)))),
        index("range", "RangeIndex", pk::dictionary(pk::text("start"), pk::integer(0))));
}

std::string slice(int start, int stop) {
    return pk::call(pk::global("builtins", "slice"),
                    pk::tuple(pk::integer(start), pk::integer(stop), pk::integer(1)));
}

std::string frame(const std::string& key, const std::string& manager) {
    return pk::whole(pk::global("pandas.core.frame", "DataFrame") + ")\x81" +
                     pk::dictionary(pk::text(key), manager) + "b");
}

const std::string manager = pk::global("pandas.core.internals.managers", "BlockManager");

/// pandas 0.14 to 1.2: two points of lidar.
std::string lidar() {
    const std::string values =
        array(pair(5, 2), dtype("f8", "<"),
              pk::bytes(numbers<double>({1, -1, 2, -2, 3, -3, 40, 60, 5.5, 7.5})));
    const std::string sensor =
        array(pair(1, 2), dtype("i8", "<"), pk::bytes(numbers<std::int64_t>({0, 1})));
    const auto block = [](const std::string& data, const std::string& places) {
        return pk::dictionary(pk::text("values"), data, pk::text("mgr_locs"), places);
    };
    const std::string layout =
        pk::dictionary(pk::text("axes"), axes("xyzitd"), pk::text("blocks"),
                       pk::list(block(values, slice(0, 5)), block(sensor, slice(5, 6))));
    return frame("_data", manager + ")\x81" +
                              pk::tuple("]", "]", "]", pk::dictionary(pk::text("0.14.1"), layout)) +
                              "b");
}

/// pandas 1.3 and later: three labels.
std::string labels() {
    const std::string block =
        pk::call(pk::global("pandas._libs.internals", "_unpickle_block"),
                 pk::tuple(array(pair(1, 3), dtype("u1", "|"), pk::bytes("\x05\x0d\x01")),
                           slice(0, 1), pk::integer(2)));
    return frame("_mgr", pk::call(manager, pk::tuple(pk::tuple(block), axes("c"))));
}

}  // namespace

void add_pickles(const Seeds& seeds) {
    add_pth(seeds);
    for (const auto& [name, pickled] :
         {std::pair("lidar", lidar()), std::pair("labels", labels())}) {
        seeds.add("pandaset_pickle", name, pickled);
        seeds.add("pandaset", name, test::gzip(pickled));
        seeds.add("pandaset", std::string(name) + "-stored", test::gzip(pickled, 0));
    }
}

}  // namespace distillar::fuzz
