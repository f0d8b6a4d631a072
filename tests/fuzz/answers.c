/* answers.c -- any bytes as answers: the reader alone, without a program behind it, so that a million take minutes.

   What it has read is read again, as it is shown, and has to be the same then. A target of libFuzzer; the first byte
   says what is known of the program, and whether the text is a file. */
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answers/answers.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

enum
{
  LONGEST = 1 << 12,
  MEMORY = 64 << 20
};

static void
add (struct vocabulary *words, const char *name, int rank, size_t rows, size_t columns)
{
  struct known known = { .kind = KNOWN_VALUE, .shaped = true, .shape = { .rank = rank, .extent = { rows, columns } } };
  vocabulary_add (words, name, strlen (name), known);
}

static bool
is_plain (const void *data, const char *text, size_t size)
{
  return data && text && size == 0;
}

static bool
is_claim (const void *data, const char *text, size_t size)
{
  return !data && text && size;
}

static void
prepare (void *data)
{
  (void)data;
}

/* Reads a text as answers; with `again`, each of them again as it is shown. */
static void
read_text (struct memory *memory, unsigned way, const char *text, size_t size, bool again)
{
  struct vocabulary words;
  vocabulary_open (&words, memory);
  static const char *const numbers[] = { "x", "y", "w_1", "b", "loss", "σ", "e2" };
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    add (&words, numbers[i], 0, 0, 0);
  add (&words, "w", 1, 2, 0);
  add (&words, "r", 1, 3, 0);
  add (&words, "X", 2, 3, 2);
  vocabulary_add (&words, "g", 1, (struct known){ .kind = KNOWN_FUNCTION });
  words.target = way & 1 ? "loss" : NULL;
  words.input = way & 2 ? "x" : NULL;
  struct answers answers = { .memory = memory, .words = &words, .prose = way & 4 };
  answers.is_plain = is_plain;
  answers.is_claim = is_claim;
  answers.prepare = prepare;
  struct answers blank = answers;
  answers_read (&answers, text, size);
  for (size_t i = 0; i < answers.count && again; i++)
    if (answers.list[i].kind == ANSWER_READ)
      {
        struct vocabulary same = words;
        struct answers second = blank;
        second.words = &same;
        const char *read = answers.list[i].read, *found = "nothing";
        answers_read (&second, read, strlen (read));
        for (size_t k = 0; k < second.count; k++)
          if (second.list[k].kind != ANSWER_NOTE)
            found = second.list[k].kind == ANSWER_READ ? second.list[k].read : second.list[k].fault;
        if (strcmp (found, read) != 0)
          {
            fprintf (stderr, "%s\nis read again as\n%s\n", read, found);
            abort ();
          }
        words = same;
        answers_close (&second);
      }
  answers_close (&answers);
  vocabulary_close (&words);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  jmp_buf stop;
  struct memory memory = { .limit = MEMORY, .stop = &stop };
  if (size < 2 || size > LONGEST)
    return 0;
  if (setjmp (stop) == 0)
    read_text (&memory, data[0], (const char *)data + 1, size - 1, true);
  memory_close (&memory);
  return 0;
}
