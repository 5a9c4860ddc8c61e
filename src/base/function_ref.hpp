#pragma once
#include <concepts>
#include <type_traits>
#include <utility>

namespace distillar::base {

/// A function or lambda of the caller, for the time of a call: two pointers where a std::function
/// would take memory for what the lambda captures.
template <typename Signature>
class FunctionRef;

template <typename Result, typename... Arguments>
class FunctionRef<Result(Arguments...)> {
public:
    template <typename Function>
    requires(!std::same_as<std::remove_cvref_t<Function>, FunctionRef> &&
             std::is_invocable_r_v<Result, const Function&, Arguments...>)
        FunctionRef(const Function& function)
        : function_(&function), call_([](const void* object, Arguments... arguments) -> Result {
              return (*static_cast<const Function*>(object))(std::forward<Arguments>(arguments)...);
          }) {}

    Result operator()(Arguments... arguments) const {
        return call_(function_, std::forward<Arguments>(arguments)...);
    }

private:
    const void* function_;
    Result (*call_)(const void*, Arguments...);
};

}  // namespace distillar::base
