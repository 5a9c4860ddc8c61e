#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "cli/command.hpp"
#include "cli/file_report.hpp"
#include "cli/output.hpp"

namespace distillar::cli {

namespace {

struct InspectOptions {
    std::string file;
    bool values = false;
    bool json = false;
};

/// Of the finite values.
struct Values {
    double min = std::numeric_limits<double>::infinity();
    double max = -std::numeric_limits<double>::infinity();
    double mean = 0;
    std::size_t not_finite = 0;
};

template <typename T>
Values values_of(const std::vector<T>& numbers) {
    Values values;
    double sum = 0;
    for (const T number : numbers) {
        const auto value = static_cast<double>(number);
        if (!std::isfinite(value)) {
            ++values.not_finite;
            continue;
        }
        values.min = std::min(values.min, value);
        values.max = std::max(values.max, value);
        sum += value;
    }
    values.mean =
        sum / static_cast<double>(std::max<std::size_t>(1, numbers.size() - values.not_finite));
    return values;
}

bool is_real(formats::Dtype dtype) {
    return dtype == formats::Dtype::f64 || dtype == formats::Dtype::f32 ||
           dtype == formats::Dtype::f16 || dtype == formats::Dtype::bf16;
}

Values values_of(const formats::Tensor& tensor, const std::string& name) {
    return is_real(tensor.dtype) ? values_of(formats::to_doubles(tensor, name))
                                 : values_of(formats::to_integers(tensor, name));
}

nlohmann::ordered_json tensor_json(const std::string& name, const formats::Tensor& tensor,
                                   bool with_values) {
    nlohmann::ordered_json json{
        {"name", name}, {"dtype", formats::name_of(tensor.dtype)}, {"shape", tensor.shape}};
    if (with_values && tensor.count() > 0) {
        const Values values = values_of(tensor, name);
        json["not_finite"] = values.not_finite;
        if (std::isfinite(values.min)) {
            json["min"] = values.min;
            json["max"] = values.max;
            json["mean"] = values.mean;
        }
    }
    return json;
}

std::int64_t parameters(const FileReport& report) {
    std::int64_t count = 0;
    for (const auto& [name, tensor] : report.tensors) {
        count += tensor.count();
    }
    return count;
}

/// "a.b.c   value" for every value of a nested description.
void print_nested(const std::string& prefix, const nlohmann::ordered_json& json) {
    const bool list_of_maps = json.is_array() && !json.empty() && json.front().is_object();
    if (json.is_object()) {
        for (const auto& [key, value] : json.items()) {
            print_nested(prefix.empty() ? key : prefix + "." + key, value);
        }
    } else if (list_of_maps) {
        for (std::size_t i = 0; i < json.size(); ++i) {
            fmt::print("  {:<28}{}\n", fmt::format("{}.{}", prefix, i), json[i].dump());
        }
    } else {
        fmt::print("  {:<28}{}\n", prefix,
                   json.is_string() ? json.get<std::string>() : json.dump());
    }
}

void print_tensors(const FileReport& report, bool with_values) {
    std::size_t width = 4;
    for (const auto& [name, tensor] : report.tensors) {
        width = std::max(width, name.size());
    }
    fmt::print("\n{:<{}}  {:<5} {}\n", "tensor", width, "type", "shape");
    for (const auto& [name, tensor] : report.tensors) {
        std::string line =
            fmt::format("{:<{}}  {:<5} [{}]", name, width, formats::name_of(tensor.dtype),
                        fmt::join(tensor.shape, ", "));
        if (with_values && tensor.count() > 0) {
            const Values values = values_of(tensor, name);
            line += fmt::format("  min {:.4g}, max {:.4g}, mean {:.4g}", values.min, values.max,
                                values.mean);
            line += values.not_finite > 0 ? fmt::format(", {} not finite", values.not_finite) : "";
        }
        fmt::print("{}\n", line);
    }
}

void print_file(const std::string& file, const FileReport& report, bool with_values) {
    print_row("file", fmt::format("{} ({})", file, report.container));
    print_row("what", report.kind);
    print_row("tensors", fmt::format("{}, {} values", report.tensors.size(),
                                     with_commas(static_cast<std::uint64_t>(parameters(report)))));
    if (!report.model.empty()) {
        fmt::print("\nmodel\n");
        print_nested("", report.model);
    }
    if (!report.metadata.empty()) {
        fmt::print("\nmetadata\n");
        for (const auto& [key, value] : report.metadata) {
            fmt::print("  {:<28}{}\n", key, value);
        }
    }
    print_tensors(report, with_values);
}

void run_inspect(const InspectOptions& options, Session& session) {
    const FileReport report = report_on(options.file);
    session.started = true;
    if (!options.json) {
        print_file(options.file, report, options.values);
        return;
    }
    nlohmann::ordered_json json;
    json["file"] = options.file;
    json["container"] = report.container;
    json["what"] = report.kind;
    json["values"] = parameters(report);
    json["model"] = report.model;
    json["metadata"] = report.metadata;
    json["tensors"] = nlohmann::ordered_json::array();
    for (const auto& [name, tensor] : report.tensors) {
        json["tensors"].push_back(tensor_json(name, tensor, options.values));
    }
    print_json(json);
}

}  // namespace

void add_inspect(CLI::App& app, Session& session) {
    CLI::App* command =
        app.add_subcommand("inspect", "What is in this file of tensors: model, metadata, shapes");
    auto options = std::make_shared<InspectOptions>();
    command->add_option("file", options->file, "a .safetensors or .pth file")->required();
    command->add_flag("--values", options->values, "also smallest, largest and mean value");
    command->add_flag("--json", options->json, "print JSON");
    add_example(*command, "distillar inspect runs/pandaset/model.safetensors --values");
    command->callback([options, &session] { run_inspect(*options, session); });
}

}  // namespace distillar::cli
