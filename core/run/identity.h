/* SPDX-License-Identifier: MIT
 * Identity: is a recorded result still one of this test? A test is its name and the content of its file; and what it
 * tests are the sources, whose state the user lets srt ask for (fingerprint.h). */
#pragma once
#include "base/content.h"
#include "run/resume.h"

/* The content of the test's file, and of the program that a .test file names. FALSE, and "": there is none, or it
 * cannot be read. */
gboolean srt_identity_digest (const SrtTest *test, char ret_digest[SRT_CONTENT_DIGEST_SIZE]);

typedef struct {
  const char *source; /* state of the sources now; "": not known; NULL: not to be asked for */
  gboolean force;     /* results on other sources count too */
  guint64 now_real_ns;
} SrtIdentityNow;

/* Forget the results in RESUME that are no longer these tests' own, and say which and why. Reads the file of each
 * recorded test. */
void srt_identity_check (SrtResume *resume, const SrtIdentityNow *now, SrtNotify *notify);
