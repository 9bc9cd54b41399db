/* SPDX-License-Identifier: MIT
 * A plugin that is valid C11, gnu17 and C++20: the macros of the header are used, not only read. */
#include <srt/srt-plugin.h>

static int32_t
create (const srt_host *host, void **ret_self)
{
  if (SRT_HAS (srt_host, host, now_ns))
    host->logf (host, SRT_LOG_DEBUG, "%s", "created");
  *ret_self = (void *)host;
  return SRT_OK;
}

static void
test_finished (void *self, const srt_result *result)
{
  (void)self;
  (void)result;
}

static const srt_option options[] = {
  { sizeof (srt_option), SRT_TYPE_PATH, SRT_OPTION_REQUIRED | SRT_OPTION_JOB, "path", NULL, "Where to", NULL },
};

#ifdef __cplusplus
static const srt_notifier_ops ops = {
  sizeof ops, 0, NULL, NULL, test_finished, NULL, NULL, NULL, NULL, NULL, NULL, NULL
};
#else
static const srt_notifier_ops ops = { .size = sizeof ops, .test_finished = test_finished };
#endif

SRT_PLUGIN_REGISTER (SRT_KIND_NOTIFIER, "use", "1.0", "Uses the header", options, 1, &ops, NULL, create, NULL);
