/* SPDX-License-Identifier: MIT
 * The best packing of a suite: bench-packing MIB SLOTS < table. Each line of the table: "NAME MIB SECONDS", a test that
 * holds so much memory for so long. At most SLOTS run at once, in MIB of memory together. Prints two figures, in
 * seconds: what no schedule can beat (area, longest test, slots), and the best schedule that was found. */
#include <glib.h>
#include <stdio.h>

enum { MAX_TESTS = 256, TRIES = 20000 };

typedef struct {
  double memory, seconds;
} Test;

typedef struct {
  Test tests[MAX_TESTS];
  guint n, slots;
  double memory;
} Suite;

typedef struct {
  const Test *running[MAX_TESTS];
  double ends[MAX_TESTS];
  guint n;
  double used, now;
} Machine;

static void
end_next (Machine *machine)
{
  guint first = 0;
  for (guint i = 1; i < machine->n; i++)
    if (machine->ends[i] < machine->ends[first])
      first = i;
  machine->now = machine->ends[first];
  machine->used -= machine->running[first]->memory;
  machine->n--;
  machine->running[first] = machine->running[machine->n];
  machine->ends[first] = machine->ends[machine->n];
}

/* Starts each of ORDER as soon as it fits; a smaller one may pass a larger one. */
static double
list_schedule (const Suite *suite, const guint *order)
{
  Machine machine = { .n = 0 };
  gboolean begun[MAX_TESTS] = { FALSE };
  for (guint left = suite->n; left > 0 || machine.n > 0;) {
    for (guint i = 0; i < suite->n; i++) {
      const Test *test = &suite->tests[order[i]];
      if (begun[i] || machine.n == suite->slots || machine.used + test->memory > suite->memory)
        continue;
      begun[i] = TRUE;
      left--;
      machine.used += test->memory;
      machine.running[machine.n] = test;
      machine.ends[machine.n++] = machine.now + test->seconds;
    }
    end_next (&machine);
  }
  return machine.now;
}

static double
best_schedule (const Suite *suite)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  guint order[MAX_TESTS];
  double best = G_MAXDOUBLE;
  for (guint i = 0; i < suite->n; i++)
    order[i] = i;
  for (guint tries = 0; tries < TRIES; tries++) {
    for (guint i = suite->n - 1; i > 0; i--) {
      guint j = (guint)g_rand_int_range (random, 0, (gint32)i + 1), other = order[i];
      order[i] = order[j];
      order[j] = other;
    }
    best = MIN (best, list_schedule (suite, order));
  }
  return best;
}

static double
bound (const Suite *suite)
{
  double area = 0, sum = 0, longest = 0;
  for (guint i = 0; i < suite->n; i++) {
    area += suite->tests[i].memory * suite->tests[i].seconds;
    sum += suite->tests[i].seconds;
    longest = MAX (longest, suite->tests[i].seconds);
  }
  return MAX (MAX (area / suite->memory, sum / suite->slots), longest);
}

int
main (int argc, char **argv)
{
  Suite suite = { .n = 0 };
  if (argc != 3) {
    fprintf (stderr, "usage: bench-packing MIB SLOTS < table\n");
    return 2;
  }
  suite.memory = g_ascii_strtod (argv[1], NULL);
  suite.slots = (guint)g_ascii_strtoull (argv[2], NULL, 10);
  while (suite.n < MAX_TESTS &&
         scanf ("%*s %lf %lf", &suite.tests[suite.n].memory, &suite.tests[suite.n].seconds) == 2) {
    if (suite.tests[suite.n].memory > suite.memory)
      return 1;
    suite.n++;
  }
  if (suite.n == 0 || suite.slots == 0)
    return 1;
  printf ("%.2f %.2f\n", bound (&suite), best_schedule (&suite));
  return 0;
}
