#include "workbench/install.h"

#include "base/draft.h"
#include "base/file.h"
#include "pki/bundle/pem_write.h"
#include "pki/key.h"
#include "workbench/pending.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void cw_install_finish(struct cw_installed *installed)
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

/* With the mode that it had: a file that holds a key as well stays as private as it was. */
static bool keep(const char *path, size_t limit, char **ret, struct cw_error *error)
{
	struct stat status;
	AUTO_BUFFER former = {0};
	cw_buffer_printf(&former, "%s.former", path);
	if (stat(path, &status) != 0)
		return cw_error_set(error, CW_E_IO, "%s: cannot look at it", path);
	if (!cw_buffer_ok(&former, error) ||
		!copy_file(path, cw_buffer_string(&former), status.st_mode & 0777, limit, error))
		return false;
	*ret = cw_buffer_steal(&former);
	return *ret ? true : cw_error_memory(error);
}

static bool is_content(const char *path, const struct cw_buffer *content)
{
	AUTO_BUFFER file = {0};
	struct cw_error why;
	return cw_file_read(path, CW_BUNDLE_FILE_MAX, &file, &why) && file.length == content->length &&
		memcmp(cw_buffer_string(&file), cw_buffer_string(content), content->length) == 0;
}

/*
 * The new key; NULL where the one in use stays. One that was given is the one that the gate has read and judged. A
 * request's key may be encrypted in its file; the box has no one to type a password, so it is installed plain.
 */
static bool new_key(const struct cw_gate_question *question, const struct cw_gate *gate, EVP_PKEY **ret,
	struct cw_error *error)
{
	const char *from = question->files->csr_key;
	if (gate->key == CW_GATE_KEY_GIVEN) {
		*ret = EVP_PKEY_up_ref(gate->given) ? gate->given : NULL;
		return *ret ? true : cw_error_memory(error);
	}
	if (gate->key != CW_GATE_KEY_PENDING)
		return true;
	if (!cw_key_read(from, question->password, ret, error)) {
		if (error->code == CW_E_PASSWORD)
			cw_error_prefix(error, "--password-file");
		return false;
	}
	if (!cw_key_fits(*ret, gate->leaf))
		return cw_error_set(error, CW_E_KEY,
			"%s: is not the key of the certificate, though the request beside it is for that: a command was "
			"killed between writing the two; discard the request and make a new one (causeway csr new "
			"--discard)",
			from);
	return true;
}

/* Killed behind this step and repeated, the key is the new one already, and what is former stays so. */
static bool install_key(const struct cw_gate_question *question, const EVP_PKEY *key,
	struct cw_installed *installed, struct cw_error *error)
{
	const char *to = question->files->key;
	AUTO(EVP_PKEY_free) EVP_PKEY *present = NULL;
	struct cw_error why;
	bool there = access(to, F_OK) == 0;
	if (there && cw_key_read(to, NULL, &present, &why) && EVP_PKEY_eq(key, present) == 1)
		return true;
	if (there && !keep(to, CW_KEY_FILE_MAX, &installed->former_key, error))
		return false;
	installed->key_written = true;
	return cw_pem_write_key(to, key, NULL, error);
}

/* The file holds this very certificate already, and its key. */
static bool holds(const char *path, const struct cw_cert *leaf)
{
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	AUTO_BUNDLE bundle = {0};
	struct cw_error why;
	return pool && cw_bundle_read(path, path, NULL, pool, &bundle, &why) && bundle.count &&
		cw_cert_same(bundle.entries[cw_bundle_leaf(&bundle)].cert, leaf) &&
		cw_key_read(path, NULL, &key, &why) && cw_key_fits(key, leaf);
}

/* One file for both, in one step. `key` NULL: the one that is in it. */
static bool install_both(const struct cw_node_files *files, EVP_PKEY *key, const struct cw_buffer *pem,
	struct cw_installed *installed, struct cw_error *error)
{
	const char *path = files->certificate;
	AUTO(EVP_PKEY_free) EVP_PKEY *present = NULL;
	AUTO(cw_draft_free) struct cw_draft *draft = NULL;
	if (!key && !cw_key_read(path, NULL, &present, error))
		return false;
	if (access(path, F_OK) == 0 && !keep(path, CW_BUNDLE_FILE_MAX, &installed->former, error))
		return false;
	if (!cw_pem_write_key_draft(path, key ? key : present, NULL, &draft, error))
		return false;
	FILE *stream = cw_draft_stream(draft);
	if (fwrite(cw_buffer_string(pem), 1, pem->length, stream) != pem->length || fflush(stream) != 0)
		return cw_error_set(error, CW_E_IO, "%s: cannot write: %s", path, strerror(errno));
	installed->key_written = key != NULL;
	return cw_draft_commit(draft, 0600, error);
}

static bool install_one_by_one(const struct cw_gate_question *question, EVP_PKEY *key,
	const struct cw_buffer *pem, struct cw_installed *installed, struct cw_error *error)
{
	const char *path = question->files->certificate;
	/* A run that was killed behind the last write is repeated: what stands there is not the former one. */
	if (access(path, F_OK) == 0 && !is_content(path, pem) &&
		!keep(path, CW_BUNDLE_FILE_MAX, &installed->former, error))
		return false;
	return (!key || install_key(question, key, installed, error)) &&
		cw_file_write(path, cw_buffer_string(pem), pem->length, 0644, error);
}

static bool finish_request(
	const struct cw_gate_question *question, const struct cw_cert *leaf, struct cw_error *error)
{
	char key_id[CW_SHA256_TEXT_SIZE];
	bool pending;
	if (!cw_key_id_of_cert(leaf, key_id, error) ||
		!cw_pending_is_for(question->files, key_id, &pending, error))
		return false;
	return !pending || cw_pending_done(question->files, error);
}

bool cw_install(const struct cw_gate_question *question, const struct cw_gate *gate, struct cw_installed *ret,
	struct cw_error *error)
{
	const struct cw_node_files *files = question->files;
	AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	AUTO_INSTALLED installed = {0};
	AUTO_BUFFER pem = {0};
	if (!new_key(question, gate, &key, error) || !cw_pem_write_cert(&pem, gate->leaf, error) ||
		!cw_file_make_folder(*files->folder ? files->folder : ".", error))
		return false;
	bool both = strcmp(files->key, files->certificate) == 0;
	if (both ? !holds(files->certificate, gate->leaf) &&
				!install_both(files, key, &pem, &installed, error)
		 : !install_one_by_one(question, key, &pem, &installed, error))
		return false;
	if ((gate->key == CW_GATE_KEY_PENDING || gate->key == CW_GATE_KEY_PRESENT) &&
		!finish_request(question, gate->leaf, error))
		return cw_error_prefix(
			error, "the certificate is installed, but its request is not taken away");
	*ret = installed;
	installed = (struct cw_installed){0};
	return true;
}

static bool is_key_of(const char *path, const struct cw_cert *cert)
{
	AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	struct cw_error why;
	return cw_key_read(path, NULL, &key, &why) && cw_key_fits(key, cert);
}

bool cw_install_undo(const struct cw_node_files *files, bool *ret, struct cw_error *error)
{
	AUTO_BUFFER former = {0}, told = {0};
	*ret = false;
	cw_install_look(files, &told);
	if (!told.length)
		return cw_buffer_ok(&told, error);
	cw_buffer_printf(&former, "%s.former", files->key);
	if (!cw_buffer_ok(&former, error) ||
		!copy_file(cw_buffer_string(&former), files->key, 0600, CW_KEY_FILE_MAX, error))
		return false;
	*ret = true;
	return true;
}

void cw_install_look(const struct cw_node_files *files, struct cw_buffer *ret)
{
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUNDLE bundle = {0};
	AUTO_BUFFER former = {0};
	struct cw_error why;
	cw_buffer_printf(&former, "%s.former", files->key);
	if (!pool || former.failed || access(cw_buffer_string(&former), R_OK) != 0 ||
		!cw_bundle_read(files->certificate, files->certificate, NULL, pool, &bundle, &why) ||
		!bundle.count)
		return;
	const struct cw_cert *leaf = bundle.entries[0].cert;
	if (!is_key_of(files->key, leaf) && is_key_of(cw_buffer_string(&former), leaf))
		cw_buffer_printf(ret,
			"%s is not the key of %s, but %s is: an installation was interrupted; give \"cert accept ... "
			"--install\" again, or put the former key back",
			files->key, files->certificate, cw_buffer_string(&former));
}
