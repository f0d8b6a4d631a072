#!/usr/bin/env python3
# digits.py -- makes programs up in which terms cancel, and holds what --digits says of them against mpmath:
#   tests/digits.py [FIRST [COUNT]]          (500 programs from seed 1 on; GRADCALC is the program; needs mpmath)
#
# Each program has a value and a gradient, which are found again at 50 digits with the numbers that the text says. No
# bound may be below the true error; half of the bounds that are not 0 are at most a thousand times it.
import json
import os
import random
import subprocess
import sys

try:
    import mpmath as mp
except ImportError:
    sys.exit(77)

mp.mp.dps = 50
BATCH = 10


class Dual:
    """A number with its derivatives by name."""

    def __init__(self, value, slopes=None):
        self.value = mp.mpf(value)
        self.slopes = slopes or {}


def combine(value, *parts):
    """A result whose derivative is the sum of slope * that of an operand."""
    slopes = {}
    for slope, operand in parts:
        for name, d in operand.slopes.items():
            slopes[name] = slopes.get(name, 0) + slope * d
    return Dual(value, slopes)


def add(a, b):
    return combine(a.value + b.value, (1, a), (1, b))


def subtract(a, b):
    return combine(a.value - b.value, (1, a), (-1, b))


def multiply(a, b):
    return combine(a.value * b.value, (b.value, a), (a.value, b))


def divide(a, b):
    return combine(a.value / b.value, (1 / b.value, a), (-a.value / b.value ** 2, b))


UNARY = {
    'exp': (lambda u: abs(u) < 20, mp.exp, mp.exp),
    'log': (lambda u: u > 0, mp.log, lambda u: 1 / u),
    'sqrt': (lambda u: u > 0, mp.sqrt, lambda u: 1 / (2 * mp.sqrt(u))),
    'sin': (lambda u: abs(u) < 1e6, mp.sin, mp.cos),
    'cos': (lambda u: abs(u) < 1e6, mp.cos, lambda u: -mp.sin(u)),
    'tanh': (lambda u: abs(u) < 15, mp.tanh, lambda u: mp.sech(u) ** 2),
    'atan': (lambda u: True, mp.atan, lambda u: 1 / (1 + u * u)),
    'log1p': (lambda u: u > -1, mp.log1p, lambda u: 1 / (1 + u)),
    'expm1': (lambda u: abs(u) < 20, mp.expm1, mp.exp),
    'sigmoid': (lambda u: abs(u) < 30, lambda u: 1 / (1 + mp.exp(-u)), lambda u: mp.exp(-u) / (1 + mp.exp(-u)) ** 2),
}
BINARY = {'+': add, '-': subtract, '*': multiply, '/': divide}


class Program:
    """Text, and beside it what each name is."""

    def __init__(self, seed, number):
        self.random = random.Random(seed)
        self.suffix = f'_{number}'
        self.lines, self.scalars, self.vectors, self.inputs = [], {}, {}, []
        for i in range(self.random.randint(1, 3)):
            name, text = f'x{i}{self.suffix}', self.literal()
            self.lines.append(f'{name} = {text}')
            self.scalars[name] = Dual(text, {name: mp.mpf(1)})
            self.inputs.append(name)
        if self.random.random() < 0.6:
            name, texts = f'v{self.suffix}', [self.literal() for _ in range(self.random.randint(2, 6))]
            self.lines.append(f'{name} = [{", ".join(texts)}]')
            self.vectors[name] = [Dual(t, {f'{name}.{i}': mp.mpf(1)}) for i, t in enumerate(texts)]
            self.inputs.append(name)
        for i in range(self.random.randint(2, 7)):
            self.statement(f'y{i}{self.suffix}')
        self.target = f'z{self.suffix}'
        last = list(self.scalars)[-1]
        self.lines.append(f'{self.target} = {last} + 0*{self.inputs[0]}' if last in self.inputs else f'{self.target} = {last} + 0')
        self.value = self.scalars[last]

    def literal(self):
        size = self.random.choice([1, 1, 1, 10, 1000, 1e6, 1e-3, 1e-6])
        return repr(round(self.random.uniform(0.1, 3) * size, self.random.choice([2, 5, 12]) + (8 if size < 0.1 else 0)))

    def scalar(self):
        if self.random.random() < 0.2:
            text = self.literal()
            return text, Dual(text)
        name = self.random.choice(list(self.scalars))
        return name, self.scalars[name]

    def keep(self, name, text, result):
        """A statement, unless what it gives is beyond measure."""
        numbers = [result.value] + list(result.slopes.values())
        if any(not mp.isfinite(n) or abs(n) > 1e30 for n in numbers):
            return
        self.lines.append(f'{name} = {text}')
        self.scalars[name] = result

    def statement(self, name):
        kind = self.random.choice(['unary', 'binary', 'binary', 'cancel', 'cancel', 'cancel', 'loop', 'vector', 'vector'])
        getattr(self, kind)(name)

    def unary(self, name):
        function = self.random.choice(list(UNARY))
        within, value, slope = UNARY[function]
        text, a = self.scalar()
        if within(a.value):
            self.keep(name, f'{function}({text})', combine(value(a.value), (slope(a.value), a)))

    def binary(self, name):
        sign = self.random.choice(list(BINARY))
        (s, a), (t, b) = self.scalar(), self.scalar()
        if sign != '/' or abs(b.value) > 1e-12:
            self.keep(name, f'{s} {sign} {t}', BINARY[sign](a, b))

    def cancel(self, name):
        s, a = self.scalar()
        t, b = self.scalar()
        one = Dual(1)
        u = a.value
        kind = self.random.randrange(7)
        if kind == 0:
            self.keep(name, f'({s} + {t}) - {s}', subtract(add(a, b), a))
        elif kind == 1 and 1e-9 < abs(u) < 5:
            self.keep(name, f'(exp({s}) - 1 - {s})/{s}',
                      divide(subtract(subtract(combine(mp.exp(u), (mp.exp(u), a)), one), a), a))
        elif kind == 2 and 1e-7 < abs(u) < 10:
            cosine = combine(mp.cos(u), (-mp.sin(u), a))
            self.keep(name, f'(1 - cos({s}))/{s}^2', divide(subtract(one, cosine), multiply(a, a)))
        elif kind == 3 and 1e-6 < abs(u) < 1e8:
            inner = add(multiply(a, a), one)
            root = combine(mp.sqrt(inner.value), (1 / (2 * mp.sqrt(inner.value)), inner))
            self.keep(name, f'sqrt({s}^2 + 1) - {s}', subtract(root, a))
        elif kind == 4:
            whole = add(a, b)
            left = subtract(multiply(whole, whole), multiply(a, a))
            self.keep(name, f'({s} + {t})^2 - {s}^2 - 2*{s}*{t}', subtract(left, multiply(Dual(2), multiply(a, b))))
        elif kind == 5 and 1e-6 < abs(u) < 1e6:
            near = multiply(a, Dual('1.0000001'))
            self.keep(name, f'{s}*1.0000001 - {s}', subtract(near, a))
        elif kind == 6 and abs(u) > 1e-3 and abs(u + b.value) > 1e-6:
            self.keep(name, f'1/{s} - 1/({s} + {t})', subtract(divide(one, a), divide(one, add(a, b))))

    def loop(self, name):
        text, a = self.scalar()
        if not 0.05 < a.value < 0.95:
            return
        turns = self.random.randint(2, 20)
        state = a
        for _ in range(turns):
            state = multiply(multiply(Dual('3.7'), state), subtract(Dual(1), state))
        self.lines.append(f'{name} = {text} + 0')
        self.lines.append(f'for i{name} in 0:{turns} {{ {name} = 3.7*{name}*(1 - {name}) }}')
        self.scalars[name] = state

    def vector(self, name):
        if not self.vectors:
            return
        v, elements = self.random.choice(list(self.vectors.items()))
        n = Dual(len(elements))
        total = elements[0]
        for e in elements[1:]:
            total = add(total, e)
        mean = divide(total, n)
        kind = self.random.randrange(5)
        if kind == 0:
            self.keep(name, f'sum({v})', total)
        elif kind == 1:
            squares = [multiply(subtract(e, mean), subtract(e, mean)) for e in elements]
            spread = squares[0]
            for e in squares[1:]:
                spread = add(spread, e)
            self.keep(name, f'mean(({v} - mean({v}))^2)', divide(spread, n))
        elif kind == 2:
            squares = multiply(elements[0], elements[0])
            for e in elements[1:]:
                squares = add(squares, multiply(e, e))
            self.keep(name, f'mean({v}^2) - mean({v})^2', subtract(divide(squares, n), multiply(mean, mean)))
        elif kind == 3:
            text, a = self.scalar()
            result = multiply(a, elements[0])
            for e in elements[1:]:
                result = add(result, multiply(a, e))
            self.keep(name, f'sum({text}*{v}) - {text}', subtract(result, a))
        elif len(elements) >= 4:
            a, b, c, d = elements[:4]
            self.keep(name, f'{v}[0]*{v}[3] - {v}[1]*{v}[2]', subtract(multiply(a, d), multiply(b, c)))


def run(programs):
    text = '\n'.join(line for p in programs for line in p.lines)
    command = [os.environ.get('GRADCALC', './gradcalc'), '-q', '--digits', '-f', 'json',
               '-t', ','.join(p.target for p in programs), '-w', ','.join(n for p in programs for n in p.inputs)]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f'{done.stderr}{text}')
    return json.loads(done.stdout)


def compare(program, said):
    """Pairs of true error and bound."""
    target = program.target
    value, certain = said['value'][target], said['digits']['value'][target]
    yield 'value', mp.mpf(value), program.value.value, certain['bound']
    for name in program.inputs:
        gradient = said['grad'][target][name]
        if gradient is None:
            continue
        bounds = said['digits']['grad'][target][name]['bound']
        lists = isinstance(gradient, list)
        for i, g in enumerate(gradient if lists else [gradient]):
            slope = program.value.slopes.get(f'{name}.{i}' if lists else name, mp.mpf(0))
            yield f'd/d{name}', mp.mpf(g), slope, bounds[i] if lists else bounds


def main():
    first = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    ratios, below, unknown, results = [], 0, 0, 0
    for start in range(first, first + count, BATCH):
        programs = [Program(seed, seed - start) for seed in range(start, min(start + BATCH, first + count))]
        said = run(programs)
        for seed, program in enumerate(programs, start):
            for what, given, right, bound in compare(program, said):
                results += 1
                error = abs(given - right)
                if bound == 'Infinity':
                    unknown += 1
                elif error <= abs(right) * mp.mpf(10) ** -45:
                    continue  # mpmath's own rounding
                elif error > bound:
                    below += 1
                    print(f'seed {seed}: {what} is {mp.nstr(given, 17)}, off by {mp.nstr(error, 5)}, the bound is {bound}')
                    print('    ' + '; '.join(program.lines))
                else:
                    ratios.append(bound / error)
    ratios.sort()
    median = ratios[len(ratios) // 2] if ratios else mp.mpf(1)
    print(f'{count} programs, {results} results: {below} bounds below the error, {unknown} unknown, '
          f'the median bound is {mp.nstr(median, 3)} times the error')
    sys.exit(1 if below or unknown * 20 > results or median > 1000 else 0)


main()
