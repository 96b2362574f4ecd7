\set order random(1, 160000)
UPDATE orders SET status = 'shipped' WHERE tracking_code = 'TRK' || md5((:order)::text);
