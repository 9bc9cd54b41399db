/* SPDX-License-Identifier: MIT
 * A crash: reads where there is nothing, and dies of SIGSEGV. */
#include <stdio.h>

int
main (void)
{
  int *volatile nowhere = NULL;

  puts ("about to crash");
  fflush (stdout);
  return *nowhere;
}
