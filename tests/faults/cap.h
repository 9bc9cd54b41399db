/* SPDX-License-Identifier: MIT
 * A limit on processes around a whole test program, for whatever goes wrong in it: each program that multiplies has a
 * cap of its own besides, and srt may have one too. */
#pragma once

/* Put this program and all that it will start under a limit of N processes: as root by a cgroup of its own (v1), as
 * anybody else by RLIMIT_NPROC, which counts all processes of that user, other tests' too: it is 4 * N. Undone at exit.
 * Where neither can be, only the caps of the programs hold. */
void faults_cap_processes (unsigned n);
