"""Who predicts: advisor.what_if, HypoPG as a peer, or reality itself. All give a Prediction for a case."""
import dataclasses
import json

import psycopg2


@dataclasses.dataclass
class Prediction:
    plan_before: str
    plan: str
    cost: float = None              # None: as printed in the plan
    sizes: list = dataclasses.field(default_factory=list)
    used: list = dataclasses.field(default_factory=list)        # None: not said
    ranges: list = dataclasses.field(default_factory=list)      # (low, high) where a size is told as a range


class Advisor:
    name = 'what_if'

    def __init__(self, server):
        self.server = server
        server.run('CREATE EXTENSION IF NOT EXISTS db_advisor')
        server.run("LOAD 'db_advisor'")

    def predict(self, case, expression_statistics=True):
        """Without expression statistics: what CREATE INDEX alone gives, before any ANALYZE."""
        self.server.run(f"SET db_advisor.expression_statistics = {'on' if expression_statistics else 'off'}")
        row = self.server.row(
            'SELECT cost_after, plan_before, plan_after, indexes FROM advisor.what_if('
            'query => %s, create_indexes => %s::text[], drop_indexes => %s::text[],'
            ' parameters => %s::text[], generic => %s)',
            (case.query, case.creates, case.drops, case.parameters,
             case.generic if case.parameters else None))
        cost, before, after, indexes = row
        if isinstance(indexes, str):
            indexes = json.loads(indexes)
        return Prediction(before, after, cost, [index['size_bytes'] for index in indexes],
                          [index['used'] for index in indexes],
                          [(index['size_low_bytes'], index['size_high_bytes']) for index in indexes
                           if 'size_low_bytes' in index])


class Hypopg:
    name = 'hypopg'

    def __init__(self, server):
        self.server = server
        server.run('CREATE EXTENSION IF NOT EXISTS hypopg SCHEMA public')
        self.can_hide = server.row("SELECT to_regproc('public.hypopg_hide_index') IS NOT NULL")[0]

    def predict(self, case, expression_statistics=True):
        if case.drops and not self.can_hide:
            raise psycopg2.NotSupportedError('this version of HypoPG cannot hide indexes')
        before = self.server.explain(case)
        try:
            sizes = []
            for definition in case.creates:
                sizes.append(self.server.row('SELECT public.hypopg_relation_size(indexrelid)'
                                             ' FROM public.hypopg_create_index(%s)', (definition,))[0])
            for index in case.drops:
                self.server.run('SELECT public.hypopg_hide_index(%s::regclass)', (index,))
            return Prediction(before, self.server.explain(case), None, sizes, [None] * len(sizes))
        finally:
            self.server.run('SELECT public.hypopg_reset()')
            if self.can_hide:
                self.server.run('SELECT public.hypopg_unhide_all_indexes()')


class Real:
    """Builds the indexes, notes the plan and rolls back: shows how far the measuring itself reaches."""
    name = 'real'

    def __init__(self, server):
        self.server = server

    def predict(self, case, expression_statistics=True):
        before = self.server.explain(case)
        self.server.run('BEGIN')
        try:
            sizes = self.server.change_indexes(case)
            if expression_statistics and case.expression:
                for table in case.tables:
                    self.server.run(f'ANALYZE {table}')
            return Prediction(before, self.server.explain(case), None, sizes, [None] * len(sizes))
        finally:
            self.server.run('ROLLBACK')


SUBJECTS = {subject.name: subject for subject in (Advisor, Hypopg, Real)}
