#include "workbench/pending.h"

#include "base/file.h"
#include "issue/issue.h"
#include "issue/issue_key.h"
#include "issue/issue_request.h"
#include "pki/bundle/pem_write.h"

#include <fcntl.h>
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

bool cw_pending_make(const struct cw_node_files *files, const struct cw_request_spec *composed,
	const char *password, struct cw_error *error)
{
	const struct cw_issue_spec spec = {
		.subject = composed->subject,
		.sans = composed->sans,
		/* domain.md §1.1: the request of these boxes carries both, always */
		.eku = "server, client",
		.key_usage = KU_DIGITAL_SIGNATURE |
			(strncmp(composed->key, "rsa", 3) == 0 ? (uint32_t)KU_KEY_ENCIPHERMENT : 0),
		.digest = composed->digest,
	};
	AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	AUTO_BUFFER der = {0}, pem = {0};
	if (cw_pending_exists(files))
		return cw_error_set(error, CW_E_USAGE,
			"%s: a request is in progress, and there is one at a time; accept its certificate, "
			"or discard it, which destroys its key (--discard)",
			files->csr);
	return cw_file_make_folder(*files->folder ? files->folder : ".", error) &&
		cw_issue_key(composed->key, &key, error) && cw_issue_request(&spec, key, &der, error) &&
		cw_pem_write_block(&pem, "CERTIFICATE REQUEST", der.data, der.length, error) &&
		cw_pem_write_key(files->csr_key, key, password, error) &&
		cw_file_write(files->csr, cw_buffer_string(&pem), pem.length, 0644, error);
}

/* Overwritten before it is unlinked: a file system that keeps old blocks keeps zeros. */
static void destroy(const char *path)
{
	static const char zeros[4096];
	struct stat status;
	int file = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	if (file >= 0 && fstat(file, &status) == 0 && S_ISREG(status.st_mode)) {
		for (off_t left = status.st_size; left > 0; left -= (off_t)sizeof zeros)
			if (write(file, zeros, left < (off_t)sizeof zeros ? (size_t)left : sizeof zeros) < 0)
				break;
		fsync(file);
	}
	if (file >= 0)
		close(file);
	unlink(path);
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
	cw_buffer_printf(&text, "%s %s\n", key_id, cw_time_format_date(at, date));
	return cw_buffer_ok(&text, error) &&
		cw_file_write(files->discarded, cw_buffer_string(&text), text.length, 0644, error);
}

bool cw_pending_discard(const struct cw_node_files *files, cw_time at, struct cw_error *error)
{
	AUTO(cw_request_free) struct cw_request *request = NULL;
	char key_id[CW_SHA256_TEXT_SIZE];
	if (!cw_pending_exists(files))
		return cw_error_set(error, CW_E_USAGE, "%s: there is no request in progress", files->csr);
	/* Remembered first: killed behind that, it is discarded once more. */
	if (!cw_request_read(files->csr, &request, error) ||
		!cw_key_id_of_cert(cw_request_shape(request), key_id, error) ||
		!remember(files, key_id, at, error))
		return false;
	destroy(files->csr_key);
	unlink(files->csr);
	return true;
}

void cw_pending_done(const struct cw_node_files *files)
{
	unlink(files->csr);
	destroy(files->csr_key);
}

bool cw_pending_was_discarded(const struct cw_node_files *files, const char *key_id, bool *ret,
	char date[CW_TIME_TEXT_SIZE], struct cw_error *error)
{
	AUTO_BUFFER text = {0};
	*ret = false;
	if (!read_discarded(files, &text, error))
		return false;
	const char *line = strstr(cw_buffer_string(&text), key_id);
	if (!line)
		return true;
	line += strlen(key_id);
	snprintf(date, CW_TIME_TEXT_SIZE, "%.*s", DATE_LENGTH, *line == ' ' ? line + 1 : "");
	*ret = true;
	return true;
}
