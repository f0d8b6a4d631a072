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
