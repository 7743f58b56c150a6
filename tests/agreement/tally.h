/**
 * What an agreement run has seen: links of each kind, and what refused them.
 */
#ifndef TEST_TALLY_H
#define TEST_TALLY_H

#include "observe/observed.h"

#define TALLY_KEYS 4 /* tally_key_names */

struct tally_kind {
	size_t links, made, up, refused;
};

struct tally {
	size_t deployments, differing;
	size_t states[CW_OBSERVED_NOT_REHEARSABLE + 1];
	struct tally_kind kinds[CW_LINK_KIND_COUNT];
	/* links that a finding of this code refused for real, by the client and by the server */
	size_t codes[CW_CODE_COUNT][2];
	size_t layers[CW_LAYER_FILE + 1];
	size_t versions[2];	 /* TLS 1.2, 1.3 */
	size_t keys[TALLY_KEYS]; /* links made, by the server's kind of key */
};

void tally_add(struct tally *tally, const struct cw_observed *observed);
/** Prints it all. */
void tally_print(const struct tally *tally);
/** Every kind of link was made, came up and was refused, and no refusal class of the judge was left out. */
bool tally_is_broad(const struct tally *tally);

#endif
