// All settings of the extension: db_advisor.*
#pragma once

namespace advisor::pg::settings {

enum Track { track_none, track_top, track_all };
enum Capture { capture_off, capture_on, capture_redacted };

extern bool enabled;
extern int track; // Track
extern bool track_planning;
extern bool track_utility;
extern int capture_parameters; // Capture
extern int max_memory;         // kB
extern bool merge_schemas;
extern double sample_rate; // share of the executions that are instrumented
extern int sample_first;   // executions of each plan that are instrumented in any case
extern bool save;
extern int save_interval;        // seconds
extern int analysis_time_budget; // milliseconds
extern int analysis_max_age;     // seconds
extern int analyze_interval;     // seconds, 0: no analysis worker
extern int rule_time_limit;      // milliseconds, 0: none
extern int observation_window;   // seconds
extern bool expression_statistics;

// Called once from _PG_init. A setting that sizes shared memory is fixed at start only when preloaded.
void define(bool preloaded);

} // namespace advisor::pg::settings
