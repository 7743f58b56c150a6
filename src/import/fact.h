/**
 * What a source can say of a box besides its certificates: one row for each setting that the deployment file
 * has a word for, under the names that the boxes give it.
 *
 * Dumps hold thousands of settings; what has no row here is not kept. Passwords have no row. The key words
 * are those of xConfiguration and xStatus ("Administrator Guide X15.0, Reference Material: Command
 * Reference"); XML dumps use the same words as elements, REST answers their own (src/import/source/reading_json.c).
 */
#ifndef CW_IMPORT_FACT_H
#define CW_IMPORT_FACT_H

#include "base/error.h"

#include <stddef.h>

enum cw_fact_key {
	CW_FACT_RELEASE, /* "X14.2.5" */
	CW_FACT_HOST_NAME,
	CW_FACT_DOMAIN_NAME,
	CW_FACT_ADDRESS, /* of the box itself: an IP address */
	CW_FACT_FQDN,	 /* said as a whole by the source */
	CW_FACT_CLUSTER_NAME,
	CW_FACT_CLUSTER_PEER, /* a: number of the peer */
	CW_FACT_ZONE_NAME,    /* a: number of the zone, in all CW_FACT_ZONE_… */
	CW_FACT_ZONE_TYPE,    /* "TraversalClient", "TraversalServer", "Neighbor", … */
	CW_FACT_ZONE_C_PEER,  /* b: number of the peer */
	CW_FACT_ZONE_C_PORT,
	CW_FACT_ZONE_C_USER,
	CW_FACT_ZONE_C_EDGE,   /* "On": the Unified Communications traversal zone */
	CW_FACT_ZONE_C_VERIFY, /* TLS verify mode */
	CW_FACT_ZONE_E_PORT,
	CW_FACT_ZONE_E_USER,
	CW_FACT_ZONE_E_EDGE,
	CW_FACT_ZONE_E_VERIFY,
	CW_FACT_ZONE_E_VERIFY_NAME,
	CW_FACT_ZONE_NEIGHBOR_PEER, /* b */
	CW_FACT_DOMAIN,		    /* a: number of the domain, in all CW_FACT_DOMAIN_… */
	CW_FACT_DOMAIN_EDGE,	    /* "On" where endpoints may register for it through MRA */
	CW_FACT_DOMAIN_FEDERATION,
	CW_FACT_REVOCATION,
	CW_FACT_REVOCATION_CRL,
	CW_FACT_REVOCATION_FALLBACK, /* "Fail", "Ignore" */
	CW_FACT_EKU_CHECK,
	CW_FACT_SERVER_EKU_UPLOAD,
	CW_FACT_TUNNEL_KEYS,
	CW_FACT_VERIFY_ORIGIN,
	CW_FACT_CLUSTER_VERIFY, /* "Permissive", "Enforcing" */
	CW_FACT_MRA,		/* "On" */
	CW_FACT_CUCM_ADDRESS,	/* a: number of the entry, in all CW_FACT_CUCM_… and CW_FACT_IMP_… */
	CW_FACT_CUCM_VERIFY,
	CW_FACT_IMP_ADDRESS,
	CW_FACT_IMP_VERIFY,
	CW_FACT_SECURITY_MODE, /* of a CUCM cluster: "0", "1" (mixed) */
	CW_FACT_VOICE_NODE,    /* a: number of the process node, in all CW_FACT_VOICE_… */
	CW_FACT_VOICE_USAGE,   /* "Publisher", "Subscriber" */
	CW_FACT_VOICE_ROLE,    /* "CUCM Voice/Video", "CUCM IM and Presence" */
	CW_FACT_VOICE_RELEASE, /* "14.0.1.12900-161" */
	CW_FACT_PROFILE,       /* a: number of the phone security profile, in all CW_FACT_PROFILE_… */
	CW_FACT_PROFILE_MODE,  /* "Encrypted" */
	CW_FACT_PHONE_MODEL,   /* "Cisco 8845": a model that CUCM has devices of */
	CW_FACT_LIST_NAME,     /* a trust certificate that a node lists: "tomcat-trust/NAME.pem" */
	CW_FACT_SIGNED_HOST,   /* a: number of a CallManager record in `show itl`, `show ctl` */
	CW_FACT_SIGNED_SHA1,   /* a: of the certificate in it */
	CW_FACT_KEY_COUNT
};

/* Against numbers that are no positions: a box has at most 1,000 zones and 200 domains. */
#define CW_FACT_NUMBER_MAX 100000

/**
 * The row that these words name, and the numbers in them. Words are separated by one space, a number stands
 * behind its word with a dot ("Zones Zone.6 TraversalClient Peer.1 Address"); a word without a number is the
 * first. Case and spaces do not count. False: no row.
 */
bool cw_fact_find(const char *words, enum cw_fact_key *ret, unsigned *ret_a, unsigned *ret_b);

/** What the setting is called where it was met: "Zones Zone # SIP TLS Verify Subject Name" for comments. */
const char *cw_fact_words(enum cw_fact_key key);

/**
 * A word of a path (an xConfiguration key, an XML element, a JSON key) whose value is a secret: a password, a
 * pass phrase, a private key, a community, a token. Its value is never kept.
 */
bool cw_fact_is_secret(const char *word);

#endif
