-- A key to a table that is not there is reported; one to a table that is, is not.
CREATE TABLE p(id INTEGER PRIMARY KEY);
CREATE TABLE sound(x INT REFERENCES p(id));
CREATE TABLE c5(x INT REFERENCES missing(id));
SELECT 'fires', count(*) = 1 AND min(object) = 'main.c5' AND min(severity) = 'high' AND min(title) LIKE '%is not there' FROM advisor_recommendations WHERE rule = 'fk-parent-missing' AND 1;
-- the fix
CREATE TABLE missing(id INTEGER PRIMARY KEY);
SELECT 'gone with the table', count(*) = 0 FROM advisor_recommendations WHERE rule = 'fk-parent-missing' AND 1;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'fk-parent-missing';
