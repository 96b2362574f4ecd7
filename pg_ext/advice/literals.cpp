// The literals in a statement's text, and how well they are known never to vary.
#include "pg_ext/advice/literals.h"

#include "pg_ext/observe/constant_positions.h"
#include "pg_ext/store/parameters.h"

#include <string_view>

namespace advisor::pg {
namespace {

constexpr double meant = 1000; // executions that a literal beside parameters stands for

int offset_of(const observe::Token &token, const std::string &text) {
    return static_cast<int>(token.at - text.data());
}

// Was this the value that was recorded? A guard against numbers that went astray.
bool is_recorded(const store::Position &position, const observe::Token &token) {
    std::string_view written(token.at, token.length);
    if (written.size() >= 2 && written.front() == '\'' && written.back() == '\'')
        written = written.substr(1, written.size() - 2);
    const store::Piece &kept = position.kept[0];
    return position.values > 0 && kept.bytes && written == std::string_view(kept.bytes, kept.length);
}

} // namespace

std::vector<WrittenLiteral> recorded_literals(const RecordedStatement &statement, const std::string &text) {
    std::vector<store::Position> positions(store::most_positions);
    positions.resize(
        store::decode_positions(statement.positions.data(), statement.positions.size(), positions.data()));
    const observe::ConstantPositions found = observe::constant_positions({text.data(), text.size()});
    std::vector<WrittenLiteral> literals;
    if (!found.known)
        return literals;
    for (const observe::ConstantPosition &constant : found.constants) {
        if (constant.position >= positions.size())
            break;
        const store::Position &position = positions[constant.position];
        if (position.constant && !position.incomparable && position.distinct == 1 &&
            is_recorded(position, constant.token))
            literals.push_back({offset_of(constant.token, text), static_cast<double>(position.compared)});
    }
    return literals;
}

std::vector<WrittenLiteral> given_literals(const std::string &text) {
    const observe::ConstantPositions found = observe::constant_positions({text.data(), text.size()});
    std::vector<WrittenLiteral> literals;
    for (const observe::ConstantPosition &constant : found.constants)
        literals.push_back({offset_of(constant.token, text), found.has_parameters ? meant : 1});
    return literals;
}

} // namespace advisor::pg
