/**
 * The kinds of values that a deployment file has: texts, host names, switches, words out of a few, ports.
 *
 * Every function takes what stands under a key, or NULL where the key is not given: then, and where the value
 * is wrong (which is added to the problems), the output keeps its default.
 */
#ifndef CW_CONFIG_VALUES_H
#define CW_CONFIG_VALUES_H

#include "config/yaml_tree.h"
#include "model/deployment.h"

/* Against endless lists of names; the vendor's limits are under 500. */
#define CW_NAMES_MAX 10000

struct cw_value_word {
	const char *name;
	int value;
};

/** The text of a value that is not empty and has no control characters; NULL otherwise. Borrowed. */
const char *cw_value_text(struct cw_problems *problems, const struct cw_yaml *value, const char *wanted);

/** A copy of such a text, into `*ret`. */
void cw_value_copy(struct cw_problems *problems, const struct cw_yaml *value, const char *wanted, char **ret);

/** A host name (underscores too: the judge has a word on them) or IP address, without scheme or port. */
const char *cw_value_host(struct cw_problems *problems, const struct cw_yaml *value);
void cw_value_host_copy(struct cw_problems *problems, const struct cw_yaml *value, char **ret);

/** A list of host names; with `one_will_do` a single one too. */
void cw_value_hosts(
	struct cw_problems *problems, const struct cw_yaml *value, bool one_will_do, struct cw_strings *ret);

/** YAML's spellings of a boolean, quoted or not, in any case: yes, no, true, false, on, off, y, n. */
void cw_value_on_off(struct cw_problems *problems, const struct cw_yaml *value, bool *ret);

/** One of `count` words. A word "on" or "off" may be spelled as any boolean. */
void cw_value_choice(struct cw_problems *problems, const struct cw_yaml *value,
	const struct cw_value_word *choices, size_t count, int *ret);

/** 1 to 65535. */
void cw_value_port(struct cw_problems *problems, const struct cw_yaml *value, unsigned *ret);

void cw_value_release(
	struct cw_problems *problems, const struct cw_yaml *value, bool expressway, struct cw_release *ret);
/** A list of one-line texts of any kind. */
void cw_value_texts(struct cw_problems *problems, const struct cw_yaml *value, struct cw_strings *ret);

/** True for a list; anything else that is given is a problem. */
bool cw_value_is_list(struct cw_problems *problems, const struct cw_yaml *value, const char *wanted);

/** Says that `wanted` was wanted and what was found instead. The text itself only where `show` is set. */
void cw_value_wrong(struct cw_problems *problems, const struct cw_yaml *value, const char *wanted, bool show);

#endif
