/* npy.c -- arrays as NumPy saves them: a header, which is a dictionary in Python's notation, and the bare elements. */
#include "file/file.h"

#include <string.h>

#include "file/place.h"

/* What the header says of the elements. */
struct npy
{
  struct diagnostics *diagnostics;
  const char *path;
  const char *at, *end; /* what of the header is not read yet */
  bool is_float, is_swapped, is_fortran;
  size_t bytes; /* of an element: 4 or 8; 0 while the type is not known */
  char type[EXCERPT_SIZE];
  bool has_order, has_shape;
  struct shape shape;
};

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
      SAY (npy, "holds records of several fields; f4, f8, i4 and i8 can be read");
      return false;
    }
  if (!take_string (npy, &text, &size))
    return expected (npy, "a type such as '<f8'");
  char order = size && strchr ("<>=|", *text) ? *text : 0;
  text += order != 0;
  size -= order != 0;
  file_excerpt (npy->type, text, size);
  bool is_number = size == 2 && (text[0] == 'f' || text[0] == 'i') && (text[1] == '4' || text[1] == '8');
  if (!is_number || order == '|')
    {
      SAY (npy, "holds %s (%s%s); f4, f8, i4 and i8 can be read", words_of (size ? *text : 0), is_number ? "|" : "",
           npy->type);
      return false;
    }
  npy->is_float = text[0] == 'f';
  npy->bytes = text[1] == '4' ? 4 : 8;
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
  const char *missing = !npy->bytes ? "descr" : !npy->has_order ? "fortran_order" : !npy->has_shape ? "shape" : NULL;
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

/* Element `i` of the file as a double. */
static inline double
element (const struct npy *npy, const char *elements, size_t i)
{
  uint64_t long_bits;
  uint32_t bits;
  if (npy->bytes == 4)
    {
      memcpy (&bits, elements + i * 4, sizeof bits);
      bits = npy->is_swapped ? __builtin_bswap32 (bits) : bits;
      float number;
      memcpy (&number, &bits, sizeof number);
      return npy->is_float ? (double)number : (double)(int32_t)bits;
    }
  memcpy (&long_bits, elements + i * 8, sizeof long_bits);
  long_bits = npy->is_swapped ? __builtin_bswap64 (long_bits) : long_bits;
  double number;
  memcpy (&number, &long_bits, sizeof number);
  return npy->is_float ? number : (double)(int64_t)long_bits;
}

/* Copies the elements to row-major order. In Fortran's order the first axis runs fastest. */
static void
copy_elements (const struct npy *npy, const char *elements, struct array *array)
{
  const struct shape *shape = &npy->shape;
  if (!npy->is_fortran || shape->rank < 2)
    {
      for (size_t i = 0; i < array->size; i++)
        array->elements[i] = element (npy, elements, i);
      return;
    }
  size_t stride[RANK_LIMIT], index[RANK_LIMIT] = { 0 }, to = 0;
  for (int axis = shape->rank - 1; axis >= 0; axis--)
    stride[axis] = axis == shape->rank - 1 ? 1 : stride[axis + 1] * shape->extent[axis + 1];
  for (size_t i = 0; i < array->size; i++)
    {
      array->elements[to] = element (npy, elements, i);
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
    SAY (npy, "an array of %s %s numbers takes %.16g bytes, the file has %zu", shape_text (shape, &npy->shape),
         npy->type, wanted, left);
  else
    SAY (npy, "one %s number takes %zu bytes, the file has %zu", npy->type, npy->bytes, left);
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
  return array;
}
