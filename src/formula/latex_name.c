/* latex_name.c -- names of programs as LaTeX writes them. */
#include "formula/latex_name.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/heap.h"
#include "base/writing.h"

/* From alpha on, as Unicode has them; final sigma is one of them, and omicron is an o. */
static const char *const greek[]
  = { "alpha", "beta",   "gamma", "delta", "varepsilon", "zeta", "eta",      "theta", "iota",
      "kappa", "lambda", "mu",    "nu",    "xi",         "o",    "pi",       "rho",   "varsigma",
      "sigma", "tau",    "upsilon", "varphi", "chi",     "psi",  "omega" };

/* Capitals that are not those of the Latin alphabet. */
static const struct
{
  uint32_t code;
  const char *name;
} capitals[] = { { 0x393, "Gamma" }, { 0x394, "Delta" }, { 0x398, "Theta" },   { 0x39b, "Lambda" },
                 { 0x39e, "Xi" },    { 0x3a0, "Pi" },    { 0x3a3, "Sigma" },   { 0x3a5, "Upsilon" },
                 { 0x3a6, "Phi" },   { 0x3a8, "Psi" },   { 0x3a9, "Omega" },   { 0x3d1, "vartheta" },
                 { 0x3d5, "phi" },   { 0x3f5, "epsilon" }, { 0x2202, "partial" }, { 0x2207, "nabla" } };

static const struct
{
  uint32_t mark;
  const char *name;
} accents[] = { { 0x300, "grave" }, { 0x301, "acute" }, { 0x302, "hat" }, { 0x303, "tilde" }, { 0x304, "bar" },
                { 0x305, "bar" },   { 0x306, "breve" }, { 0x307, "dot" }, { 0x308, "ddot" },  { 0x30a, "mathring" },
                { 0x30c, "check" }, { 0x20d7, "vec" } };

/* Letters of Latin-1 with their marks, from 0xc0 on: a letter, and the place of its accent plus one, or 0. */
static const char latin_letters[] = "AAAAAA CEEEEIIII NOOOOO  UUUUY  aaaaaa ceeeeiiii nooooo  uuuuy y";
static const char latin_accents[] = "1234950012391239 412349  12392  1234950012391239 412349  12392 9";

enum
{
  NAME_LENGTH = 300
};

/* The code of a character, and how many bytes it has. */
static uint32_t
decode (const char *text, size_t *size)
{
  const unsigned char *p = (const unsigned char *)text;
  uint32_t code = *p;
  *size = code < 0x80 ? 1 : code < 0xe0 ? 2 : code < 0xf0 ? 3 : 4;
  if (*size == 1)
    return code;
  code &= 0x3fu >> (*size - 1);
  for (size_t i = 1; i < *size; i++)
    code = code << 6 | (p[i] & 0x3f);
  return code;
}

static const char *
accent_of (uint32_t code)
{
  for (size_t i = 0; i < sizeof accents / sizeof *accents; i++)
    if (accents[i].mark == code)
      return accents[i].name;
  return NULL;
}

/* A digit below or above the line, or -1. */
static int
digit_of (uint32_t code, bool below)
{
  if (below)
    return code >= 0x2080 && code <= 0x2089 ? (int)(code - 0x2080) : -1;
  return code == 0xb9                         ? 1
         : code == 0xb2 || code == 0xb3       ? (int)(code - 0xb0)
         : code == 0x2070 || (code >= 0x2074 && code <= 0x2079) ? (int)(code - 0x2070)
                                              : -1;
}

/* One character without what is written above it. */
static void
write_letter (FILE *out, uint32_t code)
{
  if (code < 0x80)
    {
      fputc ((int)code, out);
      return;
    }
  if (code >= 0x3b1 && code <= 0x3c9)
    {
      const char *name = greek[code - 0x3b1];
      fprintf (out, name[1] ? "\\%s" : "%s", name);
      return;
    }
  if (code >= 0xc0 && code <= 0xff)
    {
      char letter = latin_letters[code - 0xc0], accent = latin_accents[code - 0xc0];
      if (letter != ' ')
        {
          if (accent > '0')
            fprintf (out, "\\%s{%c}", accents[accent == '5' ? 9 : accent == '9' ? 8 : accent - '1'].name, letter);
          else
            fputc (letter, out);
          return;
        }
    }
  for (size_t i = 0; i < sizeof capitals / sizeof *capitals; i++)
    if (capitals[i].code == code)
      {
        fprintf (out, "\\%s", capitals[i].name);
        return;
      }
  fprintf (out, "\\mathrm{u%04X}", code);
}

size_t
latex_write_character (FILE *out, const char *text)
{
  size_t size;
  uint32_t code = decode (text, &size);
  fputc ('$', out);
  write_letter (out, code);
  fputc ('$', out);
  return size;
}

/* Whether a part of a name is the English name of a Greek letter. */
static bool
is_greek (const char *text, size_t size)
{
  for (size_t i = 0; i < sizeof greek / sizeof *greek; i++)
    if (greek[i][1] && strlen (greek[i]) == size && memcmp (greek[i], text, size) == 0)
      return true;
  for (size_t i = 0; i < sizeof capitals / sizeof *capitals; i++)
    if (strlen (capitals[i].name) == size && memcmp (capitals[i].name, text, size) == 0 && capitals[i].code < 0x2000)
      return true;
  return false;
}

/* Letters without digits below or above: one is italic, several are upright. */
static void
write_letters (FILE *out, const char *text, size_t size)
{
  size_t length = 0, letters = 0, here;
  bool plain = true;
  for (size_t i = 0; i < size; i += here)
    {
      uint32_t code = decode (text + i, &here);
      letters += !accent_of (code);
      plain &= code < 0x80;
    }
  if (plain && letters > 1 && is_greek (text, size))
    {
      fprintf (out, "\\%.*s", (int)size, text);
      return;
    }
  bool digits = plain && strspn (text, "0123456789") >= size;
  bool upright = letters > 1 && !digits;
  fputs (upright ? "\\mathrm{" : "", out);
  for (size_t i = 0; i < size; i += length)
    {
      uint32_t code = decode (text + i, &length);
      const char *accent = NULL;
      while (i + length < size)
        {
          const char *next = accent_of (decode (text + i + length, &here));
          if (!next)
            break;
          accent = next;
          length += here;
        }
      if (accent)
        fprintf (out, "\\%s{", accent);
      write_letter (out, code);
      /* A command ends before the next letter. */
      fputs (accent ? "}" : code >= 0x80 && i + length < size ? " " : "", out);
    }
  fputs (upright ? "}" : "", out);
}

static void
write_plain (FILE *out, const char *name)
{
  char base[NAME_LENGTH], below[NAME_LENGTH] = "", above[NAME_LENGTH] = "";
  size_t size = strlen (name), head = 0, used = 0, here;
  if (size >= NAME_LENGTH)
    size = NAME_LENGTH - 1;
  /* The letter or word before the first underscore, digit at the end, or digit below or above. */
  const char *under = memchr (name + 1, '_', size ? size - 1 : 0);
  head = under && *name != '_' ? (size_t)(under - name) : size;
  size_t word = head;
  while (word > 1 && name[word - 1] >= '0' && name[word - 1] <= '9')
    word--;
  for (size_t i = 0; i < word; i += here)
    {
      uint32_t code = decode (name + i, &here);
      int low = digit_of (code, true), high = digit_of (code, false);
      char *to = low >= 0 ? below : high >= 0 ? above : NULL;
      if (to)
        sprintf (to + strlen (to), "%d", low >= 0 ? low : high);
      else if (used + here < NAME_LENGTH)
        {
          memcpy (base + used, name + i, here);
          used += here;
        }
    }
  bool index = word < head || head < size || *below;
  if (!used)
    base[used++] = 'u';
  /* In braces it takes an exponent as any letter does. */
  fputs (*above ? "{" : "", out);
  /* An underscore that begins a name is no index. */
  for (size_t i = 0; i < used; i++)
    if (base[i] == '_')
      base[i] = '-';
  write_letters (out, base, used);
  if (index)
    {
      fputs ("_{", out);
      fputs (below, out);
      bool any = *below;
      if (word < head)
        {
          fprintf (out, "%s%.*s", any ? "," : "", (int)(head - word), name + word);
          any = true;
        }
      for (size_t i = head; i < size;)
        {
          const char *start = name + i + 1;
          size_t length = strcspn (start, "_");
          if (length > size - i - 1)
            length = size - i - 1;
          fputs (any && length ? "," : "", out);
          if (length)
            write_letters (out, start, length);
          any |= length > 0;
          i += length + 1;
        }
      fputs ("}", out);
    }
  if (*above)
    fprintf (out, "^{(%s)}}", above);
}

static bool
is_ascii (const char *name)
{
  while (*name && (unsigned char)*name < 0x80)
    name++;
  return !*name;
}

/* Whether two names can be written alike: letters of another alphabet may stand for any, others for themselves. */
static bool
may_be_alike (const char *a, const char *b)
{
  if (!is_ascii (a) || !is_ascii (b))
    return true;
  for (;; a++, b++)
    {
      while (*a == '_')
        a++;
      while (*b == '_')
        b++;
      if (*a != *b || !*a)
        return *a == *b;
    }
}

/* A name as it is written, for the caller to give back. */
static char *
written (const struct names *names, const char *name)
{
  struct writing *writing = writing_open (names->memory, "the formulas");
  write_plain (writing->out, name);
  return writing_close (writing, NULL);
}

/* Whether one of the names is written as this one is, and comes first: other alphabets before ASCII, then in the order
   of the program. */
static bool
is_second (const char *name, const struct names *names)
{
  uint32_t number = names_find (names, name, strlen (name));
  char *own = written (names, name);
  bool second = false;
  for (uint32_t i = 0; i < names_count (names) && !second; i++)
    {
      const char *other = names_text (names, i);
      bool first = is_ascii (other) == is_ascii (name) ? i < number : !is_ascii (other);
      if (i == number || !first || !may_be_alike (name, other))
        continue;
      char *text = written (names, other);
      second = strcmp (text, own) == 0;
      heap_give (text);
    }
  heap_give (own);
  return second;
}

void
latex_write_distinct (FILE *out, const char *name, const struct names *names)
{
  size_t size;
  if (!is_second (name, names))
    {
      write_plain (out, name);
      return;
    }
  fputs ("\\mathtt{", out);
  for (; *name; name += size)
    {
      uint32_t code = decode (name, &size);
      if (code < 0x80)
        fprintf (out, code == '_' ? "\\_" : "%c", (int)code);
      else
        fprintf (out, "u%04X", code);
    }
  fputs ("}", out);
}
