/* SPDX-License-Identifier: MIT */
#include "fault.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int32_t
srt_fault_set (srt_fault *fault, int32_t status, const char *format, ...)
{
  va_list args;

  fault->status = status;
  va_start (args, format);
  vsnprintf (fault->text, sizeof fault->text, format, args);
  va_end (args);
  return status;
}

int32_t
srt_fault_status (int error_number)
{
  switch (error_number) {
  case ENOSPC:
  case EDQUOT:
  case EFBIG:
    return SRT_E_NO_SPACE;
  case EACCES:
  case EPERM:
  case EROFS:
  case ELOOP:
    return SRT_E_DENIED;
  case ENOENT:
    return SRT_E_NOT_FOUND;
  case ENOMEM:
    return SRT_E_NO_MEMORY;
  default:
    return SRT_E_FAILED;
  }
}

int32_t
srt_fault_errno (srt_fault *fault, int error_number, const char *what, const char *path)
{
  return srt_fault_set (fault, srt_fault_status (error_number), "cannot %s %s: %s", what, path,
                        strerror (error_number));
}
