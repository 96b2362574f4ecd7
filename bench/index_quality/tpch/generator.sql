-- What load.sql draws from. A value is a hash of its row's key and of the column's number, so that every load gives
-- the same rows.
CREATE FUNCTION draw(key bigint, salt bigint, choices bigint) RETURNS bigint IMMUTABLE PARALLEL SAFE
RETURN (hashint8extended(key, salt) & 9223372036854775807) % choices;

-- One of the words of a list.
CREATE FUNCTION pick(key bigint, salt bigint, words text[]) RETURNS text IMMUTABLE PARALLEL SAFE
RETURN words[1 + draw(key, salt, cardinality(words))];

CREATE FUNCTION retail_cents(part integer) RETURNS integer IMMUTABLE PARALLEL SAFE
RETURN 90000 + part / 10 % 20001 + 100 * (part % 1000);

-- The nth (0 to 3) supplier of a part.
CREATE FUNCTION supplier_of(part integer, n integer, suppliers integer) RETURNS integer IMMUTABLE PARALLEL SAFE
RETURN (part + n * (suppliers / 4 + (part - 1) / suppliers)) % suppliers + 1;

CREATE FUNCTION phone(key integer, nation integer) RETURNS text IMMUTABLE PARALLEL SAFE
RETURN (10 + nation)::text || '-' || (100 + draw(key, 1, 900))::text || '-' || (100 + draw(key, 2, 900))::text
       || '-' || (1000 + draw(key, 3, 9000))::text;

CREATE FUNCTION address(key integer, salt integer) RETURNS text IMMUTABLE PARALLEL SAFE
RETURN substr(md5(key::text || salt::text) || md5(salt::text || key::text), 1, 10 + draw(key, salt, 31)::integer);

-- Running text that comments are cut from, with the words that queries 13 look for as often as in the original.
CREATE TABLE text_pool (id integer PRIMARY KEY, words text NOT NULL);
INSERT INTO text_pool
SELECT id, substr(string_agg(
           pick(id * 64 + n, 11, ARRAY['quickly', 'carefully', 'slyly', 'furiously', 'blithely', 'daringly']) || ' ' ||
           CASE WHEN draw(id * 64 + n, 12, 100) < 28
                THEN pick(id * 64 + n, 13, ARRAY['special', 'pending', 'unusual', 'express'])
                ELSE pick(id * 64 + n, 13, ARRAY['regular', 'final', 'ironic', 'even', 'bold', 'silent', 'careful',
                                                 'sly', 'close', 'brave', 'idle', 'busy']) END || ' ' ||
           CASE WHEN draw(id * 64 + n, 14, 100) < 47
                THEN pick(id * 64 + n, 15, ARRAY['packages', 'requests', 'accounts', 'deposits'])
                ELSE pick(id * 64 + n, 15, ARRAY['foxes', 'ideas', 'theodolites', 'pinto beans', 'instructions',
                                                 'dependencies', 'excuses', 'platelets', 'asymptotes', 'courts',
                                                 'dolphins', 'waters', 'pearls', 'tithes']) END || ' ' ||
           pick(id * 64 + n, 16, ARRAY['sleep', 'wake', 'are', 'nag', 'cajole', 'haggle', 'boost', 'detect', 'use',
                                       'integrate', 'doze', 'snooze']) || ' ' ||
           pick(id * 64 + n, 17, ARRAY['about the', 'above the', 'across the', 'after the', 'against the', 'among the',
                                       'along the', 'at the', 'before the', 'beneath the']), ' ' ORDER BY n), 1, 330)
FROM generate_series(0, 16383) AS id, generate_series(1, 12) AS n
GROUP BY id;

-- Names of parts are five different ones of these.
CREATE TABLE colour (id integer PRIMARY KEY, name text NOT NULL);
INSERT INTO colour
SELECT n - 1, name
FROM unnest(string_to_array(
    'almond antique aquamarine azure beige bisque black blanched blue blush brown burlywood burnished chartreuse '
    'chiffon chocolate coral cornflower cornsilk cream cyan dark deep dim dodger drab firebrick floral forest frosted '
    'gainsboro ghost goldenrod green grey honeydew hot indian ivory khaki lace lavender lawn lemon light lime linen '
    'magenta maroon medium metallic midnight mint misty moccasin navajo navy olive orange orchid pale papaya peach '
    'peru pink plum powder puff purple red rose rosy royal saddle salmon sandy seashell sienna sky slate smoke snow '
    'spring steel tan thistle tomato turquoise violet wheat white yellow', ' ')) WITH ORDINALITY AS t (name, n);

ANALYZE text_pool, colour;
