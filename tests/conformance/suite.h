/**
 * A conformance suite: cases made by people who never saw our code, each asked of the judge with profile
 * rfc5280.
 *
 * A reader (limbo.c, pkits.c, boringssl.c) turns a suite's own format into cases; this module asks them,
 * counts, and compares every difference with a list of explained ones (rules that a private PKI does not
 * have).
 */
#ifndef TESTS_CONFORMANCE_SUITE_H
#define TESTS_CONFORMANCE_SUITE_H

#include "base/buffer.h"
#include "trust/judge.h"

/** One case. Texts are PEM, any number of blocks; all are owned by the reader while the case is asked. */
struct suite_case {
	const char *id;
	const char *leaf;
	const char *untrusted; /* what is presented besides, or NULL */
	const char *trusted;
	const char *crls; /* NULL: revocation is not looked at */
	enum cw_purpose purpose;
	const char *name; /* wanted host name or IP address, or NULL */
	cw_time at;
	struct cw_policies policies;
	bool want_valid;
};

struct suite {
	const char *name;
	/* File: "ID reason" a line, or NULL. Each stands for exactly one case of the suite, which differs. "~ID reason":
	   some versions of the suite do not have the case. */
	const char *differences;
	const char *program;  /* causeway: every case is asked through `cert verify` as well; NULL: not */
	size_t program_every; /* 1: each case; 4: one in four */
	size_t cases;
	size_t asked;
	size_t agreed;
	size_t explained;
	size_t unexplained;
	struct cw_pool *pool;
	struct suite_reason *reasons; /* the lines of `differences`, once read */
	size_t reason_count;
};

/** Asks the judge, and the program where there is one; prints each unexplained difference. */
void suite_ask(struct suite *suite, const struct suite_case *asked);

/**
 * Prints the figures, and releases what the suite holds. Returns the exit status: 1 where a difference is not
 * explained, where an explanation is stale (it stands for no case, for several, or for one that does not differ), or
 * where no case was asked.
 */
int suite_close(struct suite *suite);

/** Readers: ask every case of the file or folder. False: it could not be read (said on standard error). */
bool suite_limbo(struct suite *suite, const char *path);
bool suite_pkits(struct suite *suite, const char *folder);
bool suite_boringssl(struct suite *suite, const char *folder);

#endif
