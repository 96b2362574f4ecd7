"""The 22 queries, each with parameters drawn as section 2.4 of the TPC-H specification says. A variant has its own
seed, so that it is the same in every run, and no variant of a query repeats another's parameters."""
import datetime
import os
import random

HERE = os.path.dirname(os.path.abspath(__file__))
LEARNED = (0, 1, 2)         # the variants that the advisor is given
SCORED = 3                  # and the one that its indexes are judged by
NATIONS = {
    'ALGERIA': 'AFRICA', 'ARGENTINA': 'AMERICA', 'BRAZIL': 'AMERICA', 'CANADA': 'AMERICA', 'EGYPT': 'MIDDLE EAST',
    'ETHIOPIA': 'AFRICA', 'FRANCE': 'EUROPE', 'GERMANY': 'EUROPE', 'INDIA': 'ASIA', 'INDONESIA': 'ASIA',
    'IRAN': 'MIDDLE EAST', 'IRAQ': 'MIDDLE EAST', 'JAPAN': 'ASIA', 'JORDAN': 'MIDDLE EAST', 'KENYA': 'AFRICA',
    'MOROCCO': 'AFRICA', 'MOZAMBIQUE': 'AFRICA', 'PERU': 'AMERICA', 'CHINA': 'ASIA', 'ROMANIA': 'EUROPE',
    'SAUDI ARABIA': 'MIDDLE EAST', 'VIETNAM': 'ASIA', 'RUSSIA': 'EUROPE', 'UNITED KINGDOM': 'EUROPE',
    'UNITED STATES': 'AMERICA'}
REGIONS = tuple(sorted(set(NATIONS.values())))
SEGMENTS = ('AUTOMOBILE', 'BUILDING', 'FURNITURE', 'MACHINERY', 'HOUSEHOLD')
MODES = ('REG AIR', 'AIR', 'RAIL', 'SHIP', 'TRUCK', 'MAIL', 'FOB')
SIZES = ('STANDARD', 'SMALL', 'MEDIUM', 'LARGE', 'ECONOMY', 'PROMO')
FINISHES = ('ANODIZED', 'BURNISHED', 'PLATED', 'POLISHED', 'BRUSHED')
METALS = ('TIN', 'NICKEL', 'BRASS', 'STEEL', 'COPPER')
BOXES = (('SM', 'LG', 'MED', 'JUMBO', 'WRAP'), ('CASE', 'BOX', 'BAG', 'JAR', 'PKG', 'PACK', 'CAN', 'DRUM'))
COLOURS = ('almond', 'azure', 'blue', 'chartreuse', 'coral', 'cyan', 'deep', 'firebrick', 'forest', 'ghost', 'green',
           'hot', 'ivory', 'khaki', 'lemon', 'magenta', 'midnight', 'navy', 'orange', 'peach', 'puff', 'rosy', 'salmon',
           'smoke', 'tan', 'violet', 'yellow')


def texts(scale):
    """{query number: its four variants}"""
    return {number: [read(number).format(**values) for values in variants(number, scale)]
            for number in range(1, 23)}


def read(number):
    with open(f'{HERE}/queries/{number:02}.sql', encoding='utf-8') as file:
        return file.read().strip()


def variants(number, scale):
    chosen = []
    for variant in range(SCORED + 1):
        rng = random.Random(f'query {number} variant {variant}')
        values = DRAWS[number](rng, scale)
        while values in chosen:
            values = DRAWS[number](rng, scale)
        chosen.append(values)
    return chosen


def year(rng):
    return f'{rng.randint(1993, 1997)}-01-01'


def month(rng, first, last):
    """The first day of a month; the bounds are (year, month)."""
    number = rng.randint(first[0] * 12 + first[1] - 1, last[0] * 12 + last[1] - 1)
    return f'{number // 12}-{number % 12 + 1:02}-01'


def brand(rng):
    return f'Brand#{rng.randint(1, 5)}{rng.randint(1, 5)}'


def words(rng, *lists):
    return ' '.join(rng.choice(choices) for choices in lists)


def nation_of_region(rng, _):
    nation = rng.choice(list(NATIONS))
    return {'nation': nation, 'region': NATIONS[nation], 'type': words(rng, SIZES, FINISHES, METALS)}


def two_nations(rng, _):
    first, second = rng.sample(list(NATIONS), 2)
    return {'nation1': first, 'nation2': second}


def two_modes(rng, _):
    first, second = rng.sample(MODES, 2)
    return {'mode1': first, 'mode2': second, 'date': year(rng)}


def three_brands(rng, _):
    return {**{f'brand{n}': brand(rng) for n in (1, 2, 3)},
            **{f'quantity{n}': rng.randint(low, low + 10) for n, low in ((1, 1), (2, 10), (3, 20))}}


DRAWS = {
    1: lambda rng, _: {'days': rng.randint(60, 120)},
    2: lambda rng, _: {'size': rng.randint(1, 50), 'metal': rng.choice(METALS), 'region': rng.choice(REGIONS)},
    3: lambda rng, _: {'segment': rng.choice(SEGMENTS), 'date': datetime.date(1995, 3, rng.randint(1, 31))},
    4: lambda rng, _: {'date': month(rng, (1993, 1), (1997, 10))},
    5: lambda rng, _: {'region': rng.choice(REGIONS), 'date': year(rng)},
    6: lambda rng, _: {'date': year(rng), 'discount': f'0.0{rng.randint(2, 9)}', 'quantity': rng.randint(24, 25)},
    7: two_nations,
    8: nation_of_region,
    9: lambda rng, _: {'colour': rng.choice(COLOURS)},
    10: lambda rng, _: {'date': month(rng, (1993, 2), (1995, 1))},
    11: lambda rng, scale: {'nation': rng.choice(list(NATIONS)), 'fraction': f'{0.0001 / scale:.10f}'},
    12: two_modes,
    13: lambda rng, _: {'word1': rng.choice(('special', 'pending', 'unusual', 'express')),
                        'word2': rng.choice(('packages', 'requests', 'accounts', 'deposits'))},
    14: lambda rng, _: {'date': month(rng, (1993, 1), (1997, 12))},
    15: lambda rng, _: {'date': month(rng, (1993, 1), (1997, 10))},
    16: lambda rng, _: {'brand': brand(rng), 'type': words(rng, SIZES, FINISHES),
                        'sizes': ', '.join(map(str, rng.sample(range(1, 51), 8)))},
    17: lambda rng, _: {'brand': brand(rng), 'container': words(rng, *BOXES)},
    18: lambda rng, _: {'quantity': rng.randint(312, 315)},
    19: three_brands,
    20: lambda rng, _: {'colour': rng.choice(COLOURS), 'date': year(rng), 'nation': rng.choice(list(NATIONS))},
    21: lambda rng, _: {'nation': rng.choice(list(NATIONS))},
    22: lambda rng, _: {'codes': ', '.join(f"'{code}'" for code in rng.sample(range(10, 35), 7))},
}
