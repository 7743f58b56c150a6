#include "workbench/pending.h"

#include "base/draft.h"
#include "base/file.h"
#include "issue/issue.h"
#include "issue/issue_key.h"
#include "issue/issue_request.h"
#include "pki/bundle/pem_write.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A line is 80 bytes: more than ten thousand discarded requests are no list that a person made. */
#define DISCARDED_MAX ((size_t)1024 * 1024)
#define DATE_LENGTH 10

bool cw_pending_exists(const struct cw_node_files *files)
{
	return access(files->csr, F_OK) == 0;
}

static bool read_discarded(const struct cw_node_files *files, struct cw_buffer *ret, struct cw_error *error)
{
	if (access(files->discarded, F_OK) != 0)
		return true;
	return cw_file_read(files->discarded, DISCARDED_MAX, ret, error);
}

/* "SHA-256-of-the-key 2026-11-20", a line each. */
static bool remember(
	const struct cw_node_files *files, const char *key_id, cw_time at, struct cw_error *error)
{
	char date[CW_TIME_TEXT_SIZE];
	AUTO_BUFFER text = {0};
	if (!read_discarded(files, &text, error))
		return false;
	if (memmem(cw_buffer_string(&text), text.length, key_id, strlen(key_id)))
		return true; /* a command that was killed or failed behind this step is repeated */
	cw_buffer_printf(&text, "%s %s\n", key_id, cw_time_format_date(at, date));
	return cw_buffer_ok(&text, error) &&
		cw_file_write(files->discarded, cw_buffer_string(&text), text.length, 0644, error);
}

static bool read_key_id(
	const struct cw_node_files *files, char key_id[CW_SHA256_TEXT_SIZE], struct cw_error *error)
{
	AUTO(cw_request_free) struct cw_request *request = NULL;
	return cw_request_read(files->csr, &request, error) &&
		cw_key_id_of_cert(cw_request_shape(request), key_id, error);
}

/* A key behind a link would live on; said before anything is changed. */
static bool check_destroyable(const struct cw_node_files *files, struct cw_error *error)
{
	struct stat status;
	if (lstat(files->csr_key, &status) != 0 || S_ISREG(status.st_mode))
		return true;
	return cw_error_set(error, CW_E_IO,
		"%s: is a link or no file, so that the key would not be destroyed; destroy the key that it leads to, "
		"and remove this",
		files->csr_key);
}

/* Everything that can be wrong with what was typed shows here, before the first change. */
static bool make_both(const struct cw_request_spec *composed, EVP_PKEY **ret_key, struct cw_buffer *ret_pem,
	struct cw_error *error)
{
	const struct cw_issue_spec spec = {
		.subject = composed->subject,
		.sans = composed->sans,
		/* The request of these boxes carries both, always. */
		.eku = "server, client",
		.key_usage = KU_DIGITAL_SIGNATURE |
			(strncmp(composed->key, "rsa", 3) == 0 ? (uint32_t)KU_KEY_ENCIPHERMENT : 0),
		.digest = composed->digest,
	};
	AUTO_BUFFER der = {0};
	return cw_issue_key(composed->key, ret_key, error) &&
		cw_issue_request(&spec, *ret_key, &der, error) &&
		cw_pem_write_block(ret_pem, "CERTIFICATE REQUEST", der.data, der.length, error);
}

static bool make_draft(
	const char *path, const struct cw_buffer *content, struct cw_draft **ret, struct cw_error *error)
{
	AUTO(cw_draft_free) struct cw_draft *draft = NULL;
	if (!cw_draft_open(path, &draft, error))
		return false;
	if (fwrite(cw_buffer_string(content), 1, content->length, cw_draft_stream(draft)) !=
			content->length ||
		fflush(cw_draft_stream(draft)) != 0)
		return cw_error_set(error, CW_E_IO, "%s: cannot write: %s", path, strerror(errno));
	*ret = TAKE(draft);
	return true;
}

/*
 * Both files are made beside, then the former request is noted as discarded, then both are put in their places, and
 * last the former key is overwritten. Killed or failed before the note, nothing has changed; behind it, the request
 * is still in progress, or a new one is, and the same command ends well.
 */
bool cw_pending_make(const struct cw_node_files *files, const struct cw_request_spec *composed,
	const struct cw_pending_options *options, bool *ret_discarded, struct cw_error *error)
{
	AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	AUTO(cw_draft_free) struct cw_draft *key_draft = NULL;
	AUTO(cw_draft_free) struct cw_draft *csr_draft = NULL;
	AUTO_BUFFER pem = {0};
	char former[CW_SHA256_TEXT_SIZE];
	bool exists = cw_pending_exists(files);
	if (exists && !options->discard)
		return cw_error_set(error, CW_E_USAGE,
			"%s: a request is in progress, and there is one at a time; accept its certificate, "
			"or discard it, which destroys its key (--discard)",
			files->csr);
	if ((exists && !read_key_id(files, former, error)) || !check_destroyable(files, error) ||
		!make_both(composed, &key, &pem, error) ||
		!cw_pem_write_key_draft(files->csr_key, key, options->password, &key_draft, error) ||
		!make_draft(files->csr, &pem, &csr_draft, error) ||
		(exists && !remember(files, former, options->at, error)) ||
		!cw_draft_commit_over_secret(key_draft, error) || !cw_draft_commit(csr_draft, 0644, error))
		return false;
	*ret_discarded = exists;
	return true;
}

bool cw_pending_discard(const struct cw_node_files *files, cw_time at, struct cw_error *error)
{
	char key_id[CW_SHA256_TEXT_SIZE];
	if (!cw_pending_exists(files))
		return cw_error_set(error, CW_E_USAGE, "%s: there is no request in progress", files->csr);
	/* Remembered first: killed behind that, it is discarded once more. */
	return read_key_id(files, key_id, error) && check_destroyable(files, error) &&
		remember(files, key_id, at, error) && cw_pending_done(files, error);
}

/* The key first: as long as the request is there, the same command can be given again. */
bool cw_pending_done(const struct cw_node_files *files, struct cw_error *error)
{
	return cw_file_destroy(files->csr_key, error) && cw_file_remove(files->csr, error);
}

bool cw_pending_is_for(
	const struct cw_node_files *files, const char *key_id, bool *ret, struct cw_error *error)
{
	char pending[CW_SHA256_TEXT_SIZE];
	*ret = false;
	if (!cw_pending_exists(files))
		return true;
	if (!read_key_id(files, pending, error))
		return false;
	*ret = strcmp(pending, key_id) == 0;
	return true;
}

bool cw_pending_was_discarded(const struct cw_node_files *files, const char *key_id, bool *ret,
	char date[CW_TIME_TEXT_SIZE], struct cw_error *error)
{
	AUTO_BUFFER text = {0};
	*ret = false;
	if (!read_discarded(files, &text, error))
		return false;
	const char *line = memmem(cw_buffer_string(&text), text.length, key_id, strlen(key_id));
	if (!line)
		return true;
	line += strlen(key_id);
	snprintf(date, CW_TIME_TEXT_SIZE, "%.*s", DATE_LENGTH, *line == ' ' ? line + 1 : "");
	*ret = true;
	return true;
}
