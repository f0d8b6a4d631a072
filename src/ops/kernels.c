/* kernels.c -- the elementwise operators over dense arrays: each cell of ops.def in a loop that the compiler
   vectorises.

   This file is compiled for speed with -fno-math-errno, once for every processor, with KERNELS named otherwise for
   those with wider registers, and once with KERNELS_EXACT for those who need the digits that single numbers have.

   With registers of eight a program prints what it prints with those of four: SLEEF's functions give both the same
   digits. Its functions of one or two numbers give others, and which loops with branches are vectorised depends on the
   processor: so what is not WIDE, and the elements that fill no register, are left to the kernels KERNELS_FEW.

   Where the vector library is there its functions are announced as vector ones, which makes the compiler call them for
   several elements at once. */
#include "ops/elementwise.h"
#include "ops/ops.h"

#ifndef KERNELS
#define KERNELS kernels_plain
#endif

#undef bool /* a function of the language has this name */

#if defined HAVE_VECTOR_MATH && !defined KERNELS_EXACT
#define ONE(f) __attribute__ ((simd ("notinbranch"))) double f (double);
#define TWO(f) __attribute__ ((simd ("notinbranch"))) double f (double, double);
#include "ops/vector.def"
#endif
#ifdef KERNELS_EXACT
#define pow(a, b) power_of (a, b)
#endif

#define CELL(traits, domain, cell) (!(domain) ? NAN : (traits) & BLOCKS ? (cell) : (cell) + 0.0)

/* How many of the elements are computed here. */
static inline size_t
kernel_count (size_t count, _Bool wide)
{
#ifdef KERNELS_FEW
  return wide ? count - count % 8 : 0;
#else
  (void)wide;
  return count;
#endif
}

#ifdef KERNELS_FEW
#define FEW(cell, ...)                                                                                                 \
  if (own < count)                                                                                                     \
  KERNELS_FEW.cell (count - own, A + own, B ? B + own : B, C ? C + own : C, __VA_ARGS__)
#else
#define FEW(cell, ...) (void)0
#endif

#define VALUE_KERNEL(name, operands, traits, cell)                                                                     \
  static void value_##name (size_t count, const double *A, const double *B, const double *C, double *restrict V)       \
  {                                                                                                                    \
    (void)A;                                                                                                           \
    (void)B;                                                                                                           \
    (void)C;                                                                                                           \
    const size_t own = kernel_count (count, (traits) & WIDE);                                                          \
    for (size_t i = 0; i < own; i++)                                                                                   \
      {                                                                                                                \
        operands;                                                                                                      \
        V[i] = cell;                                                                                                   \
      }                                                                                                                \
    FEW (values[OP_##name], V + own);                                                                                  \
  }

#define PARTIAL_KERNEL(name, k, operands, traits, domain, cell)                                                        \
  static void partial_##name##_##k (size_t count, const double *A, const double *B, const double *C, const double *V,  \
                                    _Bool both, double *restrict P)                                                    \
  {                                                                                                                    \
    (void)A;                                                                                                           \
    (void)B;                                                                                                           \
    (void)C;                                                                                                           \
    (void)both;                                                                                                        \
    const size_t own = kernel_count (count, (traits) & WIDE);                                                          \
    for (size_t i = 0; i < own; i++)                                                                                   \
      {                                                                                                                \
        operands;                                                                                                      \
        const double v = V[i];                                                                                         \
        (void)v;                                                                                                       \
        P[i] = CELL (traits, domain, cell);                                                                            \
      }                                                                                                                \
    FEW (partials[OP_##name][k], V + own, both, P + own);                                                              \
  }

#define LOAD_1                                                                                                         \
  const double a = A[i];                                                                                               \
  (void)a
#define LOAD_2                                                                                                         \
  LOAD_1;                                                                                                              \
  const double b = B[i];                                                                                               \
  (void)b
#define LOAD_3                                                                                                         \
  LOAD_2;                                                                                                              \
  const double c = C[i];                                                                                               \
  (void)c

#define UNARY(name, sign, traits, accuracy, domain, value, pa, says)                                                   \
  VALUE_KERNEL (name, LOAD_1, traits, value)                                                                           \
  PARTIAL_KERNEL (name, 0, LOAD_1, traits, domain, pa)
#define BINARY(name, sign, traits, accuracy, domain, value, pa, pb, says)                                              \
  VALUE_KERNEL (name, LOAD_2, traits, value)                                                                           \
  PARTIAL_KERNEL (name, 0, LOAD_2, traits, domain, pa)                                                                 \
  PARTIAL_KERNEL (name, 1, LOAD_2, traits, domain, pb)
#define TERNARY(name, sign, traits, accuracy, domain, value, pa, pb, pc, says)                                         \
  VALUE_KERNEL (name, LOAD_3, traits, value)                                                                           \
  PARTIAL_KERNEL (name, 0, LOAD_3, traits, domain, pa)                                                                 \
  PARTIAL_KERNEL (name, 1, LOAD_3, traits, domain, pb)                                                                 \
  PARTIAL_KERNEL (name, 2, LOAD_3, traits, domain, pc)
#include "ops/ops.def"

const struct kernels KERNELS = { .values = {
#define UNARY(name, ...) [OP_##name] = value_##name,
#define BINARY(name, ...) [OP_##name] = value_##name,
#define TERNARY(name, ...) [OP_##name] = value_##name,
#include "ops/ops.def"
}, .partials = {
#define UNARY(name, ...) [OP_##name] = { partial_##name##_0 },
#define BINARY(name, ...) [OP_##name] = { partial_##name##_0, partial_##name##_1 },
#define TERNARY(name, ...) [OP_##name] = { partial_##name##_0, partial_##name##_1, partial_##name##_2 },
#include "ops/ops.def"
} };
