// Only output functions of the server itself are called: one of a user's could do anything.
#include "pg_ext/observe/parameter_values.h"

namespace advisor::pg::observe {

// True for types of the server's own whose output function calls no other type's, unless that is safe as
// well.
bool has_safe_output(Oid type) {
    type = getBaseType(type);
    const Oid element = get_element_type(type);
    if (OidIsValid(element))
        return has_safe_output(element);
    return type < FirstNormalObjectId
               ? get_typtype(type) != TYPTYPE_COMPOSITE && get_typtype(type) != TYPTYPE_PSEUDO
               : get_typtype(type) == TYPTYPE_ENUM;
}

bool is_large(Datum value, int16 length) {
    if (length == -1)
        return VARATT_IS_EXTERNAL(DatumGetPointer(value)) || VARATT_IS_COMPRESSED(DatumGetPointer(value)) ||
               VARSIZE_ANY_EXHDR(DatumGetPointer(value)) > store::most_value_bytes;
    return length == -2 && std::strlen(DatumGetCString(value)) > store::most_value_bytes;
}

namespace {

bool read_value(Datum value, Oid type, store::Piece &piece) {
    int16 length;
    bool by_value;
    get_typlenbyval(type, &length, &by_value);
    if (is_large(value, length) || !has_safe_output(type))
        return false;
    Oid output;
    bool is_varlena;
    getTypeOutputInfo(type, &output, &is_varlena);
    char *text = OidOutputFunctionCall(output, value);
    piece = {text, std::strlen(text)};
    return piece.length <= store::most_value_bytes;
}

} // namespace

void read_parameters(ParamListInfo parameters, const int *numbers, std::size_t count,
                     store::ExampleParts &parts) {
    parts.parameters = count;
    parts.has_values =
        settings::capture_parameters == settings::capture_on && parameters != nullptr && count > 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (!parameters || numbers[i] < 1 || numbers[i] > parameters->numParams) {
            parts.has_values = false;
            continue;
        }
        ParamExternData fetched;
        const ParamExternData *parameter =
            parameters->paramFetch ? parameters->paramFetch(parameters, numbers[i], true, &fetched)
                                   : &parameters->params[numbers[i] - 1];
        if (!OidIsValid(parts.types[i]))
            parts.types[i] = parameter->ptype;
        if (!OidIsValid(parameter->ptype))
            parts.has_values = false;
        else if (parts.has_values && !parameter->isnull)
            parts.has_values = read_value(parameter->value, parameter->ptype, parts.values[i]);
    }
}

} // namespace advisor::pg::observe
