/* SPDX-License-Identifier: MIT */
#include "settings/source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Bounds that no honest configuration meets. */
#define TEXT_MAX  (4u * 1024 * 1024)
#define DEPTH_MAX 16u
#define FILES_MAX 1000u

typedef struct {
  SrtSource *source;
  SrtProblems *problems;
  GPtrArray *open; /* paths of the files that we are inside of */
  guint files;
  gboolean failed;
} Reader;

/* One file while it is copied over. */
typedef struct {
  Reader *reader;
  const char *p;
  SrtOrigin place; /* of *P */
} Cursor;

static void read_file (Reader *reader, const char *path, const char *shown, const SrtOrigin *from, gboolean missing_ok);

G_GNUC_PRINTF (3, 4)
static void
fail (Reader *reader, const SrtOrigin *place, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  srt_problems_add (reader->problems, place, NULL, "%s", text);
  reader->failed = TRUE;
}

static void
set_place (Reader *reader, const SrtOrigin *place)
{
  GArray *places = reader->source->places;
  g_array_index (places, SrtOrigin, places->len - 1) = *place;
}

/* Copy one byte over. */
static void
emit (Cursor *c)
{
  g_string_append_c (c->reader->source->text, *c->p);
  if (*c->p++ == '\n') {
    c->place.line++;
    g_array_append_val (c->reader->source->places, c->place);
  }
}

static void
emit_n (Cursor *c, gsize n)
{
  for (; n > 0 && *c->p; n--)
    emit (c);
}

/* "…" up to and with the closing quote. */
static void
copy_string (Cursor *c)
{
  emit (c);
  while (*c->p && *c->p != '"' && *c->p != '\n') {
    if (c->p[0] == '\\' && c->p[1] == 'x' && c->p[2] == '0' && c->p[3] == '0')
      fail (c->reader, &c->place, "\\x00 in a text would end it there; leave it out");
    emit_n (c, c->p[0] == '\\' && c->p[1] != '\n' ? 2 : 1);
  }
  /* libconfig lets a text go on over lines, which only ever hides a forgotten quote. */
  if (*c->p != '"')
    fail (c->reader, &c->place, "a text is not closed; put its closing \" on this line (\\n is a new line in it)");
  emit_n (c, 1);
}

static void
copy_comment (Cursor *c)
{
  if (c->p[0] == '/' && c->p[1] == '*') {
    const char *end = strstr (c->p + 2, "*/");
    if (!end)
      fail (c->reader, &c->place, "this comment is not closed; its end is */");
    emit_n (c, end ? (gsize)(end + 2 - c->p) : strlen (c->p));
  } else {
    emit_n (c, strcspn (c->p, "\n"));
  }
}

static gboolean
is_word_char (char ch)
{
  return g_ascii_isalnum (ch) || ch == '_' || ch == '.' || ch == '-' || ch == '*';
}

/* A word or a number. A whole number that is over 32 bits gets the L that makes libconfig keep it. */
static void
copy_word (Cursor *c)
{
  const char *start = c->p;
  gsize length = 0;
  while (is_word_char (start[length]))
    length++;
  gboolean hex = start[0] == '0' && (start[1] == 'x' || start[1] == 'X');
  const char *digits = hex ? "0123456789abcdefABCDEF" : "0123456789";
  const char *first = start + (hex ? 2 : *start == '-' ? 1 : 0);
  gsize n = strspn (first, digits);
  const char *end = first + n;
  gboolean wide = (gsize)(end - start) == length || (*end == 'L' && strspn (end, "L") == length - (gsize)(end - start));

  emit_n (c, length);
  if (n == 0 || !wide)
    return;
  errno = 0;
  guint64 number = g_ascii_strtoull (first, NULL, hex ? 16 : 10);
  if (errno == ERANGE || number > (guint64)G_MAXINT64)
    fail (c->reader, &c->place, "%.*s is too large a number", (int)length, start);
  else if (number > (guint64)G_MAXINT32 && *end != 'L')
    g_string_append_c (c->reader->source->text, 'L');
}

/* The file named after "@include" at *C. */
static char *
take_include_name (Cursor *c)
{
  const char *p = c->p + strlen ("@include");
  p += strspn (p, " \t");
  gsize length = *p == '"' ? strcspn (p + 1, "\"\n") : 0;
  if (*p != '"' || p[1 + length] != '"' || length == 0) {
    fail (c->reader, &c->place, "write @include \"FILE\" on a line of its own");
    c->p += strcspn (c->p, "\n");
    return NULL;
  }
  c->p = p + length + 2;
  return g_strndup (p + 1, length);
}

static void
copy_include (Cursor *c)
{
  g_autofree char *name = take_include_name (c);
  if (!name)
    return;
  g_autofree char *folder = g_path_get_dirname (c->place.file);
  g_autofree char *path = g_canonicalize_filename (name, folder);
  g_autofree char *shown_folder = g_path_get_dirname (c->place.what);
  g_autofree char *shown = g_path_is_absolute (name)         ? g_strdup (name)
                           : g_str_equal (shown_folder, ".") ? g_strdup (name)
                                                             : g_build_filename (shown_folder, name, NULL);
  GString *text = c->reader->source->text;

  read_file (c->reader, path, shown, &c->place, FALSE);
  if (text->len > 0 && text->str[text->len - 1] != '\n') {
    g_string_append_c (text, '\n');
    g_array_append_val (c->reader->source->places, c->place);
  }
  set_place (c->reader, &c->place);
}

static void
copy_text (Cursor *c)
{
  gboolean line_start = TRUE;

  while (*c->p && !c->reader->failed) {
    if (*c->p == '"') {
      copy_string (c);
    } else if (*c->p == '#' || (c->p[0] == '/' && (c->p[1] == '/' || c->p[1] == '*'))) {
      copy_comment (c);
    } else if (line_start && g_str_has_prefix (c->p, "@include")) {
      copy_include (c);
    } else if (is_word_char (*c->p)) {
      copy_word (c);
    } else {
      line_start = *c->p == '\n' || (line_start && g_ascii_isspace (*c->p));
      emit (c);
      continue;
    }
    line_start = FALSE;
  }
}

/* Is TEXT something that libconfig may see? */
static gboolean
check_bytes (Reader *reader, const char *text, gsize length, const char *path, const char *shown)
{
  const char *end = NULL;
  if (g_utf8_validate_len (text, length, &end))
    return TRUE;
  SrtOrigin place = { g_intern_string (path), 1, g_intern_string (shown) };
  for (const char *p = text; p < end; p++)
    place.line += *p == '\n';
  fail (reader, &place, "byte 0x%02x here is not UTF-8; save the file as UTF-8", (guint)(guchar)*end);
  return FALSE;
}

/* N bytes of FD, or NULL with errno. Fewer when the file shrinks meanwhile. */
static char *
read_all (int fd, gsize n, gsize *ret_length)
{
  g_autofree char *text = g_malloc (n + 1);
  gsize length = 0;
  gssize got = 1;

  for (; got > 0 && length < n; length += (gsize)MAX (got, 0))
    got = read (fd, text + length, n - length);
  if (got < 0)
    return NULL;
  text[length] = '\0';
  *ret_length = length;
  return g_steal_pointer (&text);
}

/* All of the file, or NULL with errno: EISDIR for all that is no regular file. Never blocks on a pipe. */
static char *
slurp (const char *path, gsize *ret_length)
{
  struct stat st;
  char *text = NULL;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

  if (fd < 0)
    return NULL;
  int code = fstat (fd, &st) < 0 ? errno : !S_ISREG (st.st_mode) ? EISDIR : st.st_size > (off_t)TEXT_MAX ? EFBIG : 0;
  if (code == 0 && !(text = read_all (fd, (gsize)st.st_size, ret_length)))
    code = errno;
  close (fd);
  errno = code;
  return text;
}

static void
copy_file (Reader *reader, const char *path, const char *shown, const char *text, gsize length)
{
  if (!check_bytes (reader, text, length, path, shown))
    return;
  Cursor c = { reader,
               g_str_has_prefix (text, "\xef\xbb\xbf") ? text + 3 : text,
               { g_intern_string (path), 1, g_intern_string (shown) } };
  set_place (reader, &c.place);
  g_ptr_array_add (reader->open, (gpointer)path);
  copy_text (&c);
  g_ptr_array_set_size (reader->open, (int)reader->open->len - 1);
}

/* CODE: errno; EISDIR and EFBIG are what slurp makes of them. */
static void
report_unreadable (Reader *reader, const char *shown, const SrtOrigin *from, int code)
{
  g_autofree char *included = from->line > 0 ? g_strconcat (" ", shown, NULL) : g_strdup ("");
  g_autofree char *too_large = g_strdup_printf ("with all that it includes it is over %u MiB", TEXT_MAX >> 20);
  const char *reason = code == EISDIR ? "it is no regular file" : code == EFBIG ? too_large : g_strerror (code);

  fail (reader, from, "cannot read%s: %s", included[0] ? included : " this configuration", reason);
}

/* FROM: the line that names the file; the file itself where nothing includes it. */
static void
read_file (Reader *reader, const char *path, const char *shown, const SrtOrigin *from, gboolean missing_ok)
{
  gsize length = 0;

  if (g_ptr_array_find_with_equal_func (reader->open, path, g_str_equal, NULL)) {
    fail (reader, from, "%s includes itself; take one @include out of the loop", shown);
    return;
  }
  if (reader->open->len == DEPTH_MAX || reader->files++ == FILES_MAX) {
    fail (reader, from, "more than %u files, or files inside files more than %u deep", FILES_MAX, DEPTH_MAX);
    return;
  }
  g_autofree char *text = slurp (path, &length);
  if (text && length + reader->source->text->len <= TEXT_MAX)
    copy_file (reader, path, shown, text, length);
  else if (!text && errno == ENOENT && missing_ok)
    reader->failed = TRUE;
  else
    report_unreadable (reader, shown, from, text ? EFBIG : errno);
}

SrtSource *
srt_source_load (const char *path, const char *shown, gboolean missing_ok, SrtProblems *problems)
{
  g_autoptr (SrtSource) source = g_new0 (SrtSource, 1);
  SrtOrigin start = { g_intern_string (path), 0, g_intern_string (shown) };
  Reader reader = { .source = source, .problems = problems };

  source->text = g_string_new (NULL);
  source->places = g_array_new (FALSE, FALSE, sizeof (SrtOrigin));
  g_array_append_val (source->places, start);
  reader.open = g_ptr_array_new ();
  read_file (&reader, path, shown, &start, missing_ok);
  g_ptr_array_unref (reader.open);
  return reader.failed ? NULL : g_steal_pointer (&source);
}

void
srt_source_free (SrtSource *source)
{
  if (!source)
    return;
  g_string_free (source->text, TRUE);
  g_array_unref (source->places);
  g_free (source);
}

SrtOrigin
srt_source_place (const SrtSource *source, int line)
{
  guint index = (guint)CLAMP (line - 1, 0, (int)source->places->len - 1);
  return g_array_index (source->places, SrtOrigin, index);
}
