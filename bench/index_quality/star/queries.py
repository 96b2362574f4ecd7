"""Thirty analytic statements; each is drawn several times with other constants, the last draw is what is judged."""
import random

LEARNED = 3     # draws that the advisor sees

TEMPLATES = (
    # One dimension key, as a dashboard asks.
    'SELECT sum(amount), count(*) FROM sale WHERE customer_id = {customer}',
    'SELECT day_id, sum(quantity) FROM sale WHERE product_id = {product} GROUP BY day_id ORDER BY day_id',
    'SELECT channel, sum(amount) FROM sale WHERE shop_id = {shop} AND day_id BETWEEN {day} AND {day} + 30 GROUP BY channel',
    'SELECT shop_id, sum(amount) FROM sale WHERE day_id = {day} GROUP BY shop_id ORDER BY 2 DESC LIMIT 10',
    'SELECT count(*), sum(amount * discount) FROM sale WHERE promotion_id = {promotion}',
    'SELECT sum(amount) FROM sale WHERE day_id BETWEEN {day} AND {day} + 6',
    'SELECT region, sum(amount) FROM sale WHERE discount = 35 AND day_id BETWEEN {day} AND {day} + 90 GROUP BY region',
    'SELECT id, amount FROM sale WHERE shop_id = {shop} ORDER BY amount DESC LIMIT 10',
    'SELECT id, customer_id, amount FROM sale WHERE amount > 498.5',
    'SELECT count(*) FROM sale WHERE returned IS NOT NULL AND returned < date \'2023-02-01\' + {day}',
    'SELECT product_id, count(*) FROM sale WHERE returned IS NOT NULL AND shop_id = {shop} GROUP BY product_id',
    'SELECT max(day_id) FROM sale WHERE customer_id = {customer}',
    "SELECT sum(amount) FROM sale WHERE channel = 'phone' AND shop_id = {shop} AND discount > 0",
    'SELECT product_id, sum(quantity) FROM sale WHERE promotion_id = {promotion} GROUP BY product_id ORDER BY 2 DESC LIMIT 20',
    'SELECT day_id, amount FROM sale WHERE customer_id = {customer} ORDER BY day_id DESC LIMIT 20',
    # Star joins: a filter on a dimension, or on several.
    'SELECT c.month, sum(s.amount) FROM sale AS s JOIN calendar AS c ON c.id = s.day_id JOIN shop AS h ON h.id = s.shop_id'
    ' WHERE h.city = {city} GROUP BY c.month ORDER BY c.month',
    'SELECT p.colour, sum(s.quantity) FROM sale AS s JOIN product AS p ON p.id = s.product_id WHERE p.brand = {brand}'
    ' GROUP BY p.colour',
    'SELECT h.kind, count(*) FROM sale AS s JOIN shop AS h ON h.id = s.shop_id JOIN product AS p ON p.id = s.product_id'
    ' WHERE p.brand = {brand} AND h.region = {region} GROUP BY h.kind',
    "SELECT u.segment, sum(s.amount) FROM sale AS s JOIN customer AS u ON u.id = s.customer_id JOIN calendar AS c"
    " ON c.id = s.day_id WHERE c.day = date '2023-01-01' + {day} GROUP BY u.segment",
    'SELECT p.category, sum(s.amount) FROM sale AS s JOIN product AS p ON p.id = s.product_id JOIN customer AS u'
    ' ON u.id = s.customer_id WHERE u.city = {city} AND s.day_id BETWEEN {day} AND {day} + 10 GROUP BY p.category',
    "SELECT u.id, sum(s.amount) FROM customer AS u JOIN sale AS s ON s.customer_id = u.id WHERE u.email = 'c{customer}'"
    ' GROUP BY u.id',
    "SELECT c.week, count(*) FROM promotion AS m JOIN sale AS s ON s.promotion_id = m.id JOIN calendar AS c"
    " ON c.id = s.day_id WHERE m.code = 'p{promotion}' GROUP BY c.week",
    'SELECT h.city, sum(s.amount) FROM sale AS s JOIN shop AS h ON h.id = s.shop_id JOIN calendar AS c ON c.id = s.day_id'
    ' WHERE c.week = {week} GROUP BY h.city ORDER BY 2 DESC LIMIT 5',
    'SELECT p.brand, avg(s.discount) FROM sale AS s JOIN product AS p ON p.id = s.product_id WHERE p.category = {category}'
    ' AND p.colour = \'red\' AND s.discount > 0 GROUP BY p.brand',
    "SELECT c.year, u.segment, sum(s.amount) FROM sale AS s JOIN calendar AS c ON c.id = s.day_id JOIN customer AS u"
    " ON u.id = s.customer_id WHERE u.born = {born} AND u.city = {city} GROUP BY c.year, u.segment",
    'SELECT count(*) FROM sale AS s JOIN product AS p ON p.id = s.product_id JOIN shop AS h ON h.id = s.shop_id JOIN'
    ' calendar AS c ON c.id = s.day_id JOIN customer AS u ON u.id = s.customer_id'
    ' WHERE p.brand = {brand} AND h.city = {city} AND c.quarter = {quarter}',
    'SELECT s.id, s.amount, p.price FROM sale AS s JOIN product AS p ON p.id = s.product_id WHERE s.shop_id = {shop}'
    ' AND p.category = {category} ORDER BY s.day_id DESC LIMIT 50',
    # Without any filter that an index could serve: nothing may get worse.
    'SELECT region, channel, sum(amount) FROM sale GROUP BY region, channel',
    'SELECT c.year, sum(s.amount) FROM sale AS s JOIN calendar AS c ON c.id = s.day_id GROUP BY c.year',
    'SELECT count(DISTINCT customer_id) FROM sale WHERE day_id BETWEEN {day} AND {day} + 60',
)


def draws(seed, rows):
    """For each template its draws; the last of them is scored."""
    rng = random.Random(f'star {seed}')
    return [[template.format(**values(rng, rows)) for _ in range(LEARNED + 1)] for template in TEMPLATES]


def values(rng, rows):
    day = rng.randrange(100, 1300)
    return {'customer': 1 + int(rows // 20 * rng.random() ** 3), 'product': 1 + int(40000 * rng.random() ** 3),
            'shop': 1 + int(2000 * rng.random() ** 3), 'promotion': 1 + int(1500 * rng.random() ** 2), 'day': day,
            'city': rng.randrange(200), 'region': rng.randrange(20), 'brand': rng.randrange(400),
            'category': rng.randrange(40), 'week': day // 7, 'quarter': day // 91, 'born': rng.randrange(1940, 2010)}
