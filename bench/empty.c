/* empty.c -- the twin of the workload start: what a process costs that does nothing. */
int
main (void)
{
  return 0;
}
