#include "workbench/convert.h"

#include "base/file.h"
#include "pki/bundle/pem_write.h"
#include "workbench/chain_order.h"
#include "workbench/file_name.h"

#include <string.h>
#include <sys/stat.h>

struct splitting {
	const struct cw_bundle *bundle;
	struct cw_cert **ordered; /* borrowed */
	size_t count;
};

static bool is_taken(const struct splitting *splitting, const struct cw_cert *cert)
{
	for (size_t i = 0; i < splitting->count; i++)
		if (cw_cert_same(splitting->ordered[i], cert))
			return true;
	return false;
}

static bool is_in_bundle(const struct cw_bundle *bundle, const struct cw_cert *cert)
{
	for (size_t i = 0; i < bundle->count; i++)
		if (cw_cert_same(bundle->entries[i].cert, cert))
			return true;
	return false;
}

/* The leaf and its issuers as far as they are in the file; then what is left, in the file's order. */
static void order(struct splitting *splitting, const struct cw_pool *pool)
{
	const struct cw_bundle *bundle = splitting->bundle;
	struct cw_chain_order chain;
	cw_chain_order_follow(pool, bundle->entries[cw_chain_order_leaf(bundle)].cert, &chain);
	for (size_t i = 0; i < chain.count; i++)
		if (is_in_bundle(bundle, chain.steps[i]))
			splitting->ordered[splitting->count++] = chain.steps[i];
	for (size_t i = 0; i < bundle->count; i++)
		if (!is_taken(splitting, bundle->entries[i].cert))
			splitting->ordered[splitting->count++] = bundle->entries[i].cert;
}

static char *path_of(const struct splitting *splitting, size_t index, const char *folder)
{
	AUTO_BUFFER name = {0};
	cw_buffer_printf(&name, "%zu-", index + 1);
	cw_file_name_append(&name, cw_cert_label(splitting->ordered[index]));
	cw_buffer_text(&name, ".pem");
	return name.failed ? NULL : cw_file_path(folder, cw_buffer_string(&name));
}

static bool is_written(const char *path, const struct cw_buffer *pem)
{
	AUTO_BUFFER content = {0};
	struct cw_error why;
	return cw_file_read(path, CW_BUNDLE_FILE_MAX, &content, &why) && content.length == pem->length &&
		memcmp(cw_buffer_string(&content), cw_buffer_string(pem), pem->length) == 0;
}

/* What stands there with just this content was written by a command that was killed, or by this one before. */
static bool check_free(const struct splitting *splitting, const char *folder, struct cw_error *error)
{
	struct stat status;
	for (size_t i = 0; i < splitting->count; i++) {
		AUTO(free) char *path = path_of(splitting, i, folder);
		AUTO_BUFFER pem = {0};
		if (!path)
			return cw_error_memory(error);
		if (!cw_pem_write_cert(&pem, splitting->ordered[i], error))
			return false;
		if (lstat(path, &status) == 0 && !is_written(path, &pem))
			return cw_error_set(
				error, CW_E_USAGE, "%s: is there already; nothing is written", path);
	}
	return true;
}

static const char *what_it_is(const struct cw_cert *cert)
{
	if (cw_cert_self_signed(cert))
		return cw_cert_is_ca(cert) ? "the root CA" : "self-signed";
	return cw_cert_is_ca(cert) ? "an intermediate CA: for trusted CA lists"
				   : "the leaf: for the server certificate page";
}

static bool write_all(
	const struct splitting *splitting, const char *folder, struct cw_buffer *ret, struct cw_error *error)
{
	for (size_t i = 0; i < splitting->count; i++) {
		const struct cw_cert *cert = splitting->ordered[i];
		AUTO(free) char *path = path_of(splitting, i, folder);
		AUTO_BUFFER pem = {0};
		if (!path)
			return cw_error_memory(error);
		if (!cw_pem_write_cert(&pem, cert, error) ||
			!cw_file_write(path, cw_buffer_string(&pem), pem.length, 0644, error))
			return false;
		cw_buffer_printf(ret, "%s\n    %s, %s\n", path, cw_cert_subject_text(cert), what_it_is(cert));
	}
	return cw_buffer_ok(ret, error);
}

bool cw_convert_split(const struct cw_bundle *bundle, const struct cw_pool *pool, const char *folder,
	struct cw_buffer *ret, struct cw_error *error)
{
	AUTO(free) struct cw_cert **ordered = calloc(bundle->count + CW_PATH_DEPTH_MAX, sizeof *ordered);
	struct splitting splitting = {bundle, ordered, 0};
	if (!ordered)
		return cw_error_memory(error);
	order(&splitting, pool);
	return cw_file_make_folder(folder, error) && check_free(&splitting, folder, error) &&
		write_all(&splitting, folder, ret, error);
}
