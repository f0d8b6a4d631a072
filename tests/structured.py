#!/usr/bin/env python3
# structured.py -- values, gradients and second derivatives of functions of whole arrays, to 20 digits:
#   tests/structured.py > tests/structured.tsv          (needs mpmath and numpy)
#   tests/structured.py NAME...                         prints the rows of these functions
#
# A line: the function, the program, the value of its last number y, the gradient in x, and the Hessian in x, row by
# row; elements are separated by blanks. Every result is weighed with 1, -2, 3, -4, ... so that y is one number that
# tells all elements apart. Derivatives are central differences with a step of 1e-35 at 150 digits, where they are
# exact to all digits that are printed. What is linear is also given a square, a product or an exponential of x: a
# second derivative of 0 says little about the function.
import itertools
import sys

import mpmath as mp
import numpy as np

mp.mp.dps = 150
STEP = mp.mpf(10) ** -35


def array(text):
    """Blanks separate elements, ';' rows and '|' matrices."""
    planes = [[[mp.mpf(n) for n in row.split()] for row in plane.split(';')] for plane in text.split('|')]
    x = np.array(planes, dtype=object)
    return x if '|' in text else x[0] if ';' in text else x[0, 0]


def points(*texts):
    return [array(text) for text in texts]


v = points('0.7 -1.3 2.1 0.4', '-0.6 1.9 0.8 -2.2', '1.5 -0.25 -1.1 3.2')
w = points('0.3 -1.1 0.9 2.4 -0.7', '2.2 0.45', '-1.7 0.6 1.25')
m = points('0.7 -1.3 2.1; 1.6 0.2 -0.8', '-0.45 1.7; 2.3 0.9; -1.2 0.35', '1.1 -0.6 0.25; -1.9 2.6 0.8')
s = points('2.7 -1.3 0.4; 0.6 3.2 -0.8; -0.9 1.1 1.9', '1.8 0.7; -0.5 2.4', '0.3 2.1 -1.2; 1.7 -0.4 0.9; -0.8 1.3 2.2')
c = points('0.7 -1.3; 2.1 0.4 | 1.6 0.2; -0.8 1.1', '-0.9 1.4; 0.55 -2.3 | 0.1 1.9; 2.6 -0.35',
           '1.25 0.6; -1.7 2.4 | -0.15 0.85; 3.1 -1.05')
p = points('0.2 0.35 0.8 0.55', '0.9 0.15 0.4 0.7', '0.05 0.52 0.95 0.3')  # between 0 and 1


def weigh(result):
    flat = np.array(result, dtype=object).reshape(-1)
    return mp.fsum(r * (i + 1) * (-1) ** i for i, r in enumerate(flat))


def along(function, x, axis):
    return np.apply_along_axis(function, axis, x)


def each(function):
    return np.vectorize(function, otypes=[object])


exp, log, sin, expm1, log1p, lgamma = map(each, (mp.exp, mp.log, mp.sin, mp.expm1, mp.log1p, mp.loggamma))
softplus = each(lambda u: mp.log(1 + mp.exp(u)))
relu = each(lambda u: max(u, mp.mpf(0)))


def numbers(*elements):
    return np.array([mp.mpf(n) for n in elements], dtype=object)


def logsumexp(v):
    return mp.log(mp.fsum(mp.exp(u) for u in v))


def softmax(v):
    e = [mp.exp(u) for u in v]
    return np.array([u / mp.fsum(e) for u in e], dtype=object)


def log_softmax(v):
    return np.array([u - logsumexp(v) for u in v], dtype=object)


def mean(v):
    return mp.fsum(v) / len(v)


def var(v, ddof=0):
    return mp.fsum((u - mean(v)) ** 2 for u in v) / (len(v) - ddof)


def std(v, ddof=0):
    return mp.sqrt(var(v, ddof))


def norm(v, p=2):
    return mp.fsum(abs(u) ** p for u in v) ** (mp.mpf(1) / p)


def largest(v):
    return max(abs(u) for u in v)


def smallest(v):
    return min(abs(u) for u in v)


def median(v):
    v = sorted(v)
    return v[len(v) // 2] if len(v) % 2 else (v[len(v) // 2 - 1] + v[len(v) // 2]) / 2


def layer_norm(v, eps='1e-5'):
    return np.array([(u - mean(v)) / mp.sqrt(var(v) + mp.mpf(eps)) for u in v], dtype=object)


def cosine(a, b):
    return mp.fsum(a * b) / norm(a) / norm(b)


def det(x):
    """The sum over all permutations: it has no pivot, which a singular matrix lacks."""
    def parity(order):
        return (-1) ** sum(a > b for a, b in itertools.combinations(order, 2))
    return mp.fsum(parity(order) * mp.fprod(x[i, j] for i, j in enumerate(order))
                   for order in itertools.permutations(range(len(x))))


def inv(x):
    """The adjugate over the determinant."""
    n = len(x)
    minors = [[det(np.delete(np.delete(x, j, 0), i, 1)) * (-1) ** (i + j) for j in range(n)] for i in range(n)]
    return np.array(minors, dtype=object) / det(x)


def cholesky(x):
    l = np.full(x.shape, mp.mpf(0), dtype=object)
    for i in range(len(x)):
        for j in range(i + 1):
            rest = x[i, j] - l[i, :j].dot(l[j, :j])
            l[i, j] = mp.sqrt(rest) if i == j else rest / l[j, j]
    return l


def cross(a, b):
    return np.array([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]], dtype=object)


def masked(x, keep):
    rows = [[u if keep(i, j) else mp.mpf(0) for j, u in enumerate(row)] for i, row in enumerate(x)]
    return np.array(rows, dtype=object)


def diagonal(v):
    return masked(np.array([v] * len(v), dtype=object), lambda i, j: i == j)


def flat(x):
    return x.reshape(-1)


def normal(y, mu, sigma):
    return np.sum(-((y - mu) / sigma) ** 2 / 2 - log(sigma) - mp.log(2 * mp.pi) / 2 + 0 * y)


def bernoulli(k, p):
    return np.sum(k * log(p) + (1 - k) * log1p(-p))


def poisson(k, rate):
    return np.sum(k * log(rate) - rate - lgamma(k + 1))


def gamma(y, shape, rate):
    return np.sum(shape * log(rate) - lgamma(shape) + (shape - 1) * log(y) - rate * y)


def beta(y, a, b):
    return np.sum((a - 1) * log(y) + (b - 1) * log1p(-y) + lgamma(a + b) - lgamma(a) - lgamma(b))


def student(y, nu, mu, sigma):
    return np.sum(lgamma((nu + 1) / 2) - lgamma(nu / 2) - log(nu * mp.pi) / 2 - log(sigma)
                  - (nu + 1) / 2 * log1p(((y - mu) / sigma) ** 2 / nu))


def laplace(y, mu, scale):
    return np.sum(-log(2 * scale) - abs(y - mu) / scale)


def multi_normal(y, mu, sigma):
    return -((y - mu).dot(inv(sigma)).dot(y - mu) + mp.log(det(sigma)) + len(y) * mp.log(2 * mp.pi)) / 2


def cross_entropy(logits, labels):
    return -np.sum(labels * along(log_softmax, logits, -1)) / (logits.size // logits.shape[-1])


def huber(error, delta):
    return mean([u * u / 2 if abs(u) <= delta else delta * (abs(u) - delta / 2) for u in error])


SPREAD = np.array([[2, mp.mpf('0.3')], [mp.mpf('0.3'), 1]], dtype=object)
ONE_TO_FOUR = numbers(1, 2, 3, 4)

# The function, the points, its call after any statements it needs, and what it computes.
FUNCTIONS = [
    ('sum', m, 'sum(x^3, axis=1)', lambda x: (x ** 3).sum(axis=1)),
    ('sum', m[:1], 'sum(x, axis=1)', lambda x: x.sum(axis=1)),
    ('sum', c[:1], 'sum(x * x[0], axis=-1, keepdims=true)', lambda x: (x * x[0]).sum(axis=-1)),
    ('sum', c[1:2], 'sum(x, axis=[0, 2])^2', lambda x: x.sum(axis=(0, 2)) ** 2),
    ('sum', w[:1], 'sum(x)^3', lambda x: x.sum() ** 3),
    ('mean', m, 'mean(x^3, axis=0)', lambda x: along(mean, x ** 3, 0)),
    ('mean', m[:1], 'mean(x, axis=0)', lambda x: along(mean, x, 0)),
    ('mean', c[:1], 'mean(exp(x), axis=-2)', lambda x: along(mean, exp(x), 1)),
    ('mean', m[1:2], 'x / (4 + mean(x, axis=1, keepdims=true))', lambda x: x / (4 + along(mean, x, 1)[:, None])),
    ('prod', m, 'prod(x, axis=1)', lambda x: x.prod(axis=1)),
    ('prod', w, 'prod(x)', lambda x: x.prod()),
    ('prod', c[:1], 'prod(x, axis=[0, -1], keepdims=true)', lambda x: x.prod(axis=(0, 2))),
    ('prod', points('1.5 0 -0.7 2.2', '0 1.5 0 -0.7', '0 0 0 2.5'), 'prod(x)', lambda x: x.prod()),
    ('prod', points('1.5 0 -0.7; 0 2.5 0'), 'prod(x, axis=1)', lambda x: x.prod(axis=1)),
    ('max', m, 'max(x, axis=1)^3', lambda x: x.max(axis=1) ** 3),
    ('max', m[:1], 'max(x, axis=1)', lambda x: x.max(axis=1)),
    ('max', c[:1], 'max(exp(x), axis=-1)', lambda x: exp(x).max(axis=-1)),
    ('max', v[:1], 'max(x[0]^2, x[1]^2, x[2] * x[3])', lambda x: max(x[0] ** 2, x[1] ** 2, x[2] * x[3])),
    ('max', m[2:], 'x / max(x, axis=0, keepdims=true)', lambda x: x / x.max(axis=0)),
    ('min', m, 'min(x, axis=0)^3', lambda x: x.min(axis=0) ** 3),
    ('min', m[:1], 'min(x, axis=0)', lambda x: x.min(axis=0)),
    ('min', c[1:2], 'min(x * x, axis=1, keepdims=true)', lambda x: (x * x).min(axis=1)),
    ('min', v[1:2], 'min(x[0]^2, x[1]^2, x[2] * x[3])', lambda x: min(x[0] ** 2, x[1] ** 2, x[2] * x[3])),
    ('var', m, 'var(x, axis=1, ddof=1)', lambda x: along(lambda u: var(u, 1), x, 1)),
    ('var', w, 'var(x^2)', lambda x: var(x ** 2)),
    ('var', c[:1], 'var(exp(x), axis=-3, keepdims=true)', lambda x: along(var, exp(x), 0)),
    ('var', c[1:2], 'var(x, axis=[0, 2], ddof=2)',
     lambda x: np.array([var(flat(x[:, i]), 2) for i in range(2)], dtype=object)),
    ('var', points('1000000.5 1000001.25 999999'), 'var(x)', var),
    ('std', v, 'std(x)', std),
    ('std', c[1:2], 'std(x, axis=[0, -1], keepdims=true)',
     lambda x: np.array([std(flat(x[:, i])) for i in range(2)], dtype=object)),
    ('std', m, 'std(x, axis=-1, ddof=1)', lambda x: along(lambda u: std(u, 1), x, 1)),
    ('std', c[:1], 'std(x, axis=1)', lambda x: along(std, x, 1)),
    ('std', m[:1], 'x / std(x, axis=0, keepdims=true)', lambda x: x / along(std, x, 0)),
    ('norm', m, 'norm(x, axis=1)', lambda x: along(norm, x, 1)),
    ('norm', v, 'norm(x, 3)', lambda x: norm(x, 3)),
    ('norm', w, 'norm(x)', norm),
    ('norm', v, 'norm(x^3, 1)', lambda x: norm(x ** 3, 1)),
    ('norm', m, 'norm(x, p=inf, axis=0)^3', lambda x: along(largest, x, 0) ** 3),
    ('norm', v[:1], 'norm(x, -inf)^2', lambda x: smallest(x) ** 2),
    ('norm', m[:1], 'norm(x, p=2.5, axis=-1)', lambda x: along(lambda u: norm(u, mp.mpf('2.5')), x, 1)),
    ('norm', v[1:2], 'norm(x, 0.5)', lambda x: norm(x, mp.mpf('0.5'))),
    ('norm', v[2:], 'norm(x, -1)', lambda x: norm(x, -1)),
    ('norm', m[1:2], 'norm(x)', lambda x: norm(flat(x))),
    ('norm', c[:1], 'x / norm(x, axis=1, keepdims=true)', lambda x: x / along(norm, x, 1)[:, None]),
    ('norm', c[1:2], 'norm(x, 3, axis=[0, 2])',
     lambda x: np.array([norm(flat(x[:, i]), 3) for i in range(2)], dtype=object)),
    ('norm', points('1.5 0 -2.5 0', '0 0 -2.5'), 'norm(x)', norm),
    ('norm', points('0.00003 -0.00004'), 'norm(x)', norm),
    ('logsumexp', m, 'logsumexp(x, axis=0)', lambda x: along(logsumexp, x, 0)),
    ('logsumexp', w, 'logsumexp(x)', logsumexp),
    ('logsumexp', c[:1], 'logsumexp(x, axis=-1, keepdims=true)', lambda x: along(logsumexp, x, -1)),
    ('logsumexp', points('1000 1001.5 998', '-2000 -2000.75 -2003', '700 -700 699.5'), 'logsumexp(x)', logsumexp),
    ('median', v, 'median(x)^3', lambda x: median(x) ** 3),
    ('median', v[:1], 'median(x)', median),
    ('median', w, 'median(exp(x))', lambda x: median(exp(x))),
    ('median', m[:1], 'median(x, axis=1)', lambda x: along(median, x, 1)),
    ('median', c[:1], 'x * median(x, axis=-1, keepdims=true)', lambda x: x * along(median, x, 2)[:, :, None]),
    ('cumsum', m, 'cumsum(x^3, axis=1)', lambda x: np.cumsum(x ** 3, axis=1)),
    ('cumsum', m[:1], 'cumsum(x, axis=1)', lambda x: np.cumsum(x, axis=1)),
    ('cumsum', m[1:2], 'cumsum(x)^2', lambda x: np.cumsum(x) ** 2),
    ('cumsum', c[:1], 'cumsum(x, axis=-2)^2', lambda x: np.cumsum(x, axis=1) ** 2),
    ('cumprod', m, 'cumprod(x, axis=1)', lambda x: np.cumprod(x, axis=1)),
    ('cumprod', m[1:2], 'cumprod(x)', np.cumprod),
    ('cumprod', c[:1], 'cumprod(x, axis=-3)', lambda x: np.cumprod(x, axis=0)),
    ('cumprod', points('1.5 0 -0.7 2.2', '0 1.5 0 -0.7', '1.3 -2.1 0 0 0.6'), 'cumprod(x)', np.cumprod),
    ('cumprod', points('1.5 0 -0.7; 0 2.5 0'), 'cumprod(x, axis=0)', lambda x: np.cumprod(x, axis=0)),
    ('softmax', m, 'softmax(x)', lambda x: along(softmax, x, 1)),
    ('softmax', w, 'softmax(x)', softmax),
    ('softmax', c[:1], 'softmax(x, axis=0)', lambda x: along(softmax, x, 0)),
    ('softmax', c[1:2], 'softmax(x, axis=-2)', lambda x: along(softmax, x, 1)),
    ('softmax', points('1000 1001.5 998', '-2000 -2000.75 -2003', '700 -700 699.5'), 'softmax(x)', softmax),
    ('log_softmax', m, 'log_softmax(x, axis=0)', lambda x: along(log_softmax, x, 0)),
    ('log_softmax', w, 'log_softmax(x)', log_softmax),
    ('log_softmax', c[:1], 'log_softmax(x, axis=-3)', lambda x: along(log_softmax, x, 0)),
    ('log_softmax', points('1000 1001.5 998', '-2000 -2000.75 -2003', '700 -700 699.5'), 'log_softmax(x)', log_softmax),
    ('layer_norm', m, 'layer_norm(x)', lambda x: along(layer_norm, x, -1)),
    ('layer_norm', points('2 2 2'), 'layer_norm(x)', layer_norm),
    ('layer_norm', w, 'layer_norm(x, eps=0.1)', lambda x: layer_norm(x, '0.1')),
    ('layer_norm', m[:1], 'layer_norm(x, [1, 2, 3], 0.5)', lambda x: along(layer_norm, x, -1) * numbers(1, 2, 3) + 0.5),
    ('layer_norm', m[2:], 'layer_norm(x, gain=x[0], bias=x[1]^2)',
     lambda x: along(layer_norm, x, -1) * x[0] + x[1] ** 2),
    ('layer_norm', v, 'layer_norm([0.5, -1, 2, 0.25], exp(x), x^3)',
     lambda x: layer_norm(numbers('0.5', -1, 2, '0.25')) * exp(x) + x ** 3),
    ('cosine_similarity', v, 'cosine_similarity(x, [1, 2, 3, 4])', lambda x: cosine(x, ONE_TO_FOUR)),
    ('cosine_similarity', v, 'cosine_similarity([1, 2, 3, 4], x)', lambda x: cosine(ONE_TO_FOUR, x)),
    ('cosine_similarity', s[:1], 'cosine_similarity(x[0], x[1] * x[2])', lambda x: cosine(x[0], x[1] * x[2])),
    ('cosine_similarity', m, 'cosine_similarity(x, x[0]^2)',
     lambda x: np.array([cosine(row, x[0] ** 2) for row in x], dtype=object)),
    ('leaky_relu', v, 'leaky_relu(x^3, 0.2)', lambda x: each(lambda u: u if u > 0 else u / 5)(x ** 3)),
    ('elu', v, 'elu(x, 1.5)', lambda x: each(lambda u: u if u > 0 else 1.5 * mp.expm1(u))(x)),
    ('selu', m, 'selu(x)', lambda x: mp.mpf('1.0507009873554804934') * each(
        lambda u: u if u > 0 else mp.mpf('1.6732632423543772848') * mp.expm1(u))(x)),
    ('hard_tanh', v, 'hard_tanh(x^3 / 4)', lambda x: each(lambda u: min(max(u, mp.mpf(-1)), mp.mpf(1)))(x ** 3 / 4)),
    ('mse', v, 'mse(x^2, [1, 2, 3, 4])', lambda x: mean((x ** 2 - ONE_TO_FOUR) ** 2)),
    ('mse', m[:1], 'mse(x[0], x)', lambda x: mean(flat((x[0] - x) ** 2))),
    ('mae', v, 'mae(x^3, [1, 2, 3, 4])', lambda x: mean(abs(x ** 3 - ONE_TO_FOUR))),
    ('huber', v, 'huber(x, [1, 2, 3, 4])', lambda x: huber(x - ONE_TO_FOUR, mp.mpf(1))),
    ('huber', m[:1], 'huber(x[0], x[1]^2, delta=2.5)', lambda x: huber(x[0] - x[1] ** 2, mp.mpf('2.5'))),
    ('hinge', v, 'hinge([1, -1, 1, -1], x^3)', lambda x: mean(relu(1 - numbers(1, -1, 1, -1) * x ** 3))),
    ('bce_with_logits', v, 'bce_with_logits(x, [1, 0, 0.25, 1])',
     lambda x: mean(softplus(x) - numbers(1, 0, '0.25', 1) * x)),
    ('bce_with_logits', m[:1], 'bce_with_logits(x[0], x[1]^2)', lambda x: mean(softplus(x[0]) - x[1] ** 2 * x[0])),
    ('cross_entropy', m, 'cross_entropy(x, one_hot([1, 0, 1], shape(x)[1])[0 : len(x)])',
     lambda x: cross_entropy(x, np.array([[int(j == k) for j in range(x.shape[1])] for k in (1, 0, 1)[:len(x)]]))),
    ('cross_entropy', m[:1], 'cross_entropy(x, [0, 2])', lambda x: cross_entropy(x, np.array([[1, 0, 0], [0, 0, 1]]))),
    ('cross_entropy', v, 'cross_entropy(x, [0.1, 0.2, 0.3, 0.4])', lambda x: cross_entropy(x, ONE_TO_FOUR / 10)),
    ('cross_entropy', m[:1], 'cross_entropy(x, x^2)', lambda x: cross_entropy(x, x ** 2)),
    ('reshape', m, 'reshape(x^3, 3, -1)', lambda x: (x ** 3).reshape(3, -1)),
    ('reshape', m[:1], 'reshape(x, 3, -1)', lambda x: x.reshape(3, -1)),
    ('reshape', c[:1], 'reshape(x, -1, 4) * flatten(x[0])', lambda x: x.reshape(2, 4) * flat(x[0])),
    ('flatten', m, 'flatten(x)^3', lambda x: flat(x) ** 3),
    ('flatten', c[:1], "flatten(x) * flatten(x')", lambda x: flat(x) * flat(x.T)),
    ('transpose', m, "(x')^3", lambda x: x.T ** 3),
    ('transpose', m[:1], "x'", lambda x: x.T),
    ('transpose', c[:1], 'x * transpose(x)', lambda x: x * x.T),
    ('transpose', c[1:2], 'x * transpose(x, 2, 0, 1)', lambda x: x * x.transpose(2, 0, 1)),
    ('concat', m, 'concat(x, x^2, axis=1)', lambda x: np.concatenate([x, x * x], axis=1)),
    ('concat', c[:1], 'concat(x, x^2, exp(x), axis=-2)', lambda x: np.concatenate([x, x * x, exp(x)], axis=1)),
    ('stack', m, 'stack(x, x^2, axis=1)', lambda x: np.stack([x, x * x], axis=1)),
    ('stack', m[1:2], 'stack(x^3, x^2, axis=-1)', lambda x: np.stack([x ** 3, x * x], axis=-1)),
    ('vstack', v, 'vstack(x, x^2)', lambda x: np.vstack([x, x * x])),
    ('vstack', m[:1], 'vstack(x * x, x[0] * x[1])', lambda x: np.vstack([x * x, x[0] * x[1]])),
    ('hstack', v, 'hstack(x, x^2)', lambda x: np.hstack([x, x * x])),
    ('hstack', m[:1], 'hstack(x, x^3)', lambda x: np.hstack([x, x ** 3])),
    ('split', v, 'a, b = split(x, 2); a^2 * b', lambda x: x[:2] ** 2 * x[2:]),
    ('split', m[:1], 'a, b, c = split(x, 3, axis=-1); a * b * c', lambda x: x[:, :1] * x[:, 1:2] * x[:, 2:]),
    ('meshgrid', w, 'a, b = meshgrid(x, x^2); a * b^2', lambda x: x[None, :] * x[:, None] ** 4),
    ('tile', m, 'tile(x^3, 2, 2)', lambda x: np.tile(x ** 3, (2, 2))),
    ('tile', m[:1], 'tile(x, 2, 2)', lambda x: np.tile(x, (2, 2))),
    ('tile', v[:1], 'tile(x^2, 3)', lambda x: np.tile(x ** 2, 3)),
    ('tile', v[1:2], 'tile(x, 2, 1)^2', lambda x: np.tile(x, (2, 1)) ** 2),
    ('tile', c[:1], 'tile(x, 2)^3', lambda x: np.tile(x, 2) ** 3),
    ('repeat', m, 'repeat(x, 2, axis=1)^3', lambda x: np.repeat(x, 2, axis=1) ** 3),
    ('repeat', m[:1], 'repeat(x, 2, axis=1)', lambda x: np.repeat(x, 2, axis=1)),
    ('repeat', v[:1], 'repeat(x, [1, 0, 2, 3])^2', lambda x: np.repeat(x, [1, 0, 2, 3]) ** 2),
    ('repeat', c[:1], 'repeat(exp(x), 3, axis=-3)', lambda x: np.repeat(exp(x), 3, axis=0)),
    ('repeat', m[1:2], 'repeat(x * x, 2)', lambda x: np.repeat(x * x, 2)),
    ('broadcast_to', v, 'broadcast_to(x, 3, 4)^3', lambda x: np.broadcast_to(x, (3, 4)) ** 3),
    ('broadcast_to', v[:1], 'broadcast_to(x, 3, 4)', lambda x: np.broadcast_to(x, (3, 4))),
    ('broadcast_to', m[:1], 'broadcast_to(x * x[0], 2, 2, 3)', lambda x: np.broadcast_to(x * x[0], (2, 2, 3))),
    ('squeeze', v, 'squeeze(reshape(x, 1, 4, 1))^3', lambda x: x ** 3),
    ('squeeze', m[:1], 'squeeze(expand_dims(x, -1), axis=2)^2', lambda x: x ** 2),
    ('expand_dims', v, 'expand_dims(x, 1) * x', lambda x: x[:, None] * x),
    ('expand_dims', m[:1], 'expand_dims(x, -1)^3', lambda x: x ** 3),
    ('flip', m, 'flip(x, axis=0) * x', lambda x: np.flip(x, 0) * x),
    ('flip', m[:1], 'flip(x, axis=0)', lambda x: np.flip(x, 0)),
    ('flip', v[:1], 'flip(x)^2 * x', lambda x: x[::-1] ** 2 * x),
    ('flip', c[:1], 'flip(x, axis=-1) * x', lambda x: x[:, :, ::-1] * x),
    ('flip', c[1:2], 'flip(x) * x', lambda x: np.flip(x) * x),
    ('roll', m, 'roll(x, 1, axis=1) * x', lambda x: np.roll(x, 1, axis=1) * x),
    ('roll', m[:1], 'roll(x, 1, axis=1)', lambda x: np.roll(x, 1, axis=1)),
    ('roll', v[:1], 'roll(x, -3) * x^2', lambda x: np.roll(x, -3) * x ** 2),
    ('roll', c[:1], 'roll(x, 5, axis=-2)^2 * x', lambda x: np.roll(x, 5, axis=1) ** 2 * x),
    ('roll', m[1:2], 'roll(x, 2) * x', lambda x: np.roll(x, 2) * x),
    ('pad', v, 'pad(x^3, 1)', lambda x: np.pad(x ** 3, 1, constant_values=mp.mpf(0))),
    ('pad', v[:1], 'pad(x, 1)', lambda x: np.pad(x, 1, constant_values=mp.mpf(0))),
    ('pad', m[:1], 'pad(x, 1, 2)^2', lambda x: np.pad(x, 1, constant_values=mp.mpf(2)) ** 2),
    ('pad', m[1:2], 'pad(x, 1, value=x[0, 0])^2', lambda x: np.pad(x, 1, constant_values=x[0, 0]) ** 2),
    ('pad', c[:1], 'pad(x * x, 1)', lambda x: np.pad(x * x, 1, constant_values=mp.mpf(0))),
    ('diag', v, 'diag(x^3)', lambda x: diagonal(x ** 3)),
    ('diag', v[:1], 'diag(x)', diagonal),
    ('diag', s, 'diag(x) * x[0]', lambda x: x.diagonal() * x[0]),
    ('diag', m[:1], 'diag(x)^2', lambda x: x.diagonal() ** 2),
    ('tril', s, "tril(x) * x'", lambda x: masked(x, lambda i, j: j <= i) * x.T),
    ('tril', s[:1], 'tril(x)', lambda x: masked(x, lambda i, j: j <= i)),
    ('tril', m[:1], 'tril(x, -1)^2', lambda x: masked(x, lambda i, j: j < i) ** 2),
    ('tril', c[:1], 'tril(x)^3', lambda x: np.array([masked(y, lambda i, j: j <= i) for y in x], dtype=object) ** 3),
    ('triu', s, 'triu(x, 1)^3', lambda x: masked(x, lambda i, j: j >= i + 1) ** 3),
    ('triu', s[:1], 'triu(x, 1)', lambda x: masked(x, lambda i, j: j >= i + 1)),
    ('triu', m[1:2], 'triu(x, k=-1)^2', lambda x: masked(x, lambda i, j: j >= i - 1) ** 2),
    ('outer', v, 'outer(x, x^2)', lambda x: np.outer(x, x * x)),
    ('outer', m[:1], 'outer(x, x[0])', lambda x: np.outer(x, x[0])),
    ('outer', w[2:], 'outer([1, 2, 3], exp(x))', lambda x: np.outer(numbers(1, 2, 3), exp(x))),
    ('full', w, 'full(2, 2, x[0] * x[1])', lambda x: [x[0] * x[1]] * 4),
    ('linspace', w, 'linspace(x[0]^2, x[1]^3, 4)',
     lambda x: [x[0] ** 2 + (x[1] ** 3 - x[0] ** 2) * i / 3 for i in range(4)]),
    ('sort', v, 'sort(x)^3', lambda x: np.sort(x) ** 3),
    ('sort', v[:1], 'sort(x)', np.sort),
    ('sort', m[:1], 'sort(x)^2', lambda x: np.sort(x) ** 2),
    ('sort', m[1:2], 'sort(x, axis=0) * x', lambda x: np.sort(x, axis=0) * x),
    ('sort', c[:1], 'sort(x, axis=-2)^2', lambda x: np.sort(x, axis=1) ** 2),
    ('take', m, 'take(x, [1, 0, 1], axis=1)^3', lambda x: x[:, [1, 0, 1]] ** 3),
    ('take', m[:1], 'take(x, [2, 0, 2], axis=1)', lambda x: x[:, [2, 0, 2]]),
    ('take', v[:1], 'take(x, [3, -4, 3, 3]) * x', lambda x: x[[3, 0, 3, 3]] * x),
    ('take', m[1:2], 'take(x, [[2, 0], [1, 2]])^2', lambda x: x[[[2, 0], [1, 2]]] ** 2),
    ('take', c[:1], 'take(x, 1, axis=-1) * x[0]', lambda x: x[:, :, 1] * x[0]),
    ('gather', v, 'gather(x, [3, 1, 1])^3', lambda x: x[[3, 1, 1]] ** 3),
    ('gather', v[:1], 'gather(x, [3, 1, 1])', lambda x: x[[3, 1, 1]]),
    ('gather', c[:1], 'gather(x, [1, 1, 0], axis=1)^2', lambda x: x[:, [1, 1, 0]] ** 2),
    ('index', m[:1], 'x[1, ::-1]', lambda x: x[1, ::-1]),
    ('index', m, 'x[1, ::-1] * x[0]', lambda x: x[1, ::-1] * x[0]),
    ('index', m[1:2], 'x[[2, 0, 2], 1:]^2', lambda x: x[[2, 0, 2], 1:] ** 2),
    ('index', c[:1], 'x[0, :, ::-1] * x[:, 1]', lambda x: x[0, :, ::-1] * x[:, 1]),
    ('dot', v, 'dot(x, x^2)', lambda x: (x * x * x).sum()),
    ('dot', m[:1], "dot(x, exp(x'))", lambda x: x.dot(exp(x.T))),
    ('dot', m[1:2], 'dot(x^2, x[0])', lambda x: (x * x).dot(x[0])),
    ('matmul', m, "x @ x'", lambda x: x.dot(x.T)),
    ('matmul', m[:1], 'matmul(x, [[1, -2], [0.5, 3], [2, 1]])^2',
     lambda x: x.dot(array('1 -2; 0.5 3; 2 1')) ** 2),
    ('matmul', m[1:2], 'matmul([[1, -2, 0.5], [0.5, 3, -1]], x)^2', lambda x: array('1 -2 0.5; 0.5 3 -1').dot(x) ** 2),
    ('matmul', m[:1], 'x @ x[1]^2', lambda x: x.dot(x[1] ** 2)),
    ('matmul', m[2:], 'x[:, 0]^2 @ x', lambda x: (x[:, 0] ** 2).dot(x)),
    ('matmul', c[:1], 'x @ x', lambda x: [y.dot(y) for y in x]),
    ('matmul', c[1:2], 'x @ x[0]', lambda x: [y.dot(x[0]) for y in x]),
    ('trace', s, 'trace(x @ x @ x)', lambda x: np.trace(x.dot(x).dot(x))),
    ('trace', s[:1], 'trace(x @ x)', lambda x: np.trace(x.dot(x))),
    ('trace', m[:1], 'trace(x^3)', lambda x: x[0, 0] ** 3 + x[1, 1] ** 3),
    ('det', s, 'det(x)', det),
    ('det', points('1 2; 2 4', '0 0; 0 3', '1 2 3; 4 5 6; 7 8 9', '2 -4 6; 1 -2 3; -3 6 -9', '0 0 0; 0 2.5 0; 0 0 -1.5',
                   '0 1; 1 0', '0 2 0; 0 0 -3; 1.5 0 0'), 'det(x)', det),
    ('det', m[:1], "det(x @ x')", lambda x: det(x.dot(x.T))),
    ('det', v, 'det(outer(x, x^2) + diag(x))', lambda x: det(np.outer(x, x * x) + diagonal(x))),
    ('slogdet', s, 'a, b = slogdet(x); a * b', lambda x: mp.sign(det(x)) * mp.log(abs(det(x)))),
    ('logdet', [s[0], s[1], array('3.1 0.4 -0.7; -1.2 2.6 0.3; 0.5 -0.9 1.7')], 'logdet(x)', lambda x: mp.log(det(x))),
    ('logdet', m, "logdet(x' @ x + eye(shape(x)[1]))",
     lambda x: mp.log(det(x.T.dot(x) + np.eye(x.shape[1], dtype=int)))),
    ('inv', s, 'inv(x)', inv),
    ('inv', v, 'inv(outer(x, x^2) + 9 * eye(4))', lambda x: inv(np.outer(x, x * x) + 9 * np.eye(4, dtype=int))),
    ('inv', points('0 2 0.5; 1.5 0 0.2; 0.3 -0.7 1'), 'inv(x)', inv),
    ('solve', s, 'solve(x, x[0] * x[1])', lambda x: inv(x).dot(x[0] * x[1])),
    ('solve', s, "solve(x, x')", lambda x: inv(x).dot(x.T)),
    ('solve', s[1:2], 'solve(x, [1, -2])', lambda x: inv(x).dot(numbers(1, -2))),
    ('solve', v[:1], 'solve(outer(x, x^2) + 9 * eye(4), x)',
     lambda x: inv(np.outer(x, x * x) + 9 * np.eye(4, dtype=int)).dot(x)),
    ('solve', m[:1], 'solve([[2, 0.5], [-1, 3]], x^2)', lambda x: inv(array('2 0.5; -1 3')).dot(x * x)),
    ('cholesky', s, "cholesky(x @ x')", lambda x: cholesky(x.dot(x.T))),
    ('cholesky', v, "cholesky(outer(x, x) + 2 * eye(4))",
     lambda x: cholesky(np.outer(x, x) + 2 * np.eye(4, dtype=int))),
    ('kron', m, "kron(x, x')", lambda x: np.kron(x, x.T)),
    ('kron', w, 'kron(x, [1, 2] * x[0])', lambda x: np.kron(x, numbers(1, 2) * x[0])),
    ('kron', s[1:2], 'kron([[1, 2]], exp(x))', lambda x: np.kron(np.array([[1, 2]]), exp(x))),
    ('cross', [m[0], m[2]], 'cross(x[0], x[1])', lambda x: cross(x[0], x[1])),
    ('cross', w[2:], 'cross([1, -2, 0.5], x^2)', lambda x: cross(numbers(1, -2, '0.5'), x * x)),
    ('cross', s[:1], 'cross(x, x[1]^2)', lambda x: np.array([cross(row, x[1] ** 2) for row in x], dtype=object)),
    ('matrix_power', s, 'matrix_power(x, 3)', lambda x: x.dot(x).dot(x)),
    ('matrix_power', s, 'matrix_power(x, -2)', lambda x: inv(x).dot(inv(x))),
    ('matrix_power', s[1:2], 'matrix_power(x, 1) * matrix_power(x, 5)', lambda x: x * x.dot(x).dot(x).dot(x).dot(x)),
    ('matrix_power', points('1 2; 2 4'), 'matrix_power(x, 4)', lambda x: x.dot(x).dot(x).dot(x)),
    ('einsum', m, 'einsum("ij,ik->kj", x, x^2)', lambda x: (x * x).T.dot(x)),
    ('einsum', s, 'einsum("ij,jk,kl->il", x, x, x)', lambda x: x.dot(x).dot(x)),
    ('einsum', s[:1], 'einsum("ii->i", x)^2', lambda x: x.diagonal() ** 2),
    ('einsum', s[1:2], 'einsum("ii", x)^3', lambda x: np.trace(x) ** 3),
    ('einsum', c[:1], 'einsum("bij,bjk->bik", x, x)', lambda x: [y.dot(y) for y in x]),
    ('einsum', c[1:2], 'einsum("ijk,kj->", x, x[0])', lambda x: np.sum(x * x[0].T)),
    ('einsum', s[2:], 'einsum("ij,jk", x, x)', lambda x: x.dot(x)),
    ('einsum', c[2:], 'einsum("ijk->ki", x)^2', lambda x: x.sum(axis=1).T ** 2),
    ('einsum', v[:1], 'einsum("i,j->ij", x, x)', lambda x: np.outer(x, x)),
    ('quad_form', s, 'quad_form(x, x[0])', lambda x: x[0].dot(x).dot(x[0])),
    ('quad_form', w[2:], 'quad_form([[2, 1, 0], [0.5, 3, -1], [0, 1, 1]], x^2)',
     lambda x: (x * x).dot(array('2 1 0; 0.5 3 -1; 0 1 1')).dot(x * x)),
    ('normal_lpdf', v, 'normal_lpdf(x^2, 0.5, 1.5)', lambda x: normal(x * x, mp.mpf('0.5'), mp.mpf('1.5'))),
    ('normal_lpdf', v, 'normal_lpdf([1, 2, 3, 4], x, exp(x / 2))', lambda x: normal(ONE_TO_FOUR, x, exp(x / 2))),
    ('normal_lpdf', m[:1], 'normal_lpdf(x, x[0] * x[1], 2)', lambda x: normal(x, x[0] * x[1], mp.mpf(2))),
    ('bernoulli_lpmf', p, 'bernoulli_lpmf([1, 0, 0, 1], x)', lambda x: bernoulli(numbers(1, 0, 0, 1), x)),
    ('bernoulli_logit_lpmf', v, 'bernoulli_logit_lpmf([1, 0, 0, 1], x)',
     lambda x: np.sum(numbers(1, 0, 0, 1) * x - softplus(x))),
    ('poisson_lpmf', p, 'poisson_lpmf([0, 1, 4, 2], 3 * x)', lambda x: poisson(numbers(0, 1, 4, 2), 3 * x)),
    ('exponential_lpdf', p, 'exponential_lpdf(x, x * x)', lambda x: np.sum(log(x * x) - x ** 3)),
    ('exponential_lpdf', v, 'exponential_lpdf([1, 2, 3, 4], exp(x))', lambda x: np.sum(x - ONE_TO_FOUR * exp(x))),
    ('gamma_lpdf', p, 'gamma_lpdf(x, 2.5, 1.5)', lambda x: gamma(x, mp.mpf('2.5'), mp.mpf('1.5'))),
    ('gamma_lpdf', p, 'gamma_lpdf([1, 2, 3, 4], 4 * x, exp(x))', lambda x: gamma(ONE_TO_FOUR, 4 * x, exp(x))),
    ('beta_lpdf', p, 'beta_lpdf(x, 2.5, 0.75)', lambda x: beta(x, mp.mpf('2.5'), mp.mpf('0.75'))),
    ('beta_lpdf', p, 'beta_lpdf([0.1, 0.9, 0.4, 0.6], 3 * x, exp(x))',
     lambda x: beta(numbers('0.1', '0.9', '0.4', '0.6'), 3 * x, exp(x))),
    ('student_t_lpdf', v, 'student_t_lpdf(x, 3, 0.5, 1.5)',
     lambda x: student(x, mp.mpf(3), mp.mpf('0.5'), mp.mpf('1.5'))),
    ('student_t_lpdf', p, 'student_t_lpdf([1, 2, 3, 4], 5 * x, x^2, exp(x))',
     lambda x: student(ONE_TO_FOUR, 5 * x, x ** 2, exp(x))),
    ('laplace_lpdf', v, 'laplace_lpdf([1, 2, 3, 4], x, exp(x))', lambda x: laplace(ONE_TO_FOUR, x, exp(x))),
    ('laplace_lpdf', v[:1], 'laplace_lpdf(x^3, 0.5, 1.5)', lambda x: laplace(x ** 3, mp.mpf('0.5'), mp.mpf('1.5'))),
    ('lognormal_lpdf', p, 'lognormal_lpdf(x, 0.5, 1.5)',
     lambda x: normal(log(x), mp.mpf('0.5'), mp.mpf('1.5')) - np.sum(log(x))),
    ('lognormal_lpdf', v, 'lognormal_lpdf([1, 2, 3, 4], x, exp(x / 3))',
     lambda x: normal(log(ONE_TO_FOUR), x, exp(x / 3)) - np.sum(log(ONE_TO_FOUR))),
    ('multi_normal_lpdf', [x[:2] for x in v], 'multi_normal_lpdf(x, [0.5, -1], [[2, 0.3], [0.3, 1]])',
     lambda x: multi_normal(x, numbers('0.5', -1), SPREAD)),
    ('multi_normal_lpdf', [x[:2] for x in v], 'multi_normal_lpdf([0.5, -1], x^2, [[2, 0.3], [0.3, 1]])',
     lambda x: multi_normal(numbers('0.5', -1), x * x, SPREAD)),
    ('multi_normal_lpdf', s, "multi_normal_lpdf(x[0], x[1], x @ x')", lambda x: multi_normal(x[0], x[1], x.dot(x.T))),
    ('multi_normal_lpdf', s[:1], 'multi_normal_lpdf([1, 2, -0.5], [0, 1, 1], x)',
     lambda x: multi_normal(numbers(1, 2, '-0.5'), numbers(0, 1, 1), x)),
    ('categorical_logit_lpmf', v, 'categorical_logit_lpmf(2, x)', lambda x: log_softmax(x)[2]),
    ('categorical_logit_lpmf', w, 'categorical_logit_lpmf([1, 0, 1, 1], x)',
     lambda x: np.sum(log_softmax(x)[[1, 0, 1, 1]])),
]


def literal(x):
    if isinstance(x, mp.mpf):
        return plain(x, 15)
    return '[' + ', '.join(literal(row) for row in x) + ']'


def plain(number, digits=20):
    """What is that small is the rounding of a difference that is 0."""
    return mp.nstr(number if abs(number) > mp.mpf('1e-45') else mp.mpf(0), digits).removesuffix('.0')


def derivatives(function, x):
    """The gradient, and the Hessian row by row."""
    def moved(*steps):
        y = flat(x).copy()
        for i, step in steps:
            y[i] += step
        return weigh(function(y.reshape(x.shape)))

    h, n, here = STEP, x.size, moved()
    up, down = [moved((i, h)) for i in range(n)], [moved((i, -h)) for i in range(n)]
    hessian = [[None] * n for i in range(n)]
    for i in range(n):
        hessian[i][i] = (up[i] - 2 * here + down[i]) / h ** 2
        for j in range(i):
            mixed = moved((i, h), (j, h)) - up[i] - up[j] + 2 * here - down[i] - down[j] + moved((i, -h), (j, -h))
            hessian[i][j] = hessian[j][i] = mixed / (2 * h ** 2)
    return [(u - d) / (2 * h) for u, d in zip(up, down)], sum(hessian, [])


def main():
    for name, where, text, function in FUNCTIONS:
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        *before, call = text.split('; ')
        for x in where:
            steps = [f'x = {literal(x)}', *before, f'r = flatten({call} + 0)', 'k = arange(size(r))',
                     'y = sum(r * (k + 1) * (-1)^k)']
            gradient, hessian = derivatives(function, x)
            print(name, '; '.join(steps), plain(weigh(function(x))), ' '.join(map(plain, gradient)),
                  ' '.join(map(plain, hessian)), sep='\t')


main()
