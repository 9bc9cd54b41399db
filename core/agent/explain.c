/* SPDX-License-Identifier: MIT
 * Why a test did not start, in words. */
#include "agent/spawn.h"
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD_SIZE 4096

/* The program's file as we see it from here: absolute where it is relative to the test's working folder. */
static bool
full_path (const SrtSpawnPlan *plan, const char *name, char text[PATH_MAX])
{
  int n = *name == '/' ? snprintf (text, PATH_MAX, "%s", name) : snprintf (text, PATH_MAX, "%s/%s", plan->cwd, name);

  return n < PATH_MAX;
}

static bool
find_program (const SrtSpawnPlan *plan, char text[PATH_MAX])
{
  const char *path = srt_spawn_path_of (plan->env);
  char candidate[PATH_MAX];
  struct stat st;

  if (strchr (plan->argv[0], '/'))
    return full_path (plan, plan->argv[0], text) && stat (text, &st) == 0;
  while (srt_spawn_next_candidate (&path, plan->argv[0], candidate))
    if (full_path (plan, candidate, text) && stat (text, &st) == 0 && S_ISREG (st.st_mode))
      return true;
  return false;
}

static size_t
read_head (const char *path, char head[HEAD_SIZE + 1])
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  ssize_t n = fd >= 0 ? read (fd, head, HEAD_SIZE) : -1;

  if (fd >= 0)
    close (fd);
  head[n > 0 ? n : 0] = '\0';
  return n > 0 ? (size_t)n : 0;
}

/* The program that a #! line names; ends it with NUL in place. */
static const char *
script_interpreter (char *head)
{
  char *start = head + 2;

  start += strspn (start, " \t");
  start[strcspn (start, " \t\r\n")] = '\0';
  return *start ? start : NULL;
}

/* The dynamic linker that an ELF file of our own word size asks for. */
static const char *
elf_interpreter (const char *head, size_t n)
{
#if UINTPTR_MAX > UINT32_MAX
  Elf64_Ehdr file;
  Elf64_Phdr part;
  const int word_size = ELFCLASS64;
#else
  Elf32_Ehdr file;
  Elf32_Phdr part;
  const int word_size = ELFCLASS32;
#endif

  if (n < sizeof file || memcmp (head, ELFMAG, SELFMAG) != 0 || head[EI_CLASS] != word_size)
    return NULL;
  memcpy (&file, head, sizeof file);
  for (unsigned i = 0; i < file.e_phnum; i++) {
    size_t at = (size_t)file.e_phoff + (size_t)i * file.e_phentsize;

    if (file.e_phoff > n || at > n || n - at < sizeof part)
      return NULL;
    memcpy (&part, head + at, sizeof part);
    if (part.p_type == PT_INTERP)
      return part.p_offset < n && memchr (head + part.p_offset, 0, n - part.p_offset) ? head + part.p_offset : NULL;
  }
  return NULL;
}

static const char *
missing_interpreter (const char *path, char head[HEAD_SIZE + 1])
{
  size_t n = read_head (path, head);
  const char *name = n > 2 && memcmp (head, "#!", 2) == 0 ? script_interpreter (head) : elf_interpreter (head, n);

  return name && access (name, F_OK) < 0 ? name : NULL;
}

static void
explain_missing (const SrtSpawnPlan *plan, char *text, size_t size)
{
  char path[PATH_MAX], head[HEAD_SIZE + 1];
  const char *interpreter;

  if (!find_program (plan, path)) {
    if (strchr (plan->argv[0], '/'))
      snprintf (text, size, "no such file: %s", plan->argv[0]);
    else
      snprintf (text, size, "%s: not found in PATH", plan->argv[0]);
    return;
  }
  interpreter = missing_interpreter (path, head);
  if (interpreter)
    snprintf (text, size, "%s: its interpreter %s is missing", plan->argv[0], interpreter);
  else
    snprintf (text, size, "%s: its interpreter is missing", plan->argv[0]);
}

static void
explain_denied (const SrtSpawnPlan *plan, char *text, size_t size)
{
  char path[PATH_MAX];
  struct stat st;

  if (find_program (plan, path) && stat (path, &st) == 0 && S_ISDIR (st.st_mode))
    snprintf (text, size, "%s: is a folder, not a program", plan->argv[0]);
  else
    snprintf (text, size, "%s: permission denied: is it executable?", plan->argv[0]);
}

void
srt_spawn_explain (const SrtSpawnPlan *plan, const SrtSpawnFailure *failure, char *text, size_t size)
{
  const char *why = strerror (failure->error);

  if (failure->stage == SRT_STAGE_CWD)
    snprintf (text, size, "working folder %s: %s", plan->cwd, why);
  else if (failure->stage == SRT_STAGE_STDIN)
    snprintf (text, size, "standard input %s: %s", plan->stdin_path, why);
  else if (failure->stage == SRT_STAGE_GROUP)
    snprintf (text, size, "its cgroup does not take it: %s", why);
  else if (failure->stage == SRT_STAGE_FORK)
    snprintf (text, size, "no process could be made: %s", why);
  else if (failure->error == ENOENT || failure->error == ENOTDIR)
    explain_missing (plan, text, size);
  else if (failure->error == EACCES)
    explain_denied (plan, text, size);
  else if (failure->error == ENOEXEC)
    snprintf (text, size, "%s: not a program of this machine; a script needs a #! line", plan->argv[0]);
  else
    snprintf (text, size, "%s: %s", plan->argv[0], why);
}
