/* replay.c -- the corpus of a target of the fuzzer, and the samples, once: TAP, a line for each file. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef CORPUS
#define CORPUS "corpus"
#endif

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Runs every file of a directory whose name ends so; how many. */
static int
replay (const char *directory, const char *end, int number)
{
  DIR *list = opendir (directory);
  for (struct dirent *entry; list && (entry = readdir (list));)
    {
      char path[4096];
      static uint8_t data[1 << 16];
      size_t length = strlen (entry->d_name), wanted = strlen (end);
      if (*entry->d_name == '.' || length < wanted || strcmp (entry->d_name + length - wanted, end) != 0)
        continue;
      snprintf (path, sizeof path, "%s/%s", directory, entry->d_name);
      FILE *file = fopen (path, "rb");
      size_t size = file ? fread (data, 1, sizeof data, file) : 0;
      if (file)
        fclose (file);
      LLVMFuzzerTestOneInput (data, size);
      printf ("ok %d - %s\n", ++number, entry->d_name);
      fflush (stdout);
    }
  if (list)
    closedir (list);
  return number;
}

int
main (void)
{
  const char *source = getenv ("srcdir");
  char directory[4000];
  snprintf (directory, sizeof directory, "%.3000s/tests/fuzz/" CORPUS, source ? source : ".");
  int number = replay (directory, "", 0), before = number;
  snprintf (directory, sizeof directory, "%.3000s/samples", source ? source : ".");
  number = replay (directory, ".expr", number);
  printf ("1..%d\n", number);
  return before == 0 || number == before;
}
