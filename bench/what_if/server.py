"""One session on the server under test: statements, and EXPLAIN as a client sees it, with `$n` or without."""
from connection import Connection


class Server(Connection):
    def values(self, statement):
        return [row[0] for row in self.rows(statement)]

    def explain(self, case):
        """EXPLAIN text; a text with parameters is prepared and explained as an execution with its values."""
        if case.parameters is None:
            return '\n'.join(self.values(f'EXPLAIN {case.query}'))
        arguments = ', '.join('NULL' if case.generic else quote(value) for value in case.parameters)
        mode = 'force_generic_plan' if case.generic else 'force_custom_plan'
        self.run(f'SET plan_cache_mode = {mode}')
        self.run(f'PREPARE bench_case AS {case.query}')
        try:
            return '\n'.join(self.values(f'EXPLAIN EXECUTE bench_case({arguments})'))
        finally:
            self.run('DEALLOCATE bench_case')
            self.run('RESET plan_cache_mode')

    def change_indexes(self, case):
        """Drops and creates what the case says in the caller's transaction; gives the new indexes' sizes."""
        for index in case.drops:
            self.run(f'DROP INDEX {index}')
        for definition in case.creates:
            self.run(definition)
        return [self.row('SELECT pg_catalog.pg_relation_size(%s::regclass)', (name,))[0]
                for name in case.names]

    def apply(self, settings):
        for name, value in settings.items():
            self.run(f'SET {name} = {value}')

    def reset(self, settings):
        for name in settings:
            self.run(f'RESET {name}')


def quote(value):
    return "'" + str(value).replace("'", "''") + "'"
