/* SPDX-License-Identifier: MIT
 * The one function that libFuzzer calls. */
#pragma once
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);
