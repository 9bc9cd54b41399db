/* SPDX-License-Identifier: MIT
 * The one GError domain of the core. The code says whose fault it is and so which exit status ends srt. */
#pragma once
#include <glib.h>

#define SRT_ERROR (srt_error_quark ())

typedef enum {
  SRT_ERROR_USAGE = 2,    /* command line, configuration, plugin that was asked for: the user can mend it */
  SRT_ERROR_INTERNAL = 3, /* the runner or the machine: no memory, no folder, lost checkpoint */
  SRT_ERROR_NO_TESTS = 4  /* nothing was selected */
} SrtErrorCode;

GQuark srt_error_quark (void);
