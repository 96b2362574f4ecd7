// A memory context that is the current one as long as this lives.
#pragma once
#include "pg_ext/boundary.h"

namespace advisor::pg {

class PlanningMemory {
public:
    explicit PlanningMemory(const char *name) { // a literal
        memory_ = pg_call([=] {
            return AllocSetContextCreateInternal(CurrentMemoryContext, name, ALLOCSET_DEFAULT_SIZES);
        });
        caller_ = MemoryContextSwitchTo(memory_);
    }
    PlanningMemory(const PlanningMemory &) = delete;
    PlanningMemory &operator=(const PlanningMemory &) = delete;
    // Deleting a context does not raise.
    ~PlanningMemory() {
        MemoryContextSwitchTo(caller_);
        MemoryContextDelete(memory_);
    }

private:
    MemoryContext memory_;
    MemoryContext caller_;
};

} // namespace advisor::pg
