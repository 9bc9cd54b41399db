/* SPDX-License-Identifier: MIT
 * A test in C needs no library: it ends with 0 when all is well. */
#include <assert.h>

static int
sum (const int *numbers, int n)
{
  int total = 0;

  for (int i = 0; i < n; i++)
    total += numbers[i];
  return total;
}

int
main (void)
{
  const int numbers[] = { 1, 2, 3, 4 };

  assert (sum (numbers, 4) == 10);
  assert (sum (numbers, 0) == 0);
  return 0;
}
