/**
 * The search for a path: who issued whom, from the leaf up to a root of the list.
 *
 * Private to the trust layer. One depth-first search with three ways to choose candidates; it looks at names
 * and signatures only. Whether a path that it finds is good (dates, CA flags, key usage …) the caller says,
 * path by path.
 */
#ifndef CW_TRUST_PATH_H
#define CW_TRUST_PATH_H

#include "trust/judge.h"

/* Against graphs of cross-signed CAs whose paths multiply: candidates looked at for one question, in all of
 * its searches together; at most one signature check each. */
#define CW_PATH_CANDIDATES_MAX 2000
/* The same, for complete paths that are handed to the caller. */
#define CW_PATHS_MAX 200

enum cw_path_end {
	CW_PATH_END_COMPLETE,	   /* a self-signed certificate that counts as the top */
	CW_PATH_END_NO_ISSUER,	   /* nobody bears the wanted name */
	CW_PATH_END_BAD_SIGNATURE, /* somebody does, but the signature does not verify with any of their keys */
	CW_PATH_END_ROOT_NOT_LISTED, /* ends in a self-signed certificate that is not in the list */
	CW_PATH_END_CIRCLE,	     /* whoever bears the wanted name is in the path already */
	CW_PATH_END_TOO_DEEP,	     /* CW_PATH_DEPTH_MAX */
	CW_PATH_END_GAVE_UP,	     /* CW_PATH_CANDIDATES_MAX */
};

/** A path as far as it goes, from the leaf. Borrows its certificates. */
struct cw_partial_path {
	struct cw_step steps[CW_PATH_DEPTH_MAX];
	size_t count;
	enum cw_path_end end;
	bool first; /* complete, and no complete one was met before it */
};

enum cw_path_choice {
	CW_CHOOSE_FIRST, /* one candidate: the list's first of that name, else the wire's first */
	CW_CHOOSE_LIST,	 /* every one of the list; the wire's first only where the list has none */
	CW_CHOOSE_ALL,	 /* every one of both, list first, best key identifier match first */
};

/** What the caller thinks of a complete path: 0 ends the search with it, a higher number is worse. */
typedef unsigned (*cw_path_score)(const struct cw_partial_path *partial, void *context);

struct cw_path_query {
	const struct cw_judge_question *question;
	unsigned *candidates; /* looks that are left for this question */
	size_t *work;	      /* what name constraints have cost this question so far, or NULL */
	enum cw_path_choice choice;
	bool wire; /* the presented chain may serve */
	unsigned
		elsewhere; /* so many steps may come from question->known: what would be if they were there */
	cw_path_score judge; /* NULL: the first complete path is taken */
	void *context;
};

/** Whether the key identifiers (RFC 5280 §4.2.1.1) say that `issuer` issued `cert`: 0 yes, 1 nothing said, 2
 * no. */
unsigned cw_path_key_id_rank(const struct cw_cert *cert, const struct cw_cert *issuer);

/**
 * Searches. `ret` gets the complete path with the lowest number, the earliest of equals; where there is
 * none, the longest incomplete one. False: no memory.
 */
CW_MUST_USE bool cw_path_search(
	const struct cw_path_query *search, struct cw_partial_path *ret, struct cw_error *error);

#endif
