-- Statements whose plan in the second run does not read the index that was built for them.
SELECT format('not used: %s by %s', x.index_name, left(regexp_replace(p.query, '\s+', ' ', 'g'), 100))
FROM demo.promised p
JOIN demo.built x ON x.id = p.id
WHERE NOT EXISTS (SELECT FROM advisor.plans n
                  WHERE n.queryid = p.queryid AND position(x.index_name IN n.plan) > 0);
