#!/usr/bin/env bats
# arrays.bats -- large arrays and matrices on a terminal, and vectors side by side.

setup () {
  load helper
  cd "$BATS_TEST_TMPDIR" || return
}

# on_terminal ARGUMENT...: runs the program with a terminal as its standard output.
on_terminal () {
  command -v python3 >/dev/null || skip 'there is no python3'
  run -0 python3 - "$GRADCALC" -q "$@" <<'END'
import os, pty, subprocess, sys
terminal, end = pty.openpty()
running = subprocess.Popen(sys.argv[1:], stdout=end)
os.close(end)
text = b''
try:
    while part := os.read(terminal, 65536):
        text += part
except OSError:
    pass
sys.stdout.write(text.decode().replace('\r\n', '\n'))
sys.exit(running.wait())
END
}

@test "a terminal shows the corners of more than 1000 elements, with shape, norm and the ends" {
  # sum of i^2 for i to 1999 is 2664667000, its root 51620.41
  on_terminal --value -e 'x = arange(2000.0)'
  assert_output 'x = [0, 1, 2, ..., 1997, 1998, 1999]  # shape (2000), norm 51620.4, min 0 at [0], max 1999 at [1999]'
  # 100 rows of 20; entries in columns, and one of them is NaN
  on_terminal --value -e 'x = reshape(arange(2000.0), 100, 20); x[50, 7] = sqrt(-1)'
  assert_output 'x = [[   0,    1,    2, ...,   17,   18,   19],
     [  20,   21,   22, ...,   37,   38,   39],
     [  40,   41,   42, ...,   57,   58,   59],
     ...,
     [1940, 1941, 1942, ..., 1957, 1958, 1959],
     [1960, 1961, 1962, ..., 1977, 1978, 1979],
     [1980, 1981, 1982, ..., 1997, 1998, 1999]]  # shape (100x20), norm NaN, min 0 at [0, 0], max 1999 at [99, 19], 1 NaN'
  # A short axis is shown whole, axes before it too.
  on_terminal --value -e 'x = reshape(arange(1200.0), 2, 600) > 599'
  assert_output 'x = [[false, false, false, ..., false, false, false],
     [ true,  true,  true, ...,  true,  true,  true]]  # shape (2x600), 600 true'
  on_terminal --value -e 'x = reshape(arange(1400.0), 7, 2, 100)'
  assert_line --index 4 '     [[ 400,  401,  402, ...,  497,  498,  499],'
  assert_line --index 6 '     ...,'
  assert_line --index 7 '     [[ 800,  801,  802, ...,  897,  898,  899],'
}

@test "1000 elements, --whole and pipes: all of them" {
  on_terminal --value -e 'x = arange(1000.0)'
  refute_output --partial '...'
  on_terminal --whole --value -e 'x = arange(1001.0)'
  assert_output --partial ', 500, 501, '
  refute_output --partial 'norm'
  run -0 gc --value -e 'x = arange(1001.0)'
  assert_output --partial ', 500, 501, '
  on_terminal -o file --value -e 'x = arange(1001.0)'
  run grep -c ', 500, 501, ' file
  assert_output 1
}

@test "a terminal aligns the entries of small matrices, a pipe does not" {
  on_terminal -e 'x = [[1.5, -200], [4, 5.25]]; y = sum(x)'
  assert_output $'y = -189.25\ndy/dx = [[1, 1],\n         [1, 1]]'
  on_terminal --value -e 'x = [[1.5, -200, 3], [4, 5.25, 1000]]'
  assert_output $'x = [[1.5, -200,    3],\n     [  4, 5.25, 1000]]'
  run -0 gc --value -e 'x = [[1.5, -200, 3], [4, 5.25, 1000]]'
  assert_output $'x = [[1.5, -200, 3],\n     [4, 5.25, 1000]]'
}

@test "--layout=columns: vectors of one length side by side" {
  run -0 gc -q -f csv --layout=columns -e 'x = [0, 1, 2]; y = x^2'
  assert_output $'x,y,dy_dx\n0,0,0\n1,1,2\n2,4,4'
  # Numbers are left out beside vectors, and stand alone in one line.
  run -0 gc -f csv --layout=columns -e 'a = 2; x = [1, 2]; z = [3, 5]; loss = a*sum(x*z)'
  assert_output $'x,z,dloss_dx,dloss_dz\n1,3,6,2\n2,5,10,4'
  run -0 gc -f tsv --layout=columns -w x,w "$srcdir/samples/loss.expr"
  assert_output $'x\tw\tloss\tdloss_dx\tdloss_dw\n3\t2\t4\t8\t12'
  run -0 gc -q -f csv --layout=columns -t 'x,2*x' --value -e 'x = [1, 2]; y = 1'
  assert_output $'x,2*x\n1,2\n2,4'
  run -0 gc -f csv --layout=columns --along x=3 -e 'x = [1, 2]; y = x^2'
  assert_output $'y,dy\n1,6\n4,12'
  run -0 gc -f csv --layout=columns --uncertainty x=2 -e 'x = [1, 3]; y = x^2'
  assert_output $'y,sd_y,share_y_x\n1,4,1\n9,12,1'
  run -0 gc -q -f csv --layout=columns -e 'c = [1, 2]; x = [3, 4]; y = sum(x)'
  assert_output $'c,x,dy_dc,dy_dx\n1,3,,1\n2,4,,1'
}

@test "--layout=columns: what does not stand side by side" {
  run -2 gc -q -f csv --layout=columns -e 'x = [0, 1, 2]; z = [1, 2]; y = sum(x)*sum(z)'
  assert_output 'gradcalc: --layout=columns: x has 3 elements, z has 2; -w and -t choose vectors of one length'
  run -2 gc -q -f csv --layout=columns -e 'x = [[0, 1, 2]]; y = sum(x)'
  assert_output 'gradcalc: --layout=columns: x is 1x3; vectors stand side by side, and numbers are left out'
  run -2 gc -J -f csv --layout=columns -e 'x = 1; y = x'
  assert_output 'gradcalc: -J and --layout=columns cannot go together'
  run -2 gc --whole -f csv -e 'x = 1; y = x'
  assert_output 'gradcalc: --whole and -f csv cannot go together'
  run -2 gc --whole -x -e 'x = 1; y = x'
  assert_output 'gradcalc: --whole and -x cannot go together'
}
