/**
 * A deployment as the sources of an import tell it: boxes with their certificates, lists and settings, each
 * with its source; clusters and zones; what contradicts, what is open, what found no place.
 *
 * Made from evidence by cw_merge_run (merge.h). What no source says is left out here and becomes a question;
 * nothing is filled in.
 */
#ifndef CW_IMPORT_IMPORTED_H
#define CW_IMPORT_IMPORTED_H

#include "base/buffer.h"
#include "base/strings.h"
#include "import/evidence.h"

#define CW_IMPORTED_NONE ((size_t)-1)

enum cw_imported_role {
	CW_IMPORTED_UNKNOWN,
	CW_IMPORTED_C,
	CW_IMPORTED_E,
	CW_IMPORTED_CUCM,
	CW_IMPORTED_IMP,
	CW_IMPORTED_UNITY,
	CW_IMPORTED_ROLES
};

enum cw_imported_identity {
	CW_IMPORTED_SERVER,
	CW_IMPORTED_CLIENT,
	CW_IMPORTED_TOMCAT,
	CW_IMPORTED_TOMCAT_ECDSA,
	CW_IMPORTED_CALLMANAGER,
	CW_IMPORTED_CALLMANAGER_ECDSA,
	CW_IMPORTED_IDENTITIES
};

enum cw_imported_store {
	CW_IMPORTED_TRUSTED_CA,
	CW_IMPORTED_TOMCAT_TRUST,
	CW_IMPORTED_CALLMANAGER_TRUST,
	CW_IMPORTED_STORES
};

/** A value, and where it stands. */
struct cw_imported_value {
	char *text;    /* NULL: no source says it */
	size_t source; /* index in the evidence, or CW_IMPORTED_NONE */
	size_t line;   /* 0: the source has no lines */
};

struct cw_imported_values {
	struct cw_imported_value *items;
	size_t count;
	size_t capacity;
};

/** An identity (leaf first, then what else its file holds) or a list, in order. */
struct cw_imported_certs {
	bool known; /* false: no source has it */
	struct cw_cert **items;
	size_t count;
	size_t capacity;
	size_t source;
	bool der;	/* an identity that was exported as DER */
	bool unordered; /* single files, whose order on the box nobody knows */
	bool partial;	/* a list of which some entries were had: not to be judged by */
};

struct cw_imported_crls {
	struct cw_crl **items;
	size_t count;
	size_t capacity;
	size_t source;
};

/** A Unified Communications traversal zone as one box has it. */
struct cw_imported_zone {
	unsigned number;
	bool client; /* C's side */
	struct cw_imported_value name, port, user, verify_name;
	struct cw_imported_values peers;
};

struct cw_imported_box {
	enum cw_imported_role role;
	char *fqdn;		       /* NULL until a name is found */
	struct cw_imported_value name; /* where the name stands */
	struct cw_imported_values addresses;
	struct cw_imported_value reached; /* a voice node: by which name or address Expressway-C has it */
	struct cw_imported_certs identities[CW_IMPORTED_IDENTITIES];
	struct cw_imported_certs stores[CW_IMPORTED_STORES];
	struct cw_imported_crls crls;
	struct cw_imported_value settings[CW_FACT_KEY_COUNT];
	struct cw_imported_values cluster_peers;
	struct cw_imported_zone *zones;
	size_t zone_count;
	size_t zone_capacity;
	struct cw_imported_values domains;
	struct cw_imported_values federation_domains;
	struct cw_imported_values listed;   /* names of trust certificates: "tomcat-trust/NAME.pem" */
	struct cw_imported_values profiles; /* encrypted phone security profiles */
	bool publisher;
	bool mentioned; /* no source is of this box: others name it */
	size_t group;
};

struct cw_imported_group {
	enum cw_imported_role role;
	char *name; /* NULL where it is the only one of its role */
	struct cw_imported_value cluster;
};

struct cw_imported_link {
	size_t c, e; /* groups */
	const struct cw_imported_zone *on_c;
	const struct cw_imported_zone *on_e; /* or NULL */
};

struct cw_imported_question {
	char *key;
	char *sentence; /* "@" stands for the names */
	char *names;	/* of the boxes that it is asked of, "c1.acme.test, c2.acme.test"; may be empty */
	char *text;	/* the sentence with the names */
	char *where;	/* the page, or the lines to paste */
};

struct cw_imported_conflict {
	char *key; /* "c1.acme.test release" */
	char *taken, *left;
	char *taken_at, *left_at; /* file, line, time */
};

struct cw_imported {
	const struct cw_evidence *evidence; /* borrowed */
	struct cw_imported_box *boxes;
	size_t box_count;
	size_t box_capacity;
	struct cw_imported_group *groups;
	size_t group_count;
	size_t group_capacity;
	struct cw_imported_link *links;
	size_t link_count;
	size_t link_capacity;
	size_t *source_box; /* of each source, or CW_IMPORTED_NONE */
	struct cw_imported_values domains, federation_domains, phone_profiles;
	struct cw_imported_values endpoints; /* kinds, by the models that CUCM has */
	struct cw_imported_value secure_registration, cucm_verify;
	struct cw_imported_question *questions;
	size_t question_count;
	size_t question_capacity;
	struct cw_imported_conflict *conflicts;
	size_t conflict_count;
	size_t conflict_capacity;
	struct cw_evidence_notes not_placed;
};

void cw_imported_finish(struct cw_imported *imported);
#define AUTO_IMPORTED __attribute__((cleanup(cw_imported_finish))) struct cw_imported

/** "expressway-c", "cucm", …: the key of the deployment file; "" for CW_IMPORTED_UNKNOWN. */
const char *cw_imported_role_key(enum cw_imported_role role);
/** "server", "tomcat-ecdsa", …; "trusted-ca", … */
const char *cw_imported_identity_key(enum cw_imported_identity identity);
const char *cw_imported_store_key(enum cw_imported_store store);
/** By the names that sources give ("CallManager-ECDSA", "tomcat-trust"), whatever their case. */
bool cw_imported_identity_find(const char *service, enum cw_imported_identity *ret);
bool cw_imported_store_find(const char *service, enum cw_imported_store *ret);

/** A new box, its index. */
CW_MUST_USE bool cw_imported_add_box(struct cw_imported *imported, size_t *ret, struct cw_error *error);

/** The box that this is a name or an address of (with or without its domain); CW_IMPORTED_NONE: none, or more
 * than one. */
size_t cw_imported_box_find(const struct cw_imported *imported, const char *name);

/** A peer address of a zone that is no box's, where there are several it might be of: it is asked, and not written. */
bool cw_imported_peer_is_open(const struct cw_imported *imported, const struct cw_imported_link *link,
	const struct cw_imported_value *peer);

/** Sets a value; the text is copied. */
CW_MUST_USE bool cw_imported_value_set(struct cw_imported_value *value, const char *text, size_t source,
	size_t line, struct cw_error *error);
/** Adds a value unless the list has it (whatever its case). */
CW_MUST_USE bool cw_imported_values_add(struct cw_imported_values *values, const char *text, size_t source,
	size_t line, struct cw_error *error);
bool cw_imported_values_contain(const struct cw_imported_values *values, const char *text);
CW_MUST_USE bool cw_imported_certs_add(
	struct cw_imported_certs *certs, struct cw_cert *cert, struct cw_error *error);
CW_MUST_USE bool cw_imported_not_placed(
	struct cw_imported *imported, size_t source, const char *why, struct cw_error *error);
/** Tells a contradiction between two places; nothing is said of what is equal. */
CW_MUST_USE bool cw_imported_conflict_add(struct cw_imported *imported, const char *key,
	const struct cw_imported_value *taken, const struct cw_imported_value *left, struct cw_error *error);
/** A question; `sentence` has "@" for `names`, which are separated by ", " (or NULL). */
CW_MUST_USE bool cw_imported_ask(struct cw_imported *imported, const char *key, const char *sentence,
	const char *names, const char *where, struct cw_error *error);
/** The same question of these boxes alone. False: no memory. */
CW_MUST_USE bool cw_imported_ask_again(struct cw_imported_question *question, const char *names);
void cw_imported_question_finish(struct cw_imported_question *question);

/** "c1.tar.gz/xconf_dump.txt:412" into `ret`. */
void cw_imported_place(const struct cw_imported *imported, size_t source, size_t line, struct cw_buffer *ret);

#endif
