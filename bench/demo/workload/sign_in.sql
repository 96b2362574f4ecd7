\set customer random(1, 40000)
SELECT id, name, country FROM customers WHERE email = 'customer' || :customer || '@example.org';
