#!/usr/bin/env python3
"""What gradcalc prints for a csv file with a header, its partitions shared out by Spark.

    spark_run.py DATA OPTION...         as in: spark-submit spark_run.py big.csv --reduce=mean -w w,b line.expr

With --reduce that is a total, to the last digit that of one run; without, a record for each of the file, in its order
(JSON counts those of each part). Where a partition fails or is lost nothing is printed, and the status is not 0. No
field may hold a line end. PARTS is the least number of partitions; without a master, two threads here do the work.
"""
import itertools
import os
import shlex
import shutil
import subprocess
import sys

from py4j.protocol import Py4JJavaError
from pyspark import SparkConf, SparkContext, StorageLevel

GRADCALC = shutil.which(os.environ.get('GRADCALC', 'gradcalc')) or sys.exit('there is no program gradcalc')


def run(text, *options):
    """What gradcalc makes of a text; an exception where its status is not 0."""
    return subprocess.run([GRADCALC, *options], input=text, stdout=subprocess.PIPE, text=True, check=True).stdout


def share(lines, header, *options):
    """The lines that gradcalc makes of each partition, of which only the first one begins with the header."""
    parts = lines.mapPartitionsWithIndex(lambda index, part: itertools.chain([header] if index else [], part))
    # Spark sees a status that is not 0 with checkCode alone, and gives no environment by itself.
    return parts.pipe(shlex.join([GRADCALC, *options, '-r', '-']), env=dict(os.environ), checkCode=True)


def print_total(lines, header, options):
    total = share(lines, header, '-f', 'json', *options).treeReduce(
        lambda *totals: run('\n'.join(totals), '-f', 'json', '--merge'))
    count = lines.filter(str.strip).count()
    print(run(total, '--merge', f'--expect={count - 1}'), end='')


def print_records(lines, header, options):
    names = run(header + '\n', *options, '-r', '-')
    records = share(lines, header, '--no-header', *options).persist(StorageLevel.DISK_ONLY)
    # All are there before the first is printed.
    records.count()
    print(names, end='')
    for record in records.toLocalIterator():
        print(record)


def main(data, *options):
    spark = SparkContext.getOrCreate(SparkConf().setIfMissing('spark.master', 'local[2]').setAppName('gradcalc'))
    spark.setLogLevel('OFF')
    lines = spark.textFile(data, int(os.environ.get('PARTS', 2)))
    header = ''.join(lines.filter(str.strip).take(1)).removeprefix('\ufeff')
    if not header:
        sys.exit(f'{data}: there is no header')
    is_total = any(option.startswith('--red') for option in options)
    (print_total if is_total else print_records)(lines, header, options)


if __name__ == '__main__':
    try:
        main(*sys.argv[1:])
    except (Py4JJavaError, subprocess.CalledProcessError):
        # What is wrong stands on standard error, among Spark's own words; of a process that was killed there is nothing.
        print('spark_run.py: a part has failed', file=sys.stderr)
        sys.exit(3)
