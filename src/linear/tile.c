/* tile.c -- products of small matrices, a tile of the result at a time in registers.

   A tile is four rows by two registers, so that sums do not wait for one another and each element of b serves four
   rows. The same is compiled for each width of registers; what is left at the right goes to the next narrower one. */
#include "linear/tile.h"

#include "base/processor.h"

enum
{
  ROWS = 4,
  PANEL = 256 /* rows of b that stay in the first cache while the rows of a pass by */
};

typedef void multiply (size_t m, size_t k, size_t n, const struct tile_left *a, const double *b, size_t b_row,
                       double *c, size_t c_row);

/* Column by column. */
static void
tiles_1 (size_t m, size_t k, size_t n, const struct tile_left *a, const double *b, size_t b_row, double *c,
         size_t c_row)
{
  for (size_t row = 0; row < m; row++)
    for (size_t j = 0; j < n; j++)
      {
        double sum = c[row * c_row + j];
        for (size_t i = 0; i < k; i++)
          sum += a->elements[row * a->row + i * a->inner] * b[i * b_row + j];
        c[row * c_row + j] = sum;
      }
}

/* tile_N (): `rows` and `vectors` are constants where it is called. tiles_N (): all that is as wide as a register. */
#define TILES(lanes, narrower, features)                                                                               \
  typedef double wide_##lanes __attribute__ ((vector_size (lanes * sizeof (double)), aligned (sizeof (double))));      \
  features static inline __attribute__ ((always_inline)) void tile_##lanes (                                           \
    size_t rows, size_t vectors, size_t k, const double *a, size_t row, size_t inner, const double *b, size_t b_row,   \
    double *c, size_t c_row)                                                                                           \
  {                                                                                                                    \
    wide_##lanes sum[ROWS][2];                                                                                         \
    for (size_t r = 0; r < rows; r++)                                                                                  \
      for (size_t v = 0; v < vectors; v++)                                                                             \
        sum[r][v] = *(const wide_##lanes *)(c + r * c_row + v * lanes);                                                \
    for (size_t i = 0; i < k; i++, a += inner, b += b_row)                                                             \
      for (size_t v = 0; v < vectors; v++)                                                                             \
        {                                                                                                              \
          wide_##lanes right = *(const wide_##lanes *)(b + v * lanes);                                                 \
          for (size_t r = 0; r < rows; r++)                                                                            \
            sum[r][v] += a[r * row] * right;                                                                           \
        }                                                                                                              \
    for (size_t r = 0; r < rows; r++)                                                                                  \
      for (size_t v = 0; v < vectors; v++)                                                                             \
        *(wide_##lanes *)(c + r * c_row + v * lanes) = sum[r][v];                                                      \
  }                                                                                                                    \
  features static void tiles_##lanes (size_t m, size_t k, size_t n, const struct tile_left *a, const double *b,        \
                                      size_t b_row, double *c, size_t c_row)                                           \
  {                                                                                                                    \
    const double *left = a->elements;                                                                                  \
    size_t row = a->row, inner = a->inner, pair = 2 * lanes, j = 0;                                                    \
    for (; j + lanes <= n; j += n - j < pair ? lanes : pair)                                                           \
      for (size_t r = 0; r < m; r += m - r < ROWS ? 1 : ROWS)                                                          \
        {                                                                                                              \
          const double *from = left + r * row;                                                                         \
          double *to = c + r * c_row + j;                                                                              \
          if (m - r >= ROWS && n - j >= pair)                                                                          \
            tile_##lanes (ROWS, 2, k, from, row, inner, b + j, b_row, to, c_row);                                      \
          else if (m - r >= ROWS)                                                                                      \
            tile_##lanes (ROWS, 1, k, from, row, inner, b + j, b_row, to, c_row);                                      \
          else if (n - j >= pair)                                                                                      \
            tile_##lanes (1, 2, k, from, row, inner, b + j, b_row, to, c_row);                                         \
          else                                                                                                         \
            tile_##lanes (1, 1, k, from, row, inner, b + j, b_row, to, c_row);                                         \
        }                                                                                                              \
    if (j < n)                                                                                                         \
      narrower (m, k, n - j, a, b + j, b_row, c + j, c_row);                                                           \
  }

TILES (2, tiles_1, )
#ifdef __x86_64__
TILES (4, tiles_2, __attribute__ ((target ("avx2"))))
TILES (8, tiles_4, __attribute__ ((target ("avx512f"))))
#endif

void
tile_multiply (size_t m, size_t k, size_t n, const struct tile_left *a, const double *b, size_t b_row, double *c,
               size_t c_row)
{
  multiply *tiles = tiles_2;
#ifdef __x86_64__
  unsigned lanes = processor_lanes ();
  tiles = lanes == 8 ? tiles_8 : lanes == 4 ? tiles_4 : tiles_2;
#endif
  for (size_t panel = 0; panel < k; panel += PANEL)
    {
      struct tile_left part = { a->elements + panel * a->inner, a->row, a->inner };
      tiles (m, k - panel < PANEL ? k - panel : PANEL, n, &part, b + panel * b_row, b_row, c, c_row);
    }
}
