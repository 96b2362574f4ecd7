-- Tables of the first release.

-- Filled by the build with one row per rule file; rules of the library have no query.
CREATE TABLE advisor.rule (
    rule text PRIMARY KEY,
    category text NOT NULL,
    severity text NOT NULL,
    title text NOT NULL,
    why text NOT NULL,
    reference text,
    min_version int NOT NULL DEFAULT 15,
    examined text,
    query text);
