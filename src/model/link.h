/**
 * The link table: which kinds of link a deployment has, and what each end of each kind asks about the other's
 * certificate.
 *
 * A row says who judges whom, which identity is shown, which list and which names count, and what an answer
 * weighs; nothing else in Causeway knows these overrides. Nothing is judged here: src/check asks the judge
 * with these rows. The chapters behind each row are named in link.c.
 */
#ifndef CW_MODEL_LINK_H
#define CW_MODEL_LINK_H

#include "model/deployment.h"
#include "trust/judge.h"

enum cw_link_kind {
	CW_LINK_TRAVERSAL,
	CW_LINK_SERVICE, /* the SIP SERVICE check, over the zone's connection */
	CW_LINK_TUNNEL,
	CW_LINK_TOMCAT,
	CW_LINK_TFTP,
	CW_LINK_SIP_OUT,
	CW_LINK_SIP_IN,
	CW_LINK_SIP_OAUTH,
	CW_LINK_EDGE_HTTPS,
	CW_LINK_EDGE_SIP,
	CW_LINK_FRONT,
	CW_LINK_CLUSTER,
	CW_LINK_KIND_COUNT
};

/** One end of a link: a node or an endpoint. */
struct cw_party {
	const char *name; /* FQDN or endpoint name */
	struct cw_node *node;
	struct cw_endpoint *endpoint;
};

/** Who connects to whom: what a row needs to know of a link. Everything borrowed. */
struct cw_link_ends {
	enum cw_link_kind kind;
	struct cw_party client;
	struct cw_party server;
	const char *address;	    /* of the server, as typed */
	const struct cw_zone *zone; /* traversal, service, tunnel; else NULL */
};

/* Which names the certificate must bear. */
enum cw_link_names {
	CW_LINK_NAMES_NONE,
	CW_LINK_NAMES_ADDRESS,	   /* what the client connects to */
	CW_LINK_NAMES_VERIFY_NAME, /* the zone's TLS verify subject name */
	CW_LINK_NAMES_PROFILES,	   /* every phone profile of the CUCM cluster, layer sip */
	/* each of the endpoint's domains, or collab-edge. before it; telepresence: or its SRVName */
	CW_LINK_NAMES_DOMAINS,
};

/* When the question is asked, and what a refusal is worth. */
enum cw_link_when {
	CW_WHEN_ALWAYS,
	CW_WHEN_ORIGIN,	     /* the traffic server verifies, or TLS verify mode at discovery */
	CW_WHEN_CUCM_VERIFY, /* C has TLS verify mode on for this CUCM */
	CW_WHEN_ENDPOINT,    /* Jabber asks its user, the others refuse */
	CW_WHEN_CLUSTER,     /* permissive clusters only warn */
	CW_WHEN_SECURE,	     /* CUCM's secure registration may be unknown */
};

enum cw_link_weight {
	CW_WEIGHT_NONE,
	CW_WEIGHT_INFORMS,
	CW_WEIGHT_WARNS,
	CW_WEIGHT_UNKNOWN, /* nobody can say whether it refuses */
	CW_WEIGHT_REFUSES
};

struct cw_link_row {
	enum cw_link_kind kind;
	bool by_client;
	enum cw_identity_kind
		identity; /* CLIENT: the server identity where the release or the box has no other */
	enum cw_store_kind store;
	enum cw_purpose purpose; /* before the release and the EKU switches: cw_link_row_purpose */
	enum cw_link_names names;
	enum cw_link_when when;
	bool client_auth_warns; /* a missing clientAuth is a warning */
	bool leaf_alone;	/* nothing comes over the wire behind the leaf */
};

/** Questions about a certificate by itself, without a link. */
enum cw_link_alone {
	CW_ALONE_VERIFY,      /* one certificate against one list, as asked for */
	CW_ALONE_CLIENT_TEST, /* Expressway's page "Client certificate testing" */
	CW_ALONE_UPLOAD,      /* a node's certificate against its own list: the upload page */
	CW_ALONE_CLIENT,      /* a client of a listener that belongs to no link of a deployment */
	CW_ALONE_BOX,	      /* the web interface of a box that is asked for its answers */
	CW_ALONE_COUNT
};

/** What such a question fixes; the rest is given by who asks. */
struct cw_link_alone_row {
	bool purpose_given;
	enum cw_purpose purpose; /* unless given */
	bool profile_given;
	enum cw_profile profile; /* unless given */
};

/** "traversal", "edge-https", … */
const char *cw_link_kind_name(enum cw_link_kind kind);
/** The server's port; 0 for traversal, where each zone has its own, and for service, which has none. */
unsigned cw_link_kind_port(enum cw_link_kind kind);

/** It is a TLS connection of its own: no SSH tunnel, and nothing that is said over another link. */
bool cw_link_kind_is_tls(enum cw_link_kind kind);

/** All rows, in handshake order within a kind. */
const struct cw_link_row *cw_link_rows(size_t *count);

const struct cw_link_alone_row *cw_link_alone_row(enum cw_link_alone kind);

/** Whether the row's question is asked between these ends at all, and what a refusal is worth. */
enum cw_link_weight cw_link_row_weight(const struct cw_link_row *row, const struct cw_link_ends *ends);
/** The purpose that the certificate must serve, after release and EKU switches. */
enum cw_purpose cw_link_row_purpose(const struct cw_link_row *row, const struct cw_link_ends *ends);
/** Which of its identities the judged end presents. */
enum cw_identity_kind cw_link_row_identity(const struct cw_link_row *row, const struct cw_link_ends *ends);
/** The judged certificate must be good for a client, too: the SIP SERVICE check of C's release. */
bool cw_link_row_wants_client_too(const struct cw_link_row *row, const struct cw_link_ends *ends);

/** C has switched on "TLS verify mode" for this CUCM: the CUCM cluster's own setting goes before C's; the
 * default is on. */
enum cw_switch cw_link_cucm_tls_verify(const struct cw_group *c, const struct cw_group *cucm);

#endif
