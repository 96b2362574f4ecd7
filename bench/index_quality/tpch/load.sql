-- Fills the tables; $suppliers, $parts, $customers and $orders are the numbers of rows that the scale factor gives.
-- Rows are stored in the order of their primary key.
INSERT INTO region
SELECT n - 1, name, words
FROM unnest(ARRAY['AFRICA', 'AMERICA', 'ASIA', 'EUROPE', 'MIDDLE EAST']) WITH ORDINALITY AS t (name, n)
JOIN LATERAL (SELECT substr(words, 1, 31 + 20 * n::integer) FROM text_pool WHERE id = n) AS p (words) ON true;

INSERT INTO nation
SELECT n - 1, name, region, words
FROM ROWS FROM (
    unnest(ARRAY['ALGERIA', 'ARGENTINA', 'BRAZIL', 'CANADA', 'EGYPT', 'ETHIOPIA', 'FRANCE', 'GERMANY', 'INDIA',
                 'INDONESIA', 'IRAN', 'IRAQ', 'JAPAN', 'JORDAN', 'KENYA', 'MOROCCO', 'MOZAMBIQUE', 'PERU', 'CHINA',
                 'ROMANIA', 'SAUDI ARABIA', 'VIETNAM', 'RUSSIA', 'UNITED KINGDOM', 'UNITED STATES']),
    unnest(ARRAY[0, 1, 1, 1, 4, 0, 3, 3, 2, 2, 4, 4, 2, 4, 0, 0, 0, 1, 2, 3, 4, 2, 3, 3, 1])) WITH ORDINALITY
    AS t (name, region, n)
JOIN LATERAL (SELECT substr(words, 1, 31 + 4 * n::integer) FROM text_pool WHERE id = 100 + n) AS p (words) ON true;

INSERT INTO supplier
SELECT key, 'Supplier#' || lpad(key::text, 9, '0'), address(key, 21), nation, phone(key, nation),
       (draw(key, 22, 1099999) - 99999) * 0.01,
       CASE key % 2000
           WHEN 17 THEN substr(words, 1, 20) || 'Customer ' || substr(words, 60, 10) || 'Complaints'
           WHEN 1009 THEN substr(words, 1, 20) || 'Customer ' || substr(words, 60, 10) || 'Recommends'
           ELSE substr(words, 1 + draw(key, 23, 130)::integer, 25 + draw(key, 24, 76)::integer) END
FROM (SELECT key, draw(key, 25, 25)::integer AS nation FROM generate_series(1, $suppliers) AS key) AS k
JOIN text_pool ON id = draw(key, 26, 16384)
ORDER BY key;

INSERT INTO part
SELECT key, name, 'Manufacturer#' || maker, 'Brand#' || maker || 1 + draw(key, 31, 5),
       pick(key, 32, ARRAY['STANDARD', 'SMALL', 'MEDIUM', 'LARGE', 'ECONOMY', 'PROMO']) || ' ' ||
       pick(key, 33, ARRAY['ANODIZED', 'BURNISHED', 'PLATED', 'POLISHED', 'BRUSHED']) || ' ' ||
       pick(key, 34, ARRAY['TIN', 'NICKEL', 'BRASS', 'STEEL', 'COPPER']),
       1 + draw(key, 35, 50),
       pick(key, 36, ARRAY['SM', 'LG', 'MED', 'JUMBO', 'WRAP']) || ' ' ||
       pick(key, 37, ARRAY['CASE', 'BOX', 'BAG', 'JAR', 'PKG', 'PACK', 'CAN', 'DRUM']),
       retail_cents(key) * 0.01,
       substr(words, 1 + draw(key, 38, 130)::integer, 5 + draw(key, 39, 18)::integer)
FROM (SELECT key, 1 + draw(key, 40, 5) AS maker FROM generate_series(1, $parts) AS key) AS k
JOIN text_pool ON id = draw(key, 41, 16384)
JOIN LATERAL (
    -- the first five different ones of nine draws
    SELECT string_agg(colour.name, ' ' ORDER BY first) AS name
    FROM (SELECT draw(key, 50 + n, 92) AS word, min(n) AS first FROM generate_series(1, 9) AS n
          GROUP BY 1 ORDER BY 2 LIMIT 5) AS w
    JOIN colour ON colour.id = word) AS names ON true
ORDER BY key;

INSERT INTO partsupp
SELECT part, supplier_of(part, n, $suppliers), 1 + draw(part * 4::bigint + n, 61, 9999),
       (100 + draw(part * 4::bigint + n, 62, 99901)) * 0.01,
       substr(words, 1 + draw(part * 4::bigint + n, 63, 130)::integer,
              49 + draw(part * 4::bigint + n, 64, 150)::integer)
FROM generate_series(1, $parts) AS part
CROSS JOIN generate_series(0, 3) AS n
JOIN text_pool ON id = draw(part * 4::bigint + n, 65, 16384)
ORDER BY part, n;

INSERT INTO customer
SELECT key, 'Customer#' || lpad(key::text, 9, '0'), address(key, 71), nation, phone(key, nation),
       (draw(key, 72, 1099999) - 99999) * 0.01,
       pick(key, 73, ARRAY['AUTOMOBILE', 'BUILDING', 'FURNITURE', 'MACHINERY', 'HOUSEHOLD']),
       substr(words, 1 + draw(key, 74, 130)::integer, 29 + draw(key, 75, 88)::integer)
FROM (SELECT key, draw(key, 76, 25)::integer AS nation FROM generate_series(1, $customers) AS key) AS k
JOIN text_pool ON id = draw(key, 77, 16384)
ORDER BY key;

-- The columns of orders that lineitem does not decide. Of each 32 keys the first eight are used, and every third
-- customer has no orders.
CREATE TEMPORARY TABLE ordered ON COMMIT DROP AS
SELECT ((n - 1) / 8 * 32 + (n - 1) % 8 + 1)::integer AS key,
       (draw(n, 81, $customers / 3) * 3 + 1 + draw(n, 82, 2))::integer AS customer,
       DATE '1992-01-01' + draw(n, 83, 2406)::integer AS ordered_on,
       1 + draw(n, 84, 7)::integer AS lines
FROM generate_series(1, $orders) AS n;
ANALYZE ordered;

-- A hash join with text_pool inside keeps the order of the keys.
SET LOCAL enable_mergejoin = off;
SET LOCAL enable_nestloop = on;
INSERT INTO lineitem
SELECT key, part, supplier_of(part, supplier, $suppliers), n, quantity, quantity * retail_cents(part) * 0.01,
       draw(line, 91, 11) * 0.01, draw(line, 92, 9) * 0.01,
       CASE WHEN received > DATE '1995-06-17' THEN 'N' WHEN draw(line, 93, 2) = 0 THEN 'R' ELSE 'A' END,
       CASE WHEN shipped > DATE '1995-06-17' THEN 'O' ELSE 'F' END,
       shipped, committed, received,
       pick(line, 94, ARRAY['DELIVER IN PERSON', 'COLLECT COD', 'NONE', 'TAKE BACK RETURN']),
       pick(line, 95, ARRAY['REG AIR', 'AIR', 'RAIL', 'SHIP', 'TRUCK', 'MAIL', 'FOB']),
       substr(words, words_from, words_length)
FROM (
    SELECT key, n, line, 1 + draw(line, 96, $parts)::integer AS part, draw(line, 97, 4)::integer AS supplier,
           1 + draw(line, 98, 50)::integer AS quantity, shipped,
           ordered_on + 30 + draw(line, 99, 61)::integer AS committed,
           shipped + 1 + draw(line, 100, 30)::integer AS received, draw(line, 101, 16384)::integer AS pool,
           1 + draw(line, 102, 130)::integer AS words_from, 10 + draw(line, 103, 34)::integer AS words_length
    FROM (SELECT key, n, line, ordered_on, ordered_on + 1 + draw(line, 104, 121)::integer AS shipped
          FROM (SELECT key, n, key * 8::bigint + n AS line, ordered_on
                FROM ordered CROSS JOIN LATERAL generate_series(1, lines) AS n OFFSET 0) AS k
          OFFSET 0) AS s
    OFFSET 0) AS l
JOIN text_pool ON id = pool;

INSERT INTO orders
SELECT key, customer, status, total, ordered_on,
       pick(key, 111, ARRAY['1-URGENT', '2-HIGH', '3-MEDIUM', '4-NOT SPECIFIED', '5-LOW']),
       'Clerk#' || lpad((1 + draw(key, 112, $clerks))::text, 9, '0'), 0,
       substr(words, 1 + draw(key, 113, 130)::integer, 19 + draw(key, 114, 60)::integer)
FROM ordered
JOIN (SELECT l_orderkey, sum(l_extendedprice * (1 + l_tax) * (1 - l_discount)) AS total,
             CASE WHEN bool_and(l_linestatus = 'F') THEN 'F' WHEN bool_and(l_linestatus = 'O') THEN 'O' ELSE 'P' END
                 AS status
      FROM lineitem GROUP BY l_orderkey) AS l ON l_orderkey = key
JOIN text_pool ON id = draw(key, 115, 16384)
ORDER BY key;
