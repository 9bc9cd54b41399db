/* SPDX-License-Identifier: MIT
 * What a configuration file says, as a tree that knows nothing of libconfig. Immutable once read. */
#pragma once
#include "settings/problems.h"

typedef enum { SRT_NODE_SCALAR, SRT_NODE_GROUP, SRT_NODE_SEQUENCE } SrtNodeType;

typedef struct {
  SrtNodeType type;
  char *name;          /* NULL inside a sequence */
  int raw_type;        /* of a scalar: SRT_RAW_* */
  char *text;          /* of a scalar */
  GPtrArray *children; /* of SrtNode; NULL for a scalar */
  SrtOrigin origin;
} SrtNode;

/* The root group of the file PATH (absolute), called SHOWN in messages. NULL: there are new problems, or the file is
 * missing and that is no problem (MISSING_OK). */
SrtNode *srt_node_read (const char *path, const char *shown, gboolean missing_ok, SrtProblems *problems);
void srt_node_free (SrtNode *node);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SrtNode, srt_node_free)

const SrtNode *srt_node_child (const SrtNode *group, const char *name);

/* The option that a scalar, or a sequence of scalars, is; NULL for all else. */
SrtRawOption *srt_node_option (const SrtNode *node, const char *name);
