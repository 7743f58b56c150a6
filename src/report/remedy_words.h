/**
 * The vendor's words for where something is done: one table of menu paths and steps by kind of box, action
 * and store. Says how to get there; what is to be done there stands in the remedy itself.
 */
#ifndef CW_REPORT_REMEDY_WORDS_H
#define CW_REPORT_REMEDY_WORDS_H

#include "check/remedy.h"

/* Who is told: a kind of node, or a kind of endpoint. */
enum cw_told {
	CW_TOLD_EXPRESSWAY = 1,
	CW_TOLD_UC = 2, /* CUCM, IM&P, Unity Connection: all have Cisco Unified OS Administration */
	CW_TOLD_FRONT = 4,
	CW_TOLD_JABBER = 8,
	CW_TOLD_TELEPRESENCE = 16,
	CW_TOLD_PHONE = 32,
};

/**
 * Placeholders in the texts: "%p" the release's security page, "%c" the certificate, "%b" the one that stands
 * before it, "%n" the names it must carry, "%e" the key purposes, "%v" the value, "%s" the store or setting,
 * "%z" the zone, "%a" the advice of the finding's own row (also taken where "%v" is not known).
 */
struct cw_remedy_words {
	unsigned told; /* CW_TOLD_…, or'ed */
	enum cw_action action;
	const char *key;   /* the store or identity; of CW_ACTION_SET the setting; NULL: any */
	const char *where; /* both texts: see the placeholders above */
	const char *what;
	const char *then; /* what must follow, or NULL */
};

/** A server certificate is used after this (sources F1.1). */
#define CW_REMEDY_WORDS_RESTART "Maintenance > Restart options > Restart"
/** After a change of an Expressway's list the guides want a restart too (sources F1.1); where zone and tunnels came up
 * without it, it would be an outage for nothing. */
#define CW_REMEDY_WORDS_LOOK \
	"zone Active, SSH tunnels active within two retries; only if not: " CW_REMEDY_WORDS_RESTART

/** The words for this, or NULL. */
const struct cw_remedy_words *cw_remedy_words_find(enum cw_told told, enum cw_action action, const char *key);

#endif
