\set customer random_exponential(1, 40000, 3)
SELECT product_id, occurred_at FROM events WHERE customer_id = :customer AND kind = 'view' ORDER BY occurred_at DESC LIMIT 10;
