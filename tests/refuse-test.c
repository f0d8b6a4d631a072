/* refuse-test.c -- memory refused at any moment: the right answer, or status 3 with a message.

   Each command runs once undisturbed. Then, in a process of its own each time, the n-th request for memory is refused,
   once alone and once with all after it. What it prints has to be the same as undisturbed, with the same status, or the
   status has to be 3 with a message. The linker gives the program's own calls to the wrappers below.

     refuse-test [STEP [FIRST [COUNT]]]     each STEP-th request (29), COUNT commands from number FIRST on */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command/session.h"

/* Requests so far, and those refused: from the first on as many as `refused`. */
static struct
{
  size_t seen, first, refused;
} requests = { .first = SIZE_MAX };

static bool
is_refused (void)
{
  size_t number = requests.seen++;
  return number >= requests.first && number - requests.first < requests.refused;
}

#define WRAP(type, name, parameters, arguments, failure)                                                               \
  type __real_##name parameters;                                                                                       \
  type __wrap_##name parameters;                                                                                       \
  type __wrap_##name parameters                                                                                        \
  {                                                                                                                    \
    if (!is_refused ())                                                                                                \
      return __real_##name arguments;                                                                                  \
    errno = ENOMEM;                                                                                                    \
    return failure;                                                                                                    \
  }
WRAP (void *, malloc, (size_t size), (size), NULL)
WRAP (void *, calloc, (size_t count, size_t size), (count, size), NULL)
WRAP (void *, realloc, (void *block, size_t size), (block, size), NULL)
WRAP (void *, aligned_alloc, (size_t alignment, size_t size), (alignment, size), NULL)
WRAP (void *, mmap, (void *at, size_t size, int protection, int flags, int descriptor, off_t offset),
      (at, size, protection, flags, descriptor, offset), MAP_FAILED)
WRAP (int, mprotect, (void *at, size_t size, int protection), (at, size, protection), -1)
WRAP (FILE *, fopencookie, (void *cookie, const char *mode, cookie_io_functions_t functions),
      (cookie, mode, functions), NULL)
WRAP (DIR *, opendir, (const char *path), (path), NULL)

enum
{
  WORDS = 16,
  DATA = 1 << 16
};

/* Words are separated by bars; %s is the directory of the samples. */
static const char *const commands[] = {
  "-e|x = 3; w = 2; b = 1; loss = (w*x + b - 5)^2",
  "-e|x = linspace(1, 2, 1000); y = sum(cumsum(x))",
  "-e|x = linspace(1, 2, 50); y = sum(cumprod(x))",
  "-f|json|-e|A = [[4, 1], [1, 3]]; L = cholesky(A); y = sum(L)",
  "-f|csv|-e|A = [[4, 1], [1, 3]]; y = logdet(A) + det(A) + sum(inv(A) @ A)",
  "-e|A = [[4, 1], [1, 3]]; b = [1, 2]; y = sum(solve(A, b)^2) + sum(matrix_power(A, 3))",
  "-e|x = [1, 2, 3]; x[1] = x[0]*2; y = prod(x) + sum(sort(x)) + softmax(x)[0]",
  "-J|-e|x = [1, 2, 3]; y = x^2 + sum(x)",
  "-J|--sparse|-e|x = linspace(1, 2, 40); y = x[1:]*x[:-1]",
  "-H|-e|x = [1, 2, 3]; y = prod(x)*sum(exp(x))",
  "-H|--sparse|-f|csv|-e|x = linspace(1, 2, 30); y = sum((x[1:] - x[:-1]^2)^2)",
  "--along|x=[1, 0, 1]|-e|x = [1, 2, 3]; y = cumprod(x)",
  "--formula|-e|X = [[1, 2], [3, 4]]; w = [1, 2]; r = X @ w - 1; loss = sum(r^2)/2 + log(sum(exp(w)))",
  "--formula|-f|latex|-e|x = 2; y = [1, 2]; loss = sin(x)*exp(x)/sqrt(x) + y[0]*y[1]",
  "--formula|-f|c|-e|x = 2; v = [1, 2, 3]; loss = sum(v^2)*sin(x) + where(x > 1, v[0], v[1])",
  "--formula|-f|json|-e|x = 2; y = x^3; z = max(y, x)*log(x)",
  "-k|-e|x = 0; w = [2, 3]; y = relu(x) + sum(x*w)",
  "-k|-f|json|-e|x = [0.3, 0.7]; y = norm(x) + abs(x[0])",
  "-c|dloss/dw = (pred - y)*x|-c|dloss/dx = 2*w*(pred - y)|%s/loss.expr",
  "-c|dy/dx = 2*x|-c|d2y/dxdx = 2|-f|markdown|-e|x = 3; y = x^3",
  "-C|%s/homework/fit.wrong|-f|csv|%s/homework/fit.expr",
  "-c|dy/dA = inv(A)'|-e|A = [[4, 1], [1, 3]]; y = logdet(A)",
  "-D|data=@%s/data.csv|-w|slope,intercept|%s/fit.expr",
  "-D|x=10/2|-u|y=[1, 2]|-w|x|-e|x = 3; y = [x, x^2]",
  "-t|loss,pred|--sum|%s/loss.expr",
  "--list|targets|%s/loss.expr",
  "-e|f(x) = x^2; g(h, x) = h(h(x)); x = 3; y = g(f, x) + grad(f)(x)",
  "-e|def f(x) { if x > 5 { return x }; return f(x*2) }; x = 1.5; y = f(x)",
  "-e|x = 3; g = grad(x^3, x); y = g^2 + hessian(x^3, x)",
  "-e|x = 0.5; s = 0; for i in 0:50 { s = s*0.9 + x*i }; y = s",
  "-e|x = 0.5; s = 0; i = 0; while i < 5 { s = s + x^i; i += 1; if s > 9 { break } }; y = s",
  "-e|a, b = [1, 2]; x = [a, b]; print x, x > 1; y = (a > b ? a : b) + sum(x[x > 1])",
  "-e|x = 0; y = 1/x",
  "-e|x = 0; y = sqrt(x)*relu(x)|-W|error=kink",
  "-w|c,a|-e|a = 2; c = 5; loss = a^2",
  "-e|x = [1, 2, 3]; y = einsum(\"i,j->ij\", x, x); z = sum(y) + kron(x, x)[2] + cross_entropy([x], [1])",
  "--seed|3|-e|x = randn(5); W = rand(5, 5); y = tanh(W @ x) @ x",
  "-e|x = 2; loss = y",
  "-e|x = 2 +",
  "-e|x = ones(60, 60); y = sum(exp(x) @ sin(x))",
  "%s/lin.expr|-f|tsv|--layout|wide",
  "-o|/dev/null|%s/loss.expr",
  "-H|-e|x = [1e-300, 1e300, 2, 1e-300]; y = prod(x) + cumprod(x)[2]",
  "-H|--sparse|-f|json|-e|A = [[2, 1], [1, 3]]; y = det(A) + logdet(A)",
  "-e|m(q) = q > 0 ? q : 0.1*q; x = 2; u = m(x); y = u + x; g = grad(y, u); h = jacobian([y, x*u], x)",
  "--formula|-f|c|-e|A = [[2, 1], [1, 3]]; b = [1, 2]; y = b @ solve(A, b) + logdet(A)",
  "-f|tap|-e|x = 3; y = x^2; claim dy/dx = 2*x; claim dy/dx = 3*x; claim d2y/dxdx = 2",
  "-k|-e|A = [[4, 1], [1, 3]]; y = sum(cholesky(A)) + max(A) + median(A)",
  "-x|%s/lin.expr",
  "-x|--formula|-f|latex|%s/loss.expr",
  "-x|-f|html|-e|x = 2; s = 1; for i in 0:9 { s = s*x + sin(s) }",
  "-f|dot|%s/net.expr",
  "--why|w|-f|json|%s/loss.expr",
  "--digits|-e|x = [1e8, 2]; y = sum(x + 1e-3) - sum(x)",
  "--uncertainty|x=0.1|--uncertainty|w=[1, 2]|-f|csv|-e|w = [2, 3]; x = 2; y = x*sum(w^2)",
  "--elasticity|-f|markdown|%s/loss.expr",
  "--help=softmax",
  "-r|%s/data.csv|-a|-w|s,c|-e|s = 2; c = 0.5; y2 = s*x + (x > 1 ? c : y)",
  "-r|%s/data.csv|-f|json|-w|s|-e|s = [1, 2]; z = sum(s*x) - y",
  "-r|%s/data.csv|--reduce|mean|-f|json|-w|s|-e|s = 2; z = (s*x - y)^2",
  "-d|%s/data.csv|-w|s|-e|s = 2; z = sum((s*x - y)^2)",
  "--key|%s/homework/fit.key|-C|%s/homework/fit.wrong|-f|json|%s/homework/fit.expr",
  "-c|dloss/dw = 2x(wx + b - y)|-c|\\frac{\\partial L}{\\partial b} = 2(wx+b-y)|%s/loss.expr",
};

/* A command's words, in `text`. */
static int
split (const char *command, char text[1000], char *words[WORDS])
{
  static char name[] = "gradcalc";
  const char *source = getenv ("srcdir");
  size_t used = 0;
  int count = 0;
  words[count++] = name;
  words[count++] = text;
  for (const char *p = command; *p; p++)
    if (p[0] == '%' && p[1] == 's')
      {
        used += (size_t) sprintf (text + used, "%.300s/samples", source ? source : ".");
        p++;
      }
    else if (*p == '|')
      {
        text[used++] = 0;
        words[count++] = text + used;
      }
    else
      text[used++] = *p;
  text[used] = 0;
  words[count] = NULL;
  return count;
}

/* What a command printed, and how it ended. */
struct outcome
{
  char out[DATA], said[DATA];
  int status;      /* of waitpid */
  size_t requests; /* that it made */
};

static void
read_back (int file, char text[DATA])
{
  ssize_t size = pread (file, text, DATA - 1, 0);
  text[size > 0 ? size : 0] = 0;
  close (file);
}

static void
run_command (const char *command, size_t first, size_t refused, struct outcome *outcome)
{
  static char text[1000];
  char *words[WORDS];
  int count = split (command, text, words), out = memfd_create ("out", 0), said = memfd_create ("said", 0), told[2];
  if (out < 0 || said < 0 || pipe (told) != 0)
    exit (2);
  fflush (stdout);
  pid_t child = fork ();
  if (child == 0)
    {
      static struct session session;
      dup2 (out, STDOUT_FILENO);
      dup2 (said, STDERR_FILENO);
      alarm (60);
      requests.seen = 0;
      requests.first = first;
      requests.refused = refused;
      int status = session_run (&session, count, words);
      requests.first = SIZE_MAX;
      size_t seen = requests.seen;
      fflush (stdout);
      exit (write (told[1], &seen, sizeof seen) == sizeof seen ? status : 2);
    }
  close (told[1]);
  outcome->requests = 0;
  waitpid (child, &outcome->status, 0);
  if (read (told[0], &outcome->requests, sizeof outcome->requests) != sizeof outcome->requests)
    outcome->requests = 0;
  close (told[0]);
  read_back (out, outcome->out);
  read_back (said, outcome->said);
}

/* Whether a run that was refused something ended as it may. */
static bool
is_right (const struct outcome *expected, const struct outcome *found)
{
  if (!WIFEXITED (found->status))
    return false;
  if (WEXITSTATUS (found->status) == STATUS_WORLD && strstr (found->said, "out of memory"))
    return true;
  return found->status == expected->status && strcmp (expected->out, found->out) == 0
         && strcmp (expected->said, found->said) == 0;
}

int
main (int count, char **words)
{
  static struct outcome expected, found;
  size_t all = sizeof commands / sizeof *commands, step = count > 1 ? strtoul (words[1], NULL, 10) : 29;
  size_t from = count > 2 ? strtoul (words[2], NULL, 10) : 0;
  size_t to = count > 3 ? from + strtoul (words[3], NULL, 10) : all;
  int failures = 0;
  to = to < all ? to : all;
  printf ("1..%zu\n", to - from);
  for (size_t i = from; i < to; i++)
    {
      run_command (commands[i], SIZE_MAX, 0, &expected);
      size_t tried = 0, wrong = 0;
      size_t first = expected.requests ? i % step % expected.requests : 0;
      for (size_t n = first; n < expected.requests; n += step)
        for (int alone = 0; alone < 2; alone++, tried++)
          {
            run_command (commands[i], n, alone ? 1 : SIZE_MAX, &found);
            if (is_right (&expected, &found))
              continue;
            if (wrong++ == 0)
              printf ("# request %zu refused%s: status %d\n# %.300s\n# %.300s\n", n, alone ? "" : " and all after it",
                      found.status, found.out, found.said);
          }
      failures += wrong || !tried;
      printf ("%sok %zu - %zu requests refused, %zu wrong: %s\n", wrong || !tried ? "not " : "", i - from + 1, tried,
              wrong, commands[i]);
    }
  return failures > 0;
}
