/* SPDX-License-Identifier: MIT
 * The slot's cgroups when the runner is gone: nobody else is there who could remove them. */
#pragma once
#include "agent/arguments.h"

/* Remove them, and those of the run if they are empty then. True: none of the run's is left. */
bool srt_places_leave (const SrtPlaces *places);
