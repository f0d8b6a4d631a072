#!/usr/bin/env python3
"""Sums of doubles, as exact.tsv has them, from rational numbers:

    python3 tests/exact.py > tests/exact.tsv

Each line: what the numbers are, their sum, their mean, the sum as parts, the sum of 3000 copies of each, the numbers.
A part beyond the doubles is a C99 hexadecimal number."""
import math
import random
import struct
from fractions import Fraction

LARGEST = Fraction(2 ** 1024 - 2 ** 971)


def rounded(exact, bits=53, bounded=True):
    """The nearest number of 53 bits, ties to even; of doubles where `bounded`. None is an overflow."""
    if exact == 0:
        return Fraction(0)
    size = abs(exact)
    exponent = size.numerator.bit_length() - size.denominator.bit_length()
    if Fraction(2) ** exponent > size:
        exponent -= 1
    unit = Fraction(2) ** max(exponent - bits + 1, -1074)
    whole = round(size / unit) * unit  # Python's round () of a Fraction takes ties to even
    if bounded and whole > LARGEST:
        return None
    return whole if exact > 0 else -whole


def text(exact, numbers=()):
    value = rounded(exact)
    if value is None:
        return 'inf' if exact > 0 else '-inf'
    if value == 0 and (exact < 0 or (exact == 0 and numbers and all(math.copysign(1, x) < 0 for x in numbers))):
        return '-0'
    return '0' if value == 0 else repr(float(value))


def part_text(part):
    if abs(part) <= LARGEST:
        return repr(float(part))
    sign, size = '-' if part < 0 else '', abs(part)
    exponent = int(size).bit_length() - 1
    digits = float(size / 2 ** exponent).hex().removesuffix('p+0').rstrip('0').rstrip('.')
    return f'{sign}{digits}p+{exponent}'


def parts(exact, numbers):
    if exact == 0:
        return text(exact, numbers)
    found = []
    while exact:
        found.append(rounded(exact, bounded=False))
        exact -= found[-1]
    return ' '.join(part_text(part) for part in found)


def line(says, numbers):
    exact = sum(map(Fraction, numbers))
    mean = text(exact / len(numbers), numbers)
    print(says, text(exact, numbers), mean, parts(exact, numbers), text(3000 * exact, numbers),
          ' '.join(repr(x) for x in numbers), sep='\t')


def main():
    draw = random.Random(20)
    line('one number', [0.1])
    line('small whole numbers', [4.0, 1.0, 4.0])
    line('tenths', [0.1] * 10)
    line('a large one between small ones', [1.0, 1e100, 1.0, -1e100])
    line('zero', [0.0])
    line('minus zero', [-0.0, -0.0])
    line('zeros of both signs', [-0.0, 0.0])
    line('the largest digits of a chunk', [1.9999999999999998])
    line('minus the same', [-1.9999999999999998])
    line('what cancels', [1e300, -1e300, 5e-324, -5e-324])
    line('a minus zero beside what cancels', [-0.0, 3.0, -3.0])
    line('the least', [5e-324])
    line('the least, thrice', [5e-324] * 3)
    line('a mean below the least', [-5e-324, 0.0, 0.0])
    line('a mean at half of the least', [5e-324, 0.0])
    line('a mean above half of the least', [5e-324, 5e-324, 0.0])
    line('below the normal ones', [2.2250738585072014e-308, -5e-324])
    line('the largest', [1.7976931348623157e308])
    line('beyond the largest', [1.7976931348623157e308] * 2 + [1e-300])
    line('far beyond it', [-1.7976931348623157e308] * 11 + [-1.0])
    line('just beyond it', [1.7976931348623157e308, 9.9792015476736e291, 1.0])
    line('there and back', [1.7976931348623157e308] * 3 + [-1.7976931348623157e308] * 2)
    line('half of the last digit, to even', [1.0, 2.0 ** -53])
    line('half of the last digit, from odd', [1.0 + 2.0 ** -52, 2.0 ** -53])
    line('more than half', [1.0, 2.0 ** -53, 2.0 ** -1074])
    line('less than half', [1.0, 2.0 ** -53, -2.0 ** -1074])
    line('minus the same', [-1.0, -2.0 ** -53, 2.0 ** -1074])
    line('a carry through all digits', [2.0 ** 1000 - 2.0 ** 947, 2.0 ** 946, 2.0 ** -1000])
    line('a borrow through all digits', [2.0 ** 1000, -2.0 ** -1074])
    for width in 1, 40, 400, 2045:
        for count in 2, 3, 7, 10, 23:
            numbers = []
            for _ in range(count):
                exponent = min(max(draw.randint(-width, width), -1022), 1022) if width < 2045 else draw.randint(-1074, 1023)
                numbers.append(math.ldexp(draw.choice((-1, 1)) * draw.uniform(1, 2), exponent))
            line(f'{count} within 2^-{width} to 2^{width}', numbers)
            line(f'{count} that nearly cancel', numbers + [-x for x in draw.sample(numbers, count)] + [numbers[0] * 2.0 ** -60])
    for _ in range(6):
        bits = [draw.getrandbits(64) for _ in range(9)]
        numbers = [struct.unpack('d', struct.pack('Q', b))[0] for b in bits]
        line('9 of any bits', [x for x in numbers if math.isfinite(x)])


main()
