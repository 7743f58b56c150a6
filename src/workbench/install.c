#include "workbench/install.h"

#include "base/file.h"
#include "pki/key.h"
#include "pki/pem_write.h"
#include "workbench/pending.h"

#include <openssl/crypto.h>
#include <string.h>
#include <unistd.h>

void cw_installed_finish(struct cw_installed *installed)
{
	free(installed->former);
	free(installed->former_key);
	*installed = (struct cw_installed){0};
}

static bool copy_file(const char *from, const char *to, mode_t mode, size_t limit, struct cw_error *error)
{
	AUTO_BUFFER content = {0};
	if (!cw_file_read(from, limit, &content, error))
		return false;
	bool good = cw_file_write(to, cw_buffer_string(&content), content.length, mode, error);
	OPENSSL_cleanse(content.data, content.capacity);
	return good;
}

static bool keep(const char *path, mode_t mode, size_t limit, char **ret, struct cw_error *error)
{
	AUTO_BUFFER former = {0};
	cw_buffer_printf(&former, "%s.former", path);
	if (!cw_buffer_ok(&former, error) || !copy_file(path, cw_buffer_string(&former), mode, limit, error))
		return false;
	*ret = cw_buffer_steal(&former);
	return *ret ? true : cw_error_memory(error);
}

static bool same_files(const char *a, const char *b, size_t limit)
{
	AUTO_BUFFER first = {0}, second = {0};
	struct cw_error why;
	bool same = cw_file_read(a, limit, &first, &why) && cw_file_read(b, limit, &second, &why) &&
		first.length == second.length &&
		CRYPTO_memcmp(cw_buffer_string(&first), cw_buffer_string(&second), first.length) == 0;
	if (first.data)
		OPENSSL_cleanse(first.data, first.capacity);
	if (second.data)
		OPENSSL_cleanse(second.data, second.capacity);
	return same;
}

static bool is_content(const char *path, const struct cw_buffer *content)
{
	AUTO_BUFFER file = {0};
	struct cw_error why;
	return cw_file_read(path, CW_BUNDLE_FILE_MAX, &file, &why) && file.length == content->length &&
		memcmp(cw_buffer_string(&file), cw_buffer_string(content), content->length) == 0;
}

/* The file that holds the new key, or NULL where the one in use stays. */
static const char *new_key(const struct cw_gate_question *question, const struct cw_gate *gate)
{
	switch (gate->key) {
	case CW_GATE_KEY_PENDING:
		return question->files->csr_key;
	case CW_GATE_KEY_GIVEN:
		return question->key_path;
	case CW_GATE_KEY_NONE:
	case CW_GATE_KEY_UNKNOWN:
	case CW_GATE_KEY_PRESENT:
		break;
	}
	return NULL;
}

/* A key file of its own may also be the certificate's file: then there is no former key to keep. Killed
 * behind this step and repeated, the key is the new one already and nothing that is former is lost. */
static bool install_key(const struct cw_gate_question *question, const char *from,
	struct cw_installed *installed, struct cw_error *error)
{
	const char *to = question->files->key;
	if (same_files(from, to, CW_KEY_FILE_MAX))
		return true;
	if (access(to, F_OK) == 0 && !keep(to, 0600, CW_KEY_FILE_MAX, &installed->former_key, error))
		return false;
	installed->key_written = true;
	return copy_file(from, to, 0600, CW_KEY_FILE_MAX, error);
}

bool cw_install(const struct cw_gate_question *question, const struct cw_gate *gate, struct cw_installed *ret,
	struct cw_error *error)
{
	const struct cw_node_files *files = question->files;
	const char *key = new_key(question, gate);
	AUTO_INSTALLED installed = {0};
	AUTO_BUFFER pem = {0};
	if (!cw_pem_append_cert(&pem, gate->leaf, error) ||
		!cw_folder_make(*files->folder ? files->folder : ".", error))
		return false;
	/* A run that was killed behind the last write is repeated: what stands there is not the former one.
	 */
	if (access(files->certificate, F_OK) == 0 && !is_content(files->certificate, &pem) &&
		!keep(files->certificate, 0644, CW_BUNDLE_FILE_MAX, &installed.former, error))
		return false;
	if (key && !install_key(question, key, &installed, error))
		return false;
	if (!cw_file_write(files->certificate, cw_buffer_string(&pem), pem.length, 0644, error))
		return false;
	if (gate->key == CW_GATE_KEY_PENDING)
		cw_pending_done(files);
	*ret = installed;
	installed = (struct cw_installed){0};
	return true;
}
