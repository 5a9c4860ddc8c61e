#pragma once
#include <memory>

#include "runtime/network.hpp"

namespace distillar::runtime {

/// Whether the engine runs networks of this kind.
bool has_engine(const formats::ModelDescription& description);

/// A described model, ready to run. Immutable, shared by any number of segmenters.
class Model {
public:
    /// @throws base::Error naming the file if it is damaged, not a described model, has no classes,
    ///         or its weights do not fit its description; if the processor lacks what the precision
    ///         needs, or the file has no steps for int8.
    static std::shared_ptr<const Model> load(const std::filesystem::path& file,
                                             Precision precision);

    Model(const formats::ModelFile& file, const std::string& source, Precision precision);

    const formats::ModelDescription& description() const { return description_; }
    const Network& network() const { return network_; }
    const std::string& source() const { return source_; }
    bool needs_intensity() const;

private:
    std::string source_;
    formats::ModelDescription description_;
    Network network_;
};

}  // namespace distillar::runtime
