#!/usr/bin/env python3
"""What gradcalc prints for a csv file with a header, its blocks shared out by Dask.

    dask_run.py DATA OPTION...          as in: dask_run.py big.csv --reduce=mean -w w,b line.expr

With --reduce that is a total, to the last digit that of one run; without, a record for each of the file, in its order
(JSON counts those of each part). Where a block fails or is lost nothing is printed, and the status is not 0. No field may
hold a line end. BLOCK is the size of a block in bytes.
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


def share(lines, header, *options):
    """What gradcalc makes of the lines of a block, of which only the first one has the header."""
    lines = list(lines)
    if not lines or lines[0].strip('\ufeff\n') != header:
        lines.insert(0, header + '\n')
    return [run(''.join(lines), *options, '-r', '-')]


def main(data, *options):
    with open(data, encoding='utf-8-sig') as file:
        header = next(filter(str.strip, file), '').rstrip('\n')
    if not header:
        sys.exit(f'{data}: there is no header')
    lines = dask.bag.read_text(data, blocksize=int(os.environ.get('BLOCK', 2**26)))
    is_total = any(option.startswith('--red') for option in options)
    form = ['-f', 'json'] if is_total else ['--no-header']
    parts = lines.map_partitions(share, header, *form, *options)
    # The work is done by processes of their own, so threads are enough.
    if is_total:
        total = parts.reduction(lambda part: run(''.join(part), '-f', 'json', '--merge'),
                                lambda totals: run(''.join(totals), '-f', 'json', '--merge'), split_every=8)
        total, count = dask.compute(total, lines.filter(str.strip).count(), scheduler='threads')
        print(run(total, '--merge', f'--expect={count - 1}'), end='')
    else:
        records = parts.compute(scheduler='threads')
        print(run(header, *options, '-r', '-'), *records, sep='', end='')


if __name__ == '__main__':
    try:
        main(*sys.argv[1:])
    except subprocess.CalledProcessError as error:
        # What was wrong stands on standard error already.
        sys.exit(error.returncode if error.returncode > 0 else 3)
