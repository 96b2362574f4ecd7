"""EXPLAIN text as a tree of facts, and whether two such trees are the same plan.

The shape of a plan is: node types, their order and nesting, relations and aliases, which index is scanned and
in which direction, and every condition and key of each node. Costs, row estimates and widths do not belong to
it, nor does the number of planned workers. A hypothetical index may have a name of its own, see `same_shape`.
"""
import dataclasses
import itertools
import re

NODE = re.compile(r'^(?P<indent> *)(?:->  )?(?P<head>\S.*?)'
                  r'  \(cost=[0-9.]+\.\.(?P<total>[0-9.]+) rows=\d+ width=\d+\)$')
SCAN = re.compile(r'^(?P<type>.*?Index(?: Only)? Scan(?: Backward)?) using (?P<index>.+?) on (?P<target>.+)$')
BITMAP = re.compile(r'^(?P<type>.*?Bitmap Index Scan) on (?P<index>.+)$')
LABEL = re.compile(r'^ *(?P<label>(?:InitPlan|SubPlan|CTE) .*)$')
IGNORED = ('Workers Planned', 'JIT', 'Functions', 'Options')


@dataclasses.dataclass
class Node:
    type: str
    index: str = None
    label: str = None               # InitPlan 1, SubPlan 2, CTE name
    details: list = dataclasses.field(default_factory=list)
    children: list = dataclasses.field(default_factory=list)
    total_cost: float = 0.0

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()


def parse(text):
    """The root node of an EXPLAIN text; ValueError if there is none."""
    root, open_nodes, label = None, [], None        # open_nodes: (indent, node) from the root down
    for line in text.splitlines():
        match = NODE.match(line)
        if match:
            indent = len(match['indent'])
            node = make_node(match, label)
            label = None
            while open_nodes and open_nodes[-1][0] >= indent:
                open_nodes.pop()
            if root is None:
                root = node
            elif open_nodes:
                open_nodes[-1][1].children.append(node)
            else:
                raise ValueError(f'second root in plan: {line}')
            open_nodes.append((indent, node))
        elif LABEL.match(line):
            label = LABEL.match(line)['label']
            indent = len(line) - len(line.lstrip())
            while open_nodes and open_nodes[-1][0] >= indent:
                open_nodes.pop()
        elif line.strip():
            add_detail(open_nodes, line)
    if root is None:
        raise ValueError(f'no plan in: {text[:200]!r}')
    return root


def make_node(match, label):
    head = match['head']
    cost = float(match['total'])
    scan = SCAN.match(head)
    if scan:
        return Node(f'{scan["type"]} on {scan["target"]}', scan['index'], label, total_cost=cost)
    bitmap = BITMAP.match(head)
    if bitmap:
        return Node(bitmap['type'], bitmap['index'], label, total_cost=cost)
    return Node(head, None, label, total_cost=cost)


def add_detail(open_nodes, line):
    """A property belongs to the deepest open node that stands further left."""
    if line.strip().split(':')[0] in IGNORED:
        return
    indent = len(line) - len(line.lstrip())
    for node_indent, node in reversed(open_nodes):
        if node_indent < indent:
            node.details.append(line.strip())
            return
    raise ValueError(f'property outside of any node: {line}')


def index_names(root):
    return {node.index for node in root.walk() if node.index}


def same_shape(predicted, real, built, existing):
    """Whether two plans are the same; `built`: names of the really built indexes, `existing`: of all others.

    An index name in the predicted plan that is in neither is hypothetical and may stand for any one built
    index, but for the same one everywhere, and for none that the predicted plan itself names.
    """
    unknown = sorted(index_names(predicted) - set(built) - set(existing))
    free = [name for name in built if name not in index_names(predicted)]
    return any(equal(predicted, real, dict(zip(unknown, chosen)))
               for chosen in itertools.permutations(free, len(unknown)))


def equal(predicted, real, names):
    return (predicted.type == real.type and predicted.label == real.label
            and names.get(predicted.index, predicted.index) == real.index
            and predicted.details == real.details
            and len(predicted.children) == len(real.children)
            and all(equal(*pair, names) for pair in zip(predicted.children, real.children)))
