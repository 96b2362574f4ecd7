\set customer random_exponential(1, 40000, 3)
\set product random_exponential(1, 5000, 4)
\set amount random(1, 4)
BEGIN;
SELECT nextval('order_ids') AS new_order \gset
INSERT INTO orders VALUES (:new_order, :customer, 'pending', NULL, :amount * 20, timestamptz '2025-01-01');
INSERT INTO order_items VALUES (nextval('order_item_ids'), :new_order, :product, :amount, 20);
UPDATE products SET stock = stock - :amount WHERE id = :product;
INSERT INTO events (customer_id, kind, product_id, occurred_at) VALUES (:customer, 'order', :product, timestamptz '2025-01-01');
COMMIT;
