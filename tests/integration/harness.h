/* SPDX-License-Identifier: MIT
 * A world for one integration test: a project folder with test programs, a temp folder of its own, the real srt, and
 * the certainty that nothing is left when it is cleared. SRT_EXE, SRT_PLUGINS_DIRS and SRT_LIBEXEC_DIR come from the
 * build. */
#pragma once
#include <glib.h>

typedef struct {
  char *root;    /* removed at the end */
  char *project; /* root/project: where srt is started */
  char *tmp;     /* root/tmp: its TMPDIR */
  guint children;
  char *mark; /* every process that srt starts has it in its environment */
} ItWorld;

typedef struct {
  int code; /* exit status, or 128 + the signal that ended srt */
  char *out, *err;
  glong peak_kb; /* memory of the largest process: srt, its agents, or its tests */
} ItRun;

void it_world_set_up (ItWorld *world, gconstpointer data);
/* Asserts that no process is left and that TMPDIR holds nothing but kept TMPDIRs; then removes all. */
void it_world_tear_down (ItWorld *world, gconstpointer data);
void it_world_assert_nothing_left (ItWorld *world);
void it_world_assert_no_process (ItWorld *world);
void it_world_assert_no_folder (ItWorld *world);

/* A file below the project; its folders are made. */
void it_write (ItWorld *world, const char *name, const char *text);
/* An executable sh script, "#!/bin/sh" added. */
void it_script (ItWorld *world, const char *name, const char *body);
char *it_read (ItWorld *world, const char *name);
gboolean it_exists (ItWorld *world, const char *name);
char *it_path (ItWorld *world, const char *name);

/* Run srt with the words of COMMAND_LINE (split like a shell does), wait for its end. */
ItRun it_srt (ItWorld *world, const char *command_line);
void it_run_clear (ItRun *run);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ItRun, it_run_clear)
void it_assert_code (const ItRun *run, int code);
/* A line of standard output begins with the word and holds the test. */
void it_assert_verdict (const ItRun *run, const char *word, const char *test);
/* The checkpoint's text has a result of the test ID that is final: it must not run again. */
gboolean it_has_result (const char *progress, const char *id);
void it_assert_has (const char *text, const char *part);
void it_assert_has_not (const char *text, const char *part);

typedef struct {
  GPid pid;
  char *out, *err; /* files */
} ItChild;

/* Start srt in the background. */
ItChild it_start (ItWorld *world, const char *command_line);
/* The same on a terminal of its own, which it controls and to which it prints; RET_TERMINAL: our end of it. Its `out`
 * is empty then. */
ItChild it_start_on_terminal (ItWorld *world, const char *command_line, int *ret_terminal);
/* The same with standard output on the descriptor OUT_FD. */
ItChild it_start_to (ItWorld *world, const char *command_line, int out_fd);
/* Wait until it is stopped, by SIGSTOP or by a terminal. */
void it_wait_stopped (ItChild *child);
/* Wait for its end; what it printed. */
ItRun it_wait (ItWorld *world, ItChild *child);

/* Wait until TEXT stands in FILE, such as what a child that still runs has printed. */
void it_wait_text (const char *file, const char *text);

/* An event: a FIFO in the project that a test program opens for writing (": > NAME"). Wait until it does. */
void it_make_event (ItWorld *world, const char *name);
void it_wait_event (ItWorld *world, const char *name);
/* The other way: let a program go on that reads from it ("read x < NAME"). */
void it_tell_event (ItWorld *world, const char *name);
