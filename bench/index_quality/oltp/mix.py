"""The statements of the mix with their weights, and a seeded stream of executions."""
import dataclasses
import random


@dataclasses.dataclass(frozen=True)
class Kind:
    name: str
    weight: float
    text: str
    writes: bool = False


# What {user} and so on stand for: values of one execution. Popular posts, authors and products come more often.
VALUES = {
    'user': lambda rng, scale: 1 + int(20000 * scale * rng.random()),
    'popular_user': lambda rng, scale: 1 + int(20000 * scale * rng.random() ** 3),
    'post': lambda rng, scale: 1 + int(150000 * scale * rng.random() ** 3),
    'product': lambda rng, scale: 1 + int(10000 * scale * rng.random() ** 3),
    'order': lambda rng, scale: 1 + int(120000 * scale * rng.random()),
    'cart': lambda rng, scale: 1 + int(3000 * scale * rng.random()),
    'number': lambda rng, scale: rng.randrange(1, 100),
}

# The trap: a query of next to no weight sorts by a column that the most frequent statement of all writes.
TRAP = 'newest carts'
TRAP_COLUMN = 'updated_at'
TRAP_CALLS = 6

READS = (
    Kind('timeline', 6, 'SELECT p.id, p.author, p.body FROM follows AS f JOIN posts AS p ON p.author = f.followed'
         ' WHERE f.follower = {user} AND p.deleted IS NULL ORDER BY p.created DESC LIMIT 20'),
    Kind('posts of a user', 8, 'SELECT id, body, created FROM posts WHERE author = {popular_user} AND deleted IS NULL'
         ' ORDER BY created DESC LIMIT 10'),
    Kind('likes of a post', 10, 'SELECT count(*) FROM likes WHERE post = {post}'),
    Kind('likes by a user', 3, 'SELECT post FROM likes WHERE liker = {user} ORDER BY created DESC LIMIT 30'),
    Kind('comments of a post', 8, 'SELECT author, body FROM comments WHERE post = {post} ORDER BY created'),
    Kind('comments by a user', 1, 'SELECT post, body FROM comments WHERE author = {user} ORDER BY created DESC LIMIT 20'),
    Kind('followers', 3, 'SELECT count(*) FROM follows WHERE followed = {popular_user}'),
    Kind('log in', 4, "SELECT id, name FROM users WHERE lower(email) = 'user{user}@example.org'"),
    Kind('profile', 6, 'SELECT * FROM users WHERE id = {user}'),
    Kind('orders of a buyer', 4, 'SELECT id, status, created FROM orders WHERE buyer = {user} ORDER BY created DESC LIMIT 10'),
    Kind('order page', 4, 'SELECT i.line, i.quantity, p.name, p.price FROM order_items AS i JOIN products AS p'
         ' ON p.id = i.product WHERE i.order_id = {order} ORDER BY i.line'),
    Kind('who bought it', 1, 'SELECT o.buyer, o.created FROM order_items AS i JOIN orders AS o ON o.id = i.order_id'
         ' WHERE i.product = {product} ORDER BY o.created DESC LIMIT 20'),
    Kind('next to pack', 2, "SELECT id, buyer FROM orders WHERE status = 'open' ORDER BY created LIMIT 20"),
    Kind('product by sku', 3, "SELECT id, name, price FROM products WHERE sku = 'SKU-{product}'"),
    Kind('cart of a user', 5, 'SELECT id, items FROM carts WHERE owner = {user}'),
)
WRITES = (
    Kind('write a post', 3, "INSERT INTO posts (author, body, created) VALUES ({popular_user}, 'something new', now())",
         True),
    Kind('like', 8, 'INSERT INTO likes VALUES ({post}, {user}, now()) ON CONFLICT DO NOTHING', True),
    Kind('unlike', 1, 'DELETE FROM likes WHERE post = {post} AND liker = {user}', True),
    Kind('comment', 4, "INSERT INTO comments (post, author, body, created) VALUES ({post}, {user}, 'well said', now())",
         True),
    Kind('follow', 2, 'INSERT INTO follows VALUES ({user}, {popular_user}, now()) ON CONFLICT DO NOTHING', True),
    Kind('seen', 5, 'UPDATE users SET last_seen = now() WHERE id = {user}', True),
    Kind('fill the cart', 30, f'UPDATE carts SET items = {{number}}, {TRAP_COLUMN} = now() WHERE id = {{cart}}', True),
    Kind('order', 2, "INSERT INTO orders (buyer, status, created, updated_at) VALUES ({user}, 'open', now(), now())",
         True),
    Kind('send', 2, f"UPDATE orders SET status = 'sent', {TRAP_COLUMN} = now() WHERE id = {{order}}", True),
)
TRAP_KIND = Kind(TRAP, 0, f'SELECT id, owner FROM carts ORDER BY {TRAP_COLUMN} DESC LIMIT 20')
KINDS = READS + WRITES + (TRAP_KIND,)


def executions(seed, count, scale):
    """(kind, text) count times in a random order; the trap as often as said above."""
    rng = random.Random(f'oltp {seed}')
    kinds = rng.choices(READS + WRITES, [kind.weight for kind in READS + WRITES], k=count)
    for place in range(TRAP_CALLS):
        kinds.insert((place + 1) * count // (TRAP_CALLS + 1), TRAP_KIND)
    return [(kind, kind.text.format(**{name: draw(rng, scale) for name, draw in VALUES.items()})) for kind in kinds]
