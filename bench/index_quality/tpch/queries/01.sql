SELECT l_returnflag, l_linestatus, sum(l_quantity) AS quantity, sum(l_extendedprice) AS base_price,
       sum(l_extendedprice * (1 - l_discount)) AS price,
       sum(l_extendedprice * (1 - l_discount) * (1 + l_tax)) AS charge, avg(l_quantity) AS average_quantity,
       avg(l_extendedprice) AS average_price, avg(l_discount) AS average_discount, count(*) AS lines
FROM lineitem
WHERE l_shipdate <= DATE '1998-12-01' - INTERVAL '{days} days'
GROUP BY l_returnflag, l_linestatus
ORDER BY l_returnflag, l_linestatus
