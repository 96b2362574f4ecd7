\set order random(1, 160000)
SELECT o.status, o.total, i.quantity, i.price, p.name FROM orders o JOIN order_items i ON i.order_id = o.id JOIN products p ON p.id = i.product_id WHERE o.id = :order;
