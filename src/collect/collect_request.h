/**
 * What is asked of a box: one row for each request, in the order in which they are asked.
 *
 * All requests only read: GET, and AXL's questions, which are POST because they are SOAP. The rows of the
 * diagnostic archive are the exception (they set debug levels and replace the box's former log), and are asked
 * only where the person says so. Paths: "Cisco Expressway REST API Reference Guide", "CUCM Certificate
 * Management API" and "AXL Developer Guide"; what no box has confirmed is marked in the table.
 */
#ifndef CW_COLLECT_COLLECT_REQUEST_H
#define CW_COLLECT_COLLECT_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

enum cw_collect_kind { CW_COLLECT_EXPRESSWAY_BOX, CW_COLLECT_VOICE_BOX };

enum cw_collect_account {
	CW_COLLECT_EXPRESSWAY, /* administrator with API access */
	CW_COLLECT_OS,	       /* platform administrator of a CUCM, IM&P or Unity Connection node */
	CW_COLLECT_AXL,	       /* application user with the role Standard AXL API Access */
	CW_COLLECT_ACCOUNTS
};

enum cw_collect_body { CW_COLLECT_PEM, CW_COLLECT_JSON, CW_COLLECT_XML, CW_COLLECT_RAML, CW_COLLECT_FILE };

struct cw_collect_request {
	enum cw_collect_kind kind;
	enum cw_collect_account account;
	const char *path;
	const char *name; /* of the file that the answer is kept in; NULL: not kept */
	const char *what; /* for people */
	enum cw_collect_body body;
	const char *
		send; /* the body of a POST or PUT, or NULL: GET; of AXL the question alone (collect_axl.h) */
	bool put;
	/* asked only where the row of this name had no answer (`unless`), had one (`after`), or has no such
	   interface (`without`); NULL: always */
	const char *unless, *after, *without;
	const char *service; /* of a single answer of certificate management, which does not repeat it */
	bool trust;	     /* that service's trust list, and not its own certificate */
	bool optional;	     /* nothing is missing without it */
	bool diagnostic;     /* only with the diagnostic archive */
	bool repeated;	     /* until the answer says that the archive is ready */
};

#define CW_COLLECT_REQUESTS_MAX 40

/** The `index`th row, from 0; NULL behind the last one. */
const struct cw_collect_request *cw_collect_request_at(size_t index);

/** The place of the row of this kind and name. */
size_t cw_collect_request_find(enum cw_collect_kind kind, const char *name);

#endif
