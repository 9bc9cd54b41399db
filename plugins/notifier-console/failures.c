/* SPDX-License-Identifier: MIT */
#include "failures.h"
#include "screen.h"
#include <stdlib.h>
#include <string.h>

#define INDENT "    "

enum { FIRST = 16, HEAD_BYTES = 64 * 1024, TAIL_BYTES = 192 * 1024 };

void
srt_failures_init (srt_failures *failures, const srt_host *host, uint64_t output_lines)
{
  *failures = (srt_failures){ .limits = { .head_lines = output_lines / 4,
                                          .tail_lines = output_lines - output_lines / 4,
                                          .head_bytes = HEAD_BYTES,
                                          .tail_bytes = TAIL_BYTES } };
  srt_spool_init (&failures->spool, host);
}

void
srt_failures_clear (srt_failures *failures)
{
  for (size_t i = 0; i < failures->n; i++) {
    free ((char *)failures->list[i].result.message);
    free ((char *)failures->list[i].result.kept_dir);
  }
  free (failures->list);
  failures->list = NULL;
  failures->n = failures->size = 0;
  srt_spool_clear (&failures->spool);
}

static srt_failure *
next (srt_failures *failures)
{
  if (failures->n == failures->size) {
    size_t size = failures->size ? failures->size * 2 : FIRST;
    srt_failure *list = realloc (failures->list, size * sizeof *list);
    if (!list)
      return NULL;
    failures->list = list;
    failures->size = size;
  }
  return &failures->list[failures->n++];
}

void
srt_failures_add (srt_failures *failures, const srt_result *result, int with_output)
{
  srt_failure *failure = next (failures);
  if (!failure) {
    failures->forgotten++;
    return;
  }
  *failure = (srt_failure){ .result = *result, .excerpt = { .lost = result->output_lost } };
  failure->result.message = result->message ? strdup (result->message) : NULL;
  failure->result.kept_dir = result->kept_dir ? strdup (result->kept_dir) : NULL;
  failure->result.output = NULL;
  if (with_output)
    srt_excerpt_take (&failures->spool, result, &failures->limits, &failure->excerpt);
}

/* Text on its way out, each line indented, so that no test can fake a line of ours. */
typedef struct {
  srt_out *out;
  srt_text *text;
  int in_line;
} printer;

static void
flush (printer *p)
{
  srt_out_put (p->out, p->text->bytes, p->text->length);
  srt_text_reset (p->text);
}

static int
print_lines (void *data, const char *bytes, size_t length)
{
  printer *p = data;
  const char *end = bytes + length;
  while (bytes < end) {
    const char *newline = memchr (bytes, '\n', (size_t)(end - bytes));
    size_t n = (size_t)((newline ? newline + 1 : end) - bytes);
    n = n < SRT_TEXT_SIZE / 2 ? n : SRT_TEXT_SIZE / 2;
    if (n + sizeof INDENT > SRT_TEXT_SIZE - p->text->length)
      flush (p);
    if (!p->in_line)
      srt_text_add_reserved (p->text, INDENT, strlen (INDENT));
    srt_text_add_reserved (p->text, bytes, n);
    p->in_line = bytes[n - 1] != '\n';
    bytes += n;
  }
  return !p->out->closed;
}

static void
end_line (printer *p)
{
  if (p->in_line)
    print_lines (p, "\n", 1);
}

static void
print_excerpt (printer *p, const srt_spool *spool, const srt_excerpt *excerpt)
{
  srt_excerpt_clean (spool, excerpt->offset, excerpt->head, print_lines, p);
  end_line (p);
  flush (p);
  if (excerpt->left_bytes) {
    srt_text_addf (p->text, "  ... %llu line%s (%llu bytes) left out\n", (unsigned long long)excerpt->left_lines,
                   srt_text_plural (excerpt->left_lines), (unsigned long long)excerpt->left_bytes);
    srt_excerpt_clean (spool, excerpt->offset + excerpt->head, excerpt->tail, print_lines, p);
    end_line (p);
    flush (p);
  }
  if (excerpt->lost)
    srt_text_addf (p->text, "  %llu bytes over output_max were dropped\n", (unsigned long long)excerpt->lost);
  flush (p);
}

static void
show_one (const srt_failures *failures, const srt_failure *failure, printer *p, int colour)
{
  srt_text_add (p->text, "\n");
  srt_screen_result (p->text, colour, &failure->result, 0);
  print_excerpt (p, &failures->spool, &failure->excerpt);
  if (failure->result.kept_dir) {
    srt_text_add (p->text, "  TMPDIR kept: ");
    srt_text_add_clean (p->text, failure->result.kept_dir);
    srt_text_end_line (p->text);
    flush (p);
  }
}

void
srt_failures_show (const srt_failures *failures, srt_out *out, srt_text *text, int colour)
{
  printer p = { .out = out, .text = text };
  srt_text_reset (text);
  if (failures->n == 0)
    return;
  srt_text_addf (text, "\n%sFailures%s: %zu\n", srt_style_bold (colour), srt_style_end (colour),
                 failures->n + failures->forgotten);
  for (size_t i = 0; i < failures->n; i++)
    show_one (failures, &failures->list[i], &p, colour);
  flush (&p);
}

void
srt_failures_show_output (srt_failures *failures, const srt_result *result, srt_out *out, srt_text *text)
{
  printer p = { .out = out, .text = text };
  srt_excerpt excerpt;
  uint64_t before = failures->spool.size;
  srt_text_reset (text);
  srt_excerpt_take (&failures->spool, result, &failures->limits, &excerpt);
  print_excerpt (&p, &failures->spool, &excerpt);
  failures->spool.size = before; /* not needed again */
}
