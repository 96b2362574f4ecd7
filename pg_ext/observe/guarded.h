// Work of ours inside of a user's statement that may raise: in a subtransaction, so that no failure of it is
// the user's; a cancel goes on. What fails is counted.
#pragma once
#include "pg_ext/boundary.h"
#include "pg_ext/observe/observer.h"
#include "pg_ext/store/layout.h"

namespace advisor::pg::observe {

enum class Memory { freed, kept }; // what becomes of what the body allocates

// False when it failed. Not in parallel mode, where there are no subtransactions. The body may hold plain
// data only.
template <std::invocable Body>
bool run_guarded(Body body, Memory memory = Memory::freed) {
    const unsigned before = observer_failures;
    cpp_observe(
        [body, memory] {
            const auto error = pg_try([body, memory] {
                if (memory == Memory::kept) {
                    body();
                    return;
                }
                MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "db_advisor observer",
                                                              ALLOCSET_DEFAULT_SIZES);
                MemoryContext outer = MemoryContextSwitchTo(scratch);
                body();
                MemoryContextSwitchTo(outer);
                MemoryContextDelete(scratch);
            });
            if (error)
                ++observer_failures;
        },
        observer_failures);
    const unsigned failed = observer_failures - before;
    if (failed > 0 && store::block)
        pg_atomic_fetch_add_u64(&store::block->failures, failed);
    return failed == 0;
}

} // namespace advisor::pg::observe
