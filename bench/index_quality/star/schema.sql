-- Sales of a retailer: Zipf customers, products and shops, days in the order of the rows with late arrivals, a region
-- that follows from the shop, a discount that depends on the product's brand. {rows} rows in the fact table.
CREATE UNLOGGED TABLE shop (id int PRIMARY KEY, city int, region int, kind text, opened date);
CREATE UNLOGGED TABLE customer (id int PRIMARY KEY, city int, segment text, born int, email text);
CREATE UNLOGGED TABLE product (id int PRIMARY KEY, brand int, category int, colour text, price numeric(10, 2));
CREATE UNLOGGED TABLE promotion (id int PRIMARY KEY, kind text, budget int, code text);
CREATE UNLOGGED TABLE calendar (id int PRIMARY KEY, day date, week int, month int, quarter int, year int, holiday bool);
CREATE UNLOGGED TABLE sale (id bigint, day_id int, shop_id int, customer_id int, product_id int, promotion_id int,
    quantity int, amount numeric(10, 2), discount int, region int, channel text, returned date);

INSERT INTO shop SELECT i, i % 200, i % 200 / 10, (ARRAY['store', 'outlet', 'web'])[1 + (i % 7) / 3],
    date '2010-01-01' + i FROM generate_series(1, 2000) AS i;
INSERT INTO customer SELECT i, floor(500 * random() ^ 2), (ARRAY['home', 'pro', 'club'])[1 + floor(3 * random() ^ 2)::int],
    1940 + floor(70 * random())::int, 'c' || i FROM generate_series(1, {rows} / 20) AS i;
INSERT INTO product SELECT i, i % 400, i % 400 / 10, (ARRAY['red', 'blue', 'green', 'grey'])[1 + i % 4], 200 * random() ^ 2
    FROM generate_series(1, 40000) AS i;
INSERT INTO promotion SELECT i, (ARRAY['mail', 'tv', 'web'])[1 + i % 3], i * 100, 'p' || i FROM generate_series(1, 1500) AS i;
INSERT INTO calendar SELECT i, date '2022-12-31' + i, i / 7, i / 30, i / 91, 2023 + (i - 1) / 365, i % 30 = 0
    FROM generate_series(1, 1460) AS i;
INSERT INTO sale SELECT i, greatest(1, (i * 1460 / {rows})::int - floor(30 * random() ^ 4)::int), shop,
    1 + floor({rows} / 20 * random() ^ 3)::int, product, CASE WHEN random() < 0.1 THEN 1 + floor(1500 * random() ^ 2)::int END,
    1 + floor(10 * random() ^ 3)::int, (500 * random() ^ 3)::numeric(10, 2),
    CASE WHEN product % 400 < 20 THEN 5 * floor(8 * random())::int ELSE 0 END, shop % 200 / 10,
    (ARRAY['till', 'web', 'phone'])[1 + floor(3 * random() ^ 2)::int],
    CASE WHEN random() < 0.02 THEN date '2023-01-01' + (i * 1460 / {rows})::int END
    FROM (SELECT i, 1 + floor(2000 * random() ^ 3)::int AS shop, 1 + floor(40000 * random() ^ 3)::int AS product
          FROM generate_series(1::bigint, {rows}) AS i) AS drawn;
ALTER TABLE sale ADD PRIMARY KEY (id);
