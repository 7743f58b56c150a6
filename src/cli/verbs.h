/**
 * The table of all verbs, and what finds one in it.
 */
#ifndef CW_CLI_VERBS_H
#define CW_CLI_VERBS_H

#include "cli/call.h"

extern const struct cw_verb cw_verb_cert_accept;
extern const struct cw_verb cw_verb_cert_chain;
extern const struct cw_verb cw_verb_cert_convert;
extern const struct cw_verb cw_verb_cert_diff;
extern const struct cw_verb cw_verb_cert_show;
extern const struct cw_verb cw_verb_cert_split;
extern const struct cw_verb cw_verb_cert_verify;
extern const struct cw_verb cw_verb_check;
extern const struct cw_verb cw_verb_horizon;
extern const struct cw_verb cw_verb_capture;
extern const struct cw_verb cw_verb_client_test;
extern const struct cw_verb cw_verb_collect;
extern const struct cw_verb cw_verb_crl_fetch;
extern const struct cw_verb cw_verb_csr_discard;
extern const struct cw_verb cw_verb_csr_new;
extern const struct cw_verb cw_verb_csr_show;
extern const struct cw_verb cw_verb_diff;
extern const struct cw_verb cw_verb_explain;
extern const struct cw_verb cw_verb_ca_new;
extern const struct cw_verb cw_verb_ca_sign;
extern const struct cw_verb cw_verb_fix;
extern const struct cw_verb cw_verb_help;
extern const struct cw_verb cw_verb_import;
extern const struct cw_verb cw_verb_lab_break;
extern const struct cw_verb cw_verb_lab_exercise;
extern const struct cw_verb cw_verb_lab_export;
extern const struct cw_verb cw_verb_lab_faults;
extern const struct cw_verb cw_verb_lab_new;
extern const struct cw_verb cw_verb_lab_repair;
extern const struct cw_verb cw_verb_lab_restart;
extern const struct cw_verb cw_verb_lab_up;
extern const struct cw_verb cw_verb_log;
extern const struct cw_verb cw_verb_probe;
extern const struct cw_verb cw_verb_sign_in;
extern const struct cw_verb cw_verb_desk;
extern const struct cw_verb cw_verb_node_history;
extern const struct cw_verb cw_verb_node_init;
extern const struct cw_verb cw_verb_node_run;
extern const struct cw_verb cw_verb_node_status;
extern const struct cw_verb cw_verb_node_link;
extern const struct cw_verb cw_verb_node_try;
extern const struct cw_verb cw_verb_rehearse;
extern const struct cw_verb cw_verb_renew;
extern const struct cw_verb cw_verb_trust_append;
extern const struct cw_verb cw_verb_trust_diff;
extern const struct cw_verb cw_verb_trust_list;
extern const struct cw_verb cw_verb_trust_move;
extern const struct cw_verb cw_verb_trust_remove;
extern const struct cw_verb cw_verb_trust_tidy;
extern const struct cw_verb cw_verb_version;
extern const struct cw_verb cw_verb_watch;
extern const struct cw_verb cw_verb_whatif;

/** All verbs, in the order in which help lists them. */
const struct cw_verb *const *cw_verbs(size_t *count);

/**
 * The verb that these words begin with ("check …", "cert show …"); `*used` gets how many words that took.
 * CW_E_USAGE for no verb, an unknown one (with a "did you mean") and a group without its second word.
 */
CW_MUST_USE bool cw_verb_find(
	char *const *words, size_t count, const struct cw_verb **ret, size_t *used, struct cw_error *error);

/** `name` is the first word of verbs that have a second one ("cert"). */
bool cw_verb_is_group(const char *name);

/** "check", "cert show" into `text`. Returns `text`. */
#define CW_VERB_TEXT_SIZE 64
const char *cw_verb_text(const struct cw_verb *verb, char text[CW_VERB_TEXT_SIZE]);

/**
 * Runs the program: finds the verb, reads its options, calls it. `words` leaves out the program's name.
 * Errors go to `err`; --help before `--` shows the help of what was named.
 */
enum cw_exit cw_verbs_run(char *const *words, size_t count, FILE *out, FILE *err, cw_time now, bool colour);

#endif
