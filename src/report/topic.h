/**
 * The background chapters of `causeway explain`: plain text files in src/report/topics, built in.
 *
 * To add one: write topics/NAME.txt (its first line is "NAME: what it is about", lines of at most 80 columns
 * but for drawings and commands), and list it in CW_TOPIC_LIST and in CMakeLists.txt.
 */
#ifndef CW_REPORT_TOPIC_H
#define CW_REPORT_TOPIC_H

#include <stddef.h>

/* In the order in which they are listed: a way to read them all. */
#define CW_TOPIC_LIST(X) \
	X(chain, "chain") \
	X(handshake, "handshake") \
	X(eku, "eku") \
	X(names, "names") \
	X(trust_list, "trust-list") \
	X(tunnels, "tunnels") \
	X(cucm, "cucm") \
	X(clusters, "clusters") \
	X(phones, "phones") \
	X(sign, "sign") \
	X(states, "states")

struct cw_topic {
	const char *name;
	const char *text; /* the whole chapter; its first line is the name and the title */
};

/** All topics. */
const struct cw_topic *cw_topic_all(size_t *count);

/**
 * The topic of this name, upper and lower case alike, or the only one whose name begins so ("trust"), or the one that
 * explains this word ("degraded"); NULL: none.
 */
const struct cw_topic *cw_topic_find(const char *name);

/** The title, and how long it is: the first line without the name. */
const char *cw_topic_title(const struct cw_topic *topic, size_t *length);

#endif
