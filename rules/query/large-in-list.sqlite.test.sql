-- A list of very many values is reported; short ones, subqueries and rows to insert are not.
CREATE TABLE t(id INTEGER PRIMARY KEY, a INT);
SELECT 'told', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM t WHERE a IN (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119)', 10) <> 0;
SELECT 'fires', count(*) = 1 AND min(json_extract(evidence, '$.values')) = 120 FROM advisor_recommendations WHERE rule = 'large-in-list' AND 1;
SELECT 'the fix', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM t WHERE a IN (SELECT value FROM json_each(?))', 10) <> 0;
SELECT 'gone with the fix', count(*) = 0 FROM advisor_recommendations WHERE rule = 'large-in-list' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM t WHERE a IN (1, 2, 3)', 10) <> 0;
SELECT 'silent with a short list', count(*) = 0 FROM advisor_recommendations WHERE rule = 'large-in-list' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('INSERT INTO t(a) VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12), (13), (14), (15), (16), (17), (18), (19), (20), (21), (22), (23), (24), (25), (26), (27), (28), (29), (30), (31), (32), (33), (34), (35), (36), (37), (38), (39), (40), (41), (42), (43), (44), (45), (46), (47), (48), (49), (50), (51), (52), (53), (54), (55), (56), (57), (58), (59), (60), (61), (62), (63), (64), (65), (66), (67), (68), (69), (70), (71), (72), (73), (74), (75), (76), (77), (78), (79), (80), (81), (82), (83), (84), (85), (86), (87), (88), (89), (90), (91), (92), (93), (94), (95), (96), (97), (98), (99), (100), (101), (102), (103), (104), (105), (106), (107), (108), (109), (110), (111), (112), (113), (114), (115), (116), (117), (118), (119)', 10) <> 0;
SELECT 'silent where rows are inserted', count(*) = 0 FROM advisor_recommendations WHERE rule = 'large-in-list' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM t WHERE a = 1 /* a IN (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119) */', 10) <> 0;
SELECT 'silent in a comment', count(*) = 0 FROM advisor_recommendations WHERE rule = 'large-in-list' AND 1;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'large-in-list';
