/* SPDX-License-Identifier: MIT
 * A wrong assertion ends in abort(): a crash with SIGABRT, and the assertion is in the output. */
#include <assert.h>
#include <string.h>

int
main (int argc, char **argv)
{
  assert (strlen (argv[0]) == 0 && "this is meant to be wrong");
  return argc > 1;
}
