// Which existing indexes a new one leaves without a use.
#pragma once
#include "sqlite_ext/what_if/laboratory.h"

namespace advisor::sqlite {

// Fills in ChosenIndex::replaces: every statement on the table is planned and measured with the chosen
// indexes and without the existing one.
void note_replaced(Laboratory &laboratory, core::Selection &selection);

} // namespace advisor::sqlite
