SELECT 100.00 * sum(CASE WHEN p_type LIKE 'PROMO%' THEN l_extendedprice * (1 - l_discount) ELSE 0 END)
       / sum(l_extendedprice * (1 - l_discount)) AS promotion_share
FROM lineitem, part
WHERE l_partkey = p_partkey AND l_shipdate >= DATE '{date}' AND l_shipdate < DATE '{date}' + INTERVAL '1 month'
