// Acting as the extension's owner on its own tables: who may execute a function such as advisor.dismiss needs
// no right on them.
#pragma once
#include "pg_ext/boundary.h"

namespace advisor::pg {

// The current user is the extension's owner as long as it lives. An error's clean-up gives the role back too.
class AsOwner {
public:
    AsOwner();
    AsOwner(const AsOwner &) = delete;
    AsOwner &operator=(const AsOwner &) = delete;
    ~AsOwner();

private:
    Oid role_ = InvalidOid;
    int context_ = 0;
};

// Calls advisor.<function>, which belongs to the extension's owner, as that owner: with the name of the
// current user and the arguments given. Arguments that are null stay null.
NullableDatum call_as_owner(const char *function, std::span<const NullableDatum> arguments);

} // namespace advisor::pg
