-- What the workload reads, for fixed customers and orders, as one checksum per statement: must be the same
-- before and after the indexes are built.
SELECT 'sign_in', count(*), md5(string_agg(t::text, '|' ORDER BY t::text))
FROM (SELECT id, name, country FROM customers WHERE email = 'customer1234@example.org') t
UNION ALL
SELECT 'orders_of_customer', count(*), md5(string_agg(t::text, '|'))
FROM (SELECT id, status, total, created_at FROM orders WHERE customer_id = 7 ORDER BY created_at DESC, id LIMIT 20) t
UNION ALL
SELECT 'order_page', count(*), md5(string_agg(t::text, '|' ORDER BY t::text))
FROM (SELECT o.status, o.total, i.quantity, i.price, p.name
      FROM orders o JOIN order_items i ON i.order_id = o.id JOIN products p ON p.id = i.product_id
      WHERE o.id BETWEEN 4000 AND 4100) t
UNION ALL
SELECT 'recent_views', count(*), md5(string_agg(t::text, '|'))
FROM (SELECT product_id, occurred_at FROM events WHERE customer_id = 7 AND kind = 'view' ORDER BY occurred_at DESC, id LIMIT 10) t
UNION ALL
SELECT 'pending_orders', count(*), md5(string_agg(t::text, '|'))
FROM (SELECT id, customer_id, total FROM orders WHERE status = 'pending' ORDER BY created_at, id LIMIT 50) t
UNION ALL
SELECT 'activity_of_a_day', count(*), md5(string_agg(t::text, '|' ORDER BY t::text))
FROM (SELECT kind, count(*) FROM events
      WHERE occurred_at >= timestamptz '2024-07-01' AND occurred_at < timestamptz '2024-07-02' GROUP BY kind) t
UNION ALL
SELECT 'customer_total', count(*), md5(string_agg(t::text, '|' ORDER BY t::text))
FROM (SELECT c, customer_total(c) FROM generate_series(1, 20) c) t
UNION ALL
SELECT 'parcel_arrived', count(*), md5(string_agg(t::text, '|' ORDER BY t::text))
FROM (SELECT id, status FROM orders WHERE tracking_code = 'TRK' || md5('4711')) t;
