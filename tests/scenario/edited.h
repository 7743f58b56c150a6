/**
 * Deployments that a person would write: a lab, its YAML edited, some certificates made anew.
 */
#ifndef TESTS_SCENARIO_EDITED_H
#define TESTS_SCENARIO_EDITED_H

#include "judged.h"

#include <stddef.h>

#define EDITS_MAX 6
#define MADE_MAX 3

/* A certificate made before the check, with a key of its own: by a CA of the lab (below ca/), or self-signed.
 */
struct made {
	const char *file, *ca, *subject, *sans, *eku;
};

struct row {
	const char *name;  /* what must come out stands in expected/NAME.txt */
	const char *fault; /* planted first, or NULL */
	enum cw_lab_size size;
	struct {
		const char *from, *to; /* in deployment.yaml; `from` must be there */
	} edits[EDITS_MAX];
	struct made made[MADE_MAX];
	bool rfc5280; /* --profile rfc5280 */
};

#define NO_EDIT \
	{ \
		{ \
			"sends: nothing-to-edit", NULL \
		} \
	}
#define X15_5 \
	{"expressway-c:\n  release: X14.2", "expressway-c:\n  release: X15.5"}, \
	{ \
		"expressway-e:\n  release: X14.2", "expressway-e:\n  release: X15.5" \
	}
#define C_NAMES "DNS:c1.acme.test, DNS:acme.test, DNS:secure-jabber.acme.test, DNS:conference.acme.test"
#define E_NAMES \
	"DNS:e1.acme.test, DNS:acme.test, DNS:collab-edge.acme.test, DNS:im.acme.test, " \
	"DNS:conference.acme.test"
#define C_NO_KEY \
	{ \
		"      key: c1/privkey.pem\n", "" \
	}
#define E_NO_KEY \
	{ \
		"      key: e1/privkey.pem\n", "" \
	}

/** Replaces the first `from` in folder/deployment.yaml, which must be there. */
void scenario_edit(const char *folder, const char *from, const char *to);

/** Makes, edits, judges and compares every row. The value of main. */
int scenario_edited_main(const char *group, const struct row *rows, size_t count);

#endif
