\set customer random_exponential(1, 40000, 3)
SELECT id, status, total, created_at FROM orders WHERE customer_id = :customer ORDER BY created_at DESC LIMIT 20;
