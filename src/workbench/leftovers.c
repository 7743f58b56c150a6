#include "workbench/leftovers.h"

#include "base/draft.h"
#include "base/file.h"
#include "base/lock.h"
#include "pki/bundle/bundle.h"
#include "pki/key.h"
#include "workbench/install.h"
#include "workbench/pending.h"

#include <string.h>
#include <unistd.h>

struct search {
	const struct cw_deployment *deployment;
	struct cw_strings *found;
	struct cw_strings folders; /* that have been looked into */
	bool failed;
};

static void search_finish(struct search *search)
{
	cw_strings_finish(&search->folders);
}

static void tell(struct search *search, const char *format, ...) CW_PRINTF(2, 3);

static void tell(struct search *search, const char *format, ...)
{
	AUTO_BUFFER line = {0};
	va_list args;
	va_start(args, format);
	cw_buffer_vprintf(&line, format, args);
	va_end(args);
	search->failed |= line.failed || !cw_strings_add(search->found, cw_buffer_string(&line));
}

static bool is_known(const struct search *search, const char *folder)
{
	for (size_t i = search->folders.count; i-- > 0;) /* the last ones are the likeliest */
		if (strcmp(search->folders.items[i], folder) == 0)
			return true;
	return false;
}

/* Whatever names a file of the deployment names a folder in which somebody may have been at work. */
static void look_beside(struct search *search, const char *path)
{
	AUTO(free) char *whole = path ? cw_file_path(search->deployment->folder, path) : NULL;
	AUTO(free) char *folder = whole ? cw_file_folder(whole) : NULL;
	if (!path || (folder && is_known(search, folder)))
		return;
	if (!folder || !cw_strings_add(&search->folders, folder)) {
		search->failed = true;
		return;
	}
	size_t count = cw_lock_count_left(folder);
	if (count)
		tell(search,
			"%s: a command that was killed left unfinished files (%s…, %zu); the next command that changes "
			"something in this folder removes them",
			*folder ? folder : ".", CW_DRAFT_PREFIX, count);
}

static bool is_key_of_request(const struct cw_node_files *files)
{
	AUTO(cw_request_free) struct cw_request *request = NULL;
	AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	struct cw_error why;
	if (!cw_request_read(files->csr, &request, &why))
		return true; /* a wrong file, and told elsewhere */
	if (!cw_key_read(files->csr_key, NULL, &key, &why))
		return why.code == CW_E_PASSWORD; /* not to be known without it */
	return cw_key_fits(key, cw_request_shape(request));
}

static bool is_installed(const struct cw_node_files *files)
{
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUNDLE bundle = {0};
	struct cw_error why;
	char key_id[CW_SHA256_TEXT_SIZE];
	bool pending = false;
	return pool && cw_bundle_read(files->certificate, files->certificate, NULL, pool, &bundle, &why) &&
		bundle.count &&
		cw_key_id_of_cert(bundle.entries[cw_bundle_leaf(&bundle)].cert, key_id, &why) &&
		cw_pending_is_for(files, key_id, &pending, &why) && pending;
}

/* Of a request in progress: what each of the steps in workbench/pending.h leaves behind where it is the last. */
static void look_at_request(
	struct search *search, const struct cw_node *node, const struct cw_node_files *files, bool installed)
{
	bool request = cw_pending_exists(files), key = access(files->csr_key, F_OK) == 0;
	if (!request && key)
		tell(search,
			"%s: a private key without its request: a command was killed; \"csr new\" for %s replaces it, or "
			"destroy it",
			files->csr_key, node->fqdn);
	else if (request && !key)
		tell(search,
			"%s: a request whose private key is gone: a command was killed while it took both away; \"csr "
			"discard\" for %s removes it",
			files->csr, node->fqdn);
	else if (request && installed)
		tell(search,
			"%s: the certificate for this request is installed: a command was killed before it took request "
			"and key away; give \"cert accept ... --install\" for %s again",
			files->csr, node->fqdn);
	else if (request && !is_key_of_request(files))
		tell(search,
			"%s: is not the key of the request beside it: a command was killed between writing the two; give "
			"\"csr new --discard\" for %s again",
			files->csr_key, node->fqdn);
}

static bool look_at_identities(struct search *search, const struct cw_node *node, struct cw_error *error)
{
	AUTO_NODE_FILES own = {0}; /* there is one request a node, whichever certificate it is for */
	bool installed = false;
	for (unsigned kind = 0; kind < CW_IDENTITY_KIND_COUNT; kind++) {
		const struct cw_identity *identity = &node->identities[kind];
		AUTO_NODE_FILES files = {0};
		AUTO_BUFFER half = {0};
		if (!identity->path)
			continue;
		look_beside(search, identity->path);
		look_beside(search, identity->key_path);
		if (!cw_node_files_find(search->deployment, node, (enum cw_identity_kind)kind, &files, error))
			return false;
		installed |= cw_pending_exists(&files) && is_installed(&files);
		cw_install_look(&files, &half);
		if (half.length)
			tell(search, "%s", cw_buffer_string(&half));
		if (!own.csr) {
			own = files;
			files = (struct cw_node_files){0};
		}
	}
	if (own.csr)
		look_at_request(search, node, &own, installed);
	return true;
}

static bool look_at_node(struct search *search, const struct cw_node *node, struct cw_error *error)
{
	if (!look_at_identities(search, node, error))
		return false;
	for (unsigned kind = 0; kind < CW_STORE_KIND_COUNT; kind++) {
		const struct cw_trust_list *list = &node->stores[kind].list;
		for (size_t i = 0; i < list->count; i++) /* of one file all entries have one path */
			if (!i || list->entries[i].path != list->entries[i - 1].path)
				look_beside(search, list->entries[i].path);
	}
	return true;
}

bool cw_leftovers_find(const struct cw_deployment *deployment, struct cw_strings *ret, struct cw_error *error)
{
	__attribute__((cleanup(search_finish))) struct search search = {
		.deployment = deployment, .found = ret};
	look_beside(&search, "deployment.yaml");
	for (size_t i = 0; i < deployment->group_count; i++)
		for (size_t k = 0; k < deployment->groups[i]->count; k++)
			if (!look_at_node(&search, deployment->groups[i]->nodes[k], error))
				return false;
	return search.failed ? cw_error_memory(error) : true;
}
