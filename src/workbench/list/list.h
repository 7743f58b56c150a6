/**
 * A trust list as files that can be edited: what stands where, in the order that decides.
 *
 * Opened from one file, or as the store of a node of a deployment (which may be several files or a folder).
 * Edits happen in memory; cw_list_write puts every changed file back in one step, so that the old file or the
 * new one stands there, never half of one. Text in front of a PEM block (a comment, a subject line) belongs
 * to the block and goes with it. Judges nothing: what an entry is worth is for the judge and for tidy.h.
 */
#ifndef CW_WORKBENCH_LIST_LIST_H
#define CW_WORKBENCH_LIST_LIST_H

#include "base/buffer.h"
#include "model/deployment.h"

#include <sys/types.h>

struct cw_list_item {
	struct cw_cert *cert;  /* NULL: something else that is kept (a CRL) */
	struct cw_buffer text; /* PEM, with what stands in front of it; ends with a newline */
	size_t file;	       /* index into files */
	size_t line;	       /* of BEGIN, as read; 0: new, or the file has no lines */
};

struct cw_list_file {
	char *path;  /* where it is */
	char *shown; /* as typed */
	mode_t mode;
	enum cw_format format; /* as read */
	bool has_key;	       /* a private key stands in it */
	bool changed;
	struct cw_buffer tail; /* text behind the last block */
};

struct cw_list {
	char *shown;		    /* what to call it: the file, or "c1.acme.test trusted-ca" */
	const struct cw_node *node; /* whose store it is, or NULL */
	enum cw_store_kind kind;    /* of the node */
	char *folder;		    /* where new entries become files of their own (CUCM), or NULL */
	struct cw_list_file *files;
	size_t file_count, file_capacity;
	bool unordered; /* a folder that does not tell the order of the box: places are only those of its file names */
	bool numbered;		    /* the folder's order is that of numbers: a new file gets the next */
	struct cw_strings notes;    /* files of the folder that are no list, and why; what was read over */
	struct cw_list_item *items; /* in order */
	size_t count, capacity;
};

void cw_list_finish(struct cw_list *list);
#define AUTO_LIST __attribute__((cleanup(cw_list_finish))) struct cw_list

/**
 * Opens a file, or a folder of single files (base/folder.h), of which what is no certificate is left out and noted.
 * `create`: one that is not there is an empty list, which appending makes. Standard input is
 * refused: it cannot be written back, and entries have no place in it.
 */
CW_MUST_USE bool cw_list_open(
	const char *path, bool create, struct cw_pool *pool, struct cw_list *ret, struct cw_error *error);

/**
 * Opens a store of a deployment: `word` is "NODE" or "NODE:STORE" (or the name of an endpoint). The store may
 * be left out where the node has one only. CW_E_USAGE says what there is.
 */
CW_MUST_USE bool cw_list_open_store(const struct cw_deployment *deployment, const char *word,
	struct cw_pool *pool, struct cw_list *ret, struct cw_error *error);

/** How many certificates it holds. */
size_t cw_list_certs(const struct cw_list *list);
/** The item of the certificate at `place` (from 1), or NULL. */
const struct cw_list_item *cw_list_at(const struct cw_list *list, size_t place);
/** The first place at or behind `from` (from 1) with this subject; 0: none. */
size_t cw_list_subject(const struct cw_list *list, const struct cw_cert *cert, size_t from);
/** The first place of this very certificate; 0: none. */
size_t cw_list_place(const struct cw_list *list, const struct cw_cert *cert);

/**
 * The place that a person means: its number, at least eight digits of its SHA-256 (colons do not count), its
 * subject or its CN. CW_E_USAGE where nothing or more than one thing fits; the message lists them.
 */
CW_MUST_USE bool cw_list_choose(
	const struct cw_list *list, const char *which, size_t *ret, struct cw_error *error);

/** Puts a certificate behind the last (before = 0) or before the certificate at that place. */
CW_MUST_USE bool cw_list_insert(
	struct cw_list *list, struct cw_cert *cert, size_t before, struct cw_error *error);
/** Takes the certificate at `place` out. */
void cw_list_remove(struct cw_list *list, size_t place);
/** Moves the one at `place` so that it gets the place `to`. CW_E_USAGE across two files. */
CW_MUST_USE bool cw_list_move(struct cw_list *list, size_t place, size_t to, struct cw_error *error);

/**
 * Writes every changed file, each in one step. A file that was DER or PKCS#7 becomes PEM. First of all, what would
 * be written is read again in memory and compared, certificate by certificate, with what was meant; a file that no
 * verb could read is not written (CW_E_FORMAT). The caller has the locks of the files' folders.
 */
CW_MUST_USE bool cw_list_write(struct cw_list *list, struct cw_error *error);

#endif
