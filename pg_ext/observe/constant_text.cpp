// The frequent types without a look into the catalog.
#include "pg_ext/observe/constant_text.h"

#include "pg_ext/observe/parameter_values.h"
#include "pg_ext/observe/text_buffer.h"

namespace advisor::pg::observe {
namespace {

const char *frequent_type(Oid type) {
    switch (type) {
    case BOOLOID: return "boolean";
    case INT2OID: return "smallint";
    case INT4OID: return "integer";
    case INT8OID: return "bigint";
    case TEXTOID: return "text";
    case NUMERICOID: return "numeric";
    case FLOAT8OID: return "double precision";
    case VARCHAROID: return "character varying";
    case DATEOID: return "date";
    case TIMESTAMPOID: return "timestamp without time zone";
    case TIMESTAMPTZOID: return "timestamp with time zone";
    default: return nullptr;
    }
}

// Null when it may not be shown: too long, or its output function is not the server's.
const char *value_text(const Const *constant) {
    if (is_large(constant->constvalue, static_cast<int16>(constant->constlen)))
        return nullptr;
    switch (constant->consttype) {
    case INT4OID: {
        auto *digits = static_cast<char *>(palloc(12)); // sign, ten digits, end
        pg_ltoa(DatumGetInt32(constant->constvalue), digits);
        return digits;
    }
    case INT8OID: return psprintf(INT64_FORMAT, DatumGetInt64(constant->constvalue));
    case TEXTOID:
    case VARCHAROID: return TextDatumGetCString(constant->constvalue);
    default: break;
    }
    if (!has_safe_output(constant->consttype))
        return nullptr;
    Oid output;
    bool is_varlena;
    getTypeOutputInfo(constant->consttype, &output, &is_varlena);
    return OidOutputFunctionCall(output, constant->constvalue);
}

bool is_plain_number(Oid type, const char *text) {
    if (type == INT4OID)
        return text[0] != '-';
    return type == NUMERICOID && text[0] >= '0' && text[0] <= '9' && std::strpbrk(text, "eE.") != nullptr;
}

void append_quoted(StringInfo text, const char *value) {
    appendStringInfoChar(text, '\'');
    for (const char *at = value; *at; ++at) {
        if (SQL_STR_DOUBLE(*at, !standard_conforming_strings))
            appendStringInfoChar(text, *at);
        appendStringInfoChar(text, *at);
    }
    appendStringInfoChar(text, '\'');
}

void append_label(StringInfo text, const Const *constant) {
    put(text, "::");
    append_type(text, constant->consttype, constant->consttypmod);
}

// Not shown for types whose constants are recognised by their look.
bool needs_label(const Const *constant, bool plain_number) {
    switch (constant->consttype) {
    case BOOLOID:
    case UNKNOWNOID: return false;
    case NUMERICOID: return !plain_number || constant->consttypmod >= 0;
    default: return !plain_number;
    }
}

} // namespace

void append_type(StringInfo text, Oid type, int32 type_modifier) {
    const char *name = type_modifier < 0 ? frequent_type(type) : nullptr;
    put(text, name ? name : format_type_with_typemod(type, type_modifier));
}

void append_constant(StringInfo text, const Const *constant, TypeLabel label) {
    if (constant->constisnull) {
        put(text, "NULL");
        if (label == TypeLabel::where_needed)
            append_label(text, constant);
        return;
    }
    if (constant->consttype == BOOLOID) {
        put(text, DatumGetBool(constant->constvalue) ? "true" : "false");
        return;
    }
    const char *value = value_text(constant);
    const bool plain_number = value && is_plain_number(constant->consttype, value);
    if (!value)
        put(text, "'…'");
    else if (plain_number)
        put(text, value);
    else
        append_quoted(text, value);
    if (label == TypeLabel::where_needed && needs_label(constant, plain_number))
        append_label(text, constant);
}

void append_hidden_constant(StringInfo text, const Const *constant, TypeLabel label, int number) {
    appendStringInfo(text, "$%d", number);
    const bool is_number = constant->consttype == INT4OID || constant->consttype == NUMERICOID;
    if (label == TypeLabel::where_needed && needs_label(constant, is_number))
        append_label(text, constant);
}

} // namespace advisor::pg::observe
