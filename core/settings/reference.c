/* SPDX-License-Identifier: MIT
 * docs/configuration.md, made from the tables. */
#include "settings/state.h"

#include <string.h>

static const char intro[] =
    "# Configuration of srt\n"
    "\n"
    "This page is made from the tables that srt itself checks configurations with (core/settings/keys.h).\n"
    "`srt config` prints every value of a run and where it came from, in the same syntax; `srt plugins NAME` prints\n"
    "the options of a plugin. `examples/team.cfg` is a whole configuration with comments.\n"
    "\n"
    "## Where values come from\n"
    "\n"
    "The later wins:\n"
    "\n"
    "1. the defaults below\n"
    "2. `/etc/srt/srt.cfg`\n"
    "3. `$XDG_CONFIG_HOME/srt/srt.cfg` (`~/.config/srt/srt.cfg`)\n"
    "4. the file of `--config FILE`, or `./srt.cfg` when there is one\n"
    "5. environment variables: `SRT_RUN_JOBS=4` is `run.jobs`; an empty one says nothing\n"
    "6. the command line: `--jobs 4`, or any key by `--set KEY=VALUE`\n"
    "\n"
    "Single values go over those of the layers before. `profiles` are merged by name and key. `suites`, `rules`, "
    "`executors` and `notifiers`\n"
    "are taken as a whole from the last layer that has them, `executor`, `monitor` and `checkpoint` with all their\n"
    "options likewise. On the command line, `--notifier NAME` adds one (`--notifier none` drops all before it), and a\n"
    "plugin that the files name already keeps its other options.\n"
    "\n"
    "`--timeout`, `--profile`, `--leaks`, `--child-kill-timeout`, `--output-max` and `--executor` on the command line "
    "also go over\n"
    "what suites, rules and profiles say. `--set suites.NAME.KEY=VALUE` and `--set profiles.NAME.KEY=VALUE` change one "
    "suite or profile,\n"
    "`--set executor.OPTION=VALUE` one option of a plugin.\n"
    "\n"
    "## How files are written\n"
    "\n"
    "The syntax is that of libconfig: `name = value;`, groups in `{ }`, lists in `( )` or `[ ]`, texts in `\" \"`,\n"
    "comments behind `#` or `//`, or in `/* */`. Files are UTF-8. A line `@include \"other.cfg\"` puts another file\n"
    "there. Relative paths, those of `@include` too, are meant from the folder of the file that says them; on the\n"
    "command line and in the environment, from the working folder.\n"
    "\n"
    "| type | written as |\n"
    "|-|-|\n"
    "| bool | `true`, `false`; elsewhere also `yes`, `no`, `on`, `off`, `1`, `0` |\n"
    "| int, float | `4`, `0.5` |\n"
    "| duration | `\"250ms\"`, `\"30s\"`, `\"2m\"`, `\"1h30m\"`; a bare number is seconds |\n"
    "| size | `\"4K\"`, `\"512M\"`, `\"1.5G\"`, powers of 1024; a bare number is bytes |\n"
    "| percent | `\"80%\"` or `80` |\n"
    "| string, path | `\"text\"` |\n"
    "| choice | one of the texts in the range column |\n"
    "| list | `[ \"a\", \"b\" ]`; in the environment and on the command line `a,b`, with `\\` before a comma that is "
    "meant |\n"
    "| options | a group: `{ option = value; }` |\n"
    "\n"
    "What is wrong is said with file and line, up to ten mistakes at once, and srt ends with status 2. Nothing that "
    "srt\n"
    "does not know is ignored.\n";

static const char *
type_name (guint32 type)
{
  static const struct {
    guint32 type;
    const char *name;
  } rows[] = { { SRT_TYPE_BOOL, "bool" },         { SRT_TYPE_INT, "int" },       { SRT_TYPE_FLOAT, "float" },
               { SRT_TYPE_DURATION, "duration" }, { SRT_TYPE_SIZE, "size" },     { SRT_TYPE_PERCENT, "percent" },
               { SRT_TYPE_PATH, "path" },         { SRT_TYPE_CHOICE, "choice" }, { SRT_TYPE_LIST, "list" },
               { SRT_TYPE_OPTIONS, "options" } };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].type == type)
      return rows[i].name;
  return "string";
}

/* `a` or `b`; "!" before a name (it sets false) is not shown. */
static char *
command_line_names (const SrtDecl *decl)
{
  g_auto (GStrv) names = g_strsplit (decl->cli, " ", -1);
  GString *text = g_string_new (NULL);
  for (guint i = 0; names[i] && names[i][0]; i++) {
    gboolean negates = names[i][0] == '!';
    g_string_append_printf (text, "%s`%s`%s", i > 0 ? ", " : "", names[i] + negates, negates ? " (false)" : "");
  }
  return g_string_free (text, FALSE);
}

/* Texts of the tables stand in cells. */
static void
append_cell (GString *page, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "|", -1);
  g_autofree char *escaped = g_strjoinv ("\\|", parts);
  g_string_append_printf (page, " %s |", escaped);
}

static void
append_row (GString *page, const SrtDecl *decl, const char *name, gboolean with_outside)
{
  g_autofree char *range = srt_decl_range_words (decl);
  g_autofree char *type = g_strconcat (type_name (decl->type), decl->unit[0] ? ", " : "", decl->unit, NULL);
  g_autofree char *def = decl->def[0] ? g_strdup_printf ("`%s`", decl->def) : g_strdup ("");
  g_autofree char *key = g_strdup_printf ("`%s`", name);

  g_string_append_c (page, '|');
  append_cell (page, key);
  append_cell (page, type);
  append_cell (page, def);
  append_cell (page, range ? range : "");
  if (with_outside) {
    g_autofree char *names = command_line_names (decl);
    g_autofree char *variable = srt_decl_variable (decl);
    g_autofree char *outside = g_strdup_printf ("%s%s`%s`", names, names[0] ? ", " : "", variable);
    append_cell (page, outside);
  }
  append_cell (page, decl->help);
  g_string_append_c (page, '\n');
}

static void
append_group (GString *page, const char *group, gsize length)
{
  g_string_append_printf (page,
                          "\n## `%.*s`\n\n"
                          "| key | type | default | range | command line, variable | |\n|-|-|-|-|-|-|\n",
                          (int)length, group);
}

static void
append_settings (GString *page)
{
  const char *group = "";

  for (guint i = 0; i < srt_decl_settings.n; i++) {
    const SrtDecl *decl = &srt_decl_settings.rows[i];
    gsize length = strcspn (decl->name, ".");
    if (strncmp (group, decl->name, length + 1) != 0)
      append_group (page, decl->name, length);
    group = decl->name;
    append_row (page, decl, decl->name + length + 1, TRUE);
  }
}

static void
append_table (GString *page, const SrtDeclTable *table, guint first)
{
  g_string_append (page, "| key | type | default | range | |\n|-|-|-|-|-|\n");
  for (guint i = first; i < table->n; i++)
    append_row (page, &table->rows[i], table->rows[i].name, FALSE);
}

static void
append_suites (GString *page)
{
  g_string_append (
      page,
      "\n## `suites`\n\n"
      "A list of groups, one a suite:\n\n"
      "    suites = (\n"
      "      { name = \"unit\"; paths = [ \"tests/unit\" ]; profile = \"fast\"; },\n"
      "      { name = \"specs\"; paths = [ \"spec\" ]; patterns = [ \"*_spec.spl\" ];\n"
      "        command = [ \"bin/simple\", \"test\", \"{file}\" ]; format = \"tap\"; }\n"
      "    );\n\n"
      "The program of a command is looked up in PATH; with a '/' in it, it is a path. A brace that is not round a\n"
      "word of small letters is a brace, and `{{` is always one.\n\n");
  append_table (page, &srt_decl_suite, 0);
}

static void
append_profiles (GString *page)
{
  g_string_append (page, "\n## `profiles`\n\n"
                         "A group with one group a profile, a named set of limits for one test. These are there from "
                         "the start, and can be\nchanged:\n\n"
                         "| profile | memory | cpu | wall | io_ops | for |\n|-|-|-|-|-|-|\n");
  for (const SrtBuiltinProfile *row = srt_builtin_profiles; row->name; row++)
    g_string_append_printf (page, "| %s | %s | %s | %s | %s | %s |\n", row->name, row->memory, row->cpu, row->wall,
                            row->io_ops, row->help);
  g_string_append (page,
                   "\n    profiles = {\n"
                   "      fast = { memory = \"64M\"; };\n"
                   "      huge = { memory = \"16G\"; wall = \"2h\"; nice = 10; };\n"
                   "    };\n\n"
                   "A test has the profile that a rule gives it, else its suite's, else `run.profile`; without "
                   "any it has only its timeout.\n`--safe-mode` gives those `standard`; `--no-limits` lifts all.\n"
                   "What is not said is not limited.\n\n");
  append_table (page, &srt_decl_profile, 0);
}

static void
append_rules (GString *page)
{
  g_string_append (
      page, "\n## `rules`\n\n"
            "A list of groups that say more of the tests whose id or name matches:\n\n"
            "    rules = (\n"
            "      { match = \"system/*\"; profile = \"slow\"; },\n"
            "      { match = [ \"*_bench\", \"*/stress_*\" ]; timeout = \"20m\"; memory = \"3G\"; }\n"
            "    );\n\n"
            "Every rule that matches counts; of two that say the same key, the later one. A rule may say each "
            "limit of a profile,\n`memory` to `output_max`: it goes over the profile's. The timeout is the first "
            "of these that is said: a rule's own, `wall` of\na rule's profile, the suite's, `wall` of its "
            "profile, `run.timeout`; `output_max` likewise. Besides:\n\n");
  append_table (page, &srt_decl_rule, SRT_N_LIMIT_KEYS);
}

static void
append_heartbeat (GString *page)
{
  g_string_append (
      page,
      "\n## `heartbeat`\n\n"
      "A test of which nobody can say how long it takes, but that works all the time, says so instead:\n\n"
      "    suites = ( { name = \"soak\"; paths = [ \"soak\" ]; timeout = 0; heartbeat = \"30s\"; } );\n"
      "    rules = ( { match = \"*_import\"; heartbeat = \"2m\"; } );\n\n"
      "It finds an open descriptor whose number is in `SRT_HEARTBEAT_FD`, and the period in `SRT_HEARTBEAT_MS`. "
      "Whatever "
      "it\n"
      "writes there, a byte is enough, is a beat; several at a time are one. The first is due a period after its "
      "start. "
      "When none\n"
      "comes for longer than the period, the test gets its termination signal and the grace, as with a timeout, and "
      "the "
      "verdict is\n"
      "HUNG: `no heartbeat for 30s; the last of 13 came 65.204s after its start`. Time in which srt had frozen it does "
      "not count. The\n"
      "timeout counts besides, where there is one. In sh:\n\n"
      "    beat () { [ -z \"$SRT_HEARTBEAT_FD\" ] || echo >&\"$SRT_HEARTBEAT_FD\"; }\n"
      "    for file in *.in; do convert \"$file\" || exit 1; beat; done\n\n"
      "In Python:\n\n"
      "    def beat():\n"
      "        if \"SRT_HEARTBEAT_FD\" in os.environ:\n"
      "            os.write(int(os.environ[\"SRT_HEARTBEAT_FD\"]), b\"\\n\")\n\n"
      "In C:\n\n"
      "    const char *fd = getenv (\"SRT_HEARTBEAT_FD\");\n"
      "    if (fd != NULL && write (atoi (fd), \"\", 1) < 0)\n"
      "      perror (\"heartbeat\");\n\n"
      "Beat from where the work is done, not from a thread or a child that beats whatever happens. A test without a "
      "heartbeat, one\n"
      "started by hand, and every test under `--no-limits` has neither variable.\n\n"
      "- Programs that a test starts have the descriptor too, unless something between closes it (Python's "
      "`subprocess` "
      "does, without\n"
      "  `pass_fds`). A beat of theirs counts like one of the test; a descriptor that is closed is silence, and one "
      "that "
      "somebody\n"
      "  holds after the test's end holds up nothing.\n"
      "- Where only a file will do, it is `/dev/fd/$SRT_HEARTBEAT_FD`, for whoever has the descriptor.\n"
      "- srt looks 50 times a second at most, or 8 times a period where that is shorter. Who writes more than 64 KiB "
      "in "
      "between waits\n"
      "  as long.\n"
      "- An executor that cannot watch it is named in a warning before the first test.\n");
}

static void
append_plugins (GString *page)
{
  g_string_append (page, "\n## `executor`, `monitor`, `checkpoint`, `notifiers`\n\n"
                         "The plugins of a run, by name, or by a group with a name and the plugin's options:\n\n"
                         "    executor = \"process\";\n"
                         "    checkpoint = { name = \"sdn\"; path = \"progress.sdn\"; };\n"
                         "    notifiers = ( \"console\", { name = \"junit\"; path = \"out.xml\"; } );\n\n"
                         "| group | default | command line | |\n|-|-|-|-|\n");
  for (guint i = 0; i < SRT_N_KINDS; i++) {
    const SrtKindDecl *decl = &srt_kind_decls[i];
    /* The page must be the same wherever it is made. */
    const char *def = decl->kind == SRT_KIND_MONITOR ? "that of the system: `linux`, `macos`" : decl->def;
    const char *tick = decl->kind == SRT_KIND_MONITOR ? "" : "`";
    g_string_append_printf (page, "| `%s` | %s%s%s | `--%.*s NAME[:OPTION=VALUE,…]`%s | %s |\n", decl->group, tick, def,
                            tick, (int)strlen (decl->group) - (decl->many ? 1 : 0), decl->group,
                            decl->kind == SRT_KIND_CHECKPOINT ? ", `--no-checkpoint`" : "", decl->help);
  }
}

static void
append_executors (GString *page)
{
  g_string_append (
      page,
      "\n## `executors`\n\n"
      "The tests of one run may run in several places. `executor` is where they run unless something nearer to them "
      "names another;\n`executors` lists those others with their options:\n\n"
      "    executor = \"process\";\n"
      "    executors = ( { name = \"container\"; runtime = \"podman\"; } );\n"
      "    suites = (\n"
      "      { name = \"unit\"; paths = [ \"tests/unit\" ]; },\n"
      "      { name = \"database\"; paths = [ \"tests/db\" ]; executor = { name = \"container\"; image = "
      "\"postgres:16\"; }; }\n"
      "    );\n"
      "    rules = ( { match = \"*/root_*\"; executor = \"container\"; } );\n\n"
      "A suite of many small tests need not have a container for each: `executor = { reuse = 50; };` (see the plugin's "
      "README).\n\n"
      "- A test runs where a rule says, else the profile of a rule, else its suite, else its suite's profile, else "
      "`executor`.\n"
      "- Options in a suite's group are for its own tests: those options that the executor takes of single tests. They "
      "count on the\n  executor that the group names; without a name, on the one that the suite has from its profile "
      "or "
      "the run. Tests that a rule\n  sends elsewhere do not have them.\n"
      "- Options that contradict each other, or ask for what is not there (an image, a mount), are refused before the "
      "first test, with\n  the place in the suite.\n"
      "- An executor that needs no options need not be listed. One that no test of the run needs is not started.\n"
      "- `--executor NAME` goes over all of this: every test runs there, with the options that `executors` gives it.\n"
      "- `run.jobs` counts the tests of all executors together. One that takes fewer at once bounds its own tests "
      "only.\n"
      "- With --resume, where a test runs is part of what it is: srt says when that has changed.\n");
}

char *
srt_settings_reference (void)
{
  GString *page = g_string_new (intro);

  append_settings (page);
  append_suites (page);
  append_profiles (page);
  append_rules (page);
  append_heartbeat (page);
  append_plugins (page);
  append_executors (page);
  return g_string_free (page, FALSE);
}
