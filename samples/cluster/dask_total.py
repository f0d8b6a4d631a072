#!/usr/bin/env python3
"""The total over a csv file with a header, its blocks shared out by Dask.

    dask_total.py DATA OPTION...        as in: dask_total.py big.csv --reduce=mean -w w,b line.expr

It is that of one run to the last digit. Where a block fails or is lost there is none, and the status is not 0. No field
may hold a line end. BLOCK is the size of a block in bytes.
"""
import os
import subprocess
import sys

import dask
import dask.bag

GRADCALC = os.environ.get('GRADCALC', 'gradcalc')


def run(text, *options):
    """What gradcalc makes of a text; an exception where its status is not 0, which nobody else would see."""
    return subprocess.run([GRADCALC, *options], input=text, stdout=subprocess.PIPE, text=True, check=True).stdout


def main(data, *options):
    with open(data, encoding='utf-8-sig') as file:
        header = file.readline().strip()
    if not header:
        sys.exit(f'{data}: there is no header')
    lines = dask.bag.read_text(data, blocksize=int(os.environ.get('BLOCK', 2**26)))
    # Only the first block has the header; --columns takes it or leaves it.
    total = lines.reduction(lambda part: run(''.join(part), '-f', 'json', '--columns', header, *options, '-r', '-'),
                            lambda totals: run('\n'.join(totals), '-f', 'json', '--merge'), split_every=8)
    # The work is done by processes of their own, so threads are enough.
    total, count = dask.compute(total, lines.filter(str.strip).count(), scheduler='threads')
    print(run(total, '--merge', f'--expect={count - 1}'), end='')


if __name__ == '__main__':
    try:
        main(*sys.argv[1:])
    except subprocess.CalledProcessError as error:
        # What was wrong stands on standard error already.
        sys.exit(error.returncode if error.returncode > 0 else 3)
