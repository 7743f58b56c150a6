/**
 * All that was read from the sources of one import, each piece with its place: settings, certificates, CRLs;
 * what was dropped because it is a secret, and what could not be used, and why.
 *
 * Holds what sources say and draws no conclusion; two pieces may contradict each other. No secret is ever in
 * here: a reader drops it and says so (cw_evidence_drop).
 */
#ifndef CW_IMPORT_EVIDENCE_H
#define CW_IMPORT_EVIDENCE_H

#include "base/time.h"
#include "import/fact.h"
#include "import/source/sniff.h"
#include "pki/crl.h"
#include "pki/pool.h"

/* Against an archive of millions of small files, and sources that say one thing a million times. */
#define CW_EVIDENCE_SOURCES_MAX 50000
#define CW_EVIDENCE_FACTS_MAX 500000
#define CW_EVIDENCE_CERTS_MAX 200000
/* A setting is a name, an address, a mode; a list of ciphers is the longest. */
#define CW_EVIDENCE_VALUE_MAX 4096

/** One file, or one file in an archive. */
struct cw_evidence_source {
	char *shown; /* "c1.tar.gz/diagnostic_log/xconf_dump_c1.txt": as typed, then the names inside, escaped
		      */
	char *folder;	 /* the part of it before the last slash: files of one box share it; "" for none */
	char *container; /* the archive, or the file or folder that was named on the command line */
	bool packed;	 /* the container is an archive: all in it is of one box, where it names one */
	enum cw_sniff_kind kind;
	cw_time time; /* of the file, for which of two is newer; 0: not known */
	char *box;    /* host name or address that the source itself gives, or NULL */
	bool der;     /* a single certificate that is not PEM */
};

struct cw_evidence_fact {
	size_t source;
	size_t line; /* from 1; 0: the source has no lines */
	enum cw_fact_key key;
	unsigned a, b;	  /* numbers in the key's words */
	unsigned variant; /* of sources that hold several boxes' facts (CLI sessions): the box's number, from
			     1 */
	char *value;
};

/* Whose certificate it is, as far as the source says so. */
enum cw_evidence_place {
	CW_EVIDENCE_LOOSE,	/* a file of certificates and nothing else */
	CW_EVIDENCE_OWN,	/* an identity of the box: `service` says which */
	CW_EVIDENCE_TRUST,	/* an entry of a list of the box: `service` says which */
	CW_EVIDENCE_PRESENTED,	/* sent in a handshake by `host` (and `port`), leaf first */
	CW_EVIDENCE_SIGNED_LIST /* in an ITL or CTL: `service` is the role, `host` the DNS name */
};

struct cw_evidence_cert {
	size_t source;
	size_t line;   /* from 1, or 0 */
	size_t number; /* from 1: in its file, list or chain */
	struct cw_cert *cert;
	enum cw_evidence_place place;
	char *service; /* "tomcat", "CallManager-trust", "server", …; NULL: not said */
	char *host;    /* whose it is, where the source says it of this certificate; or NULL */
	unsigned port; /* CW_EVIDENCE_PRESENTED; 0: not said */
};

struct cw_evidence_crl {
	size_t source;
	struct cw_crl *crl;
};

/** Something of a source that is not in the result: secrets (`dropped`), and files that are of no use. */
struct cw_evidence_note {
	char *file; /* as shown */
	size_t line;
	char *text;
};

struct cw_evidence_notes {
	struct cw_evidence_note *items;
	size_t count;
	size_t capacity;
};

struct cw_evidence {
	struct cw_pool *pool; /* borrowed */
	struct cw_evidence_source *sources;
	size_t source_count;
	size_t source_capacity;
	struct cw_evidence_fact *facts;
	size_t fact_count;
	size_t fact_capacity;
	struct cw_evidence_cert *certs;
	size_t cert_count;
	size_t cert_capacity;
	struct cw_evidence_crl *crls;
	size_t crl_count;
	size_t crl_capacity;
	struct cw_evidence_notes dropped; /* "private key", "password of a zone" */
	struct cw_evidence_notes unused;  /* why a file, or a part of one, is not in the result */
};

void cw_evidence_finish(struct cw_evidence *evidence);
#define AUTO_EVIDENCE __attribute__((cleanup(cw_evidence_finish))) struct cw_evidence

/** A new source; its index. `shown` is escaped already. CW_E_LIMIT over CW_EVIDENCE_SOURCES_MAX. */
CW_MUST_USE bool cw_evidence_add_source(struct cw_evidence *evidence, const char *shown,
	const char *container, size_t *ret, struct cw_error *error);

/** The box that the source itself names; the first one said is kept. */
CW_MUST_USE bool cw_evidence_set_box(
	struct cw_evidence *evidence, size_t source, const char *box, struct cw_error *error);

/** `fact` without its value, which is copied: `length` bytes, escaped. An empty value is no fact. */
CW_MUST_USE bool cw_evidence_add_fact(struct cw_evidence *evidence, const struct cw_evidence_fact *fact,
	const char *value, size_t length, struct cw_error *error);

/** `cert` with `service` and `host` borrowed: they are copied, and the certificate gets one more owner. */
CW_MUST_USE bool cw_evidence_add_cert(
	struct cw_evidence *evidence, const struct cw_evidence_cert *cert, struct cw_error *error);

CW_MUST_USE bool cw_evidence_add_crl(
	struct cw_evidence *evidence, size_t source, struct cw_crl *crl, struct cw_error *error);

/** The source's name below what was named on the command line ("pub/tomcat-trust/a.pem"); a file that was named
 * itself: its last part. `whole`: with the name of what was named in front ("exports/pub/…"), but not the
 * folders above, which say nothing of it. */
const char *cw_evidence_name(const struct cw_evidence_source *source, bool whole);

/** The facts (certificates) of one source, which lie beside each other since sources are read one by one. */
const struct cw_evidence_fact *cw_evidence_facts_of(
	const struct cw_evidence *evidence, size_t source, size_t *count);
const struct cw_evidence_cert *cw_evidence_certs_of(
	const struct cw_evidence *evidence, size_t source, size_t *count);

/** Tells that a secret was met and not kept; said once for each source and text. */
CW_MUST_USE bool cw_evidence_drop(
	struct cw_evidence *evidence, size_t source, size_t line, const char *what, struct cw_error *error);

/** Tells that `file` (or a part of it) is not used. */
CW_MUST_USE bool cw_evidence_unused(
	struct cw_evidence *evidence, const char *file, size_t line, const char *why, struct cw_error *error);

#endif
