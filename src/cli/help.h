/**
 * Help, made from the verb table: what Causeway is for and how to begin, a group, one verb.
 */
#ifndef CW_CLI_HELP_H
#define CW_CLI_HELP_H

#include "cli/verbs.h"

/** What it is for, the first steps, every verb in a line. */
void cw_help_overview(struct cw_buffer *buffer);
/** The verbs of one group ("cert"). */
void cw_help_group(struct cw_buffer *buffer, const char *name);
/** Usage, what it does, options, worked example. */
void cw_help_verb(struct cw_buffer *buffer, const struct cw_verb *verb);
/** The usage line alone: for errors. */
void cw_help_usage(struct cw_buffer *buffer, const struct cw_verb *verb);

#endif
