#!/usr/bin/python3
"""expected.py -- expected values of gradient.bats and of the samples that have no short closed form, from mpmath, and
the random numbers of chance.bats and random-test.c.

Every function is written here from its definition, in 50 digits, and differentiated numerically: nothing is taken from
gradcalc or from anyone's formula for a derivative.

    expected.py                     prints the lines of gradient.bats, in the form of its tables
    expected.py --chance            prints those of chance.bats
    expected.py --points            prints those of random-test.c
    expected.py --check FILE        says which lines the FILE of one of these names lacks (status 1 if there are any)
    expected.py --sample NAME       prints the output of a sample (softmax, net, recurrent, spring)
"""
import os
import sys
from mpmath import mp, mpf, diff, exp, log, sqrt, cbrt, floor, ceil, pi, sin, cos, tan, asin, acos, atan, atan2
from mpmath import erfinv, sinh, cosh, tanh, asinh, acosh, atanh, hypot, expm1, log1p, nint, fsum, fprod, sign

mp.dps = 50


# Arrays are nested lists, row by row.
def flat(x):
    return [e for part in x for e in flat(part)] if isinstance(x, list) else [x]


def shaped(like, elements):
    """The elements (an iterator) in the shape of `like`."""
    return [shaped(part, elements) for part in like] if isinstance(like, list) else next(elements)


def each(f, x, *more):
    """f of each element; arrays that come after the first have its shape or are numbers."""
    if not isinstance(x, list):
        return f(x, *more)
    return [each(f, part, *[m[i] if isinstance(m, list) else m for m in more]) for i, part in enumerate(x)]


def columns(x):
    return [list(column) for column in zip(*x)]


def matmul(a, b):
    return [[fsum(p * q for p, q in zip(row, column)) for column in columns(b)] for row in a]


def total(x):
    return fsum(flat(x))


def mean(x):
    return total(x) / len(flat(x))


def var(x, ddof=0):
    middle = mean(x)
    return fsum((e - middle) ** 2 for e in flat(x)) / (len(flat(x)) - ddof)


def std(x, ddof=0):
    return sqrt(var(x, ddof))


def norm(x, p=2):
    return fsum(abs(e) ** p for e in flat(x)) ** (1 / mpf(p))


def logsumexp(x):
    return log(fsum(exp(e) for e in flat(x)))


def median(x):
    ordered = sorted(flat(x))
    n = len(ordered)
    return (ordered[(n - 1) // 2] + ordered[n // 2]) / 2


def softmax(x):
    return [exp(e) / fsum(exp(o) for o in x) for e in x]


def log_softmax(x):
    return [e - logsumexp(x) for e in x]


def running(step, x):
    sums = [x[0]]
    for e in x[1:]:
        sums.append(step(sums[-1], e))
    return sums


def cumsum(x):
    return running(lambda a, b: a + b, x)


def cumprod(x):
    return running(lambda a, b: a * b, x)


def relu(x):
    return max(x, mpf(0))


def sigmoid(x):
    return 1 / (1 + exp(-x))


def softplus(x):
    return log(1 + exp(x))


def trunc(x):
    return floor(x) if x >= 0 else ceil(x)


def floor_mod(x, y):
    return x - y * floor(x / y)


def fmod(x, y):
    return x - y * trunc(x / y)


def weighted(weights, x):
    return fsum(w * e for w, e in zip(flat(weights), flat(x)))


def real_cbrt(x):
    return sign(x) * cbrt(abs(x))


# What is asked: section, program, target, the target's function of the sources, the sources' values.
ASKED = []


def ask(section, program, target, function, options='', **sources):
    ASKED.append((section, program, target, function, options, sources))


def text(x):
    if isinstance(x, list):
        return '[' + ', '.join(text(part) for part in x) + ']'
    number = repr(float(x))
    return (number[:-2] if number.endswith('.0') else number) if float(x) else '0'


def exactly(x):
    """The doubles of the program, in mpmath."""
    return each(mpf, x)


def derivatives(function, sources):
    """The target's value, and by the name of the source the gradient of the sum of its elements."""
    values = {name: exactly(value) for name, value in sources.items()}
    result = function(**values)
    gradients = {}
    for name, value in values.items():
        start = flat(value)

        def along(t, i, name=name, value=value, start=start):
            moved = start[:i] + [t] + start[i + 1:]
            return total(function(**{**values, name: shaped(value, iter(moved))}))

        slopes = [diff(lambda t, i=i: along(t, i), start[i]) for i in range(len(start))]
        gradients[name] = shaped(value, iter(slopes))
    return result, gradients


def line(asked):
    _, program, target, function, options, sources = asked
    result, gradients = derivatives(function, sources)
    parts = [f'{target} = {text(result)}']
    parts += [f'd{target}/d{name} = {text(gradient)}' for name, gradient in gradients.items()]
    return f'{program} => ' + ' | '.join(parts) + (f' -- {options}' if options else '')


def unary(name, function, *points):
    for point in points:
        ask('elementwise', f'x = {text(point)}; y = {name}(x)', 'y', lambda x: function(x), x=point)


def binary(name, function, *points):
    for a, b in points:
        ask('elementwise', f'a = {text(a)}; b = {text(b)}; y = {name}(a, b)', 'y', lambda a, b: function(a, b), a=a, b=b)


unary('abs', abs, 1.5, -0.75)
unary('sign', sign, 1.5, -0.75)
unary('sqrt', sqrt, 0.7, 30)
unary('cbrt', real_cbrt, 0.7, -5)
unary('square', lambda x: x * x, 0.7, -3)
unary('exp', exp, 0.7, -20)
unary('exp2', lambda x: 2 ** x, 0.7, -5.5)
unary('expm1', expm1, 0.7, -1e-9)
unary('log', log, 0.7, 1e6)
unary('log2', lambda x: log(x, 2), 0.7, 12)
unary('log10', lambda x: log(x, 10), 0.7, 1234)
unary('log1p', log1p, 0.7, 1e-9)
unary('reciprocal', lambda x: 1 / x, 0.7, -4)
unary('sin', sin, 0.7, -4)
unary('cos', cos, 0.7, -4)
unary('tan', tan, 0.7, -4)
unary('asin', asin, 0.7, -0.99)
unary('acos', acos, 0.7, -0.99)
unary('atan', atan, 0.7, -40)
unary('sinh', sinh, 0.7, -4)
unary('cosh', cosh, 0.7, -4)
unary('tanh', tanh, 0.7, -4)
unary('asinh', asinh, 0.7, -40)
unary('acosh', acosh, 1.7, 40)
unary('atanh', atanh, 0.7, -0.99)
unary('floor', floor, 2.7, -2.7)
unary('ceil', ceil, 2.7, -2.7)
unary('round', nint, 2.7, -2.2)
unary('trunc', trunc, 2.7, -2.7)
unary('deg2rad', lambda x: x * pi / 180, 30)
unary('rad2deg', lambda x: x * 180 / pi, 0.7)
unary('relu', relu, 1.5, -1.5)
unary('sigmoid', sigmoid, 0.7, -30)
unary('tanh', tanh, 18)
unary('softplus', softplus, 0.7, -30)
binary('pow', lambda a, b: a ** b, (0.7, 2.5), (3, -2))
binary('atan2', atan2, (0.7, -0.5), (-2, 3))
binary('hypot', hypot, (0.7, -0.5), (-3, 4))
binary('mod', floor_mod, (5.5, 2), (-5.5, 2), (5.5, -2))
binary('fmod', fmod, (5.5, 2), (-5.5, 2))
binary('maximum', max, (0.7, -0.5), (-2, 3))
binary('minimum', min, (0.7, -0.5), (-2, 3))
binary('copysign', lambda a, b: abs(a) * sign(b), (0.7, -0.5), (-2, -3))
for x, low, high in ((0.5, -1, 1), (-1.5, -1, 1), (2, -1, 1)):
    ask('elementwise', f'x = {x}; lo = {low}; hi = {high}; y = clip(x, lo, hi)', 'y',
        lambda x, lo, hi: min(max(x, lo), hi), x=x, lo=low, hi=high)
for condition in ('a > b', 'a < b'):
    ask('elementwise', f'a = 0.7; b = 0.2; y = where({condition}, a^2, b^3)', 'y',
        (lambda a, b: a ** 2) if condition == 'a > b' else (lambda a, b: b ** 3), a=0.7, b=0.2)
ask('elementwise', 'a = 0.7; b = 3; y = a^b * b^a', 'y', lambda a, b: a ** b * b ** a, a=0.7, b=3)
ask('elementwise', 'a = 7.5; b = 2; y = (a % b)^2 / b', 'y', lambda a, b: floor_mod(a, b) ** 2 / b, a=7.5, b=2)

# Reductions: of everything, then along each axis, weighted so that no two elements have the same adjoint.
X = [[1.5, -0.5, 2], [0.25, 3, -1]]
X_TEXT = 'x = [[1.5, -0.5, 2], [0.25, 3, -1]]'
DOWN = [2, -1, 0.5]
ALONG = [3, -2]
REDUCTIONS = [('sum', total), ('mean', mean), ('prod', lambda x: fprod(flat(x))), ('max', lambda x: max(flat(x))),
              ('min', lambda x: min(flat(x))), ('var', var), ('std', std), ('norm', norm), ('logsumexp', logsumexp),
              ('median', median)]
for name, function in REDUCTIONS:
    ask('reductions', f'{X_TEXT}; y = {name}(x)', 'y', lambda x, f=function: f(x), x=X)
    ask('reductions', f'{X_TEXT}; y = sum([2, -1, 0.5] * {name}(x, axis=0))', 'y',
        lambda x, f=function: weighted(DOWN, [f(c) for c in columns(x)]), x=X)
    ask('reductions', f'{X_TEXT}; y = sum([[3], [-2]] * {name}(x, axis=-1, keepdims=true))', 'y',
        lambda x, f=function: weighted(ALONG, [f(row) for row in x]), x=X)
ask('reductions', f'{X_TEXT}; y = var(x, ddof=1)', 'y', lambda x: var(x, 1), x=X)
ask('reductions', f'{X_TEXT}; y = std(x, ddof=1)', 'y', lambda x: std(x, 1), x=X)
ask('reductions', f'{X_TEXT}; y = norm(x, 3)', 'y', lambda x: norm(x, 3), x=X)
ask('reductions', f'{X_TEXT}; y = norm(x, 1)', 'y', lambda x: norm(x, 1), x=X)
V = [1.5, -0.5, 2, 0.25]
for name, function in (('cumsum', cumsum), ('cumprod', cumprod)):
    ask('reductions', f'x = [1.5, -0.5, 2, 0.25]; y = sum([2, -1, 0.5, 3] * {name}(x))', 'y',
        lambda x, f=function: weighted([2, -1, 0.5, 3], f(x)), x=V)
    ask('reductions', f'{X_TEXT}; y = sum([[1, 2, 3], [4, 5, 6]] * {name}(x, axis=1))', 'y',
        lambda x, f=function: weighted([1, 2, 3, 4, 5, 6], [f(row) for row in x]), x=X)
    ask('reductions', f'{X_TEXT}; y = sum([[1, 2, 3], [4, 5, 6]] * {name}(x, axis=0))', 'y',
        lambda x, f=function: weighted([1, 4, 2, 5, 3, 6], [f(c) for c in columns(x)]), x=X)
for name, function in (('softmax', softmax), ('log_softmax', log_softmax)):
    ask('networks', f'x = [1.5, -0.5, 2, 0.25]; y = sum([2, -1, 0.5, 3] * {name}(x))', 'y',
        lambda x, f=function: weighted([2, -1, 0.5, 3], f(x)), x=V)
    ask('networks', f'{X_TEXT}; y = sum([[1, 2, 3], [4, 5, 6]] * {name}(x))', 'y',
        lambda x, f=function: weighted([1, 2, 3, 4, 5, 6], [f(row) for row in x]), x=X)
    ask('networks', f'{X_TEXT}; y = sum([[1, 2, 3], [4, 5, 6]] * {name}(x, axis=0))', 'y',
        lambda x, f=function: weighted([1, 4, 2, 5, 3, 6], [f(c) for c in columns(x)]), x=X)

# Whole programs.
ask('programs', 'x = 0.5; y = 2; z = exp(x*y) * sin(x + y)^2 / (1 + x^2)', 'z',
    lambda x, y: exp(x * y) * sin(x + y) ** 2 / (1 + x ** 2), x=0.5, y=2)
ask('programs', 'x = [0.5, -1, 2]; w = 0.3; z = mean(tanh(x*w + 1)^2 * exp(-x^2))', 'z',
    lambda x, w: mean([tanh(e * w + 1) ** 2 * exp(-e ** 2) for e in x]), x=[0.5, -1, 2], w=0.3)


def logistic_map(r, x):
    for _ in range(10):
        x = r * x * (1 - x)
    return x


ask('programs', r'r = 3.5; x0 = 0.3; x = x0 * 1; for i in 0:10 { x = r*x*(1 - x) }; y = x + 0', 'y',
    lambda r, x0: logistic_map(r, x0), '-w r,x0', r=3.5, x0=0.3)


def tower(x, n):
    return x if n == 0 else sin(x + tower(x, n - 1))


ask('programs', r'f(x, n) = n == 0 ? x : sin(x + f(x, n - 1)); x = 0.4; y = f(x, 5)', 'y', lambda x: tower(x, 5), x=0.4)


def fan(x):
    a = sin(x) + x
    b = a * a + x / a
    return a * b + exp(a - b) + b ** 3 / (x + a)


ask('fan-out', 'x = 0.6; a = sin(x) + x; b = a*a + x/a; y = a*b + exp(a - b) + b^3/(x + a)', 'y', fan, x=0.6)


def ladder(x):
    a = x
    for i in range(30):
        a = a * cos(a) + a / (1 + a * a) + x * a
        a = a / (1 + abs(a))
    return a


ask('fan-out', r'x = 0.9; a = x; for i in 0:30 { a = a*cos(a) + a/(1 + a*a) + x*a; a = a / (1 + abs(a)) }; y = a + 0', 'y',
    ladder, '-w x', x=0.9)


def fan_array(x):
    s = total(x)
    n = norm(x)
    return fsum((e * s + n) ** 2 / (1 + e * e) for e in x) + s * n


ask('fan-out', 'x = [0.5, -1, 2]; s = sum(x); n = norm(x); y = sum((x*s + n)^2 / (1 + x*x)) + s*n', 'y', fan_array,
    x=[0.5, -1, 2])


# Samples whose numbers are not round.
def sample_softmax(W):
    X = [[1, 0], [0, 2], [1, -1], [2, 1]]
    logits = matmul(X, W)
    return -fsum(log_softmax(row)[label] for row, label in zip(logits, [0, 2, 1, 0])) / 4


def sample_net(W1, b1, W2, b2):
    X = [[1, -1], [0.5, 2], [-1, 0.25]]
    losses = []
    for row, wanted in zip(matmul(X, W1), [0.5, -1, 1]):
        output = fsum(tanh(e + b) * w for e, b, w in zip(row, b1, W2)) + b2
        losses.append((output - wanted) ** 2)
    return fsum(losses) / 3


def sample_recurrent(w, u, b):
    state = mpf(0)
    for value in (1, -0.5, 0.25, 2):
        state = tanh(w * state + u * value + b)
    return (state - 0.5) ** 2


def sample_spring(k, x0, v0):
    x, v = x0, v0
    for _ in range(4):
        v -= k * x / 4
        x += v / 4
    return x


SAMPLES = {
    'softmax': ('loss', sample_softmax, dict(W=[[0.5, -0.5, 0], [0.25, 0, 1]])),
    'net': ('loss', sample_net, dict(W1=[[0.5, -0.25, 1], [0.75, 0.5, -1]], b1=[0.1, 0, -0.1], W2=[1, -2, 0.5], b2=0.25)),
    'recurrent': ('loss', sample_recurrent, dict(w=0.5, u=0.75, b=-0.1)),
    'spring': ('x', sample_spring, dict(k=4, x0=1, v0=0)),
}


def print_sample(name):
    target, function, sources = SAMPLES[name]
    result, gradients = derivatives(function, sources)
    print(f'{target} = {text(result)}')
    for source, gradient in gradients.items():
        head = f'd{target}/d{source} = '
        if isinstance(gradient, list) and isinstance(gradient[0], list):
            rows = (',\n' + ' ' * (len(head) + 1)).join(text(row) for row in gradient)
            print(f'{head}[{rows}]')
        else:
            print(head + text(gradient))


# Random numbers: Philox4x32-10 from its definition (Salmon, Moraes, Dror and Shaw, "Parallel Random Numbers: As Easy as
# 1, 2, 3", 2011).
def philox(counter, key):
    c, k = list(counter), list(key)
    for _ in range(10):
        left, right = c[0] * 0xD2511F53, c[2] * 0xCD9E8D57
        c = [right >> 32 ^ c[1] ^ k[0], right & 0xFFFFFFFF, left >> 32 ^ c[3] ^ k[1], left & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return c


# The lines `philox4x32 10` of kat_vectors, which comes with Random123: counter, key, result.
KNOWN_ANSWERS = """
00000000 00000000 00000000 00000000 00000000 00000000 6627e8d5 e169c58d bc57ac4c 9b00dbd8
ffffffff ffffffff ffffffff ffffffff ffffffff ffffffff 408f276d 41c83b0e a20bc7c6 6d5451fd
243f6a88 85a308d3 13198a2e 03707344 a4093822 299f31d0 d16cfe09 94fdcceb 5001e420 24126ea1
"""
for known in KNOWN_ANSWERS.split('\n')[1:-1]:
    words = [int(word, 16) for word in known.split()]
    assert philox(words[:4], words[4:6]) == words[6:]


def draw(seed, call, i, attempt=0):
    """The 64 bits of element i of a call of the run: two elements to a counter, whose words are the number of the pair
    with the attempt above it, and the number of the call; the key is the seed."""
    block = i // 2
    counter = (block & 0xFFFFFFFF, block >> 32 | attempt << 16, call & 0xFFFFFFFF, call >> 32)
    result = philox(counter, (seed & 0xFFFFFFFF, seed >> 32))
    return result[i % 2 * 2] | result[i % 2 * 2 + 1] << 32


def rand(seed, call, i):
    return mpf(draw(seed, call, i) >> 11) / 2 ** 53


def normal_point(bits):
    return sqrt(2) * erfinv((2 * mpf(bits) + 1) / 2 ** 53 - 1)


def randn(seed, call, i):
    return normal_point(draw(seed, call, i) >> 11)


def whole(seed, call, i, low, count):
    attempt = 0
    while draw(seed, call, i, attempt) < 2 ** 64 % count:
        attempt += 1
    return low + draw(seed, call, i, attempt) % count


CHANCE = []


def ask_chance(seed, program, numbers):
    CHANCE.append(f'{seed} {program} => {text(numbers)}')


def rows(numbers, size):
    return [numbers[i:i + size] for i in range(0, len(numbers), size)]


ask_chance(0, 'rand(2)', [rand(0, 0, i) for i in range(2)])
ask_chance(1, 'rand(5)', [rand(1, 0, i) for i in range(5)])
ask_chance(1, 'rand()', rand(1, 0, 0))
ask_chance(1, 'rand(2, 3)', rows([rand(1, 0, i) for i in range(6)], 3))
ask_chance(1, 'rand([2, 3])', rows([rand(1, 0, i) for i in range(6)], 3))
ask_chance(1, '[rand(), rand(), rand()]', [rand(1, k, 0) for k in range(3)])
ask_chance(2, 'rand(5)', [rand(2, 0, i) for i in range(5)])
ask_chance(2 ** 64 - 1, 'rand(3)', [rand(2 ** 64 - 1, 0, i) for i in range(3)])
ask_chance(1, 'rand(100000)[99997:]', [rand(1, 0, i) for i in range(99997, 100000)])
ask_chance(1, 'randn(6)', [randn(1, 0, i) for i in range(6)])
ask_chance(7, 'randn(3, 2)', rows([randn(7, 0, i) for i in range(6)], 2))
ask_chance(7, 'randn()', randn(7, 0, 0))
ask_chance(1, 'randint(0, 10, 8)', [whole(1, 0, i, 0, 10) for i in range(8)])
ask_chance(1, 'randint(-3, 4, 2, 3)', rows([whole(1, 0, i, -3, 7) for i in range(6)], 3))
ask_chance(1, 'randint(5, 6)', whole(1, 0, 0, 5, 1))
ask_chance(3, 'randint(-9007199254740992, 9007199254740992, 3)',
           [whole(3, 0, i, -2 ** 53, 2 ** 54) for i in range(3)])

# Points of the normal distribution from both ends to the middle, and numbers of a range that is drawn from again and again.
POINTS = [0, 1, 1000, 90000, 125000, 2 ** 20, 2 ** 30, 2 ** 40, 2 ** 45, 675539944105573, 675539944105574, 2 ** 50, 2 ** 51,
          3 * 2 ** 50, 2 ** 52 - 2 ** 40, 2 ** 52 - 1, 2 ** 52, 2 ** 52 + 12345, 2 ** 53 - 2 ** 45, 2 ** 53 - 2 ** 20,
          2 ** 53 - 1]
POINT_LINES = [f'  {{ {bits}, {text(normal_point(bits))} }},' for bits in POINTS]
POINT_LINES += [f'  INT64_C ({whole(5, 0, i, -2 ** 62, 2 ** 63 + 1)}),' for i in range(9)]


def main():
    if sys.argv[1:2] == ['--chance']:
        print('\n'.join(CHANCE))
    elif sys.argv[1:2] == ['--points']:
        print('\n'.join(POINT_LINES))
    elif sys.argv[1:2] == ['--sample']:
        print_sample(sys.argv[2])
    elif sys.argv[1:2] == ['--check']:
        with open(sys.argv[2], encoding='utf-8') as file:
            present = set(file.read().splitlines())
        name = os.path.basename(sys.argv[2])
        all_lines = CHANCE if name == 'chance.bats' else POINT_LINES if name == 'random-test.c' else list(map(line, ASKED))
        missing = [wanted for wanted in all_lines if wanted not in present]
        print('\n'.join(missing) if missing else f'all {len(all_lines)} lines are there')
        sys.exit(bool(missing))
    else:
        section = None
        for asked in ASKED:
            if asked[0] != section:
                section = asked[0]
                print(f'# {section}')
            print(line(asked))


main()
