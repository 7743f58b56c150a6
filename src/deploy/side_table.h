/**
 * The table of design.md §4: what each end of each kind of link asks about the other's certificate.
 *
 * Private to the deploy layer.
 */
#ifndef CW_DEPLOY_SIDE_TABLE_H
#define CW_DEPLOY_SIDE_TABLE_H

#include "deploy/check.h"

/* Which names the certificate must bear. */
enum cw_names {
	CW_NAMES_NONE,
	CW_NAMES_ADDRESS,     /* what the client connects to */
	CW_NAMES_VERIFY_NAME, /* the zone's TLS verify subject name */
	CW_NAMES_PROFILES,    /* every phone profile of the CUCM cluster, layer sip */
	CW_NAMES_DOMAINS,     /* each of the endpoint's domains, or collab-edge. before it */
};

/* When the question is asked, and what a refusal is worth. */
enum cw_when {
	CW_WHEN_ALWAYS,
	CW_WHEN_ORIGIN,	     /* the traffic server verifies, or TLS verify mode at discovery */
	CW_WHEN_CUCM_VERIFY, /* C has TLS verify mode on for this CUCM */
	CW_WHEN_ENDPOINT,    /* Jabber asks its user, the others refuse */
	CW_WHEN_CLUSTER,     /* permissive clusters only warn */
};

enum cw_weight { CW_WEIGHT_NONE, CW_WEIGHT_INFORMS, CW_WEIGHT_WARNS, CW_WEIGHT_REFUSES };

struct cw_side_row {
	enum cw_link_kind kind;
	bool by_client;
	enum cw_identity_kind
		identity; /* CLIENT: the server identity where the release or the box has no other */
	enum cw_store_kind store;
	enum cw_purpose purpose; /* before the release and the EKU switches: cw_side_purpose */
	enum cw_names names;
	enum cw_when when;
	bool client_auth_warns; /* a missing clientAuth is a warning */
	bool service_check;	/* the SIP SERVICE check follows */
};

/** In handshake order within a kind. */
const struct cw_side_row *cw_side_rows(size_t *count);

enum cw_weight cw_side_weight(const struct cw_side_row *row, const struct cw_link *link);
enum cw_purpose cw_side_purpose(const struct cw_side_row *row, const struct cw_link *link);
enum cw_identity_kind cw_side_identity(const struct cw_side_row *row, const struct cw_link *link);
/** C's release has the SIP SERVICE check that wants clientAuth in E's certificate. */
bool cw_side_service_check(const struct cw_link *link);

#endif
