/**
 * The files that a deployment names: found from its folder, each read once. Errors name them as typed.
 *
 * A bundle is kept with the password it was opened with; a file that stands in forty places is parsed once,
 * and where it is broken each of the forty hears why.
 */
#ifndef CW_CONFIG_LOAD_FILES_H
#define CW_CONFIG_LOAD_FILES_H

#include "base/buffer.h"
#include "pki/bundle/bundle.h"

/* Against "trust: /": a folder of an export has some hundreds. */
#define CW_FOLDER_FILES_MAX 10000
/* A password is one line. */
#define CW_PASSWORD_FILE_MAX 4096

struct cw_file;
struct cw_load_held;

struct cw_files {
	const char *folder;		 /* where paths start; borrowed */
	struct cw_pool *pool;		 /* borrowed */
	const struct cw_load_held *held; /* load.h; borrowed; NULL: the disk's */
	size_t held_count;
	struct cw_file **items; /* sorted by path and password */
	size_t count;
	size_t capacity;
};

void cw_load_files_finish(struct cw_files *files);

/** What the file holds; NULL with an error where it cannot be read. Belongs to `files`. */
CW_MUST_USE const struct cw_bundle *cw_load_files_bundle(
	struct cw_files *files, const char *typed, const char *password, struct cw_error *error);

/** The bytes of a file. */
CW_MUST_USE bool cw_load_files_read(const struct cw_files *files, const char *typed, size_t limit,
	struct cw_buffer *ret, struct cw_error *error);

/** A private key; the caller frees it. */
CW_MUST_USE bool cw_load_files_key(const struct cw_files *files, const char *typed, const char *password,
	EVP_PKEY **ret, struct cw_error *error);

/** Something is there of that name, readable or not. */
bool cw_load_files_is_there(const struct cw_files *files, const char *typed);

/** `typed` is a folder. */
bool cw_load_files_is_folder(const struct cw_files *files, const char *typed);

/** The regular files of a folder, sorted by name (hidden ones left out), as "typed/name". */
CW_MUST_USE bool cw_load_files_list(
	const struct cw_files *files, const char *typed, struct cw_strings *ret, struct cw_error *error);

/** The first line of a file. The caller releases it with cw_load_files_password_free. */
CW_MUST_USE bool cw_load_files_password(
	const struct cw_files *files, const char *typed, char **ret, struct cw_error *error);

/** Overwrites and releases. */
void cw_load_files_password_free(char *password);
CW_DEFINE_AUTO(char *, cw_load_files_password_free)

#endif
