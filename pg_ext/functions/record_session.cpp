// advisor.record_session(): without preload, record this session in its own memory.
#include "pg_ext/boundary.h"
#include "pg_ext/store/block.h"
#include "pg_ext/store/layout.h"

namespace advisor::pg {

// True when the session is recorded from now on; false when everything is recorded already.
ADVISOR_SQL_FUNCTION(db_advisor_record_session) {
    if (store::block)
        return BoolGetDatum(store::block_is_private());
    pg_call([] { store::make_session_block(); });
    return BoolGetDatum(true);
}

} // namespace advisor::pg
