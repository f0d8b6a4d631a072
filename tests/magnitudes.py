#!/usr/bin/python3
"""magnitudes.py -- derivatives of the elementwise functions from 1e-300 to 1e300, from mpmath, for magnitudes-test.

    tests/magnitudes.py > tests/magnitudes.tsv      writes the file anew, in some minutes
    tests/magnitudes.py NAME...                     prints the rows of these functions

Each function is written here from its definition, on truncated power series, whose coefficients are in as many digits as
it takes: they are doubled until 25 digits agree with those before. Nothing is taken from gradcalc.

The columns: the function; its arguments; the value and the derivatives, for one argument those of the first, second and
third order, for two d/da, d/db, d2/da2, d2/dadb and d2/db2. Numbers in one column are separated by commas. Arguments are
doubles and are meant exactly; `-` is not looked at, for the reason that stands above. What is beyond the largest double is written as infinite. A line that begins with % has a
function, the relative tolerance of each order, the absolute one of all, and the reason.
"""
import sys
from math import fmod, nextafter
from multiprocessing import Pool

from mpmath import mp, mpf, inf, pi
import mpmath as m
from mpmath.libmp import NoConvergence

# ----- power series in one variable up to the third power, in two up to the second -----


class Series:
    def __init__(self, terms, powers):
        self.terms, self.powers = terms, powers

    def of(self, terms):
        return Series(terms, self.powers)

    @property
    def start(self):
        return self.terms.get(self.powers[0], mpf(0))

    def __add__(self, other):
        terms = dict(self.terms)
        if not isinstance(other, Series):
            terms[self.powers[0]] = self.start + other
            return self.of(terms)
        for power, c in other.terms.items():
            terms[power] = terms.get(power, 0) + c
        return self.of(terms)

    def __mul__(self, other):
        if not isinstance(other, Series):
            return self.of({power: c * other for power, c in self.terms.items()})
        terms = {}
        for p, c in self.terms.items():
            for q, d in other.terms.items():
                power = tuple(i + j for i, j in zip(p, q))
                if power in self.powers:
                    terms[power] = terms.get(power, 0) + c * d
        return self.of(terms)

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -other

    def __rsub__(self, other):
        return -self + other

    def __truediv__(self, other):
        return self * power(other, -1) if isinstance(other, Series) else self * (1 / mpf(other))

    def __rtruediv__(self, other):
        return power(self, -1) * other

    def __pow__(self, n):
        return power(self, n)


def through(u, coefficients):
    """f(u) from the coefficients of f at the start of u."""
    rest = u.of({p: c for p, c in u.terms.items() if p != u.powers[0]})
    result = u.of({u.powers[0]: coefficients[0]})
    product = None
    for c in coefficients[1:]:
        product = rest if product is None else product * rest
        result = result + product * c
    return result


def line(x):
    return Series({(0,): mpf(x), (1,): mpf(1)}, [(0,), (1,), (2,), (3,)])


def integral(value, slope):
    """The function whose derivative is `slope`, a function of series, and whose value is `value`."""
    def function(u):
        terms = slope(line(u.start)).terms
        return through(u, [value(u.start)] + [terms.get((k,), mpf(0)) / (k + 1) for k in range(3)])
    return function


def power(u, r):
    x = u.start
    if r == int(r) and r >= 0 and x == 0:
        coefficients = [mpf(int(k == r)) for k in range(4)]
    else:
        coefficients = [m.binomial(r, k) * m.power(x, r - k) for k in range(4)]
    return through(u, coefficients)


def exp(u):
    e = m.exp(u.start)
    return through(u, [e, e, e / 2, e / 6])


def log(u):
    x = u.start
    return through(u, [m.log(x), 1 / x, -1 / (2 * x * x), 1 / (3 * x ** 3)])


def sin(u):
    s, c = m.sin(u.start), m.cos(u.start)
    return through(u, [s, c, -s / 2, -c / 6])


def cos(u):
    s, c = m.sin(u.start), m.cos(u.start)
    return through(u, [c, -s, -c / 2, s / 6])


def absolute(u):
    return u if u.start > 0 else -u


def constant(value):
    return lambda u: u.of({u.powers[0]: mpf(value(u.start))})


def lgamma(u):
    x = u.start
    return through(u, [m.log(abs(m.gamma(x)))] + [m.polygamma(k, x) / m.factorial(k + 1) for k in range(3)])


def digamma(u):
    return through(u, [m.polygamma(k, u.start) / m.factorial(k) for k in range(4)])


def gamma(u):
    return exp(lgamma(u)) * m.sign(m.gamma(u.start))


def bell(u):
    return exp(u * u * mpf(-0.5)) / m.sqrt(2 * pi)


def normal(x):
    return m.erfc(-x / m.sqrt(2)) / 2


ndtr = integral(normal, bell)
erf = integral(m.erf, lambda u: exp(-u * u) * (2 / m.sqrt(pi)))


def inverse(f, start):
    """The inverse of f, by its series: g = f^-1 has g' = 1/f'(g), and so on."""
    def function(u):
        y = start(u.start)
        f1, f2, f3 = [f(line(y)).terms[(k,)] * m.factorial(k) for k in (1, 2, 3)]
        return through(u, [y, 1 / f1, -f2 / f1 ** 3 / 2, (3 * f2 ** 2 / f1 ** 5 - f3 / f1 ** 4) / 6])
    return function


def normal_inverse(p):
    if not 0 < p < 1:
        return m.nan
    if p > 0.5:
        return -normal_inverse(1 - p)
    z = -m.sqrt(-2 * m.log(2 * p)) * mpf(0.9)
    for _ in range(100):
        # Newton's step for the logarithm, which is concave.
        step = (m.log(normal(z)) - m.log(p)) * normal(z) / (m.exp(-z * z / 2) / m.sqrt(2 * pi))
        z -= step
        if abs(step) <= abs(z) * m.eps * 16:
            break
    return z


def bessel(function, order, sign):
    """Those for which d/dx of order n is (f(n-1) + sign f(n+1)) / 2."""
    def function_of(u):
        x, row = u.start, {order: mpf(1)}
        coefficients = []
        for k in range(4):
            coefficients.append(sum(c * function(n, x) for n, c in row.items()) / m.factorial(k))
            after = {}
            for n, c in row.items():
                after[n - 1] = after.get(n - 1, 0) + c / 2
                after[n + 1] = after.get(n + 1, 0) + sign * c / 2
            row = after
        return through(u, coefficients)
    return function_of


def sinc(u):
    return sin(u * pi) / (u * pi)


def truncated(x):
    return m.floor(x) if x >= 0 else m.ceil(x)


def larger(a, b):
    return a if a.start > b.start else b


def atan2(a, b):
    x, y = a.start, b.start
    # The series of atan(y/x) or of its complement; the value is told apart.
    turned = integral(m.atan, lambda u: 1 / (1 + u * u))
    result = turned(a / b) if abs(x) < abs(y) else -turned(b / a)
    return result + (m.atan2(x, y) - result.start)


def lbeta(a, b):
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def up(x, n=1):
    for _ in range(n):
        x = nextafter(x, inf)
    return x


SIZES = [1.37e-300, 3.1e-200, 1.9e-155, 2.3e-100, 1.37e-50, 4.7e-20, 2.1e-10, 1.37e-8, 3.3e-5, 2.7e-3, 0.113, 0.3718, 0.75,
         1.37, 2.9, 5.291, 12.7, 25.3, 38.9, 93.1, 345.6, 708.3, 711.2, 1234.5, 2.7e5, 1.9e8, 1.3e16, 2.3e50, 3.1e100, 1.9e155, 3.1e200, 1.37e300]
BOTH = [sign * x for x in SIZES for sign in (1, -1)]
NEAR_ONE = [1 - 1e-13, 1 - 3e-8, 0.99, 1 - 2 ** -53]
UNIT = [x for x in BOTH if abs(x) < 1] + NEAR_ONE + [-x for x in NEAR_ONE]
ABOVE_ONE = [1 + 1e-13, 1 + 3e-8, 1.01, 1 + 2 ** -52]
PROBABILITIES = [x for x in UNIT if x > 0]
TURNS = [k * 1.5707963267948966 for k in (1, 2, 3, 4, -1, -2, 7)] + [22.0, 355.0]
MODEST = [x for x in BOTH if abs(x) < 1e6]
POLES = [-1 + 1e-9, -2.5, -0.3, -7.77, -1e-9 - 3]

ONE = {
    'negate': (lambda u: -u, BOTH[::4]),
    'plus': (lambda u: u, BOTH[::6]),
    'real': (lambda u: u, BOTH[::4]),
    'abs': (absolute, BOTH[::2] + BOTH[1::4]),
    'relu': (lambda u: u if u.start > 0 else u * 0, BOTH[::4] + BOTH[1::4]),
    'sign': (constant(m.sign), BOTH[::4]),
    'floor': (constant(m.floor), BOTH[::4] + BOTH[1::4]),
    'ceil': (constant(m.ceil), BOTH[::4] + BOTH[1::4]),
    'round': (constant(m.nint), BOTH[::4] + BOTH[1::4]),
    'trunc': (constant(truncated), BOTH[::4] + BOTH[1::4]),
    'sqrt': (lambda u: power(u, mpf(1) / 2), SIZES),
    'cbrt': (lambda u: through(u, [c * m.sign(u.start) ** (k + 1) for k, c in enumerate(
        [m.binomial(mpf(1) / 3, k) * m.power(abs(u.start), mpf(1) / 3 - k) for k in range(4)])]), BOTH),
    'square': (lambda u: u * u, BOTH),
    'reciprocal': (lambda u: power(u, -1), BOTH),
    'deg2rad': (lambda u: u * (pi / 180), BOTH[::4]),
    'rad2deg': (lambda u: u * (180 / pi), BOTH[::4]),
    'exp': (exp, BOTH),
    'exp2': (lambda u: exp(u * m.log(2)), BOTH + [1023.9, -1021.5]),
    'expm1': (lambda u: exp(u) - 1, BOTH),
    'log': (log, SIZES + NEAR_ONE + ABOVE_ONE),
    'log2': (lambda u: log(u) / m.log(2), SIZES + NEAR_ONE + ABOVE_ONE),
    'log10': (lambda u: log(u) / m.log(10), SIZES + NEAR_ONE + ABOVE_ONE),
    'log1p': (lambda u: log(u + 1), SIZES + [x for x in UNIT if x < 0]),
    'sin': (sin, BOTH + TURNS),
    'cos': (cos, BOTH + TURNS),
    'tan': (lambda u: sin(u) / cos(u), BOTH + TURNS),
    'asin': (integral(m.asin, lambda u: power(1 - u * u, mpf(-1) / 2)), UNIT),
    'acos': (integral(m.acos, lambda u: -power(1 - u * u, mpf(-1) / 2)), UNIT),
    'atan': (integral(m.atan, lambda u: 1 / (1 + u * u)), BOTH),
    'sinh': (lambda u: (exp(u) - exp(-u)) / 2, BOTH + [710.4, -710.4]),
    'cosh': (lambda u: (exp(u) + exp(-u)) / 2, BOTH + [710.4, -710.4]),
    'tanh': (lambda u: 1 - 2 / (exp(2 * u) + 1), BOTH),
    'asinh': (integral(m.asinh, lambda u: power(1 + u * u, mpf(-1) / 2)), BOTH),
    'acosh': (integral(m.acosh, lambda u: power(u * u - 1, mpf(-1) / 2)), [x for x in SIZES if x > 1] + ABOVE_ONE),
    'atanh': (integral(m.atanh, lambda u: 1 / (1 - u * u)), UNIT),
    'sigmoid': (lambda u: 1 / (1 + exp(-u)), BOTH),
    'softplus': (lambda u: log(1 + exp(u)), BOTH),
    'logsigmoid': (lambda u: -log(1 + exp(-u)), BOTH),
    'silu': (lambda u: u / (1 + exp(-u)), BOTH),
    'gelu': (lambda u: u * ndtr(u), MODEST),
    'softsign': (lambda u: u / (1 + absolute(u)), BOTH),
    'erf': (erf, MODEST),
    'erfc': (integral(m.erfc, lambda u: exp(-u * u) * (-2 / m.sqrt(pi))), MODEST),
    'ndtr': (ndtr, MODEST),
    'log_ndtr': (lambda u: log(ndtr(u)), MODEST),
    'erfinv': (inverse(erf, lambda y: normal_inverse((1 + y) / 2) / m.sqrt(2)), [x for x in UNIT if abs(x) > 1e-60]),
    'ndtri': (inverse(ndtr, normal_inverse), PROBABILITIES),
    'entr': (lambda u: -u * log(u), SIZES + NEAR_ONE),
    'logit': (lambda u: log(u) - log(1 - u), PROBABILITIES + [0.5 + 1e-12]),
    'sinc': (sinc, [x for x in BOTH if abs(x) < 1e9] + [1.0, 2.5]),
    'gamma': (gamma, [x for x in SIZES if x < 300] + POLES + [170.9, 1 + 1e-9]),
    'lgamma': (lgamma, [x for x in SIZES if x < 1e155] + POLES + [1 + 1e-9, 2 - 1e-9]),
    'digamma': (digamma, [x for x in SIZES if x < 1e155] + POLES + [1.4616321449683622]),
    'j0': (bessel(m.besselj, 0, -1), [x for x in BOTH if 1e-60 < abs(x) < 100] + [2.404825557695773]),
    'j1': (bessel(m.besselj, 1, -1), [x for x in BOTH if 1e-60 < abs(x) < 100] + [3.8317059702075125]),
    'y0': (bessel(m.bessely, 0, -1), [x for x in SIZES if 1e-6 < x < 100] + [0.8935769662791675]),
    'y1': (bessel(m.bessely, 1, -1), [x for x in SIZES if 1e-6 < x < 100] + [2.197141326031017]),
    'i0': (bessel(m.besseli, 0, 1), [x for x in BOTH if 1e-30 < abs(x) < 100]),
    'i1': (bessel(m.besseli, 1, 1), [x for x in BOTH if 1e-30 < abs(x) < 100]),
}

# The smallest numbers, which have fewer digits.
for name in ['sqrt', 'cbrt', 'exp', 'expm1', 'log', 'log1p', 'sin', 'tan', 'asin', 'atan', 'sinh', 'asinh', 'tanh', 'sigmoid',
             'softplus', 'silu', 'gelu', 'softsign', 'erf', 'erfc', 'ndtr', 'entr', 'sinc', 'gamma', 'lgamma', 'i1', 'j1']:
    ONE[name] = (ONE[name][0], ONE[name][1] + [3e-310, 7e-318, 1.7e-308])

BESSEL = ['j0', 'j1', 'y0', 'y1', 'i0', 'i1']
FEW = [1.37e-300, 1.9e-155, 4.7e-20, 2.7e-3, 0.75, 1.37, 12.7, 345.6, 1.9e8, 2.3e50, 1.9e155, 1.37e300]
EVEN = [(a, b) for a in FEW for b in FEW]
SIGNED = EVEN + [(-a, b) for a, b in EVEN[::5]] + [(a, -b) for a, b in EVEN[2::5]] + [(-a, -b) for a, b in EVEN[3::7]]
TOGETHER = [(x, x * r) for x in FEW[1:-1] for r in (1.0001, 0.5)]
ORDINARY = [1.37e-8, 2.7e-3, 0.75, 1.37, 3.6, 12.7, 93.1]

TWO = {
    'add': (lambda a, b: a + b, SIGNED[::5]),
    'subtract': (lambda a, b: a - b, SIGNED[::5] + TOGETHER),
    'multiply': (lambda a, b: a * b, SIGNED[::3]),
    'divide': (lambda a, b: a / b, SIGNED[::2]),
    'hypot': (lambda a, b: power(a * a + b * b, mpf(1) / 2), SIGNED + TOGETHER),
    'atan2': (atan2, SIGNED + TOGETHER),
    'power': (lambda a, b: exp(b * log(a)), EVEN + [(a, -b) for a, b in EVEN[1::3]] + [(x, b) for x in NEAR_ONE + ABOVE_ONE for b in (3.5, -1e5, 1e10)]),
    'xlogy': (lambda a, b: a * log(b), SIGNED[:len(EVEN)] + [(-2.5, x) for x in NEAR_ONE + ABOVE_ONE]),
    'xlog1py': (lambda a, b: a * log(1 + b), EVEN + [(2.5, -x) for x in PROBABILITIES]),
    'logaddexp': (lambda a, b: log(exp(a) + exp(b)), SIGNED + TOGETHER + [(700.5, 700.0), (-1000.0, -1000.5), (3.0, -40.0)]),
    'maximum': (larger, [p for p in SIGNED[::5] if p[0] != p[1]]),
    'minimum': (lambda a, b: -larger(-a, -b), [p for p in SIGNED[::5] if p[0] != p[1]]),
    'copysign': (lambda a, b: absolute(a) * m.sign(b.start), SIGNED[::5]),
    'modulo': (lambda a, b: a - b * m.floor(a.start / b.start), [p for p in SIGNED[::5] if fmod(*p) != 0]),
    'fmod': (lambda a, b: a - b * truncated(a.start / b.start), [p for p in SIGNED[::5] if fmod(*p) != 0]),
    'beta': (lambda a, b: exp(lbeta(a, b)), [(a, b) for a in ORDINARY for b in ORDINARY]),
    'lbeta': (lbeta, [(a, b) for a in ORDINARY for b in ORDINARY]),
    'lchoose': (lambda n, k: lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1),
                [(n, n * r) for n in ORDINARY[1:] for r in (0.01, 0.3, 0.5, 0.9)]),
}

# ----- what each function owes: the tolerance of each order, and the reason where it is more than the usual -----

USUAL = ([2e-15, 1e-14, 1e-13, 1e-12], 0, 'some roundings in each order')
TAIL = ([1e-13, 1e-13, 3e-13, 1e-12], 0, 'the exponent of the tail, x^2/2, is rounded')
ROOTS = ([1e-13, 1e-13, 1e-13, 1e-12], 1e-15, 'near their zeros they are exact to the rounding of their largest values')
OWES = {
    'gelu': TAIL, 'erfc': TAIL, 'ndtr': TAIL, 'log_ndtr': TAIL, 'ndtri': TAIL,
    'power': ([2e-15, 2e-13, 2e-13], 0, 'a^(b-1) has the rounding of b - 1, log(a) times as large'),
    'beta': ([1e-13, 1e-13, 1e-12], 0, 'the logarithm is rounded'),
    'lbeta': ([2e-14, 1e-13, 1e-12], 0, 'a difference of logarithms'),
    'lchoose': ([2e-14, 1e-13, 1e-12], 0, 'a difference of logarithms'),
    'digamma': ROOTS, 'lgamma': ROOTS, 'j0': ROOTS, 'j1': ROOTS, 'y0': ROOTS, 'y1': ROOTS,
}


# Numbers that are not looked at: where, which of a line, and why.
EXEMPT = {
    'power': [(lambda a, b: (b - 2) * m.log10(a) > 307, [3], 'd2/da2 overflows on its way where a^(b-2) does')],
}


def pair(a, b):
    powers = [(0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (0, 2)]
    return Series({(0, 0): mpf(a), (1, 0): mpf(1)}, powers), Series({(0, 0): mpf(b), (0, 1): mpf(1)}, powers)


def derivatives(name, point):
    if name in ONE:
        series = ONE[name][0](line(point[0]))
    else:
        series = TWO[name][0](*pair(*point))
    numbers = [series.terms.get(p, mpf(0)) for p in series.powers]
    return [c * m.factorial(p[0]) * m.factorial(p[-1] if len(p) > 1 else 0) for c, p in zip(numbers, series.powers)]


def agree(old, new):
    return all(a == b or abs(a - b) <= abs(b) * mpf(10) ** -25 or max(abs(a), abs(b)) < mpf('1e-340') for a, b in zip(old, new))


def text(x):
    return '0' if abs(x) < mpf('1e-330') else ('inf' if x > 0 else '-inf') if abs(x) >= mpf(2) ** 1024 else m.nstr(x, 17)


def digits_for(name, point):
    """So many that what is far below another term is not lost twice."""
    if name in BESSEL:
        return 60, 120, 240
    small, large = min(map(abs, point)), max(map(abs, point))
    start = 1400 if large / small > 1e100 or large > 1e100 and len(point) > 1 else 750 if small < 1e-60 else 400
    return start, start + 150, 3 * start, 3 * start + 150


def row(task):
    name, point = task
    old = None
    for digits in digits_for(name, point):
        with mp.workdps(digits):
            try:
                new = derivatives(name, point)
            except (ZeroDivisionError, ValueError, NoConvergence):
                old = None
                continue
            if any(m.im(x) != 0 or m.isnan(x) for x in new):
                return None
            new = [m.re(x) for x in new]
            if old and agree(old, new):
                hidden = [k for where, numbers, _ in EXEMPT.get(name, []) if where(*point) for k in numbers]
                shown = ['-' if k in hidden else text(x) for k, x in enumerate(new)]
                return '\t'.join([name, ','.join(repr(x) for x in point), ','.join(shown)])
            old = new
    return '# %s at %s has no 25 digits' % task


def main():
    print('# Made by tests/magnitudes.py; do not edit.')
    tasks = []
    for name, (_, points) in list(ONE.items()) + list(TWO.items()):
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        tolerances, absolute, reason = OWES.get(name, USUAL)
        tolerances = tolerances[:4 if name in ONE else 3]
        print('\t'.join(['%' + name, ','.join('%g' % t for t in tolerances + [absolute]), reason]))
        for _, numbers, why in EXEMPT.get(name, []):
            print('# %s, number %s: %s' % (name, ' and '.join(map(str, numbers)), why))
        tasks += [(name, p if isinstance(p, tuple) else (p,)) for p in dict.fromkeys(points)]
    with Pool(2) as pool:
        for made in pool.imap(row, tasks, 8):
            if made:
                print(made, flush=True)


if __name__ == '__main__':
    main()
