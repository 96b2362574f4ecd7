"""The servers that are compared: which libraries are preloaded, with which settings."""
import os


class Config:
    def __init__(self, name, title, libraries=(), settings=(), base='none', full=()):
        self.name = name
        self.title = title
        self.libraries = libraries
        self.settings = dict(settings)
        self.base = base            # the configuration whose figures are subtracted
        self.full = dict(full)      # settings that make its memory small enough to be full

    def missing(self, library_folder):
        return [name for name in self.libraries if not os.path.exists(f'{library_folder}/{name}.so')]


# Memory for about 5,000 statements in each.
PGSS_FULL = {'pg_stat_statements.max': '5000'}
OURS_FULL = {'db_advisor.max_memory': '8MB'}

CONFIGS = [
    Config('none', 'none'),
    Config('queryid', 'none, query id', settings={'compute_query_id': 'on'}),
    Config('pgss', 'pg_stat_statements', ['pg_stat_statements'], full=PGSS_FULL),
    Config('qualstats', 'pg_qualstats + pg_stat_statements', ['pg_stat_statements', 'pg_qualstats'],
           full=PGSS_FULL),
    Config('auto_explain', 'auto_explain', ['auto_explain'],
           {'auto_explain.log_min_duration': '2147483647', 'auto_explain.log_analyze': 'on',
            'auto_explain.log_timing': 'off', 'auto_explain.log_nested_statements': 'on'}),
    Config('advisor', 'db_advisor', ['db_advisor'], full=OURS_FULL),
    Config('both', 'db_advisor + pg_stat_statements', ['pg_stat_statements', 'db_advisor'], base='pgss',
           full={**PGSS_FULL, **OURS_FULL}),
    Config('off', 'db_advisor, enabled = off', ['db_advisor'], {'db_advisor.enabled': 'off'}, base='queryid'),
]
