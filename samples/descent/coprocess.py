#!/usr/bin/env python3
"""Gives an optimiser value and gradient from gradcalc, by one process for the whole search.

    coprocess.py NAMES OPTION...        as in: coprocess.py slope,intercept -D data=@data.csv fit.expr

minimises the program over the inputs NAMES, from 0 on, with scipy.optimize.minimize.
"""
import os
import subprocess
import sys


class Model:
    """A program as a function of some of its inputs: of a point, the value and the list of partial derivatives."""

    def __init__(self, names, *options):
        command = [os.environ.get('GRADCALC', 'gradcalc'), '-w', names, '--columns', names, '--no-header',
                   '--unconnected=zero', '-r', '-', *options]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __call__(self, point):
        try:
            print(*map(float, point), sep=',', file=self.process.stdin, flush=True)
        except BrokenPipeError:
            pass
        line = self.process.stdout.readline()
        if not line:
            sys.exit(self.process.wait() or 3)
        value, *gradient = map(float, line.split(','))
        return value, gradient

    def close(self):
        """Ends the process; its status."""
        self.process.stdin.close()
        return self.process.wait()


def main():
    from scipy.optimize import minimize
    names = sys.argv[1]
    model = Model(*sys.argv[1:])
    result = minimize(model, [0.0] * len(names.split(',')), jac=True, method='BFGS')
    for name, value in zip(names.split(','), result.x):
        print(f'{name} = {value:.6g}')
    return model.close() or (0 if result.success else 1)


if __name__ == '__main__':
    sys.exit(main())
