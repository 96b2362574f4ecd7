// Constants come from the text. Of parameters, the values of the most common types are written out here;
// other output functions of the server run in a subtransaction.
#include "pg_ext/observe/parameter_sample.h"

#include "pg_ext/observe/guarded.h"
#include "pg_ext/observe/observer.h"
#include "pg_ext/observe/parameter_numbers.h"
#include "pg_ext/observe/parameter_values.h"
#include "pg_ext/observe/parse_notes.h"
#include "pg_ext/observe/reduced_tokens.h"
#include "pg_ext/observe/replannable_text.h"
#include "pg_ext/store/parameters.h"

#include <charconv>

namespace advisor::pg::observe {
namespace {

using store::most_positions;
using store::ParameterSample;

constexpr std::uint32_t null_hash = 1;

struct Sampling {
    std::uint32_t count; // positions up to the last that was seen
    ParameterSample samples[most_positions];
    int numbers[most_positions]; // of the server's parameters; 0: none
    Datum values[most_positions];
    bool awaits_output[most_positions];
    char bytes[most_positions][store::most_value_bytes];
};
Sampling sampling;

std::uint32_t hash_of(const char *bytes, std::size_t length) {
    std::uint64_t hash = 0xCBF29CE484222325ULL;
    for (std::size_t i = 0; i < length; ++i)
        hash = (hash ^ static_cast<unsigned char>(bytes[i])) * 0x100000001B3ULL;
    return static_cast<std::uint32_t>(hash ^ hash >> 32);
}

// False when there is no such position.
bool reach(std::size_t position) {
    if (position >= most_positions)
        return false;
    for (; sampling.count <= position; ++sampling.count) {
        sampling.samples[sampling.count] = ParameterSample{};
        sampling.numbers[sampling.count] = 0;
        sampling.awaits_output[sampling.count] = false;
    }
    return true;
}

void set_null(ParameterSample &sample) {
    sample.comparable = sample.kept = true;
    sample.hash = null_hash;
    sample.value = {nullptr, 0};
}

void set_value(ParameterSample &sample, const char *bytes, std::size_t length) {
    sample.comparable = true;
    sample.hash = hash_of(bytes, length);
    sample.kept = length <= store::most_value_bytes;
    sample.value = {bytes, sample.kept ? length : 0};
}

bool is_digits(const char *at, const char *end) {
    for (; at < end; ++at)
        if (*at < '0' || *at > '9')
            return false;
    return true;
}

// As the parser would first type it.
Oid type_of_number(const Token &number) {
    const char *at = number.at, *end = number.at + number.length;
    while (at < end && (*at == '-' || *at == '+' || *at == ' '))
        ++at;
    if (!is_digits(at, end))
        return NUMERICOID;
    std::int64_t value = 0;
    if (std::from_chars(at, end, value).ec != std::errc())
        return NUMERICOID;
    return value <= INT_MAX ? INT4OID : INT8OID;
}

// Without the quotes of a plain string, two of which inside stand for one.
void set_string(std::size_t position, const Token &token) {
    ParameterSample &sample = sampling.samples[position];
    char *target = sampling.bytes[position];
    std::size_t used = 0;
    for (std::size_t i = 1; i + 1 < token.length; ++i) {
        if (used == store::most_value_bytes) {
            set_value(sample, token.at, token.length);
            sample.kept = false;
            return;
        }
        target[used++] = token.at[i];
        i += token.at[i] == '\'';
    }
    set_value(sample, target, used);
}

void set_constant(std::size_t position, const Token &token) {
    ParameterSample &sample = sampling.samples[position];
    sample.constant = true;
    sample.type = UNKNOWNOID;
    switch (*token.at) {
    case '\'': set_string(position, token); return;
    case 'n':
    case 'N':
        if (packed_word(token.at, token.length) == packed_word("null")) {
            set_null(sample);
            return;
        }
        break;
    case 't':
    case 'T':
    case 'f':
    case 'F': sample.type = BOOLOID; break;
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
    case '.':
    case '+':
    case '-': sample.type = type_of_number(token); break;
    default: break;
    }
    set_value(sample, token.at, token.length);
}

void set_integer(std::size_t position, std::int64_t value) {
    char *target = sampling.bytes[position];
    const char *end = std::to_chars(target, target + store::most_value_bytes, value).ptr;
    set_value(sampling.samples[position], target, static_cast<std::size_t>(end - target));
}

// Its bytes tell a value from others, but they are no text.
void await_output(std::size_t position, Datum value) {
    sampling.values[position] = value;
    sampling.awaits_output[position] = sampling.samples[position].kept;
    sampling.samples[position].kept = false;
}

void set_datum(std::size_t position, Datum value) {
    ParameterSample &sample = sampling.samples[position];
    switch (sample.type) {
    case INT2OID: set_integer(position, DatumGetInt16(value)); return;
    case INT4OID: set_integer(position, DatumGetInt32(value)); return;
    case INT8OID: set_integer(position, DatumGetInt64(value)); return;
    case BOOLOID:
        set_value(sample, DatumGetBool(value) ? "true" : "false", DatumGetBool(value) ? 4 : 5);
        return;
    default: break;
    }
    std::int16_t length;
    bool by_value;
    get_typlenbyval(sample.type, &length, &by_value);
    // What the output function writes hangs on the session's settings, so the bytes are compared.
    if (length != -1) {
        const char *bytes = by_value ? reinterpret_cast<const char *>(&value) : DatumGetPointer(value);
        set_value(sample, bytes,
                  by_value       ? sizeof value
                  : length == -2 ? std::strlen(bytes)
                                 : static_cast<std::size_t>(length));
        await_output(position, value);
        return;
    }
    if (VARATT_IS_EXTERNAL(DatumGetPointer(value)) || VARATT_IS_COMPRESSED(DatumGetPointer(value)))
        return; // neither fetched nor unpacked
    const char *bytes = VARDATA_ANY(DatumGetPointer(value));
    set_value(sample, bytes, VARSIZE_ANY_EXHDR(DatumGetPointer(value)));
    if (sample.type != TEXTOID && sample.type != VARCHAROID && sample.type != BPCHAROID)
        await_output(position, value);
}

void set_parameter(std::size_t position, ParamListInfo parameters) {
    const int number = sampling.numbers[position];
    if (!parameters || number < 1 || number > parameters->numParams)
        return;
    ParamExternData fetched;
    const ParamExternData *parameter = parameters->paramFetch
                                           ? parameters->paramFetch(parameters, number, true, &fetched)
                                           : &parameters->params[number - 1];
    if (!OidIsValid(parameter->ptype))
        return;
    sampling.samples[position].type = parameter->ptype;
    if (parameter->isnull)
        set_null(sampling.samples[position]);
    else
        set_datum(position, parameter->value);
}

void write_out(std::size_t position) {
    ParameterSample &sample = sampling.samples[position];
    if (!has_safe_output(sample.type))
        return;
    Oid output;
    bool is_varlena;
    getTypeOutputInfo(sample.type, &output, &is_varlena);
    const char *text = OidOutputFunctionCall(output, sampling.values[position]);
    const std::size_t length = std::strlen(text);
    if (length > store::most_value_bytes)
        return;
    std::memcpy(sampling.bytes[position], text, length);
    sample.value = {sampling.bytes[position], length};
    sample.kept = true;
}

void write_out_rest() {
    bool any = false;
    for (std::uint32_t i = 0; i < sampling.count; ++i)
        any = any || sampling.awaits_output[i];
    if (!any || IsInParallelMode()) // no subtransactions there
        return;
    run_guarded([] {
        for (std::uint32_t i = 0; i < sampling.count; ++i)
            if (sampling.awaits_output[i])
                write_out(i);
    });
}

// What one reading of the text finds. Constants are numbered after the parameters, of which there may be more
// to come.
struct Found {
    Token parameters[most_positions], constants[most_positions];
    std::size_t parameter_count, constant_count;
    bool left_out_parameters;
};
Found found;

void read_text(TextCut text) {
    found.parameter_count = found.constant_count = 0;
    ReducedTokens tokens(text);
    for (Token token;;) {
        tokens.skip_space();
        if (!tokens.next(token))
            break;
        if (token.kind == TokenKind::constant && found.constant_count < most_positions)
            found.constants[found.constant_count++] = token;
        else if (token.kind == TokenKind::parameter && found.parameter_count < most_positions)
            found.parameters[found.parameter_count++] = token;
    }
    found.left_out_parameters = tokens.left_out_parameters();
}

void set_constants(std::size_t position) {
    for (std::size_t i = 0; i < found.constant_count && reach(position + i); ++i)
        set_constant(position + i, found.constants[i]);
}

// Statements of functions name their parameters; the note of parse analysis knows which.
void read_named(const ParseNote &note, TextCut text) {
    for (std::size_t i = 0; i < note.parameters && reach(i); ++i) {
        sampling.samples[i].type = note.types[i];
        sampling.numbers[i] = note.numbers[i];
    }
    parse_mode_of(text); // takes off what the note does without
    read_text(text);
    set_constants(note.parameters);
}

// The same numbers as reduced_text() gives; they are as written unless a list was cut.
void read_numbered(TextCut text) {
    read_text(text);
    std::size_t highest = 0;
    const auto number_parameters = [&](auto number_of) {
        for (std::size_t i = 0; i < found.parameter_count; ++i) {
            const std::size_t number = number_of(found.parameters[i]);
            if (number == 0 || !reach(number - 1))
                continue;
            sampling.numbers[number - 1] = static_cast<int>(written_number(found.parameters[i]));
            highest = number > highest ? number : highest;
        }
    };
    if (found.left_out_parameters)
        number_parameters(
            [numbers = ParameterNumbers(text)](const Token &token) { return numbers.number_of(token); });
    else
        number_parameters(written_number);
    set_constants(highest);
}

} // namespace

void sample_parameters(const QueryDesc *query, const Activity &activity) {
    if (settings::capture_parameters != settings::capture_on)
        return;
    const ParseNote *note = find_note(activity.note_key);
    const bool named = note && !note->as_given;
    if (!named && query->params && query->params->paramFetch) // nobody knows which is which
        return;
    const TextCut text = display_text(activity);
    if (text.length == 0 || text.length > store::most_text_bytes)
        return;
    sampling.count = 0;
    if (named)
        read_named(*note, text);
    else
        read_numbered(text);
    for (std::uint32_t i = 0; i < sampling.count; ++i)
        set_parameter(i, query->params);
    write_out_rest();
    if (sampling.count > 0)
        store::supply_parameters(activity.execution.key, sampling.samples, sampling.count);
}

} // namespace advisor::pg::observe
