/**
 * The verb table in other forms: the man page, and completion for two shells.
 *
 * Made of the same rows as the help, so that neither can be older than the program.
 */
#ifndef CW_CLI_REFERENCE_H
#define CW_CLI_REFERENCE_H

#include "cli/verbs.h"

/** causeway(1), in the man macros. */
void cw_reference_man(struct cw_buffer *ret);
/** A completion script for bash. */
void cw_reference_bash(struct cw_buffer *ret);
/** The same for zsh. */
void cw_reference_zsh(struct cw_buffer *ret);

/** No verb before this one has its first word: a group is told once. */
bool cw_reference_first(const struct cw_verb *verb);

/** What a word of this kind can be, separated by spaces: the choices of an option, the codes for CODE, codes
 * and topics for explain. Nothing is appended where only the caller knows (files, times, names). */
void cw_reference_values(struct cw_buffer *ret, const struct cw_option *option);
void cw_reference_words(struct cw_buffer *ret, const struct cw_verb *verb);

#endif
