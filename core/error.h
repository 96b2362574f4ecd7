// What the core throws for a fault that a user can cause; each engine maps it to its own error.
#pragma once
#include <stdexcept>
#include <string>

namespace advisor::core {

enum class ErrorCode { invalid_input, limit_exceeded, internal };

class Error : public std::runtime_error {
public:
    Error(ErrorCode code, const std::string &message, std::string hint = "")
        : std::runtime_error(message), code_(code), hint_(std::move(hint)) {}

    ErrorCode code() const noexcept { return code_; }
    const std::string &hint() const noexcept { return hint_; }

private:
    ErrorCode code_;
    std::string hint_;
};

// The core's way of being stopped: called in every long loop, throws what the engine wants thrown.
using Poll = void (*)();

} // namespace advisor::core
