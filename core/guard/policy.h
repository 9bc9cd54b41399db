/* SPDX-License-Identifier: MIT
 * Policy: from a look at the machine and at what runs to one word. Pure: its clock is the sample's, what it remembers
 * stands in SrtPolicy, and the same inputs give the same words. Allocates nothing.
 *
 * The ladder, while a gauge is over its line (S: `sustained`; each step needs at least 3 samples that say so):
 *   HOLD         at once        start nothing new (CPU: after 3 samples, and one test at a time goes on)
 *   FREEZE       after S/10     the youngest stands still, `freeze_max` long at most
 *   SHED         after S/2      the largest above its forecast is killed and runs again later
 *   KEEP_OLDEST  after 8 S/10   so does all but the oldest
 *   STOP         after S
 * Where memory runs out before that (`urgent`) FREEZE, of all at once, and SHED follow each other from the first sample
 * on, as fast as they show an effect, and STOP comes after S/5. A step is not taken while a kill has not shown its
 * effect, nor sooner than S/10 after the one before it, nor on a stale sample. The oldest test is never frozen or shed.
 * SHED and KEEP_OLDEST are taken only where the run itself is the cause; so is STOP, and then only when nothing is left
 * to shed, unless `self_protect` gives it for all causes. HOLD ends when the gauge was clearly below its line for 2 s.
 */
#pragma once
#include "srt/srt-plugin.h"
#include <glib.h>

typedef enum {
  SRT_GUARD_RUN,
  SRT_GUARD_HOLD,
  SRT_GUARD_FREEZE,
  SRT_GUARD_SHED,
  SRT_GUARD_KEEP_OLDEST,
  SRT_GUARD_STOP
} SrtGuardWord;

typedef enum {
  SRT_GAUGE_MEMORY,     /* of what one really has */
  SRT_GAUGE_RUN_MEMORY, /* of the run's tests, an absolute line */
  SRT_GAUGE_PRESSURE,   /* the kernel says that everybody waits for memory: holds and freezes */
  SRT_GAUGE_CPU,        /* holds, down to one test at once */
  SRT_GAUGE_CPU_OTHERS, /* would also be over it with one worker; with self_protect it freezes and stops */
  SRT_N_GAUGES
} SrtGauge;

typedef struct {
  double memory, cpu; /* percent; 100: no line */
  guint64 run_memory; /* bytes; 0: no line */
  guint64 sustained_ns, freeze_max_ns;
  guint32 shed_max; /* how often one test may be shed */
  gboolean self_protect;
  gboolean hold, freeze, shed, keep_oldest, stop; /* the steps that may be taken */
} SrtPolicyLimits;

typedef struct {
  guint64 job;
  guint64 memory;          /* bytes that it uses now */
  guint64 forecast;        /* that it is known to need; 0: not known */
  guint64 frozen_since_ns; /* 0: it runs */
  guint64 thawed_ns;       /* when it was last thawed; 0: it was never frozen */
  guint32 sheds;           /* how often it was shed before */
  gboolean rerunnable;     /* may be shed */
  gboolean ending;         /* was told to end */
  gboolean unfreezable;    /* cannot stand still */
} SrtPolicyTest;

typedef struct {
  guint64 now_ns;
  const srt_sample *sample;   /* NULL: the machine could not be measured */
  const SrtPolicyTest *tests; /* that run on this machine, the oldest first */
  guint n;
  double cpu_own; /* percent of the CPU that we may use: what these tests take */
} SrtPolicyInput;

/* What one sample says of one gauge. */
typedef struct {
  gboolean over;     /* its line */
  gboolean calm;     /* clearly below it */
  gboolean ours;     /* the run is the cause */
  gboolean urgent;   /* there is no time to wait: who can stand still must at once */
  gboolean critical; /* nor would that be enough */
} SrtReading;

typedef struct {
  guint64 over_since_ns; /* 0: not over */
  guint64 calm_since_ns; /* 0: not calm */
  guint32 samples;       /* in a row that said over, or calm */
  gboolean held;
} SrtGaugeState;

/* What the policy remembers; begins zeroed. */
typedef struct {
  SrtGaugeState gauges[SRT_N_GAUGES];
  SrtReading readings[SRT_N_GAUGES]; /* the newest */
  guint64 sample_ns;                 /* of the newest sample */
  guint64 used;                      /* bytes, by that sample */
  double others;                     /* bytes of `used` that are not the tests' */
  guint64 others_since_ns;           /* the least that seemed to be theirs since then, */
  double others_least[2];            /* and in the time before that; `others` is the lesser */
  double fill_rate;                  /* bytes a second by which `used` grows; 0: it does not */
  guint64 step_ns;                   /* of the last step, or of the last look that saw one without its effect */
  guint64 idle_since_ns;             /* nothing runs because of a hold, since; 0: no */
  gboolean crawl;                    /* held for so long that tests are let through one by one */
} SrtPolicy;

typedef struct {
  SrtGuardWord word;
  SrtGauge gauge;          /* that asks for it; with RUN without meaning */
  SrtGauge hold_gauge;     /* that bounds what may run; without a bound without meaning */
  gboolean all;            /* FREEZE: not only JOB but everybody who may be frozen */
  guint64 job;             /* FREEZE, SHED: whom; KEEP_OLDEST: whom not (0: nobody runs) */
  guint64 thaw;            /* who has stood still for long enough; 0: nobody */
  guint32 may_run;         /* at most so many at once; G_MAXUINT32: no bound */
  gboolean under_pressure; /* a test that fails now may do so for want of memory or CPU */
} SrtPolicyVerdict;

void srt_policy_step (SrtPolicy *policy, const SrtPolicyLimits *limits, const SrtPolicyInput *input,
                      SrtPolicyVerdict *ret);

/* May TEST of INPUT be frozen now? */
gboolean srt_policy_may_freeze (const SrtPolicyLimits *limits, const SrtPolicyInput *input, const SrtPolicyTest *test);

/* How long until the next look: less headroom, less time. At most REST_NS, at least 20 ms. */
guint64 srt_policy_interval (const SrtPolicy *policy, const SrtPolicyLimits *limits, const srt_sample *sample,
                             guint64 rest_ns);

const char *srt_policy_word (SrtGuardWord word); /* "freeze" */
const char *srt_policy_gauge (SrtGauge gauge);   /* "memory", "cpu": the reason of a stop */
/* "memory 91.3% of 1.0 GiB in use (machine), threshold 90%". Into TEXT. */
enum { SRT_POLICY_REASON_SIZE = 256 };
void srt_policy_reason (const SrtPolicy *policy, const SrtPolicyLimits *limits, const SrtPolicyInput *input,
                        SrtGauge gauge, char *text, gsize size);

/* readings.c: what INPUT's sample says of each gauge; POLICY's `used` and `sample_ns` are still those of the sample
 * before, its fill_rate and others are those of now. */
void srt_policy_read (const SrtPolicy *policy, const SrtPolicyLimits *limits, const SrtPolicyInput *input,
                      SrtReading readings[SRT_N_GAUGES]);
/* Bytes in use of what one really has, by SAMPLE. */
guint64 srt_policy_used (const srt_sample *sample);
/* Bytes that the tests use. */
guint64 srt_policy_tests_memory (const SrtPolicyInput *input);
