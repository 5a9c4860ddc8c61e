#include "formats/safetensors_header.hpp"

#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "base/error.hpp"
#include "base/limits.hpp"
#include "formats/records.hpp"

namespace distillar::formats {

namespace {

/// {"__metadata__": {text: text}, name: {"dtype": text, "shape": [sizes], "data_offsets": [b, e]}}
class HeaderHandler : public nlohmann::json_sax<nlohmann::json> {
public:
    explicit HeaderHandler(const std::filesystem::path& file) : file_(file) {}

    SafeTensorsHeader take() { return std::move(header_); }

    bool key(string_t& name) override {
        auto& known = depth_ == 1 ? names_ : fields_;
        if (!known.insert(name).second) {
            base::fail_in(file_, "header: the key \"{}\" occurs twice{}; the file is damaged",
                          shown(name), depth_ == 1 ? "" : " in \"" + shown(name_) + "\"");
        }
        (depth_ == 1 ? name_ : field_) = name;
        return true;
    }

    bool start_object(std::size_t) override {
        if (depth_ >= 2 || in_array_) {
            unexpected("an object");
        }
        if (++depth_ == 2) {
            fields_.clear();
            entry_ = {};
            sizes_.reset();
            offsets_.reset();
            has_dtype_ = false;
        }
        return true;
    }

    bool end_object() override {
        if (--depth_ == 1 && name_ != "__metadata__") {
            finish_entry();
        }
        return true;
    }

    bool start_array(std::size_t) override {
        if (depth_ != 2 || in_array_ || in_metadata()) {
            unexpected("a list");
        }
        in_array_ = true;
        if (field_ == "shape") {
            sizes_.emplace();
        } else if (field_ == "data_offsets") {
            offsets_.emplace();
        } else {
            unexpected("a list");
        }
        return true;
    }

    bool end_array() override {
        in_array_ = false;
        return true;
    }

    bool number_unsigned(number_unsigned_t value) override {
        if (!in_array_) {
            unexpected("a number");
        }
        if (field_ == "shape") {
            if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
                unexpected("a size beyond 63 bits");
            }
            sizes_->push_back(static_cast<std::int64_t>(value));
        } else {
            offsets_->push_back(value);
        }
        if (field_ == "shape" ? sizes_->size() > base::limits().rank : offsets_->size() > 2) {
            unexpected("too many numbers");
        }
        return true;
    }

    bool string(string_t& text) override {
        if (depth_ != 2 || in_array_) {
            unexpected("text");
        }
        if (in_metadata()) {
            header_.metadata[field_] = text;
        } else if (field_ == "dtype") {
            entry_.dtype = dtype_of(text);
            has_dtype_ = true;
        } else {
            unexpected("text");
        }
        return true;
    }

    bool null() override { unexpected("null"); }
    bool boolean(bool) override { unexpected("a boolean"); }
    bool number_integer(number_integer_t) override { unexpected("a negative number"); }
    bool number_float(number_float_t, const string_t&) override {
        unexpected("a number that is no 64-bit integer");
    }
    bool binary(binary_t&) override { unexpected("binary data"); }

    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::json::exception&) override {
        base::fail_in(file_, "header: malformed JSON at byte {} of the file; it is damaged",
                      position + 7);  // 8 bytes of length before it; positions count from 1
    }

private:
    static std::string shown(const std::string& name) { return printable(name, 200); }
    bool in_metadata() const { return name_ == "__metadata__"; }

    [[noreturn]] void unexpected(const char* what) const {
        if (depth_ < 2) {
            base::fail_in(file_, "header: {} at the key \"{}\" is not allowed", what, shown(name_));
        }
        base::fail_in(file_, "header: {} at the key \"{}\" of \"{}\" is not allowed", what,
                      shown(field_), shown(name_));
    }

    Dtype dtype_of(const std::string& text) const {
        for (int i = 0; i <= static_cast<int>(Dtype::boolean); ++i) {
            if (text == name_of(static_cast<Dtype>(i))) {
                return static_cast<Dtype>(i);
            }
        }
        base::fail_in(file_, "tensor {}: dtype \"{}\" is not supported; convert it to F32",
                      shown(name_), shown(text));
    }

    void finish_entry() {
        if (!has_dtype_ || !sizes_ || !offsets_ || offsets_->size() != 2) {
            base::fail_in(file_, "tensor {}: needs dtype, shape and two data_offsets",
                          shown(name_));
        }
        entry_.name = name_;
        entry_.shape = std::move(*sizes_);
        entry_.begin = (*offsets_)[0];
        entry_.end = (*offsets_)[1];
        header_.entries.push_back(std::move(entry_));
    }

    const std::filesystem::path& file_;
    SafeTensorsHeader header_;
    SafeTensorsHeader::Entry entry_;
    std::optional<std::vector<std::int64_t>> sizes_;
    std::optional<std::vector<std::uint64_t>> offsets_;
    std::set<std::string> names_, fields_;
    std::string name_, field_;
    int depth_ = 0;
    bool in_array_ = false;
    bool has_dtype_ = false;
};

}  // namespace

SafeTensorsHeader parse_safetensors_header(std::string_view json,
                                           const std::filesystem::path& file) {
    if (json.empty() || json.front() != '{') {
        base::fail_in(file,
                      "offset 8: the header does not begin with '{{'; not a safetensors file");
    }
    HeaderHandler handler(file);
    nlohmann::json::sax_parse(json, &handler);
    return handler.take();
}

}  // namespace distillar::formats
