/**
 * A deployment before it is made: who has which certificate from whom, who trusts what, how it is configured.
 *
 * Plain memory that a size builds and faults edit; nothing is signed yet. Everything belongs to the plan and
 * lives as long as it. Building cannot fail for the caller: after an allocation failed the plan remembers it,
 * hands out scratch objects, and cw_lab_plan_ok says so at the end.
 */
#ifndef CW_LAB_LAB_PLAN_H
#define CW_LAB_LAB_PLAN_H

#include "base/strings.h"
#include "base/time.h"
#include "issue/issue.h"
#include "model/deployment.h"

#include <openssl/evp.h>

/** One certificate: what it says (spec, with subject and names apart so that they can be edited) and who
 * signs. */
struct cw_lab_plan_cert {
	const char *id;			 /* unique; the folder of a CA */
	struct cw_lab_plan_cert *issuer; /* NULL: self-signed */
	const char *key_kind;		 /* as cw_issue_key has it; NULL: the lab's */
	const char *subject;
	struct cw_strings sans;
	struct cw_issue_spec spec;
	bool revoked;
	bool unused;	      /* its node has another by now: it is not made */
	EVP_PKEY *key;	      /* made by cw_lab_realise */
	struct cw_cert *cert; /* likewise */
};

/** What one file of an identity holds, or should. */
struct cw_lab_identity {
	struct cw_lab_plan_cert *cert;	 /* NULL: the node has no such identity */
	bool unknown;			 /* written `unknown` */
	bool der;			 /* exported in the wrong format */
	bool with_chain;		 /* the file holds the issuers too */
	struct cw_lab_plan_cert *key_of; /* whose private key stands in the key file; NULL: its own */
};

struct cw_lab_store {
	const char *file;
	struct cw_lab_plan_cert **items;
	size_t count;
	size_t capacity;
	bool padded; /* bytes stand behind the end of its first certificate */
};

struct cw_lab_plan_node {
	enum cw_node_kind kind;
	const char *name; /* short: "c1"; also its folder */
	const char *fqdn;
	const char *address; /* NULL: the FQDN */
	bool publisher;
	const struct cw_lab_plan_node *same_as; /* CUCM: stores as on that node */
	struct cw_lab_identity identities[CW_IDENTITY_KIND_COUNT];
	struct cw_lab_store *stores[CW_STORE_KIND_COUNT]; /* NULL where the node has no such store */
};

struct cw_lab_plan_group {
	enum cw_node_kind kind;
	const char *name;	   /* NULL where there is one group of its kind */
	const char *cluster;	   /* FQDN, or NULL */
	struct cw_release release; /* C and E */
	enum cw_prefer prefer;	   /* C */
	bool revocation;	   /* C: crl */
	struct cw_lab_plan_node **nodes;
	size_t count;
	size_t capacity;
};

struct cw_lab_endpoint {
	const char *name;
	enum cw_endpoint_kind kind;
	struct cw_lab_store *trust;
	const char *domain; /* NULL: all of them */
};

struct cw_lab_crl {
	struct cw_lab_plan_cert *issuer;
	bool expired;
	bool left_out;
};

struct cw_lab_credentials {
	const char *username;
	const char *password;
};

struct cw_lab_plan {
	const char *name;
	cw_time at;
	const char *key_kind;
	struct cw_strings domains;
	struct cw_strings chat_aliases;
	struct cw_strings federation_domains;
	struct cw_strings phone_profiles;
	struct cw_strings peers; /* as typed in the zone */
	const char *tls_verify_name;
	struct cw_lab_credentials on_c;
	struct cw_lab_credentials on_e;

	struct cw_lab_plan_cert **certs; /* issuers before what they issue is not promised */
	size_t cert_count;
	size_t cert_capacity;
	struct cw_lab_plan_group **groups; /* in the order C, E, CUCM, IM&P, Unity */
	size_t group_count;
	size_t group_capacity;
	struct cw_lab_store **stores;
	size_t store_count;
	size_t store_capacity;
	struct cw_lab_endpoint *endpoints;
	size_t endpoint_count;
	size_t endpoint_capacity;
	struct cw_lab_crl *crls;
	size_t crl_count;
	size_t crl_capacity;

	struct cw_strings texts; /* that the pointers above point at */
	bool failed;
	struct cw_lab_plan_cert scratch_cert;
	struct cw_lab_store scratch_store;
	struct cw_lab_plan_group scratch_group;
	struct cw_lab_plan_node scratch_node;
};

void cw_lab_plan_finish(struct cw_lab_plan *plan);
#define AUTO_LAB_PLAN __attribute__((cleanup(cw_lab_plan_finish))) struct cw_lab_plan

/** False with CW_E_MEMORY where any step of building or editing failed. */
CW_MUST_USE bool cw_lab_plan_ok(const struct cw_lab_plan *plan, struct cw_error *error);

/** Text that lives as long as the plan. */
const char *cw_lab_plan_text(struct cw_lab_plan *plan, const char *format, ...) CW_PRINTF(2, 3);

/** Adds a copy to a list of the plan. */
void cw_lab_plan_add_text(struct cw_lab_plan *plan, struct cw_strings *list, const char *text);
/** Removes every entry that is `text`. */
void cw_lab_plan_remove_text(struct cw_strings *list, const char *text);

/** A CA of that name ("Acme Root CA") below `issuer`, or a root where that is NULL. */
struct cw_lab_plan_cert *cw_lab_plan_add_ca(
	struct cw_lab_plan *plan, const char *id, const char *subject, struct cw_lab_plan_cert *issuer);
/** A leaf for both purposes, a year long, with no names yet. */
struct cw_lab_plan_cert *cw_lab_plan_add_leaf(
	struct cw_lab_plan *plan, const char *id, const char *subject, struct cw_lab_plan_cert *issuer);
/** "DNS:name" among its names. */
void cw_lab_plan_add_name(struct cw_lab_plan *plan, struct cw_lab_plan_cert *cert, const char *name);
void cw_lab_plan_remove_name(struct cw_lab_plan *plan, struct cw_lab_plan_cert *cert, const char *name);

struct cw_lab_store *cw_lab_plan_add_store(struct cw_lab_plan *plan, const char *file);
/** At `place` (0 is the top; `count` and beyond the end), even where it stands there already. */
void cw_lab_plan_insert(
	struct cw_lab_plan *plan, struct cw_lab_store *store, size_t place, struct cw_lab_plan_cert *cert);
bool cw_lab_plan_holds(const struct cw_lab_store *store, const struct cw_lab_plan_cert *cert);
void cw_lab_plan_remove(struct cw_lab_store *store, const struct cw_lab_plan_cert *cert);

struct cw_lab_plan_group *cw_lab_plan_add_group(
	struct cw_lab_plan *plan, enum cw_node_kind kind, const char *name);
/** A node with the empty stores of its kind, and no identity. */
struct cw_lab_plan_node *cw_lab_plan_add_node(
	struct cw_lab_plan *plan, struct cw_lab_plan_group *group, const char *name, const char *fqdn);
void cw_lab_plan_add_endpoint(struct cw_lab_plan *plan, const struct cw_lab_endpoint *endpoint);
void cw_lab_plan_add_crl(struct cw_lab_plan *plan, struct cw_lab_plan_cert *issuer);

/** The first group of this kind; every size has C, E and CUCM. */
struct cw_lab_plan_group *cw_lab_plan_group(struct cw_lab_plan *plan, enum cw_node_kind kind);
/** The node at `place` (from 0) of the first group of this kind. */
struct cw_lab_plan_node *cw_lab_plan_node(struct cw_lab_plan *plan, enum cw_node_kind kind, size_t place);
struct cw_lab_plan_cert *cw_lab_plan_cert(struct cw_lab_plan *plan, const char *id);

#endif
