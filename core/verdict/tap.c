/* SPDX-License-Identifier: MIT */
#include "verdict/tap.h"

#include <string.h>

#include "base/text.h"

enum {
  LINE_LENGTH = 4096, /* of a line that is looked at */
  TEXT_LENGTH = 256,  /* of a reason, with its NUL */
  NUMBERS = 65536     /* case numbers whose doubles are seen in any order */
};

/* More cases than any stream has; nothing overflows behind it. */
#define HUGE_NUMBER G_GINT64_CONSTANT (1000000000000)

/* A part of a line. */
typedef struct {
  const char *at, *end;
} Text;

typedef enum { DIRECTIVE_NONE, DIRECTIVE_SKIP, DIRECTIVE_TODO } Directive;

struct SrtTap {
  char line[LINE_LENGTH]; /* the beginning of a line whose end has not come yet */
  gsize filled;
  gboolean seen, bailed;
  gint64 planned;
  guint cases_before_plan;
  guint passed, failed, skipped, todo;
  gint64 last, highest; /* case numbers */
  char reason[TEXT_LENGTH], first_failure[TEXT_LENGTH], problem[TEXT_LENGTH];
  guint64 numbers[NUMBERS / 64]; /* a bit each: this case has come */
};

SrtTap *
srt_tap_new (void)
{
  SrtTap *tap = g_new0 (SrtTap, 1);
  tap->planned = -1;
  return tap;
}

void
srt_tap_free (SrtTap *tap)
{
  g_free (tap);
}

static guint
count_cases (const SrtTap *tap)
{
  return tap->passed + tap->failed + tap->skipped + tap->todo;
}

/* The first one counts: what comes after it may only be its echo. */
static void G_GNUC_PRINTF (2, 3) set_problem (SrtTap *tap, const char *format, ...)
{
  if (tap->problem[0] != '\0')
    return;
  va_list args;
  va_start (args, format);
  g_vsnprintf (tap->problem, sizeof tap->problem, format, args);
  va_end (args);
}

static gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t';
}

static void
skip_blanks (Text *text)
{
  while (text->at < text->end && is_blank (*text->at))
    text->at++;
}

static Text
trimmed (Text text)
{
  skip_blanks (&text);
  while (text.end > text.at && is_blank (text.end[-1]))
    text.end--;
  return text;
}

static gboolean
take_word (Text *text, const char *word, gboolean any_case)
{
  gsize length = strlen (word);
  if ((gsize)(text->end - text->at) < length)
    return FALSE;
  if (any_case ? g_ascii_strncasecmp (text->at, word, length) != 0 : memcmp (text->at, word, length) != 0)
    return FALSE;
  text->at += length;
  return TRUE;
}

static gboolean
at_word_end (const Text *text)
{
  return text->at == text->end || !(g_ascii_isalnum (*text->at) || *text->at == '_');
}

/* Digits into RET_NUMBER; FALSE and TEXT as it was when there are none. Too many are a huge number. */
static gboolean
take_number (Text *text, gint64 *ret_number)
{
  const char *start = text->at;
  gint64 number = 0;
  for (; text->at < text->end && g_ascii_isdigit (*text->at); text->at++)
    if (number < HUGE_NUMBER)
      number = number * 10 + (*text->at - '0');
  if (text->at == start)
    return FALSE;
  *ret_number = number;
  return TRUE;
}

/* The word at a '#', and what follows it into RET_REASON. */
static Directive
directive_at (Text text, Text *ret_reason)
{
  Directive directive = DIRECTIVE_NONE;
  text.at++; /* the '#' */
  skip_blanks (&text);
  if (take_word (&text, "skip", TRUE)) { /* "Skipped:" too */
    while (text.at < text.end && !is_blank (*text.at))
      text.at++;
    directive = DIRECTIVE_SKIP;
  } else if (take_word (&text, "todo", TRUE) && at_word_end (&text)) {
    directive = DIRECTIVE_TODO;
  }
  *ret_reason = trimmed (text);
  return directive;
}

/* Looks for " # SKIP" or " # TODO" and cuts it off TEXT. White space is asked for before the '#', and so "\#" and
 * "bug#todo" are none: a failure must not pass by a number sign in its name. */
static Directive
cut_directive (Text *text, Text *ret_reason)
{
  const char *start = text->at;
  for (const char *at = start; (at = memchr (at, '#', (gsize)(text->end - at))) != NULL; at++) {
    if (at > start && !is_blank (at[-1]))
      continue;
    Directive directive = directive_at ((Text){ at, text->end }, ret_reason);
    if (directive != DIRECTIVE_NONE) {
      text->end = at;
      return directive;
    }
  }
  return DIRECTIVE_NONE;
}

static void
note_number (SrtTap *tap, gint64 number)
{
  tap->last = number;
  if (number == 0) {
    set_problem (tap, "a case has the number 0");
  } else if (number <= NUMBERS) {
    guint64 *word = &tap->numbers[(number - 1) / 64], bit = G_GUINT64_CONSTANT (1) << ((number - 1) % 64);
    if (*word & bit)
      set_problem (tap, "case number %" G_GINT64_FORMAT " came twice", number);
    *word |= bit;
  } else if (number <= tap->highest) {
    set_problem (tap, "case number %" G_GINT64_FORMAT " came twice or out of order", number);
  }
  tap->highest = MAX (tap->highest, number);
}

static void
note_failure (SrtTap *tap, gint64 number, Text description)
{
  description = trimmed (description);
  if (take_word (&description, "-", FALSE))
    description = trimmed (description);
  if (tap->failed++ > 0)
    return;
  if (description.at == description.end)
    g_snprintf (tap->first_failure, sizeof tap->first_failure, "case %" G_GINT64_FORMAT, number);
  else
    srt_text_printable_into (tap->first_failure, sizeof tap->first_failure, description.at,
                             (gsize)(description.end - description.at));
}

/* The number of a case, if it says one ("ok 3d engine" does not); else the next. */
static gint64
take_case_number (const SrtTap *tap, Text *text)
{
  skip_blanks (text);
  Text ahead = *text;
  gint64 number;
  if (!take_number (&ahead, &number) || !at_word_end (&ahead) || (ahead.at < ahead.end && *ahead.at == '.'))
    return tap->last + 1;
  *text = ahead;
  return number;
}

static void
read_case (SrtTap *tap, Text text)
{
  gboolean not = take_word (&text, "not", FALSE);
  if (not &&(text.at == text.end || !is_blank (*text.at)))
    return;
  skip_blanks (&text);
  if (!take_word (&text, "ok", FALSE) || !at_word_end (&text))
    return;
  tap->seen = TRUE;
  if (tap->cases_before_plan > 0 && tap->planned >= 0)
    set_problem (tap, "the plan stands between the cases");
  gint64 number = take_case_number (tap, &text);
  note_number (tap, number);
  Text reason;
  Directive directive = cut_directive (&text, &reason);
  if (not &&directive == DIRECTIVE_TODO)
    tap->todo++;
  else if (not )
    note_failure (tap, number, text);
  else if (directive == DIRECTIVE_SKIP)
    tap->skipped++;
  else
    tap->passed++;
}

static void
set_reason (SrtTap *tap, Text reason)
{
  srt_text_printable_into (tap->reason, sizeof tap->reason, reason.at, (gsize)(reason.end - reason.at));
}

static void
read_plan (SrtTap *tap, Text text)
{
  gint64 planned;
  Text reason;
  if (!take_word (&text, "1..", FALSE) || !take_number (&text, &planned))
    return;
  skip_blanks (&text);
  if (text.at < text.end && *text.at != '#')
    return;
  tap->seen = TRUE;
  if (tap->planned >= 0) {
    set_problem (tap, "two plans");
    return;
  }
  tap->planned = planned;
  tap->cases_before_plan = count_cases (tap);
  if (planned == 0 && cut_directive (&text, &reason) == DIRECTIVE_SKIP)
    set_reason (tap, reason);
}

static void
read_bail_out (SrtTap *tap, Text text)
{
  if (!take_word (&text, "bail out!", TRUE))
    return;
  tap->seen = tap->bailed = TRUE;
  set_reason (tap, trimmed (text));
}

static void
read_line (SrtTap *tap, const char *line, gsize length)
{
  Text text = { line, line + MIN (length, LINE_LENGTH) };
  while (text.end > text.at && text.end[-1] == '\r')
    text.end--;
  if (text.at == text.end)
    return;
  switch (*text.at) {
  case 'o':
  case 'n':
    read_case (tap, text);
    break;
  case '1':
    read_plan (tap, text);
    break;
  case 'B':
  case 'b':
    read_bail_out (tap, text);
    break;
  case 'T':
    tap->seen |= take_word (&text, "TAP version ", FALSE);
    break;
  default: /* a comment, a pragma, a subtest, YAML, or no TAP */
    break;
  }
}

static void
keep (SrtTap *tap, const char *bytes, gsize length)
{
  length = MIN (length, LINE_LENGTH - tap->filled);
  memcpy (tap->line + tap->filled, bytes, length);
  tap->filled += length;
}

void
srt_tap_feed (SrtTap *tap, const char *bytes, gsize length)
{
  const char *end = bytes + length;
  while (bytes < end && !tap->bailed) {
    const char *newline = memchr (bytes, '\n', (gsize)(end - bytes));
    const char *line_end = newline != NULL ? newline : end;
    if (newline != NULL && tap->filled == 0) {
      read_line (tap, bytes, (gsize)(line_end - bytes)); /* the usual case: no copy */
    } else {
      keep (tap, bytes, (gsize)(line_end - bytes));
      if (newline != NULL) {
        read_line (tap, tap->line, tap->filled);
        tap->filled = 0;
      }
    }
    bytes = line_end + (newline != NULL);
  }
}

static void
check_plan (SrtTap *tap)
{
  if (!tap->seen || tap->bailed)
    return;
  if (tap->planned < 0)
    set_problem (tap, "no plan (1..N)");
  else if (tap->planned != (gint64)count_cases (tap))
    set_problem (tap, "planned %" G_GINT64_FORMAT " cases, saw %u", tap->planned, count_cases (tap));
  else if (tap->highest > tap->planned)
    set_problem (tap, "case number %" G_GINT64_FORMAT " is above the plan of %" G_GINT64_FORMAT, tap->highest,
                 tap->planned);
}

void
srt_tap_end (SrtTap *tap, SrtTapSummary *ret_summary)
{
  if (!tap->bailed)
    read_line (tap, tap->line, tap->filled);
  tap->filled = 0;
  check_plan (tap);
  *ret_summary = (SrtTapSummary){
    .seen = tap->seen,
    .planned = tap->planned,
    .passed = tap->passed,
    .failed = tap->failed,
    .skipped = tap->skipped,
    .todo = tap->todo,
    .skip_all = tap->planned == 0 && count_cases (tap) == 0,
    .bailed = tap->bailed,
    .reason = tap->reason,
    .first_failure = tap->first_failure,
    .problem = tap->problem,
  };
}
