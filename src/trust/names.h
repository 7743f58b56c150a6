/**
 * Does a certificate bear a name? RFC 6125 §6 and RFC 9525 §6 on the subject alternative name.
 *
 * Private to the trust layer and the node checks. A wildcard stands for exactly one whole label, the
 * leftmost; an IP address matches only an IP entry; a wanted name with a leading dot matches nothing.
 */
#ifndef CW_TRUST_NAMES_H
#define CW_TRUST_NAMES_H

#include "base/buffer.h"
#include "pki/cert.h"

/* The MRA certificates guide: "does not support greater than 999 characters in the SAN field" */
#define CW_SAN_CHARACTERS_MAX 999

struct cw_name_rule {
	bool common_name_counts; /* a match on the CN alone is good */
	bool san_is_cut;	 /* names that are not complete by character 999 do not count (Expressway) */
};

enum cw_name_match {
	CW_NAME_NONE,
	CW_NAME_EXACT,
	CW_NAME_WILDCARD,    /* through a wildcard entry only */
	CW_NAME_COMMON_NAME, /* only the CN bears it, and that counts */
	CW_NAME_CN_IGNORED,  /* only the CN bears it, and that does not count */
	CW_NAME_BEYOND_CUT,  /* an entry bears it, but behind character 999 */
};

enum cw_name_match cw_name_find(const struct cw_cert *cert, const char *wanted, struct cw_name_rule rule);

/** A match that counts. */
bool cw_name_found(enum cw_name_match match);

/** `wanted` is an IP address, v4 or v6; "[::1]" too. `ip` gets 4 or 16 bytes. */
bool cw_name_is_ip(const char *wanted, uint8_t ip[16], size_t *length);

/** Appends the name for a sentence: in double quotes where it holds anything but characters of hosts and addresses. */
void cw_name_show(struct cw_buffer *ret, const char *name);
/** The same of a certificate's name, with its kind where it is no DNS name ("IP 10.1.1.6", "email a@b"). */
void cw_name_show_san(struct cw_buffer *ret, const struct cw_san *san);

/** The pattern (perhaps "*.acme.test") matches the host name. */
bool cw_name_pattern_matches(const char *pattern, const char *host);

#endif
