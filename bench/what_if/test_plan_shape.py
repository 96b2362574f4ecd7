"""The comparison must accept the same plan under other costs and names, and nothing else."""
import unittest

import plan_shape

JOIN = """\
Limit  (cost=8.87..20.31 rows=10 width=16)
  InitPlan 1 (returns $0)
    ->  Seq Scan on other  (cost=0.00..1.00 rows=1 width=4)
          Filter: (a = 1)
  ->  Nested Loop  (cost=8.87..120.31 rows=100 width=16)
        Join Filter: (c.x < p.x)
        ->  Index Scan using {first} on parent p  (cost=0.29..8.31 rows=1 width=8)
              Index Cond: (grp = {constant})
        ->  Bitmap Heap Scan on child c  (cost=8.58..110.00 rows=100 width=8)
              Recheck Cond: (p_id = p.id)
              ->  Bitmap Index Scan on {second}  (cost=0.00..8.55 rows=100 width=0)
                    Index Cond: (p_id = p.id)
        SubPlan 2
          ->  Index Only Scan Backward using old_idx on third t  (cost=0.29..4.31 rows=1 width=8)
"""
EXISTING = ['old_idx', 'old_other']


def join(first='new_1', second='new_2', constant=5):
    return JOIN.format(first=first, second=second, constant=constant)


def same(predicted, real, built=('new_1', 'new_2')):
    return plan_shape.same_shape(plan_shape.parse(predicted), plan_shape.parse(real), built, EXISTING)


class Parsing(unittest.TestCase):
    def test_tree(self):
        root = plan_shape.parse(join())
        self.assertEqual(root.total_cost, 20.31)
        self.assertEqual([child.type for child in root.children], ['Seq Scan on other', 'Nested Loop'])
        self.assertEqual(root.children[0].label, 'InitPlan 1 (returns $0)')
        self.assertEqual(root.children[0].details, ['Filter: (a = 1)'])
        loop = root.children[1]
        self.assertEqual(loop.details, ['Join Filter: (c.x < p.x)'])
        self.assertEqual([child.label for child in loop.children], [None, None, 'SubPlan 2'])
        self.assertEqual(loop.children[0].index, 'new_1')
        self.assertEqual(loop.children[1].children[0].type, 'Bitmap Index Scan')
        self.assertEqual(loop.children[1].children[0].index, 'new_2')
        self.assertEqual(loop.children[2].type, 'Index Only Scan Backward on third t')

    def test_no_plan(self):
        for text in ('', 'no plan here', '  Filter: (a = 1)'):
            with self.assertRaises(ValueError):
                plan_shape.parse(text)


class Same(unittest.TestCase):
    def test_other_costs(self):
        other = join().replace('8.87..20.31 rows=10 width=16', '9.00..99.99 rows=77 width=18')
        self.assertTrue(same(join(), other))

    def test_hypothetical_names(self):
        self.assertTrue(same(join(first='<123>btree_grp', second='<124>btree_p_id'), join()))
        self.assertTrue(same(join(first='<123>btree_grp'), join()))

    def test_planned_workers(self):
        gather = 'Gather  (cost=1.00..2.00 rows=1 width=4)\n  Workers Planned: {}\n' \
                 '  ->  Parallel Seq Scan on t  (cost=1.00..2.00 rows=1 width=4)\n'
        self.assertTrue(same(gather.format(1), gather.format(2)))


class Different(unittest.TestCase):
    def assert_different(self, predicted, real=None):
        self.assertFalse(same(predicted, real or join()))

    def test_node_type(self):
        self.assert_different(join().replace('Nested Loop', 'Hash Join'))
        self.assert_different(join().replace('Index Only Scan Backward using', 'Index Only Scan using'))
        self.assert_different(join().replace('Index Scan using', 'Index Only Scan using'))
        self.assert_different(join().replace('->  Seq Scan', '->  Parallel Seq Scan'))

    def test_relation_and_alias(self):
        self.assert_different(join().replace('on parent p', 'on child p'))
        self.assert_different(join().replace('on parent p', 'on parent q'))

    def test_index_conditions(self):
        self.assert_different(join(constant=6))
        self.assert_different(join().replace('              Index Cond: (grp = 5)\n', ''))

    def test_filters(self):
        self.assert_different(join().replace('Filter: (a = 1)', 'Filter: (a = 2)'))

    def test_join_order(self):
        line = '        ->  {} on {}  (cost=1.00..2.00 rows=1 width=4)\n'
        head = 'Nested Loop  (cost=1.00..2.00 rows=1 width=4)\n'
        one, two = line.format('Seq Scan', 'a'), line.format('Seq Scan', 'b')
        self.assert_different(head + one + two, head + two + one)

    def test_index_not_used(self):
        scan = 'Seq Scan on t  (cost=0.00..2.00 rows=1 width=4)\n'
        index = 'Index Scan using new_1 on t  (cost=0.00..2.00 rows=1 width=4)\n'
        self.assert_different(scan, index)
        self.assert_different(index, scan)

    def test_indexes_swapped(self):
        self.assert_different(join(first='new_2', second='new_1'))
        self.assert_different(join(first='<1>', second='<1>'))

    def test_an_existing_index_is_no_hypothetical_one(self):
        self.assert_different(join(first='old_other'))
        self.assert_different(join().replace('old_idx', 'new_1'))

    def test_hypothetical_where_an_existing_one_is_used(self):
        self.assert_different(join(), join(first='old_other'))
        self.assert_different(join(first='<1>'), join(first='old_other'))

    def test_nesting(self):
        flat = join().replace('              ->  Bitmap Index Scan', '        ->  Bitmap Index Scan')
        self.assert_different(flat)

    def test_missing_branch(self):
        self.assert_different(join()[:join().index('        SubPlan 2')])


if __name__ == '__main__':
    unittest.main()
