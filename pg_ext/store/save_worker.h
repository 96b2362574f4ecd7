// The small background process that saves the store at intervals and publishes reloaded server settings.
#pragma once

namespace advisor::pg::store {

// From _PG_init of a preloaded module.
void register_save_worker();

} // namespace advisor::pg::store
