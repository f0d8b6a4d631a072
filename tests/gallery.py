#!/usr/bin/python3
"""gallery.py -- values and derivatives of the elementwise functions, from mpmath in 50 digits, for gallery-test.

    tests/gallery.py > tests/gallery.tsv      writes the file anew, in some minutes
    tests/gallery.py NAME...                  prints the rows of these functions

Each function is written here from its definition and differentiated numerically; nothing is taken from gradcalc or from
anyone's formula for a derivative. Only at edges, where there is nothing to differentiate, is the partial stated.

The columns: the function, its arguments, its value, its first partials, its second partials (those of the first partial,
then those of the second; `-` is unknown), and the relative tolerances of the value and of each first partial. Numbers in
one column are separated by commas. Arguments are doubles and are meant exactly.
"""
import sys
from multiprocessing import Pool

from mpmath import mp, mpf, inf, nan, pi
import mpmath as m

mp.dps = 50

ELEMENTARY, SPECIAL, PARAMETER = '1e-12', '1e-10', '1e-8'

REAL = [0.3718, -0.8264, 1.7321, -2.4495, 5.291, -0.0123]
SMALL = REAL + [1e-7]
POSITIVE = [0.3718, 1.7321, 5.291, 0.0123, 41.3, 1e-7, 1234.5]
UNIT = [0.3718, -0.8264, 0.0123, -0.97, 1e-7]
PROBABILITY = [0.3718, 0.8264, 0.0123, 0.97, 0.625, 1e-9]
FAR = [-7.77, 12.5, -23.1]
PAIRS = [(0.3718, -0.8264), (-1.7321, 2.4495), (5.291, 1.37), (-7.77, -0.61), (1.37, 5.291), (0.3718, 2.25)]
POSITIVE_PAIRS = [(0.3718, 0.8264), (1.7321, 2.4495), (5.291, 0.137), (41.3, 7.77), (0.0625, 123.4), (1234.5, 1.5)]
GAMMA_PAIRS = [(a, a * r) for a in (1e-3, 0.37, 1.0, 2.75, 9.5, 40.0, 150.0, 1e3, 1e4)
               for r in (0.5, 0.9, 0.99, 1.0, 1.01, 1.1, 2.0) if a < 500 or 0.7 < r < 1.5] \
    + [(1e-3, 0.3), (1e-3, 5.0), (0.37, 20.0), (0.37, 1e-6), (2.75, 60.0), (40.0, 0.5), (1.0, 0.99), (0.5, 1.0),
       (30.0, 200.0), (5.5, 1e-3)]
BETA_TRIPLES = [(a, b, x) for a, b in ((1e-3, 1e-3), (1e-3, 2.0), (0.37, 0.61), (2.0, 3.5), (1.0, 1.0), (9.5, 0.25),
                                       (40.0, 30.0), (0.5, 150.0), (1e3, 3.0), (1e3, 1e3))
                for x in (0.001, 0.03, 0.3, 0.5, 0.8, 0.99)
                if a + b < 20 or abs(x - a / (a + b)) < 0.3] \
    + [(1e4, 1e4, 0.5), (1e4, 1e4, 0.49), (1e4, 1e4, 0.51), (1e4, 2.0, 0.9999), (3.0, 1e4, 0.0003), (3.0, 1e4, 0.001)] \
    + [(0.0253, 5.15e-11, 0.873), (2.5, 1e-9, 0.9375), (5.4e-8, 4.56, 0.15), (3e-5, 0.25, 0.03125),
       (2e-9, 1e-9, 0.25)]


def truncated(x):
    return m.floor(x) if x >= 0 else m.ceil(x)


def normal(x):
    return m.erfc(-x / m.sqrt(2)) / 2




def normal_guess(p):
    lo, hi = mpf(-40), mpf(40)
    for _ in range(80):
        mid = (lo + hi) / 2
        lo, hi = (mid, hi) if normal(mid) < p else (lo, mid)
    return lo


def normal_inverse(p):
    z = normal_guess(p)
    for _ in range(8):
        z -= (normal(z) - p) / (m.exp(-z * z / 2) / m.sqrt(2 * pi))
    return z


def lower_gamma(a, x):
    """Regularised: terms of one sign."""
    term = total = mpf(1)
    n = 0
    while term > total * m.eps / 16:
        n += 1
        term = term * x / (a + n)
        total += term
    return total * m.exp(a * m.log(x) - x - m.loggamma(a + 1))


def upper_gamma(a, x):
    with mp.extradps(60):
        return 1 - lower_gamma(a, x)


def lower_beta(a, b, x):
    term = total = mpf(1)
    n = 0
    while term > total * m.eps * (1 - x) / 16 or (a + b + n) * x > a + 1 + n:
        term = term * x * (a + b + n) / (a + 1 + n)
        total += term
        n += 1
    return total * m.exp(a * m.log(x) + b * m.log(1 - x) + m.loggamma(a + b) - m.loggamma(a + 1) - m.loggamma(b))


def incomplete_beta(a, b, x):
    direct = x <= 0.5 or (x <= a / (a + b) and x < 0.9)
    return lower_beta(a, b, x) if direct else 1 - lower_beta(b, a, 1 - x)


def polygamma(n, x):
    n, total = int(n), mpf(0)
    if n == 0:
        return m.digamma(x)
    # The sum of (x + k)^-(n+1), to the digits of itself, however small it is: Euler and Maclaurin's from a large x on.
    # Terms below zero stand in pairs with those above that are of their size.
    below = max(0, int(m.ceil(-x)))
    for k in range(below):
        total += (x + below - 1 - k) ** (-n - 1) + (x + below + k) ** (-n - 1)
    x += 2 * below
    while x < n + mp.dps:
        total += x ** (-n - 1)
        x += 1
    total += x ** -n / n + x ** (-n - 1) / 2
    factor = (n + 1) / x ** (n + 2)
    for k in range(2, mp.dps, 2):
        total += m.bernoulli(k) / m.factorial(k) * factor
        factor *= (n + k) * (n + k + 1) / x ** 2
    return (-1) ** (n + 1) * m.factorial(n) * total


def lchoose(n, k):
    return m.loggamma(n + 1) - m.loggamma(k + 1) - m.loggamma(n - k + 1)


def logaddexp(a, b):
    return m.log(m.exp(a) + m.exp(b))


def power(a, b):
    return a ** int(b) if b == int(b) else m.power(a, b)


def held(a, b, c):
    return min(max(a, b), c)


def sinc(x):
    return m.sin(pi * x) / (pi * x)


def log_gamma(x):
    return m.log(abs(m.gamma(x)))


def floor_mod(a, b):
    return a - b * m.floor(a / b)


TRUTHS = [(0.0, 1.0), (2.5, 2.5), (-1.0, 3.0), (0.0, 0.0)]

# Name: function, class, interior points, {edge: (value, partials)}. One operand stands alone.
GALLERY = {
    'add': (lambda a, b: a + b, ELEMENTARY, PAIRS, {(inf, 1): (inf, 1, 1)}),
    'subtract': (lambda a, b: a - b, ELEMENTARY, PAIRS, {}),
    'multiply': (lambda a, b: a * b, ELEMENTARY, PAIRS, {(0, 3): (0, 3, 0)}),
    'divide': (lambda a, b: a / b, ELEMENTARY, PAIRS, {(1, 0): (inf, inf, -inf), (0, 0): (nan, inf, nan)}),
    'modulo': (floor_mod, ELEMENTARY, PAIRS + [(1.0, 0.1)], {(1, 0): (nan, nan, nan)}),
    'power': (m.power, ELEMENTARY, POSITIVE_PAIRS[:4],
              {(0, 2): (0, 0, 0), (0, 1): (0, 1, 0), (0, 0): (1, 0, 0), (0, 0.5): (0, inf, 0), (-2, 2): (4, -4, nan)}),
    'negate': (lambda a: -a, ELEMENTARY, REAL, {}),
    'plus': (lambda a: a, ELEMENTARY, REAL, {}),
    'abs': (abs, ELEMENTARY, REAL, {0: (0, 0)}),
    'sign': (m.sign, ELEMENTARY, REAL, {0: (0, 0)}),
    'sqrt': (m.sqrt, ELEMENTARY, POSITIVE, {0: (0, inf), -1: (nan, nan)}),
    'cbrt': (lambda a: m.sign(a) * m.cbrt(abs(a)), ELEMENTARY, REAL, {0: (0, inf)}),
    'square': (lambda a: a * a, ELEMENTARY, REAL, {0: (0, 0)}),
    'exp': (m.exp, ELEMENTARY, SMALL + FAR, {-inf: (0, 0), inf: (inf, inf)}),
    'exp2': (lambda a: mpf(2) ** a, ELEMENTARY, SMALL + FAR, {}),
    'expm1': (m.expm1, ELEMENTARY, SMALL + FAR, {}),
    'log': (m.log, ELEMENTARY, POSITIVE, {0: (-inf, inf), -1: (nan, nan)}),
    'log2': (lambda a: m.log(a) / m.log(2), ELEMENTARY, POSITIVE, {0: (-inf, inf), -1: (nan, nan)}),
    'log10': (m.log10, ELEMENTARY, POSITIVE, {0: (-inf, inf), -1: (nan, nan)}),
    'log1p': (m.log1p, ELEMENTARY, POSITIVE + [-0.75], {-1: (-inf, inf), -2: (nan, nan)}),
    'reciprocal': (lambda a: 1 / a, ELEMENTARY, REAL, {0: (inf, -inf)}),
    'sin': (m.sin, ELEMENTARY, SMALL + FAR, {}),
    'cos': (m.cos, ELEMENTARY, SMALL + FAR, {}),
    'tan': (m.tan, ELEMENTARY, SMALL + FAR, {}),
    'asin': (m.asin, ELEMENTARY, UNIT, {1: (pi / 2, inf), 2: (nan, nan)}),
    'acos': (m.acos, ELEMENTARY, UNIT, {1: (0, -inf), -2: (nan, nan)}),
    'atan': (m.atan, ELEMENTARY, SMALL + FAR, {inf: (pi / 2, 0)}),
    'atan2': (m.atan2, ELEMENTARY, PAIRS, {(0, 0): (0, nan, nan), (1, 0): (pi / 2, 0, -1)}),
    'sinh': (m.sinh, ELEMENTARY, SMALL + FAR, {}),
    'cosh': (m.cosh, ELEMENTARY, SMALL + FAR, {}),
    'tanh': (m.tanh, ELEMENTARY, SMALL + FAR, {inf: (1, 0)}),
    'asinh': (m.asinh, ELEMENTARY, SMALL + FAR, {}),
    'acosh': (m.acosh, ELEMENTARY, [1.7321, 5.291, 41.3, 1.0625], {1: (0, inf), 0.5: (nan, nan)}),
    'atanh': (m.atanh, ELEMENTARY, UNIT, {1: (inf, inf), 2: (nan, nan)}),
    'hypot': (m.hypot, ELEMENTARY, PAIRS, {(0, 0): (0, 0, 0)}),
    'floor': (m.floor, ELEMENTARY, REAL, {2: (2, 0)}),
    'ceil': (m.ceil, ELEMENTARY, REAL, {2: (2, 0)}),
    'round': (m.nint, ELEMENTARY, REAL, {2.5: (2, 0)}),
    'trunc': (truncated, ELEMENTARY, REAL, {2: (2, 0)}),
    'fmod': (lambda a, b: a - b * truncated(a / b), ELEMENTARY, PAIRS + [(1.0, 0.1)], {(1, 0): (nan, nan, nan)}),
    'maximum': (max, ELEMENTARY, PAIRS, {(2, 2): (2, 0.5, 0.5)}),
    'minimum': (min, ELEMENTARY, PAIRS, {(2, 2): (2, 0.5, 0.5)}),
    'clip': (held, ELEMENTARY, [(0.37, -1.2, 2.5), (-3.5, -1.2, 2.5), (3.5, -1.2, 2.5)], {(1, 1, 2): (1, 0, 0, 0)}),
    'where': (lambda a, b, c: b if a else c, ELEMENTARY, [(1.0, -1.2, 2.5)], {(0, 3, 4): (4, 0, 0, 1)}),
    'copysign': (lambda a, b: abs(a) * m.sign(b), ELEMENTARY, PAIRS, {(0, 1): (0, 0, 0)}),
    'deg2rad': (lambda a: a * pi / 180, ELEMENTARY, REAL, {}),
    'rad2deg': (lambda a: a * 180 / pi, ELEMENTARY, REAL, {}),
    'relu': (lambda a: max(a, mpf(0)), ELEMENTARY, REAL, {0: (0, 0)}),
    'sigmoid': (lambda a: 1 / (1 + m.exp(-a)), ELEMENTARY, SMALL + FAR, {-inf: (0, 0), inf: (1, 0)}),
    'softplus': (lambda a: m.log1p(m.exp(a)), ELEMENTARY, SMALL + FAR, {-inf: (0, 0), inf: (inf, 1)}),
    'silu': (lambda a: a / (1 + m.exp(-a)), ELEMENTARY, SMALL + FAR + [-300.0], {0: (0, 0.5), -inf: (0, 0), inf: (inf, 1)}),
    'gelu': (lambda a: a * normal(a), SPECIAL, SMALL + FAR, {0: (0, 0.5), -inf: (0, 0), inf: (inf, 1)}),
    'logsigmoid': (lambda a: -m.log1p(m.exp(-a)), ELEMENTARY, SMALL + FAR, {0: (-m.log(2), 0.5), inf: (0, 0), -inf: (-inf, 1)}),
    'softsign': (lambda a: a / (1 + abs(a)), ELEMENTARY, SMALL + FAR, {0: (0, 1), inf: (1, 0), -inf: (-1, 0)}),
    'int': (truncated, ELEMENTARY, REAL, {}),
    'real': (lambda a: a, ELEMENTARY, REAL, {}),
    'bool': (lambda a: mpf(a != 0), ELEMENTARY, REAL, {0: (0, 0)}),
    'not': (lambda a: mpf(a == 0), ELEMENTARY, REAL, {0: (1, 0)}),

    'erf': (m.erf, SPECIAL, SMALL + FAR, {0: (0, 2 / m.sqrt(pi)), inf: (1, 0)}),
    'erfc': (m.erfc, SPECIAL, SMALL + FAR, {0: (1, -2 / m.sqrt(pi)), -inf: (2, 0)}),
    'erfinv': (lambda x: normal_inverse((x + 1) / 2) / m.sqrt(2), SPECIAL, UNIT + [0.9999, -0.99999999, 0.5, 0.625],
               {0: (0, m.sqrt(pi) / 2), 1: (inf, inf), -1: (-inf, inf), 1.5: (nan, nan)}),
    'gamma': (m.gamma, SPECIAL, SMALL + [30.7, 150.2, -7.77], {0: (inf, -inf), -1: (nan, nan)}),
    'lgamma': (log_gamma, SPECIAL, SMALL + [30.7, 150.2, -7.77, 1e4, 1e8], {0: (inf, -inf), -1: (inf, nan)}),
    'digamma': (m.digamma, SPECIAL, SMALL + [30.7, 9.99, 10.01, -7.77, 1e4, 1e-3], {0: (-inf, inf), -1: (nan, inf)}),
    'polygamma': (polygamma, '1e-13', [(n, x) for n in (0, 1, 2, 3, 7, 20) for x in (0.3718, 1.7321, 5.291, 41.3, -0.8264, -7.77)]
                  + [(20, 20.25), (29, 27), (60, 1e6), (99, 1e4), (100, 0.75), (150, 115.25), (168, 3e3), (180, 1.5), (300, 120.5), (1000, 367.75),
                     (20, -20.5), (98, -2.5), (90, -7.5625)],
                  {(0.5, 1): (nan, nan, nan), (-1, 1): (nan, nan, nan), (1, 0): (inf, nan, -inf),
                   (250, -11.5): (polygamma(250, mpf(-11.5)), nan, inf)}),
    'beta': (m.beta, SPECIAL, POSITIVE_PAIRS + [(90.5, 60.25), (1e8, 2.5), (0.37, 1e15)], {(0, 1): (inf, -inf, nan), (-1, 1): (nan, nan, nan)}),
    'lbeta': (lambda a, b: m.loggamma(a) + m.loggamma(b) - m.loggamma(a + b), SPECIAL,
              POSITIVE_PAIRS + [(1e4, 1e4), (1e4, 0.5), (12.5, 11.5), (1e8, 2.5), (0.37, 1e10), (1e15, 2.5), (1e10, 3e10)], {(-1, 1): (nan, nan, nan)}),
    'lchoose': (lchoose, SPECIAL, [(5.291, 1.37), (40.0, 7.0), (1e4, 12.5), (10.5, 0.01), (0.5, 0.75), (0.25, -0.5), (1e8, 2.5),
                                   (1e10, 1e10 - 3), (1e15, 0.75), (1e6, 500000.5)],
                {(3, 4): (-inf, nan, nan), (-2, 1): (nan, nan, nan)}),
    'gammainc': (lower_gamma, SPECIAL, GAMMA_PAIRS,
                 {(2, 0): (0, 0, 0), (1, 0): (0, 0, 1), (0.5, 0): (0, 0, inf), (2, inf): (1, 0, nan),
                  (-1, 1): (nan, nan, nan), (1, -1): (nan, nan, nan)}),
    'gammaincc': (upper_gamma, SPECIAL, GAMMA_PAIRS + [(1e-9, 0.375), (1e-12, 0.002), (3e-5, 0.8125), (0.4375, 0.96)],
                  {(2, 0): (1, 0, 0), (1, 0): (1, 0, -1), (-1, 1): (nan, nan, nan)}),
    'betainc': (incomplete_beta, SPECIAL, BETA_TRIPLES,
                {(2, 3, 0): (0, 0, 0, 0), (2, 3, 1): (1, 0, 0, 0), (1, 3, 0): (0, 0, 0, 3), (0.5, 3, 0): (0, 0, 0, inf),
                 (2, 3, 1.5): (nan, nan, nan, nan), (-1, 2, 0.5): (nan, nan, nan, nan)}),
    'j0': (m.j0, SPECIAL, SMALL + FAR, {0: (1, 0)}),
    'j1': (m.j1, SPECIAL, SMALL + FAR, {0: (0, 0.5)}),
    'y0': (lambda x: m.bessely(0, x), SPECIAL, [0.3718, 1.7321, 5.291, 0.0123, 41.3], {0: (-inf, inf), -1: (nan, nan)}),
    'y1': (lambda x: m.bessely(1, x), SPECIAL, [0.3718, 1.7321, 5.291, 0.0123, 41.3], {0: (-inf, inf), -1: (nan, nan)}),
    'i0': (lambda x: m.besseli(0, x), SPECIAL, SMALL + FAR + [29.9, 30.1, 600.0], {0: (1, 0), inf: (inf, inf)}),
    'i1': (lambda x: m.besseli(1, x), SPECIAL, SMALL + FAR + [29.9, 30.1, 600.0], {0: (0, 0.5), inf: (inf, inf)}),
    'sinc': (sinc, SPECIAL, SMALL + FAR + [0.31, 0.33, 100.25], {0: (1, 0), 1: (0, -1), inf: (0, 0)}),
    'xlogy': (lambda a, b: a * m.log(b), ELEMENTARY, POSITIVE_PAIRS + [(-2.5, 0.37)],
              {(0, 0): (0, -inf, 0), (1, 0): (-inf, -inf, inf), (0, 2): (0, m.log(2), 0), (0, -0.5): (0, nan, 0),
               (1, -1): (nan, nan, nan)}),
    'xlog1py': (lambda a, b: a * m.log1p(b), ELEMENTARY, POSITIVE_PAIRS + [(-2.5, -0.37), (1.5, 1e-9)],
                {(0, -1): (0, -inf, 0), (1, -1): (-inf, -inf, inf), (0, -2): (0, nan, 0), (1, -2): (nan, nan, nan)}),
    'entr': (lambda a: -a * m.log(a), ELEMENTARY, POSITIVE, {0: (0, inf), 1: (0, -1), -1: (nan, nan)}),
    'logit': (lambda a: m.log(a / (1 - a)), ELEMENTARY, PROBABILITY + [0.500001],
              {0: (-inf, inf), 1: (inf, inf), 0.5: (0, 4), 2: (nan, nan)}),
    'logaddexp': (logaddexp, ELEMENTARY, PAIRS, {(1000, 1000): (1000 + m.log(2), 0.5, 0.5), (-inf, 1): (1, 0, 1)}),
    'ndtr': (normal, SPECIAL, SMALL + FAR + [-37.0], {0: (0.5, 1 / m.sqrt(2 * pi)), -inf: (0, 0), inf: (1, 0)}),
    'ndtri': (normal_inverse, SPECIAL, PROBABILITY + [1e-30, 0.9999, 0.049, 0.051],
              {0: (-inf, inf), 1: (inf, inf), 0.5: (0, m.sqrt(2 * pi)), 2: (nan, nan)}),
    'log_ndtr': (lambda a: m.log(normal(a)), SPECIAL, SMALL + FAR + [-9.99, -10.01, -1e3], {-inf: (-inf, inf), inf: (0, 0)}),
}
GALLERY['mod'] = GALLERY['modulo']
GALLERY['pow'] = GALLERY['power']
for name, truth in {'equal': lambda a, b: a == b, 'unequal': lambda a, b: a != b, 'less': lambda a, b: a < b,
                    'less_equal': lambda a, b: a <= b, 'greater': lambda a, b: a > b,
                    'greater_equal': lambda a, b: a >= b, 'and': lambda a, b: a != 0 and b != 0,
                    'or': lambda a, b: a != 0 or b != 0}.items():
    GALLERY[name] = (None, ELEMENTARY, [], {pair: (int(truth(*pair)), 0, 0) for pair in TRUTHS})

# Operands in which a partial has the wider tolerance, and those that cannot move.
PARAMETERS = {'gammainc': [0], 'gammaincc': [0], 'betainc': [0, 1]}
FIXED = {'polygamma': [0]}
# More digits, where differences of what is nearly 1 or of tiny arguments would have none left.
DIGITS = {'erf': 400, 'erfc': 400, 'ndtr': 400, 'gelu': 400, 'ndtri': 150, 'gammainc': 120, 'gammaincc': 120, 'betainc': 100}


def text(x):
    if x is None:
        return '-'
    x = mpf(x)
    return 'nan' if m.isnan(x) else '0' if x == 0 else m.nstr(x, 20) if m.isfinite(x) else 'inf' if x > 0 else '-inf'


def derivative(f, point, orders, fixed):
    if any(orders[k] for k in fixed):
        return nan
    moving = [k for k in range(len(point)) if orders[k]]

    def along(*x):
        moved = list(point)
        for k, value in zip(moving, x):
            moved[k] = value
        return f(*moved)
    if len(moving) == 1:
        return m.diff(along, point[moving[0]], orders[moving[0]])
    return m.diff(along, tuple(point[k] for k in moving), tuple(orders[k] for k in moving))


def line(name, point, value, first, second, kind):
    tolerances = [kind] + [PARAMETER if k in PARAMETERS.get(name, []) else kind for k in range(len(point))]
    arguments = ','.join(repr(float(x)) for x in point)
    return '\t'.join([name, arguments, text(value), ','.join(map(text, first)), ','.join(map(text, second)), ','.join(tolerances)])


def interior(task):
    with mp.workdps(DIGITS.get(task[0], 50)):
        return interior_line(*task)


def interior_line(name, point):
    f, kind = GALLERY[name][:2]
    fixed = FIXED.get(name, [])
    x = [mpf(float(part)) for part in point]
    axes = range(len(x))
    unit = [[int(j == k) for j in axes] for k in axes]
    first = [derivative(f, x, unit[k], fixed) for k in axes]
    second = {(j, k): derivative(f, x, [p + q for p, q in zip(unit[j], unit[k])], fixed) for j in axes for k in axes if j <= k}
    return line(name, point, f(*x), first, [second[min(j, k), max(j, k)] for j in axes for k in axes], kind)


def main():
    print('# Made by tests/gallery.py; do not edit.')
    print('function\targuments\tvalue\tpartials\tsecond partials\ttolerances')
    tasks, edges = [], []
    for name, (f, kind, points, limits) in GALLERY.items():
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        tasks += [(name, p if isinstance(p, tuple) else (p,)) for p in points]
        for point, (value, *first) in limits.items():
            point = point if isinstance(point, tuple) else (point,)
            edges.append(line(name, point, value, first, [None] * len(point) ** 2, kind))
    with Pool(2) as pool:
        for row in pool.imap(interior, tasks):
            print(row, flush=True)
    print('\n'.join(edges))


if __name__ == '__main__':
    main()
