#!/usr/bin/env python3
# structured.py -- values and gradients of functions of whole arrays, to 50 digits:
#   tests/structured.py > tests/structured.tsv          (needs mpmath and numpy)
#
# A line: the function, the program, the value of its last number y, and the gradient in x, elements separated by blanks.
# Every result is weighed with 1, -2, 3, -4, ... so that y is one number that tells all elements apart. Gradients are central
# differences with a step of 1e-30 at 100 digits, where they are exact to all digits that are printed.
import mpmath as mp
import numpy as np

mp.mp.dps = 100
STEP = mp.mpf(10) ** -30


def array(text):
    return np.array([[mp.mpf(n) for n in row.split()] for row in text.split(';')], dtype=object)


VECTOR = array('0.7 -1.3 2.1 0.4')[0]
MATRIX = array('0.7 -1.3 2.1; 1.6 0.2 -0.8')
SQUARE = array('2.7 -1.3 0.4; 0.6 3.2 -0.8; -0.9 1.1 1.9')


def weigh(result):
    flat = np.array(result, dtype=object).reshape(-1)
    return mp.fsum(r * (i + 1) * (-1) ** i for i, r in enumerate(flat))


def along(function, x, axis):
    return np.apply_along_axis(function, axis, x)


def softmax(v):
    e = [mp.exp(u) for u in v]
    return np.array([u / mp.fsum(e) for u in e], dtype=object)


def log_softmax(v):
    s = mp.log(mp.fsum(mp.exp(u) for u in v))
    return np.array([u - s for u in v], dtype=object)


def mean(v):
    return mp.fsum(v) / len(v)


def var(v, ddof=0):
    return mp.fsum((u - mean(v)) ** 2 for u in v) / (len(v) - ddof)


def norm(v, p=2):
    return mp.fsum(abs(u) ** p for u in v) ** (mp.mpf(1) / p)


def median(v):
    v = sorted(v)
    return v[len(v) // 2] if len(v) % 2 else (v[len(v) // 2 - 1] + v[len(v) // 2]) / 2


def layer_norm(v):
    return np.array([(u - mean(v)) / mp.sqrt(var(v) + mp.mpf('1e-5')) for u in v], dtype=object)


def matrix(x):
    return mp.matrix(x.tolist())


def numbers(m):
    return np.array(m.tolist(), dtype=object).reshape(m.rows, m.cols)


def flat(x):
    return x.reshape(-1)


v, m, s = 'v', 'm', 's'
POINTS = {v: VECTOR, m: MATRIX, s: SQUARE}
FUNCTIONS = [
    ('sum', m, 'sum(x, axis=1)', lambda x: x.sum(axis=1)),
    ('mean', m, 'mean(x, axis=0)', lambda x: along(mean, x, 0)),
    ('prod', m, 'prod(x, axis=1)', lambda x: x.prod(axis=1)),
    ('max', m, 'max(x, axis=1)', lambda x: x.max(axis=1)),
    ('min', m, 'min(x, axis=0)', lambda x: x.min(axis=0)),
    ('var', m, 'var(x, axis=1, ddof=1)', lambda x: along(lambda u: var(u, 1), x, 1)),
    ('std', v, 'std(x)', lambda x: mp.sqrt(var(x))),
    ('norm', m, 'norm(x, axis=1)', lambda x: along(norm, x, 1)),
    ('norm', v, 'norm(x, 3)', lambda x: norm(x, 3)),
    ('logsumexp', m, 'logsumexp(x, axis=0)', lambda x: along(lambda u: mp.log(mp.fsum(mp.exp(k) for k in u)), x, 0)),
    ('median', v, 'median(x)', median),
    ('median', m, 'median(x, axis=1)', lambda x: along(median, x, 1)),
    ('cumsum', m, 'cumsum(x, axis=1)', lambda x: np.cumsum(x, axis=1)),
    ('cumprod', m, 'cumprod(x, axis=1)', lambda x: np.cumprod(x, axis=1)),
    ('softmax', m, 'softmax(x)', lambda x: along(softmax, x, 1)),
    ('log_softmax', m, 'log_softmax(x, axis=0)', lambda x: along(log_softmax, x, 0)),
    ('layer_norm', m, 'layer_norm(x)', lambda x: along(layer_norm, x, 1)),
    ('cosine_similarity', v, 'cosine_similarity(x, [1, 2, 3, 4])',
     lambda x: mp.fsum(u * (i + 1) for i, u in enumerate(x)) / norm(x) / mp.sqrt(30)),
    ('reshape', m, 'reshape(x, 3, -1)', lambda x: x.reshape(3, -1)),
    ('flatten', m, 'flatten(x)', flat),
    ('transpose', m, "x'", lambda x: x.T),
    ('concat', m, 'concat(x, x^2, axis=1)', lambda x: np.concatenate([x, x * x], axis=1)),
    ('stack', m, 'stack(x, x^2, axis=1)', lambda x: np.stack([x, x * x], axis=1)),
    ('vstack', v, 'vstack(x, x^2)', lambda x: np.vstack([x, x * x])),
    ('hstack', v, 'hstack(x, x^2)', lambda x: np.hstack([x, x * x])),
    ('tile', m, 'tile(x, 2, 2)', lambda x: np.tile(x, (2, 2))),
    ('repeat', m, 'repeat(x, 2, axis=1)', lambda x: np.repeat(x, 2, axis=1)),
    ('broadcast_to', v, 'broadcast_to(x, 3, 4)', lambda x: np.broadcast_to(x, (3, 4))),
    ('squeeze', v, 'squeeze(reshape(x, 1, 4, 1))', lambda x: x),
    ('expand_dims', v, 'expand_dims(x, 1)', lambda x: x),
    ('flip', m, 'flip(x, axis=0)', lambda x: np.flip(x, 0)),
    ('roll', m, 'roll(x, 1, axis=1)', lambda x: np.roll(x, 1, axis=1)),
    ('pad', v, 'pad(x, 1)', lambda x: np.pad(x, 1, constant_values=mp.mpf(0))),
    ('diag', v, 'diag(x)', lambda x: np.array([[x[i] if i == j else 0 for j in range(4)] for i in range(4)], dtype=object)),
    ('diag', s, 'diag(x)', lambda x: [x[i, i] for i in range(3)]),
    ('tril', s, 'tril(x)', lambda x: [[x[i, j] if j <= i else 0 for j in range(3)] for i in range(3)]),
    ('triu', s, 'triu(x, 1)', lambda x: [[x[i, j] if j >= i + 1 else 0 for j in range(3)] for i in range(3)]),
    ('outer', v, 'outer(x, x^2)', lambda x: np.outer(x, x * x)),
    ('sort', v, 'sort(x)', lambda x: np.array(sorted(x), dtype=object)),
    ('take', m, 'take(x, [2, 0, 2], axis=1)', lambda x: x[:, [2, 0, 2]]),
    ('gather', v, 'gather(x, [3, 1, 1])', lambda x: x[[3, 1, 1]]),
    ('index', m, 'x[1, ::-1]', lambda x: x[1, ::-1]),
    ('dot', v, 'dot(x, x^2)', lambda x: (x * x * x).sum()),
    ('matmul', m, "x @ x'", lambda x: x.dot(x.T)),
    ('trace', s, 'trace(x @ x)', lambda x: np.trace(x.dot(x))),
    ('det', s, 'det(x)', lambda x: mp.det(matrix(x))),
    ('logdet', s, 'logdet(x)', lambda x: mp.log(mp.det(matrix(x)))),
    ('inv', s, 'inv(x)', lambda x: numbers(matrix(x) ** -1)),
    ('solve', s, 'solve(x, x[0] * x[1])', lambda x: numbers(matrix(x) ** -1).dot(x[0] * x[1])),
    ('cholesky', s, "cholesky(x @ x')", lambda x: numbers(mp.cholesky(matrix(x.dot(x.T))))),
    ('kron', m, "kron(x, x')", lambda x: np.kron(x, x.T)),
    ('cross', m, 'cross(x[0], x[1])', lambda x: np.array([x[0, 1] * x[1, 2] - x[0, 2] * x[1, 1],
                                                           x[0, 2] * x[1, 0] - x[0, 0] * x[1, 2],
                                                           x[0, 0] * x[1, 1] - x[0, 1] * x[1, 0]], dtype=object)),
    ('matrix_power', s, 'matrix_power(x, 3)', lambda x: x.dot(x).dot(x)),
    ('matrix_power', s, 'matrix_power(x, -2)', lambda x: numbers(matrix(x) ** -2)),
    ('einsum', m, 'einsum("ij,ik->kj", x, x^2)', lambda x: (x * x).T.dot(x)),
    ('quad_form', s, 'quad_form(x, x[0])', lambda x: x[0].dot(x).dot(x[0])),
]


def literal(x):
    if x.ndim == 1:
        return '[' + ', '.join(mp.nstr(n, 5) for n in x) + ']'
    return '[' + ', '.join(literal(row) for row in x) + ']'


def main():
    for name, point, text, function in FUNCTIONS:
        x = POINTS[point]
        size = f'size(r)'
        program = f'x = {literal(x)}; r = flatten({text} + 0); k = arange({size}); y = sum(r * (k + 1) * (-1)^k)'
        gradient = []
        for i in range(x.size):
            up, down = flat(x).copy(), flat(x).copy()
            up[i] += STEP
            down[i] -= STEP
            gradient.append((weigh(function(up.reshape(x.shape))) - weigh(function(down.reshape(x.shape)))) / (2 * STEP))
        print(name, program, mp.nstr(weigh(function(x)), 20), ' '.join(mp.nstr(g, 20) for g in gradient), sep='\t')


main()
