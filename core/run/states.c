/* SPDX-License-Identifier: MIT */
#include "run/states.h"

#define STAY(STATE)                                                                                                    \
  {                                                                                                                    \
    SRT_##STATE, SRT_DO_NOTHING                                                                                        \
  }
#define GO(STATE, ACTION)                                                                                              \
  {                                                                                                                    \
    SRT_##STATE, SRT_DO_##ACTION                                                                                       \
  }

/* clang-format off */
static const SrtRunStep table[SRT_N_STATES][SRT_N_EVENTS] = {
  /*                FAILURE             BATCH_TIME               PRESSURE                SIGNAL                   NO_CAPACITY              IDLE                 SETTLED           OVERDUE */
  [SRT_RUNNING]  = { GO (DRAINING, SAY), GO (STOPPING, STOP_ALL), GO (STOPPING, PROTECT), GO (STOPPING, STOP_ALL), GO (STOPPING, STOP_ALL), GO (ENDING, SETTLE), STAY (RUNNING),   STAY (RUNNING) },
  [SRT_DRAINING] = { STAY (DRAINING),    GO (STOPPING, STOP_ALL), GO (STOPPING, PROTECT), GO (STOPPING, STOP_ALL), GO (STOPPING, STOP_ALL), GO (ENDING, SETTLE), STAY (DRAINING),  STAY (DRAINING) },
  [SRT_STOPPING] = { STAY (STOPPING),    STAY (STOPPING),         GO (KILLING, KILL_ALL), GO (KILLING, KILL_ALL),  STAY (STOPPING),         GO (ENDING, SETTLE), STAY (STOPPING),  STAY (STOPPING) },
  [SRT_KILLING]  = { STAY (KILLING),     STAY (KILLING),          STAY (KILLING),         STAY (KILLING),          STAY (KILLING),          GO (ENDING, SETTLE), STAY (KILLING),   STAY (KILLING) },
  [SRT_ENDING]   = { STAY (ENDING),      STAY (ENDING),           STAY (ENDING),          STAY (ENDING),           STAY (ENDING),           STAY (ENDING),       GO (ENDED, END),  GO (ENDED, END) },
  [SRT_ENDED]    = { STAY (ENDED),       STAY (ENDED),            STAY (ENDED),           STAY (ENDED),            STAY (ENDED),            STAY (ENDED),        STAY (ENDED),     STAY (ENDED) },
};
/* clang-format on */

SrtRunStep
srt_run_step (SrtRunState state, SrtRunEvent event)
{
  return table[state][event];
}
