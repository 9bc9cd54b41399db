/* SPDX-License-Identifier: MIT */
#include "run/executors.h"

#include "run/enforcement.h"

struct SrtExecutors {
  GPtrArray *list;       /* of SrtExecutor, in the order of their first tests */
  SrtExecutor **of_test; /* by the test's index in the plan; NULL: not to run */
  gpointer owner;
  srt_post_fn done;
  void *done_data;
};

/* --- life ----------------------------------------------------------------------------------------------------- */

static void
leave (SrtExecutor *executor)
{
  g_clear_pointer (&executor->instance, srt_instance_free);
}

static void
executor_free (gpointer data)
{
  SrtExecutor *executor = data;
  leave (executor);
  g_clear_pointer (&executor->job_options, g_hash_table_unref);
  g_ptr_array_unref ((GPtrArray *)executor->tests);
  g_free (executor->taken);
  g_free (executor);
}

static SrtExecutor *
find (SrtExecutors *executors, const char *name)
{
  for (guint i = 0; i < executors->list->len; i++) {
    SrtExecutor *executor = executors->list->pdata[i];
    if (g_str_equal (executor->name, name))
      return executor;
  }
  SrtExecutor *executor = g_new0 (SrtExecutor, 1);
  executor->all = executors;
  executor->name = name;
  executor->tests = g_ptr_array_new ();
  g_ptr_array_add (executors->list, executor);
  return executor;
}

SrtExecutors *
srt_executors_new (const GPtrArray *todo, guint total, guint32 slots)
{
  SrtExecutors *executors = g_new0 (SrtExecutors, 1);
  executors->list = g_ptr_array_new_with_free_func (executor_free);
  executors->of_test = g_new0 (SrtExecutor *, MAX (total, 1));
  for (guint i = 0; i < todo->len; i++) {
    SrtTest *test = g_ptr_array_index (todo, i);
    SrtExecutor *executor = find (executors, test->executor);
    g_ptr_array_add ((GPtrArray *)executor->tests, test);
    executors->of_test[test->pub.index] = executor;
  }
  for (guint i = 0; i < executors->list->len; i++) {
    SrtExecutor *executor = executors->list->pdata[i];
    executor->slots = executor->capacity = MIN (slots, executor->tests->len);
    executor->taken = g_new0 (guint8, executor->slots);
  }
  return executors;
}

void
srt_executors_leave (SrtExecutors *executors)
{
  for (guint i = 0; i < executors->list->len; i++)
    leave (executors->list->pdata[i]);
}

void
srt_executors_free (SrtExecutors *executors)
{
  g_ptr_array_unref (executors->list);
  g_free (executors->of_test);
  g_free (executors);
}

void
srt_executor_attach (SrtExecutor *executor, SrtInstance *instance, const srt_executor_ops *ops,
                     const srt_executor_info *info, GHashTable *job_options)
{
  executor->instance = instance;
  executor->self = srt_instance_self (instance);
  executor->ops = ops;
  executor->info = *info;
  executor->job_options = job_options;
  if (info->slots > 0)
    executor->capacity = MIN (executor->slots, info->slots);
}

/* An error blames the place where the suite says the first of its options; one without any, who asks for the executor.
 */
static gboolean
check_options (const SrtExecutor *executor, GError **error)
{
  const SrtSuite *before = NULL;
  for (guint i = 0; executor->ops->accepts_options && i < executor->tests->len; i++) {
    const SrtTest *test = g_ptr_array_index (executor->tests, i);
    if (test->suite == before)
      continue;
    before = test->suite;
    const srt_values *options = g_hash_table_lookup (executor->job_options, before);
    int32_t status = executor->ops->accepts_options (executor->self, options);
    if (status == SRT_OK)
      continue;
    srt_instance_take_error (executor->instance, status, NULL, error);
    if (!test->executor_options || test->executor_options->len == 0)
      return srt_parts_blame (executor->use, error);
    const SrtRawOption *first = g_ptr_array_index (test->executor_options, 0);
    g_autofree char *place = srt_origin_text (&first->origin);
    g_prefix_error (error, "%s: ", place);
    return FALSE;
  }
  return TRUE;
}

static gboolean
make (SrtExecutor *executor, const SrtParts *parts, const srt_executor_events *events, GError **error)
{
  const SrtModule *module;
  srt_executor_info info = { .size = sizeof info };
  executor->use = srt_settings_executor (parts->settings, executor->name);
  g_autoptr (SrtInstance) instance = srt_parts_make (parts, executor->use, events, executor, &module, error);
  if (!instance)
    return FALSE;
  const srt_executor_ops *ops = &module->ops.executor;
  int32_t status = ops->describe (srt_instance_self (instance), &info);
  if (status != SRT_OK) {
    srt_instance_take_error (instance, status, NULL, error);
    return srt_parts_blame (executor->use, error);
  }
  GHashTable *job_options = srt_parts_job_options (parts, module, executor->tests, error);
  if (!job_options)
    return FALSE;
  srt_executor_attach (executor, g_steal_pointer (&instance), ops, &info, job_options);
  if (!srt_enforcement_check (executor->tests, executor->instance, ops, error))
    return srt_parts_blame (executor->use, error);
  return check_options (executor, error);
}

gboolean
srt_executors_make (SrtExecutors *executors, const SrtParts *parts, const srt_executor_events *events,
                    SrtNotify *notify, GError **error)
{
  for (guint i = 0; i < executors->list->len; i++)
    if (!make (executors->list->pdata[i], parts, events, error))
      return FALSE;
  for (guint i = 0; i < executors->list->len; i++) {
    const SrtExecutor *executor = executors->list->pdata[i];
    srt_enforcement_tell (notify, executor->tests, executor->instance, executor->ops, &executor->info);
  }
  return TRUE;
}

gboolean
srt_executors_prepare (SrtExecutors *executors, GError **error)
{
  for (guint i = 0; i < executors->list->len; i++) {
    const SrtExecutor *executor = executors->list->pdata[i];
    int32_t status = executor->ops->prepare ? executor->ops->prepare (executor->self, executor->capacity) : SRT_OK;
    if (status == SRT_OK)
      continue;
    srt_instance_take_error (executor->instance, status, NULL, error);
    return srt_parts_blame (executor->use, error);
  }
  return TRUE;
}

/* --- who is there --------------------------------------------------------------------------------------------- */

guint
srt_executors_n (const SrtExecutors *executors)
{
  return executors->list->len;
}

SrtExecutor *
srt_executors_get (const SrtExecutors *executors, guint i)
{
  return executors->list->pdata[i];
}

SrtExecutor *
srt_executors_of (const SrtExecutors *executors, const SrtTest *test)
{
  return executors->of_test[test->pub.index];
}

void
srt_executors_set_owner (SrtExecutors *executors, gpointer owner)
{
  executors->owner = owner;
}

gpointer
srt_executors_owner (const SrtExecutors *executors)
{
  return executors->owner;
}

gboolean
srt_executor_is_local (const SrtExecutor *executor)
{
  return executor->info.domain != SRT_DOMAIN_REMOTE;
}

guint
srt_executors_n_local (const SrtExecutors *executors)
{
  guint n = 0;
  for (guint i = 0; i < executors->list->len; i++)
    n += srt_executor_is_local (executors->list->pdata[i]) != 0;
  return n;
}

gboolean
srt_executors_any_local_freezes (const SrtExecutors *executors)
{
  for (guint i = 0; i < executors->list->len; i++) {
    const SrtExecutor *executor = executors->list->pdata[i];
    if (srt_executor_is_local (executor) && executor->info.can_freeze)
      return TRUE;
  }
  return FALSE;
}

char *
srt_executors_names (const SrtExecutors *executors, const char *own)
{
  GString *names = g_string_new (executors->list->len == 0 ? own : NULL);
  for (guint i = 0; i < executors->list->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? " + " : "", ((const SrtExecutor *)executors->list->pdata[i])->name);
  return g_string_free (names, FALSE);
}

char *
srt_executors_tiers (const SrtExecutors *executors)
{
  GString *tiers = g_string_new (NULL);
  const char *untold = executors->list->len > 1 ? "not told" : "";
  for (guint i = 0; i < executors->list->len; i++) {
    const char *tier = ((const SrtExecutor *)executors->list->pdata[i])->info.tier;
    g_string_append_printf (tiers, "%s%s", i > 0 ? " + " : "", tier && *tier ? tier : untold);
  }
  return g_string_free (tiers, FALSE);
}

/* --- slots ---------------------------------------------------------------------------------------------------- */

/* G_MAXUINT32: none is free. */
static guint32
free_slot (const SrtExecutor *executor)
{
  for (guint32 i = 0; i < MIN (executor->slots, executor->capacity); i++)
    if (!executor->taken[i])
      return i;
  return G_MAXUINT32;
}

gboolean
srt_executor_has_slot (const SrtExecutor *executor)
{
  return free_slot (executor) != G_MAXUINT32;
}

guint32
srt_executor_take_slot (SrtExecutor *executor)
{
  guint32 slot = free_slot (executor);
  executor->taken[slot] = TRUE;
  return slot;
}

void
srt_executor_give_slot (SrtExecutor *executor, guint32 slot)
{
  executor->taken[slot] = FALSE;
}

void
srt_executor_set_capacity (SrtExecutor *executor, guint32 slots)
{
  executor->capacity = slots;
}

/* --- what all of them do -------------------------------------------------------------------------------------- */

void
srt_executors_set_usage_period (SrtExecutors *executors, guint64 period_ns)
{
  for (guint i = 0; i < executors->list->len; i++) {
    const SrtExecutor *executor = executors->list->pdata[i];
    if (executor->ops->set_usage_period)
      executor->ops->set_usage_period (executor->self, period_ns);
  }
}

/* DATA has left; one that says so again has said nothing. */
static void
on_left (void *data)
{
  SrtExecutor *executor = data;
  SrtExecutors *executors = executor->all;
  if (executor->left)
    return;
  executor->left = TRUE;
  for (guint i = 0; i < executors->list->len; i++)
    if (!((const SrtExecutor *)executors->list->pdata[i])->left)
      return;
  executors->done (executors->done_data);
}

void
srt_executors_shut_down (SrtExecutors *executors, guint64 deadline_ns, srt_post_fn done, void *data)
{
  executors->done = done;
  executors->done_data = data;
  for (guint i = 0; i < executors->list->len; i++) {
    SrtExecutor *executor = executors->list->pdata[i];
    if (executor->ops->shutdown)
      executor->ops->shutdown (executor->self, deadline_ns, on_left, executor);
    else
      on_left (executor);
  }
  if (executors->list->len == 0)
    done (data);
}

char *
srt_executors_staying (const SrtExecutors *executors)
{
  GString *names = g_string_new (NULL);
  for (guint i = 0; i < executors->list->len; i++) {
    const SrtExecutor *executor = executors->list->pdata[i];
    if (!executor->left)
      g_string_append_printf (names, "%sexecutor %s", names->len > 0 ? ", " : "", executor->name);
  }
  return g_string_free (names, FALSE);
}
