"""The best that indexes can do for one statement, by trying them: every ordering of up to three of the columns that
it names, each also covering and with its last column descending, the partial and the expression forms, alone and in
pairs. Shares nothing with the advisor: words of the text are matched with column names, the rest is measured."""
import itertools
import re

FINALISTS = 6  # that are timed with care, and of which pairs are made


def candidates(tables, statement):
    """(table, definition after "ON table") for each index that is tried."""
    words = set(re.findall(r"\w+", statement))
    found = []
    for table in tables:
        if table.name not in words:
            continue
        columns = [column.name for column in table.columns if column.name in words]
        shown = columns + (["pad"] if "pad" in words else [])
        predicates = partial_conditions(statement, columns)
        for keys in key_lists(columns, statement):
            covering = [name for name in shown if not any(name in key for key in keys)]
            for tail in ([], covering) if covering and "*" not in statement.replace("count(*)", "") else ([],):
                found.append((table.name, f"({', '.join(keys + tail)})"))
            found += [(table.name, f"({', '.join(keys)}) WHERE {predicate}") for predicate in predicates]
            if "DESC" in statement or "ORDER BY" in statement:
                found.append((table.name, f"({', '.join(keys[:-1] + [keys[-1] + ' DESC'])})"))
    return sorted(set(found))


def key_lists(columns, statement):
    expressions = [f"{name}({rest})" for name, rest in re.findall(r"\b(substr|upper)\(([ab]?\.?\w+(?:, 1, 7)?)\) =",
                                                                 statement)]
    expressions = [re.sub(r"\b[ab]\.", "", each) for each in expressions]
    pool = columns + [each for each in expressions if re.findall(r"\w+", each)[1] in columns]
    for length in range(1, 4):
        for keys in itertools.permutations(pool, length):
            yield list(keys)


def partial_conditions(statement, columns):
    """Conditions with a constant, as they stand in the text."""
    where = statement.split(" WHERE ", 1)[1]
    if " OR " in where:
        return []
    where = re.split(r" ORDER BY | GROUP BY ", where)[0]
    found = []
    for name in columns:
        for operation in (r"= (?:'[^']*'|[\d.]+)", r"IS NULL", r"IS NOT NULL"):
            match = re.search(rf"\b{name} {operation}(?=$| AND )", where)
            if match:
                found.append(match.group(0))
    return found


def best(trial, tables, statement):
    """(seconds, definitions) of the cheapest set, no index included."""
    plain = trial.seconds(statement)
    results = []
    for number, (table, rest) in enumerate(candidates(tables, statement)):
        definition = f"CREATE INDEX r{number} ON {table} {rest}"
        with trial.with_indexes([definition]):
            if f"r{number}" in plan(trial, statement):
                results.append((trial.quick(statement), table, definition))
    results.sort()
    finalists = results[:FINALISTS]
    for table in tables:
        finalists += [each for each in results if each[1] == table.name][:FINALISTS // 2]
    sets = [[each[2]] for each in finalists]
    if len(tables) > 1 and " JOIN " in statement or " OR " in statement:
        sets += [[one[2], two[2]] for one, two in itertools.combinations(finalists, 2) if one[2] != two[2]]
    answer = (plain, [])
    for definitions in sets:
        with trial.with_indexes(definitions):
            answer = min(answer, (trial.seconds(statement), definitions))
    return plain, answer


def plan(trial, statement):
    return " ".join(row[3] for row in trial.run("EXPLAIN QUERY PLAN " + statement))
