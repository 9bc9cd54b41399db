/* SPDX-License-Identifier: MIT */
#include "base/error.h"

G_DEFINE_QUARK (srt - error - quark, srt_error)
