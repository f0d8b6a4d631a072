/* vocabulary.c -- the names that an answer may use, and what they are. */
#include "answers/vocabulary.h"

#include <stdio.h>
#include <string.h>

enum
{
  WORD_SIZE = 200
};

void
vocabulary_open (struct vocabulary *vocabulary, struct memory *memory)
{
  *vocabulary = (struct vocabulary){ .target = NULL };
  names_open (&vocabulary->names, memory);
  area_open (&vocabulary->known, memory, (size_t)4 << 30, "the answers");
}

void
vocabulary_close (struct vocabulary *vocabulary)
{
  if (!vocabulary->known.limit)
    return;
  names_close (&vocabulary->names);
  area_close (&vocabulary->known);
}

void
vocabulary_add (struct vocabulary *vocabulary, const char *text, size_t size, struct known known)
{
  uint32_t name = names_intern (&vocabulary->names, text, size);
  while (area_count (&vocabulary->known, struct known) <= name)
    *area_add (&vocabulary->known, struct known) = (struct known){ .kind = KNOWN_NOT };
  area_of (&vocabulary->known, struct known)[name] = known;
}

struct known
vocabulary_find (const struct vocabulary *vocabulary, const char *text, size_t size)
{
  uint32_t name = names_find (&vocabulary->names, text, size);
  return name == UINT32_MAX ? (struct known){ .kind = KNOWN_NOT } : area_of (&vocabulary->known, struct known)[name];
}

bool
vocabulary_knows (const struct vocabulary *vocabulary, const char *text, size_t size)
{
  return vocabulary_find (vocabulary, text, size).kind != KNOWN_NOT;
}

static const char *const greek[][2] = {
  { "alpha", "α" },    { "beta", "β" },  { "gamma", "γ" },     { "delta", "δ" }, { "epsilon", "ε" }, { "epsilon", "ϵ" },
  { "zeta", "ζ" },     { "eta", "η" },   { "theta", "θ" },     { "theta", "ϑ" }, { "iota", "ι" },    { "kappa", "κ" },
  { "lambda", "λ" },   { "mu", "μ" },    { "mu", "µ" },        { "nu", "ν" },    { "xi", "ξ" },      { "rho", "ρ" },
  { "sigma", "σ" },    { "tau", "τ" },   { "phi", "φ" },       { "phi", "ϕ" },   { "chi", "χ" },     { "psi", "ψ" },
  { "omega", "ω" },    { "Gamma", "Γ" }, { "Delta", "Δ" },     { "Theta", "Θ" }, { "Lambda", "Λ" },  { "Xi", "Ξ" },
  { "Pi", "Π" },       { "Sigma", "Σ" }, { "Phi", "Φ" },       { "Psi", "Ψ" },   { "Omega", "Ω" },   { "lam", "λ" },
  { "lam", "lambda" }, { "eps", "ε" },   { "eps", "epsilon" }, { "L", "ℒ" },     { "pi", "π" },
};

/* A text with its letters of Greek written the other way, where it begins with one; false where it does not. */
static bool
write_otherwise (size_t row, int from, const char *text, size_t size, char otherwise[WORD_SIZE])
{
  const char *letter = greek[row][from];
  size_t length = strlen (letter);
  bool begins = size >= length && memcmp (text, letter, length) == 0
                && (from == 1 || size == length || text[length] == '_' || (text[length] >= '0' && text[length] <= '9'));
  return begins
         && snprintf (otherwise, WORD_SIZE, "%s%.*s", greek[row][1 - from], (int)(size - length), text + length)
              < WORD_SIZE;
}

/* With subscripts on the line, and without the strokes before them. */
static void
flatten (const char *text, size_t size, char flat[WORD_SIZE])
{
  size_t used = 0;
  for (size_t i = 0; i < size && used + 1 < WORD_SIZE; i++)
    if (text[i] == '\xe2' && i + 2 < size && text[i + 1] == '\x82' && (unsigned char)text[i + 2] <= 0x89)
      {
        flat[used++] = (char)('0' + ((unsigned char)text[i + 2] - 0x80));
        i += 2;
      }
    else if (text[i] != '_')
      flat[used++] = text[i];
  flat[used] = 0;
}

const char *
vocabulary_mean (const struct vocabulary *vocabulary, const char *text, size_t size)
{
  const struct names *names = &vocabulary->names;
  uint32_t found = names_find (names, text, size);
  char otherwise[WORD_SIZE], flat[WORD_SIZE];
  if (found != UINT32_MAX || !size || size >= WORD_SIZE)
    return found == UINT32_MAX ? NULL : names_text (names, found);
  for (size_t row = 0; row < sizeof greek / sizeof *greek; row++)
    for (int from = 0; from < 2; from++)
      if (write_otherwise (row, from, text, size, otherwise))
        {
          uint32_t other = names_find (names, otherwise, strlen (otherwise));
          if (other != UINT32_MAX && found != UINT32_MAX && other != found)
            return NULL;
          found = other == UINT32_MAX ? found : other;
        }
  if (found != UINT32_MAX)
    return names_text (names, found);
  flatten (text, size, flat);
  size_t digits = strcspn (flat, "0123456789");
  bool subscripts = flat[digits] && digits && digits + strspn (flat + digits, "0123456789") == strlen (flat);
  for (uint32_t name = 0; subscripts && name < names_count (names); name++)
    {
      flatten (names_text (names, name), strlen (names_text (names, name)), otherwise);
      if (strcmp (otherwise, flat) == 0 && found != UINT32_MAX)
        return NULL;
      found = strcmp (otherwise, flat) == 0 ? name : found;
    }
  return found == UINT32_MAX ? NULL : names_text (names, found);
}
