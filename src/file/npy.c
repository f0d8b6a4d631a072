/* npy.c -- arrays as NumPy saves them: a header, which is a dictionary in Python's notation, and the bare elements. */
#include "file/file.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/bits.h"
#include "file/place.h"

/* The types that are read, by the name that the format has for them: a letter and the bytes of an element. */
enum element_type
{
  TYPE_NONE,
  TYPE_B1,
  TYPE_I1,
  TYPE_I2,
  TYPE_I4,
  TYPE_I8,
  TYPE_U1,
  TYPE_U2,
  TYPE_U4,
  TYPE_U8,
  TYPE_F2,
  TYPE_F4,
  TYPE_F8,
  TYPES
};
static const char *const type_names[TYPES] = {
  [TYPE_B1] = "b1", [TYPE_I1] = "i1", [TYPE_I2] = "i2", [TYPE_I4] = "i4", [TYPE_I8] = "i8", [TYPE_U1] = "u1",
  [TYPE_U2] = "u2", [TYPE_U4] = "u4", [TYPE_U8] = "u8", [TYPE_F2] = "f2", [TYPE_F4] = "f4", [TYPE_F8] = "f8",
};

/* The elements as the header describes them. */
struct npy
{
  struct diagnostics *diagnostics;
  const char *path;
  const char *at, *end;   /* what of the header is not read yet */
  enum element_type type; /* TYPE_NONE while it is not known */
  size_t bytes;           /* of an element: 1, 2, 4 or 8 */
  bool is_swapped, is_fortran;
  bool has_order, has_shape;
  struct inexact inexact;
  size_t first_inexact; /* its place in the array */
  struct shape shape;
};

#define READABLE "numbers (f2 f4 f8, i1 i2 i4 i8, u1 u2 u4 u8) and booleans (b1) can be read"
#define SAY(npy, ...) diagnose_data ((npy)->diagnostics, STATUS_WORLD, (npy)->path, 0, 0, __VA_ARGS__)

static void
skip_blanks (struct npy *npy)
{
  while (npy->at < npy->end && (*npy->at == ' ' || *npy->at == '\n' || *npy->at == '\t' || *npy->at == '\r'))
    npy->at++;
}

/* Takes a character if it is next. */
static bool
take (struct npy *npy, char c)
{
  skip_blanks (npy);
  bool found = npy->at < npy->end && *npy->at == c;
  npy->at += found;
  return found;
}

static bool
take_word (struct npy *npy, const char *word)
{
  skip_blanks (npy);
  size_t size = strlen (word);
  bool found = (size_t)(npy->end - npy->at) >= size && memcmp (npy->at, word, size) == 0;
  npy->at += found ? size : 0;
  return found;
}

/* False after the message that what is next in the header is not what it should be. */
static bool
expected (const struct npy *npy, const char *what)
{
  char excerpt[EXCERPT_SIZE];
  size_t rest = (size_t)(npy->end - npy->at);
  if (rest == 0)
    SAY (npy, "the header ends where %s should be", what);
  else
    SAY (npy, "expected %s in the header, found '%s'", what, file_excerpt (excerpt, npy->at, rest < 12 ? rest : 12));
  return false;
}

/* The characters between quotes. */
static bool
take_string (struct npy *npy, const char **text, size_t *size)
{
  skip_blanks (npy);
  if (npy->at == npy->end || (*npy->at != '\'' && *npy->at != '"'))
    return false;
  const char *close = memchr (npy->at + 1, *npy->at, (size_t)(npy->end - npy->at) - 1);
  if (!close)
    return false;
  *text = npy->at + 1;
  *size = (size_t)(close - *text);
  npy->at = close + 1;
  return true;
}

/* A type that is not read, by its letter. */
static const char *
words_of (char letter)
{
  switch (letter)
    {
    case 'b':
      return "booleans";
    case 'i':
      return "whole numbers";
    case 'u':
      return "whole numbers without a sign";
    case 'f':
      return "floating-point numbers";
    case 'c':
      return "complex numbers";
    case 'S':
    case 'a':
      return "strings of bytes";
    case 'U':
      return "strings";
    case 'O':
      return "Python objects";
    case 'M':
      return "dates";
    case 'm':
      return "spans of time";
    case 'V':
      return "raw bytes";
    default:
      return "elements of an unknown type";
    }
}

/* 'descr': the byte order, the letter of the type and its size, as '<f8'. */
static bool
read_type (struct npy *npy)
{
  const char *text;
  size_t size;
  if (take (npy, '['))
    {
      SAY (npy, "holds records of several fields; " READABLE);
      return false;
    }
  if (!take_string (npy, &text, &size))
    return expected (npy, "a type such as '<f8'");
  char order = size && strchr ("<>=|", *text) ? *text : 0;
  text += order != 0;
  size -= order != 0;
  for (int type = TYPE_B1; type < TYPES; type++)
    if (size == 2 && memcmp (text, type_names[type], 2) == 0)
      {
        npy->type = (enum element_type)type;
        npy->bytes = (size_t)(text[1] - '0');
      }
  /* No byte order, where there is one to choose. */
  bool is_vague = npy->type && npy->bytes > 1 && order == '|';
  if (!npy->type || is_vague)
    {
      char name[EXCERPT_SIZE];
      SAY (npy, "holds %s (%s%s); " READABLE, words_of (size ? *text : 0), is_vague ? "|" : "",
           file_excerpt (name, text, size));
      return false;
    }
  npy->is_swapped = order == (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? '>' : '<');
  return true;
}

static bool
read_shape (struct npy *npy)
{
  const size_t most = (size_t)1 << 52;
  if (!take (npy, '('))
    return expected (npy, "a shape in parentheses");
  npy->shape = (struct shape){ .rank = 0 };
  while (!take (npy, ')'))
    {
      size_t extent = 0;
      const char *first = npy->at;
      for (; npy->at < npy->end && *npy->at >= '0' && *npy->at <= '9' && extent <= most; npy->at++)
        extent = extent * 10 + (size_t)(*npy->at - '0');
      if (npy->at == first)
        return expected (npy, "an extent or ')'");
      if (extent > most)
        {
          SAY (npy, "an extent of the shape is beyond all memory");
          return false;
        }
      if (npy->shape.rank == RANK_LIMIT)
        {
          SAY (npy, "the array has more than %d axes", RANK_LIMIT);
          return false;
        }
      npy->shape.extent[npy->shape.rank++] = extent;
      take (npy, 'L'); /* as Python 2 wrote it */
      if (!take (npy, ','))
        {
          if (!take (npy, ')'))
            return expected (npy, "',' or ')'");
          break;
        }
    }
  return npy->has_shape = true;
}

static bool
read_order (struct npy *npy)
{
  npy->is_fortran = take_word (npy, "True");
  if (!npy->is_fortran && !take_word (npy, "False"))
    return expected (npy, "True or False");
  return npy->has_order = true;
}

static bool
read_entry (struct npy *npy)
{
  const char *key;
  size_t size;
  if (!take_string (npy, &key, &size))
    return expected (npy, "a key in quotes");
  if (!take (npy, ':'))
    return expected (npy, "':'");
  if (size == strlen ("descr") && memcmp (key, "descr", size) == 0)
    return read_type (npy);
  if (size == strlen ("shape") && memcmp (key, "shape", size) == 0)
    return read_shape (npy);
  if (size == strlen ("fortran_order") && memcmp (key, "fortran_order", size) == 0)
    return read_order (npy);
  char excerpt[EXCERPT_SIZE];
  SAY (npy, "the header has an unknown key '%s'", file_excerpt (excerpt, key, size));
  return false;
}

static bool
read_dictionary (struct npy *npy)
{
  if (!take (npy, '{'))
    return expected (npy, "'{'");
  while (!take (npy, '}'))
    {
      if (!read_entry (npy))
        return false;
      if (!take (npy, ','))
        {
          if (!take (npy, '}'))
            return expected (npy, "',' or '}'");
          break;
        }
    }
  const char *missing = !npy->type ? "descr" : !npy->has_order ? "fortran_order" : !npy->has_shape ? "shape" : NULL;
  if (missing)
    SAY (npy, "the header has no '%s'", missing);
  return !missing;
}

/* Finds the header, whose size has 2 bytes in version 1.0 and 4 in 2.0 and 3.0, and where the elements start. False
   after a message. */
static bool
find_header (struct npy *npy, const char *text, size_t size, size_t *start)
{
  enum
  {
    PRELUDE = 8
  };
  const unsigned char *bytes = (const unsigned char *)text;
  if (size < PRELUDE || memcmp (text, "\x93NUMPY", 6) != 0)
    {
      SAY (npy, size ? "this is no npy file: it does not begin as one" : "the file is empty");
      return false;
    }
  if (bytes[6] < 1 || bytes[6] > 3 || bytes[7] != 0)
    {
      SAY (npy, "version %d.%d of the format is not known; 1.0, 2.0 and 3.0 can be read", bytes[6], bytes[7]);
      return false;
    }
  size_t width = bytes[6] == 1 ? 2 : 4, length = 0;
  for (size_t i = 0; i < width && PRELUDE + i < size; i++)
    length |= (size_t)bytes[PRELUDE + i] << 8 * i;
  if (size < PRELUDE + width || length > size - PRELUDE - width)
    {
      SAY (npy, "the file ends within its header");
      return false;
    }
  npy->at = text + PRELUDE + width;
  npy->end = npy->at + length;
  *start = PRELUDE + width + length;
  return true;
}

/* A number of 16 bits: a sign, 5 bits of exponent, 10 of fraction (IEEE 754 binary16). */
static double
half_number (uint64_t bits)
{
  int exponent = (int)(bits >> 10 & 31);
  double fraction = (double)(bits & 1023);
  double size = exponent == 31  ? bits & 1023 ? NAN : HUGE_VAL
                : exponent == 0 ? ldexp (fraction, -24)
                                : ldexp (fraction + 1024, exponent - 25);
  return bits >> 15 & 1 ? -size : size;
}

static double
float_number (uint64_t bits)
{
  uint32_t low = (uint32_t)bits;
  float number;
  memcpy (&number, &low, sizeof number);
  return number;
}

/* The bits of element `i`, in the order of this machine. */
static inline uint64_t
element_bits (const struct npy *npy, const char *elements, size_t i)
{
  uint16_t bits_16;
  uint32_t bits_32;
  uint64_t bits_64;
  switch (npy->bytes)
    {
    case 1:
      return (unsigned char)elements[i];
    case 2:
      memcpy (&bits_16, elements + i * 2, sizeof bits_16);
      return npy->is_swapped ? __builtin_bswap16 (bits_16) : bits_16;
    case 4:
      memcpy (&bits_32, elements + i * 4, sizeof bits_32);
      return npy->is_swapped ? __builtin_bswap32 (bits_32) : bits_32;
    default:
      memcpy (&bits_64, elements + i * 8, sizeof bits_64);
      return npy->is_swapped ? __builtin_bswap64 (bits_64) : bits_64;
    }
}

/* Element `i` of the file as a double. */
static double
element (const struct npy *npy, const char *elements, size_t i)
{
  uint64_t bits = element_bits (npy, elements, i);
  switch (npy->type)
    {
    case TYPE_B1:
      return bits != 0;
    case TYPE_I1:
      return (int8_t)bits;
    case TYPE_I2:
      return (int16_t)bits;
    case TYPE_I4:
      return (int32_t)bits;
    case TYPE_I8:
      return (double)(int64_t)bits;
    case TYPE_F2:
      return half_number (bits);
    case TYPE_F4:
      return float_number (bits);
    case TYPE_F8:
      return from_bits (bits);
    default:
      return (double)bits;
    }
}

/* Whether no double holds a whole number: from the highest bit that is set to the lowest there are more than 53. */
static bool
is_inexact (const struct npy *npy, uint64_t bits)
{
  uint64_t size = npy->type == TYPE_I8 && bits >> 63 ? -bits : bits;
  return size && 64 - __builtin_clzll (size) - __builtin_ctzll (size) > 53;
}

/* Puts element `i` of the file at its place in the array. */
static inline void
copy_element (struct npy *npy, const char *elements, size_t i, struct array *array, size_t to)
{
  array->elements[to] = element (npy, elements, i);
  if ((npy->type == TYPE_I8 || npy->type == TYPE_U8) && is_inexact (npy, element_bits (npy, elements, i))
      && npy->inexact.count++ == 0)
    {
      npy->first_inexact = to;
      snprintf (npy->inexact.written, sizeof npy->inexact.written, npy->type == TYPE_I8 ? "%" PRId64 : "%" PRIu64,
                element_bits (npy, elements, i));
      npy->inexact.used = array->elements[to];
    }
}

/* Copies the elements to row-major order. In Fortran's order the first axis runs fastest. */
static void
copy_elements (struct npy *npy, const char *elements, struct array *array)
{
  const struct shape *shape = &npy->shape;
  if (!npy->is_fortran || shape->rank < 2)
    {
      for (size_t i = 0; i < array->size; i++)
        copy_element (npy, elements, i, array, i);
      return;
    }
  size_t stride[RANK_LIMIT], index[RANK_LIMIT] = { 0 }, to = 0;
  for (int axis = shape->rank - 1; axis >= 0; axis--)
    stride[axis] = axis == shape->rank - 1 ? 1 : stride[axis + 1] * shape->extent[axis + 1];
  for (size_t i = 0; i < array->size; i++)
    {
      copy_element (npy, elements, i, array, to);
      for (int axis = 0; axis < shape->rank; axis++)
        {
          to += stride[axis];
          if (++index[axis] < shape->extent[axis])
            break;
          to -= stride[axis] * shape->extent[axis];
          index[axis] = 0;
        }
    }
}

/* The elements take exactly what is left of the file; false after a message. */
static bool
check_size (const struct npy *npy, size_t left)
{
  size_t bytes;
  if (!__builtin_mul_overflow (shape_size (&npy->shape), npy->bytes, &bytes) && bytes == left)
    return true;
  char shape[SHAPE_TEXT];
  double wanted = (double)npy->bytes;
  for (int axis = 0; axis < npy->shape.rank; axis++)
    wanted *= (double)npy->shape.extent[axis];
  if (npy->shape.rank)
    SAY (npy, "an array of %s %s elements takes %.16g bytes, the file has %zu", shape_text (shape, &npy->shape),
         type_names[npy->type], wanted, left);
  else
    SAY (npy, "one %s element takes %zu bytes, the file has %zu", type_names[npy->type], npy->bytes, left);
  return false;
}

struct array *
file_read_npy (struct arrays *arrays, struct diagnostics *diagnostics, const char *path, const char *text, size_t size)
{
  struct npy npy = { .diagnostics = diagnostics, .path = path };
  size_t start;
  if (!find_header (&npy, text, size, &start) || !read_dictionary (&npy) || !check_size (&npy, size - start))
    return NULL;
  struct array *array = array_new (arrays, TYPE_REAL, &npy.shape);
  copy_elements (&npy, text + start, array);
  char position[SHAPE_TEXT + 16] = "", brackets[SHAPE_TEXT];
  if (npy.shape.rank && npy.inexact.count)
    snprintf (position, sizeof position, "element %s: ", shape_position (brackets, &npy.shape, npy.first_inexact));
  inexact_say (&npy.inexact, diagnostics, path, (struct file_place){ 0 }, position);
  return array;
}
