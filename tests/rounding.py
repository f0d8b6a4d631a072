#!/usr/bin/env python3
# rounding.py -- values and gradients of programs in which terms cancel, to 25 digits:
#   tests/rounding.py > tests/rounding.tsv          (needs mpmath)
#
# A line: the program, its value, and the gradient in its first input, elements separated by blanks. Numbers are what
# the text says, not the doubles next to it. Derivatives are central differences with a step of 1e-40 at 150 digits.
import mpmath as mp

mp.mp.dps = 150
STEP = mp.mpf(10) ** -40


def sigmoid(x):
    return 1 / (1 + mp.exp(-x))


def softmax(x):
    total = mp.fsum(map(mp.exp, x))
    return [mp.exp(u) / total for u in x]


def variance(x):
    m = mp.fsum(x) / len(x)
    return mp.fsum((u - m) ** 2 for u in x) / len(x)


def dot(x, y):
    return mp.fsum(u * v for u, v in zip(x, y))


def norm(x):
    return mp.sqrt(dot(x, x))


def matrix(x, n):
    return mp.matrix(n, len(x) // n) if not x else mp.matrix([x[i:i + n] for i in range(0, len(x), n)])


def sigma(x):
    return mp.fsum(x)


def chaos(z):
    for _ in range(30):
        z = n('3.9') * z * (1 - z)
    return z


def orbit(z):
    for _ in range(1500):
        z = n('3.2') * z * (1 - z)
    return z


n = mp.mpf
programs = [
    # numbers that cancel
    ('x = 3; m = 1e6; y = (x - m)^2 - m^2', ['3'], lambda x: (x[0] - 10**6) ** 2 - 10**12),
    ('x = 0.1; y = x + 0.2 - 0.3', ['0.1'], lambda x: x[0] + n('0.2') - n('0.3')),
    ('x = 0.1; y = (x + 0.2 - 0.3)^2', ['0.1'], lambda x: (x[0] + n('0.2') - n('0.3')) ** 2),
    ('x = 0.7; y = (0.1 + 0.2 - 0.3)*x', ['0.7'], lambda x: 0 * x[0]),
    ('x = 0.7; const c = 1 - 0.99999; y = x*c', ['0.7'], lambda x: x[0] * (1 - n('0.99999'))),
    ('x = 1e-8; y = (1 - cos(x))/x^2', ['1e-8'], lambda x: (1 - mp.cos(x[0])) / x[0] ** 2),
    ('x = 1e-4; y = (exp(x) - 1 - x)/x^2', ['1e-4'], lambda x: (mp.exp(x[0]) - 1 - x[0]) / x[0] ** 2),
    ('x = 1e9; y = sqrt(x^2 + 1) - x', ['1e9'], lambda x: mp.sqrt(x[0] ** 2 + 1) - x[0]),
    ('x = 20; y = sigmoid(x)*(1 - sigmoid(x))', ['20'], lambda x: sigmoid(x[0]) * (1 - sigmoid(x[0]))),
    ('x = 15; y = 1 - tanh(x)^2', ['15'], lambda x: 1 - mp.tanh(x[0]) ** 2),
    ('x = -30; y = log(1 + exp(x))', ['-30'], lambda x: mp.log(1 + mp.exp(x[0]))),
    ('x = 36; p = 1/(1 + exp(-x)); y = -log(1 - p)', ['36'], lambda x: -mp.log(1 - sigmoid(x[0]))),
    ('x = 1e5; y = x/sqrt(x^2 + 1) - 1', ['1e5'], lambda x: x[0] / mp.sqrt(x[0] ** 2 + 1) - 1),
    ('x = 3.141592653589793; y = sin(x)', ['3.141592653589793'], lambda x: mp.sin(x[0])),
    ('x = 1e6; y = sin(x*pi)', ['1e6'], lambda x: mp.sin(x[0] * mp.pi)),
    ('x = 12.3; y = exp(-x)*(exp(x) - sinh(x)*2)', ['12.3'],
     lambda x: mp.exp(-x[0]) * (mp.exp(x[0]) - 2 * mp.sinh(x[0]))),
    ('x = 1.0001; y = (x - 1)^4 - x^4 + 4*x^3 - 6*x^2 + 4*x - 1', ['1.0001'], lambda x: 0 * x[0]),
    ('x = 1.7; y = x^7 - x^3*x^4', ['1.7'], lambda x: 0 * x[0]),
    ('x = 5.3; y = log(x^2) - 2*log(x)', ['5.3'], lambda x: 0 * x[0]),
    ('x = 0.3; y = asin(sin(x)) - x', ['0.3'], lambda x: 0 * x[0]),
    ('x = 1e-200; y = x*x*1e200*1e200', ['1e-200'], lambda x: x[0] ** 2 * n(10) ** 400),
    ('x = 30; y = expm1(x) - exp(x) + 1', ['30'], lambda x: 0 * x[0]),
    ('x = 2.5; y = atan(x) + atan(1/x) - pi/2', ['2.5'], lambda x: 0 * x[0]),
    ('x = 0.1; y = stop_gradient(x + 0.2) - 0.3 + 0*x', ['0.1'], lambda x: 0 * x[0]),
    ('x = 1.1; s = 0; for i in 0:100 { s += x; s -= 1.1 }; y = s', ['1.1'],
     lambda x: 100 * (x[0] - n('1.1'))),
    # sums of terms that are alike: each addition errs to the same side
    ('x = 0.7; y = ones(3000) @ full(3000, x) - 2100', ['0.7'], lambda x: 3000 * x[0] - 2100),
    ('x = 0.7; y = sum(full([3000, 2], x), axis=0)[1] - 2100', ['0.7'], lambda x: 3000 * x[0] - 2100),
    ('x = 0.7; y = sum(full(3000, x)) - 2100', ['0.7'], lambda x: 3000 * x[0] - 2100),
    ('x = 0.7; s = 0; for i in 0:3000 { s += x^3 }; y = s - 3000*x^3', ['0.7'], lambda x: 0 * x[0]),
    ('x = 0.5; for i in 0:1500 { x = 3.2*x*(1 - x) }; y = x', ['0.5'], lambda x: orbit(x[0])),
    ('x = 0.4; z = x; for i in 0:30 { z = 3.9*z*(1 - z) }; y = z', ['0.4'], lambda x: chaos(x[0])),
    # arrays
    ('x = [1.7, -1.2, 0.5, 1.9]; y = sum(softmax(x))', ['1.7', '-1.2', '0.5', '1.9'], lambda x: sigma(softmax(x))),
    ('x = [1.7, -1.2, 0.5, 1.9]; y = sum(softmax(x)) - 1', ['1.7', '-1.2', '0.5', '1.9'],
     lambda x: sigma(softmax(x)) - 1),
    ('x = [0.3, -1.2, 0.7]; y = cosine_similarity(x, 2*x)', ['0.3', '-1.2', '0.7'], lambda x: 1 + 0 * sigma(x)),
    ('x = [0.1, 0.2, 0.4]; y = sum(x - mean(x))', ['0.1', '0.2', '0.4'], lambda x: 0 * sigma(x)),
    ('x = [1000000.1, 1000000.2, 1000000.4]; y = var(x)', ['1000000.1', '1000000.2', '1000000.4'], variance),
    ('x = [1000000.1, 1000000.2, 1000000.4]; y = std(x)', ['1000000.1', '1000000.2', '1000000.4'],
     lambda x: mp.sqrt(variance(x))),
    ('x = [1000000.1, 1000000.2, 1000000.4]; y = mean(x^2) - mean(x)^2', ['1000000.1', '1000000.2', '1000000.4'],
     variance),
    ('x = [0.6, 0.8]; y = norm(x) - 1', ['0.6', '0.8'], lambda x: norm(x) - 1),
    ('x = [0.6, 0.8]; y = norm(x/norm(x))', ['0.6', '0.8'], lambda x: 1 + 0 * sigma(x)),
    ('x = [1000.1, 1000.3, 999.7]; y = logsumexp(x) - 1000', ['1000.1', '1000.3', '999.7'],
     lambda x: mp.log(sigma(map(mp.exp, x))) - 1000),
    ('x = [3.1, -2.3, 0.7]; y = sum(exp(log_softmax(x))) - 1', ['3.1', '-2.3', '0.7'], lambda x: 0 * sigma(x)),
    ('x = [0.1, 0.3, -0.7, 0.9]; y = sum(cumsum(x) - [0.1, 0.4, -0.3, 0.6])', ['0.1', '0.3', '-0.7', '0.9'],
     lambda x: 4 * x[0] + 3 * x[1] + 2 * x[2] + x[3] - n('0.8')),
    ('x = [1.1, 1.3, 0.7]; y = prod(x) - 1.001', ['1.1', '1.3', '0.7'], lambda x: x[0] * x[1] * x[2] - n('1.001')),
    ('x = [0.1, 0.2]; A = [[0.1, 0.3], [0.5, 0.7]]; y = sum(A @ x - [0.07, 0.19])', ['0.1', '0.2'],
     lambda x: n('0.6') * x[0] + x[1] - n('0.26')),
    ('x = [0.1, 0.2, 0.3]; y = dot(x, [3, 3, -3])', ['0.1', '0.2', '0.3'], lambda x: 3 * (x[0] + x[1] - x[2])),
    ('x = [[0.1, 0.2], [0.3, 0.6]]; y = det(x)', ['0.1', '0.2', '0.3', '0.6'], lambda x: x[0] * x[3] - x[1] * x[2]),
    ('x = [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6], [0.7, 0.8, 0.9]]; y = det(x)',
     ['0.1', '0.2', '0.3', '0.4', '0.5', '0.6', '0.7', '0.8', '0.9'], lambda x: mp.det(matrix(x, 3))),
    ('x = 1e-9; A = [[1, 1], [1, 1 + x]]; y = solve(A, [1, 2])[0]', ['1e-9'], lambda x: 1 - 1 / x[0]),
    ('x = 1e-9; A = [[1, 1], [1, 1 + x]]; y = inv(A)[0, 1] + 1e9', ['1e-9'], lambda x: n(10) ** 9 - 1 / x[0]),
    ('x = 1e-9; A = [[1, 1], [1, 1 + x]]; y = logdet(A)', ['1e-9'], lambda x: mp.log(x[0])),
    ('x = 1e-9; A = [[1, 1], [1, 1 + x]]; y = cholesky(A)[1, 1]', ['1e-9'], lambda x: mp.sqrt(x[0])),
    ('x = [[2.1, 0.3], [0.4, 1.7]]; y = sum(x @ inv(x) - eye(2))', ['2.1', '0.3', '0.4', '1.7'],
     lambda x: 0 * sigma(x)),
    ('x = [0.3, 0.1]; y = einsum("i,i->", x, [1.3, -3.9])', ['0.3', '0.1'],
     lambda x: x[0] * n('1.3') - x[1] * n('3.9')),
    ('x = [0.1, 0.7, 0.4]; y = sort(x)[1] - 0.4', ['0.1', '0.7', '0.4'], lambda x: x[2] - n('0.4')),
    ('x = [0.1, 0.7, 0.4]; z = x; z[1] = 0.3; y = sum(z) - 0.8', ['0.1', '0.7', '0.4'],
     lambda x: x[0] + n('0.3') + x[2] - n('0.8')),
    # special functions near their zeros and where they cancel
    ('x = 2.404825557695773; y = j0(x)', ['2.404825557695773'], lambda x: mp.besselj(0, x[0])),
    ('x = 1.4616321449683622; y = digamma(x)', ['1.4616321449683622'], lambda x: mp.digamma(x[0])),
    ('x = 1.0000001; y = lgamma(x)', ['1.0000001'], lambda x: mp.loggamma(x[0])),
    ('x = 3.7; y = lgamma(x + 1) - lgamma(x) - log(x)', ['3.7'], lambda x: 0 * x[0]),
    ('x = 0.9; y = erf(x) + erfc(x) - 1', ['0.9'], lambda x: 0 * x[0]),
    ('x = 2.2; y = gammainc(1, x) + exp(-x) - 1', ['2.2'], lambda x: 0 * x[0]),
    ('x = 0.37; y = ndtri(ndtr(x)) - x', ['0.37'], lambda x: 0 * x[0]),
    # derivatives as values
    ('x = 1.3; y = grad(x^3, x) - 3*x^2', ['1.3'], lambda x: 0 * x[0]),
    ('x = 0.7; y = grad(sin(x)^2, x) - sin(2*x)', ['0.7'], lambda x: 0 * x[0]),
    ('x = 20; y = grad(log(1 + exp(-x)), x)', ['20'], lambda x: -sigmoid(-x[0])),
    ('x = 36; p = 1/(1 + exp(-x)); y = grad(-log(1 - p), x)', ['36'], lambda x: sigmoid(x[0])),
]


def moved(x, i, step):
    return [u + step if k == i else u for k, u in enumerate(x)]


def written(number):  # what is left at 150 digits of what cancels is 0
    return mp.nstr(number, 25) if abs(number) > n(10) ** -60 else '0.0'


for program, inputs, function in programs:
    x = [n(u) for u in inputs]
    gradient = [(function(moved(x, i, STEP)) - function(moved(x, i, -STEP))) / (2 * STEP) for i in range(len(x))]
    print(program, written(function(x)), ' '.join(map(written, gradient)), sep='\t')
