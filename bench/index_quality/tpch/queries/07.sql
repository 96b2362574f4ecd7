SELECT supplier_nation, customer_nation, year, sum(volume) AS revenue
FROM (SELECT n1.n_name AS supplier_nation, n2.n_name AS customer_nation, extract(year FROM l_shipdate) AS year,
             l_extendedprice * (1 - l_discount) AS volume
      FROM supplier, lineitem, orders, customer, nation AS n1, nation AS n2
      WHERE s_suppkey = l_suppkey AND o_orderkey = l_orderkey AND c_custkey = o_custkey
        AND s_nationkey = n1.n_nationkey AND c_nationkey = n2.n_nationkey
        AND (n1.n_name = '{nation1}' AND n2.n_name = '{nation2}' OR n1.n_name = '{nation2}' AND n2.n_name = '{nation1}')
        AND l_shipdate BETWEEN DATE '1995-01-01' AND DATE '1996-12-31') AS shipping
GROUP BY supplier_nation, customer_nation, year
ORDER BY supplier_nation, customer_nation, year
