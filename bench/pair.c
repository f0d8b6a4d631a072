/* pair.c -- runs commands in turn and compares their time and memory.

   pair [-c] [-l] [-n ROUNDS] [-i INPUT] -- OURS... -- TWIN... [-- OURS_SMALL... -- TWIN_SMALL...]

   Each round runs every command once, one after the other, so that a slow spell of the machine meets all of
   them. Standard input is INPUT (default /dev/null), standard output is thrown away. With four commands the
   time and memory of the small runs are taken off those of the large ones in every round, which leaves the work
   without the start of the process. Prints the medians of the rounds on one line: our seconds, the twin's, the
   ratio (the median of the rounds' ratios), our bytes, the twin's. Time is wall clock from spawn to exit, or
   user + system time with -c; memory is the largest resident set. With -l our seconds and the twin's are the least of the
   rounds: what else runs can only add to them. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum
{
  COMMANDS_MAX = 4,
  ROUNDS_MAX = 1000
};

struct cost
{
  double seconds;
  double bytes;
};

static double
now (void)
{
  struct timespec time;
  clock_gettime (CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static double
seconds (struct timeval time)
{
  return (double)time.tv_sec + 1e-6 * (double)time.tv_usec;
}

/* Runs one command to its end; a command that fails ends the comparison. */
static struct cost
run (char **command, const char *input, int cpu)
{
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init (&actions);
  posix_spawn_file_actions_addopen (&actions, 0, input, O_RDONLY, 0);
  posix_spawn_file_actions_addopen (&actions, 1, "/dev/null", O_WRONLY, 0);
  pid_t child;
  double start = now ();
  int error = posix_spawnp (&child, command[0], &actions, NULL, command, environ);
  if (error)
    {
      fprintf (stderr, "pair: cannot run '%s': %s\n", command[0], strerror (error));
      exit (2);
    }
  int status;
  struct rusage usage;
  wait4 (child, &status, 0, &usage);
  double wall = now () - start;
  posix_spawn_file_actions_destroy (&actions);
  if (status != 0)
    {
      fprintf (stderr, "pair: '%s' failed (%s %d)\n", command[0], WIFEXITED (status) ? "status" : "signal",
               WIFEXITED (status) ? WEXITSTATUS (status) : WTERMSIG (status));
      exit (2);
    }
  double used = seconds (usage.ru_utime) + seconds (usage.ru_stime);
  return (struct cost){ cpu ? used : wall, 1024.0 * (double)usage.ru_maxrss };
}

static int
compare (const void *a, const void *b)
{
  double difference = *(const double *)a - *(const double *)b;
  return (difference > 0) - (difference < 0);
}

static double
median (double *list, int count)
{
  qsort (list, (size_t)count, sizeof *list, compare);
  return count % 2 ? list[count / 2] : (list[count / 2 - 1] + list[count / 2]) / 2;
}

static double
least (double *list, int count)
{
  qsort (list, (size_t)count, sizeof *list, compare);
  return list[0];
}

int
main (int argc, char **argv)
{
  int rounds = 5, cpu = 0, option;
  double (*typical) (double *list, int count) = median;
  const char *input = "/dev/null";
  while ((option = getopt (argc, argv, "+cln:i:")) != -1)
    if (option == 'c')
      cpu = 1;
    else if (option == 'l')
      typical = least;
    else if (option == 'n')
      rounds = atoi (optarg);
    else if (option == 'i')
      input = optarg;
    else
      return 2;

  /* getopt has taken the first "--"; each further one ends a command. */
  char **commands[COMMANDS_MAX];
  int count = 0;
  for (int i = optind; i < argc && count < COMMANDS_MAX; i++)
    {
      commands[count++] = argv + i;
      while (i < argc && strcmp (argv[i], "--") != 0)
        i++;
      argv[i] = NULL;
    }
  if ((count != 2 && count != 4) || rounds < 1 || rounds > ROUNDS_MAX)
    {
      fprintf (stderr, "usage: pair [-c] [-l] [-n ROUNDS] [-i INPUT] -- OURS -- TWIN [-- OURS_SMALL -- TWIN_SMALL]\n");
      return 2;
    }

  static double ours[ROUNDS_MAX], twins[ROUNDS_MAX], ratios[ROUNDS_MAX], our_bytes[ROUNDS_MAX], twin_bytes[ROUNDS_MAX];
  for (int round = -1; round < rounds; round++) /* the first one only warms the caches */
    {
      struct cost cost[COMMANDS_MAX] = { 0 };
      for (int i = 0; i < count; i++)
        cost[i] = run (commands[i], input, cpu);
      if (round < 0)
        continue;
      ours[round] = cost[0].seconds - cost[2].seconds;
      twins[round] = cost[1].seconds - cost[3].seconds;
      ratios[round] = ours[round] / twins[round];
      our_bytes[round] = cost[0].bytes - cost[2].bytes;
      twin_bytes[round] = cost[1].bytes - cost[3].bytes;
    }
  printf ("%.6g %.6g %.4g %.0f %.0f\n", typical (ours, rounds), typical (twins, rounds), median (ratios, rounds),
          median (our_bytes, rounds), median (twin_bytes, rounds));
  return 0;
}
