/* SPDX-License-Identifier: MIT
 * Answers of engines, whole, torn and of other shapes; and which programs need a dynamic linker. */
#include "program.h"
#include "reply.h"
#include <elf.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

static void
check_message (const char *body, const char *wanted)
{
  char *message = reply_message (body);

  g_assert_cmpstr (message, ==, wanted);
  free (message);
}

static void
test_message (void)
{
  check_message ("{\"cause\":\"x\",\"message\":\"no such\\nimage\\n\",\"response\":404}", "no such image");
  check_message ("{\"message\":7}", "{\"message\":7}");
  check_message ("<html>\n", "<html>");
  check_message ("", "");
  check_message (NULL, "");
}

static void
test_id (void)
{
  char *id = reply_id ("{\"Id\":\"abc\",\"Warnings\":[]}");

  g_assert_cmpstr (id, ==, "abc");
  free (id);
  g_assert_null (reply_id ("{\"Id\":7}"));
  g_assert_null (reply_id ("{\"Id\":\"\"}"));
  g_assert_null (reply_id ("{\"Id\":\"ab"));
  g_assert_null (reply_id ("[]"));
}

static void
test_state (void)
{
  ReplyState state = { .exit_code = 5 };

  g_assert_false (reply_state ("{\"State\":[]}", &state));
  g_assert_cmpint (state.exit_code, ==, 5);
  g_assert_true (reply_state ("{\"State\":{\"Running\":false,\"OOMKilled\":true,\"ExitCode\":137}}", &state));
  g_assert_true (!state.running && state.oom);
  g_assert_cmpint (state.exit_code, ==, 137);
  g_assert_true (reply_state ("{\"State\":{\"Running\":true}}", &state));
  g_assert_true (state.running && !state.oom);
}

static void
test_ids (void)
{
  char **ids = reply_ids ("[{\"Id\":\"a\"},7,{\"Name\":\"x\"},{\"Id\":\"b\"}]");

  g_assert_cmpuint (g_strv_length (ids), ==, 2);
  g_assert_cmpstr (ids[0], ==, "a");
  g_assert_cmpstr (ids[1], ==, "b");
  for (char **id = ids; *id; id++)
    free (*id);
  free (ids);
  g_assert_null (reply_ids ("{}"));
  g_assert_null (reply_ids ("[{"));
}

static void
test_engine (void)
{
  ReplyEngine engine = { 0 };

  g_assert_false (reply_version ("{}", &engine));
  g_assert_true (reply_version ("{\"Version\":\"4.3.1\",\"Components\":[{\"Name\":\"Podman Engine\"}]}", &engine));
  g_assert_true (engine.podman);
  g_assert_cmpstr (engine.version, ==, "4.3.1");
  g_assert_false (reply_info ("{\"MemoryLimit\":true}", &engine));
  g_assert_true (reply_info ("{\"DockerRootDir\":\"/r\",\"MemoryLimit\":true,\"SwapLimit\":true,\"PidsLimit\":false,"
                             "\"CpuCfsQuota\":true,\"CpuCfsPeriod\":false,\"CgroupVersion\":\"2\","
                             "\"SecurityOptions\":[\"name=seccomp\",\"name=rootless\"],"
                             "\"Plugins\":{\"Network\":[7,\"macvlan\",\"bridge\"]}}",
                             &engine));
  g_assert_true (engine.bridge);
  g_assert_true (engine.rootless && engine.memory && engine.swap && !engine.pids && !engine.cpu);
  g_assert_cmpstr (engine.root, ==, "/r");
  g_assert_cmpstr (engine.cgroup_version, ==, "2");
  reply_engine_clear (&engine);
}

static void
test_ids_to_give (void)
{
  ReplyEngine engine = { .many_ids = true };

  g_assert_true (reply_podman_info ("{\"host\":{\"idMappings\":{\"uidmap\":[{\"size\":1}]}}}", &engine));
  g_assert_false (engine.many_ids);
  g_assert_true (reply_podman_info ("{\"host\":{\"idMappings\":{\"uidmap\":[{},{}]}}}", &engine));
  g_assert_true (engine.many_ids);
  g_assert_false (reply_podman_info ("[]", &engine));
}

static void
test_docker (void)
{
  ReplyEngine engine = { 0 };

  g_assert_true (reply_version ("{\"Version\":\"20.10\",\"Components\":[{\"Name\":\"Engine\"}]}", &engine));
  g_assert_false (engine.podman);
  g_assert_true (reply_info ("{\"DockerRootDir\":\"/r\",\"Plugins\":{\"Network\":[\"macvlan\"]}}", &engine));
  g_assert_false (engine.bridge);
  reply_engine_clear (&engine);
}

static void
test_program (void)
{
  unsigned char bytes[sizeof (Elf64_Ehdr) + 2 * sizeof (Elf64_Phdr)] = { 0 };
  Elf64_Ehdr head = { .e_phoff = sizeof head, .e_phnum = 2 };
  Elf64_Phdr parts[2] = { { .p_type = PT_LOAD }, { .p_type = PT_DYNAMIC } };

  memcpy (head.e_ident, ELFMAG, SELFMAG);
  memcpy (bytes, &head, sizeof head);
  memcpy (bytes + sizeof head, parts, sizeof parts);
  g_assert_false (program_needs_linker (bytes, sizeof bytes));
  parts[1].p_type = PT_INTERP;
  memcpy (bytes + sizeof head, parts, sizeof parts);
  g_assert_true (program_needs_linker (bytes, sizeof bytes));
  g_assert_false (program_needs_linker (bytes, sizeof bytes - 1)); /* torn: not known to */
  g_assert_false (program_needs_linker ((const unsigned char *)"#!/bin/sh", 9));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/container/reply/message", test_message);
  g_test_add_func ("/container/reply/id", test_id);
  g_test_add_func ("/container/reply/state", test_state);
  g_test_add_func ("/container/reply/ids", test_ids);
  g_test_add_func ("/container/reply/engine", test_engine);
  g_test_add_func ("/container/reply/docker", test_docker);
  g_test_add_func ("/container/reply/ids-to-give", test_ids_to_give);
  g_test_add_func ("/container/program", test_program);
  return g_test_run ();
}
