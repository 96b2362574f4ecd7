\set customer random_exponential(1, 40000, 3)
SELECT customer_total(:customer);
