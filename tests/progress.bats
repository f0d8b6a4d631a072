#!/usr/bin/env bats
# progress.bats -- a run that lasts: the line on a terminal, and Ctrl-C.

setup () {
  load helper
  cd "$BATS_TEST_TMPDIR" || return
  printf '%s\n' 's = 0; x = 2' 'for i in 0:2000000000 {' '  if s > -1 { s = s + sin(x*i)^2 } else { s = s - 1; s = s + 2 }' '}' 'y = s' >long.expr
}

# interrupted SECONDS [OPTION...]: Ctrl-C so long after the start of long.expr, its standard error a terminal or, with a
# first option of `plain`, a file; then what was said, and the signal that the process ended by.
interrupted () {
  command -v python3 >/dev/null || skip 'there is no python3'
  run python3 - "$GRADCALC" "$@" <<'END'
import os, pty, signal, subprocess, sys, time
program, seconds, *options = sys.argv[1:]
terminal, end = pty.openpty()
plain = options[:1] == ['plain']
file = open('said', 'wb') if plain else end
running = subprocess.Popen([program, *options[plain:], 'long.expr'], stdout=subprocess.DEVNULL, stderr=file)
os.close(end)
time.sleep(float(seconds))
running.send_signal(signal.SIGINT)
text = b''
try:
    while part := os.read(terminal, 65536):
        text += part
except OSError:
    pass
status = running.wait()
if plain:
    text = open('said', 'rb').read()
print(text.decode().replace('\r', '<').replace('\x1b[K', '>'), -status)
END
}

@test "Ctrl-C: the place where the run was, then the end by that signal" {
  interrupted 0.7 plain
  assert_output --regexp '^long.expr:[234]:[0-9]+: note: interrupted here(, i is [0-9]+, up to 2000000000)?
 2$'
  # A shell says 130. Who ignores the signal goes on.
  run bash -c "trap '' INT; timeout -s INT 1 '$GRADCALC' --value -e 'x = 1; y = x' && echo done"
  assert_output $'y = 1\ndone'
}

@test "a terminal shows after two seconds where the run is" {
  interrupted 3.2
  assert_output --regexp '<>long.expr:[234](, i is [0-9]+, up to 2000000000)?<'
  assert_output --partial '<>long.expr:'
  assert_output --partial 'note: interrupted here'
}

@test "-r: the record and the share of the file, and where the program is in a record that lasts" {
  command -v python3 >/dev/null || skip 'there is no python3'
  # The first nine records and the header are 49 of 85 bytes.
  awk 'BEGIN { print "x,n"; for (i = 1; i < 9; i++) print i ",1"; print "9,2000000000"; for (i = 0; i < 9; i++) print "0,1" }' >data.csv
  printf '%s\n' 's = 0' 'for i in 0:n {' '  if s > -1 { s = s + sin(x*i)^2 } else { s = s - 1; s = s + 2 }' '}' 'y = s' >long.expr
  interrupted 3.2 -w x -r data.csv
  assert_output --regexp '<>record 9 of data.csv, 57 %<'
  assert_output --regexp '<>record 9 of data.csv, 57 %, long.expr:[234](, i is [0-9]+, up to 2000000000)?<'
  assert_output --regexp 'note: interrupted here.*, in record 9 of data.csv, 57 %<
 2'
  # Of a pipe no share is known.
  run python3 - "$GRADCALC" <<'END'
import os, pty, subprocess, sys, time
terminal, end = pty.openpty()
running = subprocess.Popen([sys.argv[1], '-j', '2', '-w', 'x', '-r', '-', '-e', 'y = x^2'], stdin=subprocess.PIPE,
                           stdout=subprocess.DEVNULL, stderr=end)
os.close(end)
running.stdin.write(b'x\n' + b'1\n'*2000)
running.stdin.flush()
text = os.read(terminal, 1000)
running.kill()
print(text)
END
  assert_output "b'\\r\\x1b[Krecord 2000 of <stdin>\\r'"
}

@test "Ctrl-C names the turn of every kind of loop, in functions too" {
  command -v python3 >/dev/null || skip 'there is no python3'
  run python3 - "$GRADCALC" <<'END'
import re, signal, subprocess, sys, time
long = '1000000000'
cases = [
    # Many turns at once, and turns that go one by one.
    (f'x = 1; s = 0\nwhile s < {long} {{ s = s + sin(s)*x + 2 }}\ny = s', r', while s < 1000000000, after \d+ turns'),
    (f'x = 1; s = 0\nwhile s < {long} {{ s = s + median([x, 0, 1]) }}\ny = s', r', while s < 1000000000: \d+ < 1000000000'),
    (f'x = 1\ndef g(n) {{ s = 0\nfor k in 0:n {{ s = s + sin(k)*x }}\nreturn s }}\ny = g({long})', r', k is \d{3,}, up to 1000000000'),
    # No call of f is one that was made before.
    (f'x = 1; f(n, k) = n < 2 ? n : f(n - 1, 2*k) + f(n - 2, 2*k + 1)\ny = x\nfor i in 0:{long} {{ y = f(20, 1)*x }}', r', i is \d+, up to 1000000000'),
    ('x = 1; f(n, k) = n < 2 ? n : f(n - 1, 2*k) + f(n - 2, 2*k + 1)\nv = ones(1000)\ny = x\nfor a in v { y = y + f(25, 1)*a }', r', element \d+ of 1000 of v'),
]
running = [subprocess.Popen([sys.argv[1], '--value', '-e', text], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for text, _ in cases]
time.sleep(1)
for process in running:
    process.send_signal(signal.SIGINT)
for process, (text, wanted) in zip(running, cases):
    said = process.communicate()[1].decode()
    if process.returncode != -2 or not re.fullmatch(r'<-e>:\d+:\d+: note: interrupted here' + wanted + '\n', said):
        sys.exit(f'{text}\n{process.returncode}: {said}')
END
  assert_success
}

@test "a signal that ends the run takes along what was begun for -o" {
  command -v python3 >/dev/null || skip 'there is no python3'
  run python3 - "$GRADCALC" <<'END'
import glob, os, signal, subprocess, sys, time
for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
    with open('out.csv', 'w') as file:
        file.write('old\n')
    running = subprocess.Popen([sys.argv[1], '-r', '-', '-o', 'out.csv', '-D', 'w=2', '-e', 'y = w*x'], stdin=subprocess.PIPE,
                               stderr=subprocess.DEVNULL)
    running.stdin.write(b'x\n1\n')
    running.stdin.flush()
    for _ in range(100):
        if glob.glob('out.csv.*'):
            break
        time.sleep(0.05)
    else:
        sys.exit('nothing was begun')
    running.send_signal(number)
    if running.wait() != -number or glob.glob('out.csv.*') or open('out.csv').read() != 'old\n':
        sys.exit(f'{number}: {running.returncode} {os.listdir()}')
END
  assert_success
}
