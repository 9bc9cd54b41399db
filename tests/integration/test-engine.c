/* SPDX-License-Identifier: MIT
 * Engines that do wrong, by a fake one: each test that it costs is ERROR in words that name the engine, a run never
 * hangs, and what cannot be removed is left to the next srt. */
#include "fake-engine.h"
#include "harness.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define TEST(NAME) static void test_##NAME (ItWorld *w, gconstpointer data)

static FakeEngine *
start_engine (ItWorld *w, const FakeRule *rules)
{
  g_autofree char *path = g_build_filename (w->root, "engine", NULL);
  it_script (w, "t/a_test", "exit 0");
  it_script (w, "t/b_test", "exit 0");
  return fake_engine_new (path, rules);
}

/* Where RULES leave us without an answer our patience is short, but enough for a slow machine to give the others. */
static const char *
patience (const FakeRule *rules)
{
  for (; rules->call; rules++)
    if (rules->deed != FAKE_SAY)
      return "3s";
  return "60s";
}

/* COMMAND: of srt. */
static ItRun
run_srt (ItWorld *w, const FakeRule *rules, const char *command)
{
  g_autofree char *config = g_strdup_printf ("executor = { name = \"container\"; socket = \"%s/engine\";\n"
                                             "  image = \"fake\"; engine_timeout = \"%s\"; };\n"
                                             "run = { grace = \"0s\"; };\n",
                                             w->root, patience (rules));
  it_write (w, "srt.cfg", config);
  return it_srt (w, command);
}

/* All tests of a run under RULES are ERROR for REASON, and CALL was made. */
static void
assert_errors (ItWorld *w, const FakeRule *rules, const char *reason, const char *call)
{
  g_autoptr (FakeEngine) engine = start_engine (w, rules);
  g_auto (ItRun) run = run_srt (w, rules, "--no-checkpoint -j2 t");
  it_assert_code (&run, 1);
  it_assert_verdict (&run, "ERROR", "t/a_test");
  it_assert_verdict (&run, "ERROR", "t/b_test");
  it_assert_has (run.out, reason);
  it_assert_has (run.out, "2/2 complete");
  g_assert_cmpuint (fake_engine_count (engine, call), >=, 2);
}

/* srt ends with 2 before any test, and says REASON. */
static void
assert_refused (ItWorld *w, const FakeRule *rules, const char *reason)
{
  g_autoptr (FakeEngine) engine = start_engine (w, rules);
  g_auto (ItRun) run = run_srt (w, rules, "--no-checkpoint t");
  it_assert_code (&run, 2);
  it_assert_has (run.err, reason);
  g_assert_cmpuint (fake_engine_count (engine, "POST"), ==, 0);
}

TEST (mute)
{
  static const FakeRule rules[] = { { "GET /version", FAKE_HANG, 0, NULL }, { NULL } };
  assert_refused (w, rules, "did not say its version: it did not answer in time");
}

TEST (noise)
{
  static const FakeRule rules[] = { { "GET /version", FAKE_NOISE, 0, NULL }, { NULL } };
  assert_refused (w, rules, "did not say its version: ");
}

TEST (half_a_version)
{
  static const FakeRule rules[] = { { "GET /version", FAKE_SAY, 200, "{\"Version\":\"4.3" }, { NULL } };
  assert_refused (w, rules, "did not say its version: ");
}

TEST (no_image)
{
  static const FakeRule rules[] = { { "GET /version", FAKE_SAY, 200, "{\"Version\":\"20.10\"}" },
                                    { "GET /images/", FAKE_SAY, 404, "{\"message\":\"no such image\"}" },
                                    { NULL } };
  assert_refused (w, rules, "docker has no image fake; ");
}

TEST (no_permission)
{
  static const FakeRule rules[] = { { NULL } };
  g_autoptr (FakeEngine) engine = start_engine (w, rules);
  g_autofree char *path = g_build_filename (w->root, "engine", NULL);
  if (geteuid () == 0) {
    g_test_skip ("root may talk to every socket");
    return;
  }
  g_assert_cmpint (g_chmod (path, 0), ==, 0);
  g_auto (ItRun) run = run_srt (w, rules, "--no-checkpoint t");
  it_assert_code (&run, 2);
  it_assert_has (run.err, "is not for this user: join the group");
  g_assert_cmpuint (fake_engine_count (engine, "GET"), ==, 0);
}

TEST (full_disk)
{
  static const FakeRule rules[] = { { "POST /containers/create", FAKE_SAY, 500,
                                      "{\"message\":\"creating container storage: no space left on device\"}" },
                                    { NULL } };
  assert_errors (w, rules, "podman did not make its container: creating container storage: no space left on device",
                 "DELETE /containers/srt-");
}

/* It may have made the container all the same: that goes by its name. */
TEST (hangs)
{
  static const FakeRule rules[] = { { "POST /containers/create", FAKE_HANG, 0, NULL }, { NULL } };
  assert_errors (w, rules, "podman did not make its container: it did not answer in time", "DELETE /containers/srt-");
}

TEST (torn)
{
  static const FakeRule rules[] = { { "POST /containers/create", FAKE_TORN, 201, "{\"Id\":\"c0" }, { NULL } };
  assert_errors (w, rules, "podman did not make its container: ", "DELETE /containers/srt-");
}

TEST (half_an_answer)
{
  static const FakeRule rules[] = { { "POST /containers/create", FAKE_SAY, 201, "{\"Id\":\"c0" }, { NULL } };
  assert_errors (w, rules, "podman did not make its container: ", "DELETE /containers/srt-");
}

TEST (does_not_start)
{
  static const FakeRule rules[] = { { "POST /containers/c0ffee/start", FAKE_SAY, 500,
                                      "{\"message\":\"OCI runtime error:\\nno such cgroup\"}" },
                                    { NULL } };
  assert_errors (w, rules, "podman did not start its container: OCI runtime error: no such cgroup",
                 "DELETE /containers/c0ffee");
}

/* The fake's containers end at once, as those whose program is not for this machine. */
TEST (ends_at_once)
{
  static const FakeRule rules[] = { { NULL } };
  assert_errors (w, rules, "its container ended with status 127", "DELETE /containers/c0ffee");
}

/* The results are there, and the ledger stays for the next srt, which finds an engine that works. */
TEST (keeps_containers)
{
  static const FakeRule hangs[] = { { "DELETE /containers/", FAKE_HANG, 0, NULL }, { NULL } };
  static const FakeRule works[] = { { NULL } };
  g_autoptr (FakeEngine) engine = start_engine (w, hangs);
  g_auto (ItRun) run = run_srt (w, hangs, "--no-checkpoint t");
  it_assert_code (&run, 1);
  it_assert_has (run.out, "2/2 complete");
  it_assert_has (run.err, "the engine does not remove its containers in time; the next srt tries again");
  g_clear_pointer (&engine, fake_engine_free);
  engine = start_engine (w, works);
  g_auto (ItRun) clean = run_srt (w, works, "clean");
  it_assert_code (&clean, 0);
  it_assert_has (clean.out, "1 folder of dead runs");
  g_assert_cmpuint (fake_engine_count (engine, "GET /containers/json"), ==, 1);
}

#define ADD(NAME)                                                                                                      \
  g_test_add ("/integration/engine/" #NAME, ItWorld, NULL, it_world_set_up, test_##NAME, it_world_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD (mute);
  ADD (noise);
  ADD (half_a_version);
  ADD (no_image);
  ADD (no_permission);
  ADD (full_disk);
  ADD (hangs);
  ADD (torn);
  ADD (half_an_answer);
  ADD (does_not_start);
  ADD (ends_at_once);
  ADD (keeps_containers);
  return g_test_run ();
}
