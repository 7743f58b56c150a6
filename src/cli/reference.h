/**
 * The verb table and the keys of the deployment file in other forms: man pages, completion for three shells, a JSON
 * schema.
 *
 * Made of the same rows as the help, so that neither can be older than the program.
 */
#ifndef CW_CLI_REFERENCE_H
#define CW_CLI_REFERENCE_H

#include "cli/verbs.h"

/** causeway(1), in the man macros. */
void cw_reference_man(struct cw_buffer *ret);
/** causeway-check(1) and the like: one verb. */
void cw_reference_man_verb(struct cw_buffer *ret, const struct cw_verb *verb);
/** causeway-deployment(5): every key with kind of value, default, where it is found, example. */
void cw_reference_deployment(struct cw_buffer *ret);
/** causeway-node(5): the keys that only node.yaml has; and the same as docs/node-keys.md. */
void cw_reference_node(struct cw_buffer *ret);
void cw_reference_node_table(struct cw_buffer *ret);
/** The table of the deployment file as a JSON schema (draft 7), for editors. */
void cw_reference_schema(struct cw_buffer *ret);
/** The verbs, one a line, as words. */
void cw_reference_verbs(struct cw_buffer *ret);

/** Appends a line of text for roff: a backslash is itself, a dash is the one that is typed, no line is a request. */
void cw_reference_roff(struct cw_buffer *ret, const char *text, size_t length);
/** Appends lines; in place of an empty one stands `empty` (".PP\n", or "\n" in an example). */
void cw_reference_roff_lines(struct cw_buffer *ret, const char *text, const char *empty);
/** Appends the name of a verb's page for roff: "causeway\-cert\-show". */
void cw_reference_page(struct cw_buffer *ret, const char *verb);

/** A completion script for bash. */
void cw_reference_bash(struct cw_buffer *ret);
/** The same for zsh. */
void cw_reference_zsh(struct cw_buffer *ret);
/** The same for fish. */
void cw_reference_fish(struct cw_buffer *ret);

/** No verb before this one has its first word: a group is told once. */
bool cw_reference_first(const struct cw_verb *verb);

/** What a word of this kind can be, separated by spaces: the choices of an option, the codes for CODE, codes
 * and topics for explain. Nothing is appended where only the caller knows (files, times, names). */
void cw_reference_values(struct cw_buffer *ret, const struct cw_option *option);
void cw_reference_words(struct cw_buffer *ret, const struct cw_verb *verb);

#endif
