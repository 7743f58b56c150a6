/**
 * What an estate is made of: for the files that make it, for nobody else.
 */
#ifndef TEST_ESTATE_PARTS_H
#define TEST_ESTATE_PARTS_H

#include "base/strings.h"
#include "estate.h"
#include "issue/issue.h"

#define ESTATE_CAS_MAX 24
/* The node that may have self-signed certificates. */
#define ESTATE_SELF_SIGNED "cucm00.acme.test"

struct estate_ca {
	char subject[64];
	struct cw_cert *cert;
	EVP_PKEY *key;
	bool issues;		   /* leaves come from it */
	bool leaf;		   /* a self-signed leaf, which lists may have as an anchor */
	bool variant;		   /* a stale or cross-signed one: lists need not have it */
	struct cw_strings revoked; /* serials */
};

struct estate {
	const char *folder;
	uint64_t state;
	cw_time at;
	struct cw_stand_in_keys *rsa;
	unsigned flaws; /* in a hundred */
	unsigned keys;	/* which kinds this deployment has */
	struct estate_ca cas[ESTATE_CAS_MAX];
	size_t ca_count;
	EVP_PKEY *last; /* the key of the last leaf */
	struct cw_buffer yaml;
	unsigned files;
	bool failed; /* then `error` says why, and everything else does nothing */
	struct cw_error error;
};

/** True in so many of a hundred cases. */
bool estate_chance(struct estate *estate, unsigned percent);
/** A number below `count`. */
size_t estate_pick(struct estate *estate, size_t count);
/** Something is wrong here. */
bool estate_flaw(struct estate *estate);

/** Notes a failure: the first one counts. */
void estate_check(struct estate *estate, bool good, const struct cw_error *error);
void estate_write(struct estate *estate, const char *name, const struct cw_buffer *content);

/** Makes the CAs: one to three hierarchies, one to three deep, some with a stale or cross-signed root. */
void estate_add_cas(struct estate *estate);

/** What a leaf is made for. */
struct estate_leaf {
	const char *indent, *key; /* "server", "tomcat", …: of the deployment file */
	const char *key_of_key;	  /* "key", "client-key": the private key may be given by it. NULL: never */
	const char *name;
	const struct cw_strings *sans; /* besides the name */
	bool must_be_ec;
};

/** Issues the leaf, writes its files and its line of the deployment file. */
void estate_add_leaf(struct estate *estate, const struct estate_leaf *leaf);

/** A trust list with most of the CAs: its file and its line (`key: FILE`). */
void estate_add_list(struct estate *estate, const char *indent, const char *key, bool roots_only);

/** CRLs of the CAs: a file and its line. */
void estate_add_crls(struct estate *estate, const char *indent);

#endif
