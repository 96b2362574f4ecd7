-- A small shop of about a million rows, as it looks when nobody has thought about indexes yet: primary keys and
-- two foreign keys. Busy customers, popular products and recent days come up more often than others, as in life.
SET client_min_messages = warning;
SELECT setseed(0.42) \g /dev/null

CREATE TABLE customers (
    id         int PRIMARY KEY,
    email      text NOT NULL,
    name       text NOT NULL,
    country    text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE TABLE products (
    id          int PRIMARY KEY,
    sku         text NOT NULL,
    name        text NOT NULL,
    category    text NOT NULL,
    price       numeric(10, 2) NOT NULL,
    stock       int NOT NULL
);
CREATE TABLE orders (
    id            bigint PRIMARY KEY,
    customer_id   int NOT NULL,
    status        text NOT NULL,
    tracking_code text,
    total         numeric(12, 2) NOT NULL,
    created_at    timestamptz NOT NULL
);
CREATE TABLE order_items (
    id         bigint PRIMARY KEY,
    order_id   bigint NOT NULL,
    product_id int NOT NULL,
    quantity   int NOT NULL,
    price      numeric(10, 2) NOT NULL
);
CREATE TABLE events (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id int NOT NULL,
    kind        text NOT NULL,
    product_id  int,
    occurred_at timestamptz NOT NULL
);

INSERT INTO customers
SELECT i, 'customer' || i || '@example.org', 'Customer ' || i, (ARRAY['DE', 'FR', 'US', 'IN', 'BR'])[1 + i % 5],
       timestamptz '2023-01-01' + i * interval '17 minutes'
FROM generate_series(1, 40000) i;

INSERT INTO products
SELECT i, 'SKU-' || lpad(i::text, 6, '0'), 'Product ' || i, 'category ' || (i * 7 % 60),
       round((5 + random() * 495)::numeric, 2), 1000000
FROM generate_series(1, 5000) i;

INSERT INTO orders
SELECT i, 1 + floor(40000 * random() ^ 2),
       CASE WHEN i > 157600 AND random() < 0.7 THEN 'pending' WHEN random() < 0.02 THEN 'returned' ELSE 'shipped' END,
       'TRK' || md5(i::text), 0, timestamptz '2024-01-01' + i * interval '3 minutes'
FROM generate_series(1, 160000) i;

INSERT INTO order_items
SELECT i, 1 + (i - 1) / 3, 1 + floor(5000 * random() ^ 3), 1 + floor(4 * random()), round((5 + random() * 495)::numeric, 2)
FROM generate_series(1, 480000) i;

INSERT INTO events (customer_id, kind, product_id, occurred_at)
SELECT 1 + floor(40000 * random() ^ 2), (ARRAY['view', 'view', 'view', 'view', 'cart', 'search', 'login'])[1 + floor(7 * random())],
       1 + floor(5000 * random() ^ 3), timestamptz '2024-06-01' + i * interval '1 minute'
FROM generate_series(1, 320000) i;

UPDATE orders SET total = sums.total
FROM (SELECT order_id, sum(quantity * price) AS total FROM order_items GROUP BY order_id) sums
WHERE orders.id = sums.order_id;

ALTER TABLE order_items ADD FOREIGN KEY (order_id) REFERENCES orders;
ALTER TABLE order_items ADD FOREIGN KEY (product_id) REFERENCES products;
CREATE SEQUENCE order_ids START 1000001;
CREATE SEQUENCE order_item_ids START 1000001;

-- What a customer has spent: statements inside of functions need indexes as much as others, and are seen less.
CREATE FUNCTION customer_total(v_customer int) RETURNS numeric LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_total numeric;
BEGIN
    SELECT sum(i.quantity * i.price) INTO v_total
    FROM orders o JOIN order_items i ON i.order_id = o.id
    WHERE o.customer_id = v_customer AND o.status = 'shipped';
    RETURN coalesce(v_total, 0);
END
$$;

VACUUM (FULL) orders;
VACUUM (ANALYZE);
