// Definition of the settings, sorted by name.
#include "pg_ext/settings.h"

#include "pg_ext/pg.h"

namespace advisor::pg::settings {

bool enabled = true;
int track = track_all;
bool track_planning = true;
bool track_utility = true;
int capture_parameters = capture_on;
int max_memory = 64 * 1024;
bool merge_schemas = false;
double sample_rate = 1.0 / 32;
int sample_first = 8;
bool save = true;
int save_interval = 300;
int analysis_time_budget = 5000;
int analysis_max_age = 300;
int analyze_interval = 0;
int rule_time_limit = 2000;
int observation_window = 7 * 24 * 3600;
bool expression_statistics = true;

namespace {

const config_enum_entry capture_options[] = {
    {"on", capture_on, false},  {"off", capture_off, false},  {"redacted", capture_redacted, false},
    {"true", capture_on, true}, {"false", capture_off, true}, {nullptr, 0, false}};

const config_enum_entry track_options[] = {
    {"none", track_none, false}, {"top", track_top, false}, {"all", track_all, false}, {nullptr, 0, false}};

void flag(const char *name, const char *description, bool *variable, GucContext context) {
    DefineCustomBoolVariable(name, description, nullptr, variable, *variable, context, 0, nullptr, nullptr,
                             nullptr);
}

void number(const char *name, const char *description, int *variable, int least, int most, GucContext context,
            int unit) {
    DefineCustomIntVariable(name, description, nullptr, variable, *variable, least, most, context, unit,
                            nullptr, nullptr, nullptr);
}

void choice(const char *name, const char *description, int *variable, const config_enum_entry *options) {
    DefineCustomEnumVariable(name, description, nullptr, variable, *variable, options, PGC_SUSET, 0, nullptr,
                             nullptr, nullptr);
}

} // namespace

void define(bool preloaded) {
    number("db_advisor.analysis_max_age",
           "Sets how long an index analysis is used again before a new one is made.", &analysis_max_age, 0,
           INT_MAX / 1000, PGC_USERSET, GUC_UNIT_S);
    number("db_advisor.analysis_time_budget", "Sets the time after which an index analysis stops searching.",
           &analysis_time_budget, 1, INT_MAX, PGC_USERSET, GUC_UNIT_MS);
    number("db_advisor.analyze_interval",
           "Sets the time between two analyses by a worker in each database that asks for advice; 0 is off.",
           &analyze_interval, 0, INT_MAX / 1000, PGC_SIGHUP, GUC_UNIT_S);
    choice("db_advisor.capture_parameters",
           "Selects whether constants and parameter values of statements are recorded.", &capture_parameters,
           capture_options);
    flag("db_advisor.enabled", "Records statements.", &enabled, PGC_SUSET);
    flag("db_advisor.expression_statistics", "Reads a row sample for the statistics of expression keys.",
         &expression_statistics, PGC_USERSET);
    number("db_advisor.max_memory", "Sets the shared memory reserved for recorded statements.", &max_memory,
           2048, MAX_KILOBYTES, preloaded ? PGC_POSTMASTER : PGC_SIGHUP, GUC_UNIT_KB);
    flag("db_advisor.merge_schemas",
         "Takes statements on relations of the same name in different schemas for one.", &merge_schemas,
         PGC_SUSET);
    number("db_advisor.observation_window",
           "Sets how long must be observed before something is called unused.", &observation_window, 0,
           INT_MAX, PGC_USERSET, GUC_UNIT_S);
    number("db_advisor.rule_time_limit", "Sets the time after which a rule is given up; 0 sets no limit.",
           &rule_time_limit, 0, INT_MAX, PGC_USERSET, GUC_UNIT_MS);
    number("db_advisor.sample_first", "Sets how many executions of each plan are instrumented first.",
           &sample_first, 0, 1'000'000, PGC_SUSET, 0);
    DefineCustomRealVariable("db_advisor.sample_rate",
                             "Sets the share of the further executions that are instrumented.", nullptr,
                             &sample_rate, sample_rate, 0, 1, PGC_SUSET, 0, nullptr, nullptr, nullptr);
    flag("db_advisor.save", "Keeps recorded statements across restarts.", &save, PGC_SIGHUP);
    number("db_advisor.save_interval",
           "Sets the time between two saves while running; 0 saves at shutdown only.", &save_interval, 0,
           INT_MAX / 1000, PGC_SIGHUP, GUC_UNIT_S);
    choice("db_advisor.track", "Selects which statements are recorded.", &track, track_options);
    flag("db_advisor.track_planning", "Records planning time.", &track_planning, PGC_SUSET);
    flag("db_advisor.track_utility", "Records utility statements.", &track_utility, PGC_SUSET);
    MarkGUCPrefixReserved("db_advisor");
}

} // namespace advisor::pg::settings
