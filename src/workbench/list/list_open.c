#include "base/file.h"
#include "base/folder.h"
#include "pki/bundle/bundle_folder.h"
#include "workbench/list/list_parts.h"

#include <string.h>
#include <strings.h>

/* Whose list: a node or an endpoint, and which of its stores. */
struct owner {
	const struct cw_node *node;
	const struct cw_store *store;
	enum cw_store_kind kind;
};

/* A file that holds no certificate is no part of the list; one that is broken is said to be. */
static bool read_of_folder(
	struct cw_list *list, const char *path, struct cw_pool *pool, struct cw_error *error)
{
	AUTO_BUNDLE bundle = {0};
	struct cw_error why;
	if (cw_bundle_read(path, path, NULL, pool, &bundle, &why) && bundle.count)
		return cw_list_read(list, path, path, false, pool, error);
	if (bundle.path)
		cw_error_set(&why, CW_E_FORMAT, "%s: holds no certificate", path);
	if (why.code == CW_E_MEMORY || why.code == CW_E_IO) {
		*error = why;
		return false;
	}
	return cw_strings_addf(&list->notes, "%s; left out of the list: take the file out of the folder",
		       why.message) ||
		cw_error_memory(error);
}

static bool read_folder(
	struct cw_list *list, const char *folder, struct cw_pool *pool, struct cw_error *error)
{
	AUTO_BUNDLE_FOLDER found = {0};
	list->folder = strdup(folder);
	if (!list->folder)
		return cw_error_memory(error);
	if (!cw_bundle_folder_open(folder, NULL, &found, error))
		return false;
	list->unordered = !found.ordered;
	list->numbered = found.numbered;
	for (size_t i = 0; i < found.files.count; i++)
		if (!read_of_folder(list, found.files.items[i], pool, error))
			return false;
	for (size_t i = 0; i < found.notes.count; i++)
		if (!cw_strings_add(&list->notes, found.notes.items[i]))
			return cw_error_memory(error);
	return true;
}

bool cw_list_open(
	const char *path, bool create, struct cw_pool *pool, struct cw_list *ret, struct cw_error *error)
{
	AUTO_LIST list = {0};
	list.shown = strdup(strcmp(path, "-") == 0 ? "standard input" : path);
	if (!list.shown)
		return cw_error_memory(error);
	if (cw_folder_is(path) ? !read_folder(&list, path, pool, error)
			       : !cw_list_read(&list, path, path, create, pool, error))
		return false;
	*ret = list;
	list = (struct cw_list){0};
	return true;
}

static bool refuse_store(const struct cw_node *node, const char *store, struct cw_error *error)
{
	AUTO_BUFFER names = {0};
	for (unsigned i = 0; i < CW_STORE_KIND_COUNT; i++)
		if (node->stores[i].state != CW_ABSENT)
			cw_buffer_printf(&names, "%s%s:%s", names.length ? ", " : "", node->fqdn,
				cw_node_store_name((enum cw_store_kind)i));
	if (!cw_buffer_ok(&names, error))
		return false;
	const char *lists = names.length ? cw_buffer_string(&names) : "it has none";
	if (!store)
		return cw_error_set(error, CW_E_USAGE, "%s: wanted one of its lists: %s", node->fqdn, lists);
	return cw_error_set(
		error, CW_E_USAGE, "%s:%s: wanted one of its lists: %s", node->fqdn, store, lists);
}

static bool find_node_store(
	const struct cw_node *node, const char *store, struct owner *ret, struct cw_error *error)
{
	size_t found = 0;
	for (unsigned i = 0; i < CW_STORE_KIND_COUNT; i++) {
		enum cw_store_kind kind = (enum cw_store_kind)i;
		if (node->stores[kind].state == CW_ABSENT ||
			(store && strcmp(store, cw_node_store_name(kind)) != 0))
			continue;
		*ret = (struct owner){node, &node->stores[kind], kind};
		found++;
	}
	return found == 1 || refuse_store(node, store, error);
}

static bool find_owner(
	const struct cw_deployment *deployment, const char *word, struct owner *ret, struct cw_error *error)
{
	const char *colon = strrchr(word, ':');
	AUTO(free) char *name = colon ? strndup(word, (size_t)(colon - word)) : strdup(word);
	if (!name)
		return cw_error_memory(error);
	const struct cw_node *node = cw_deployment_node(deployment, name);
	if (node)
		return find_node_store(node, colon ? colon + 1 : NULL, ret, error);
	for (size_t i = 0; i < deployment->endpoint_count; i++) {
		const struct cw_endpoint *endpoint = &deployment->endpoints[i];
		if (strcmp(endpoint->name, name) != 0)
			continue;
		*ret = (struct owner){NULL, &endpoint->trust, CW_STORE_TRUST};
		return true;
	}
	return cw_error_set(error, CW_E_USAGE,
		"%s: %s has no node and no endpoint of that name; wanted NODE or NODE:STORE", word,
		deployment->path);
}

static bool read_once(struct cw_list *list, const struct cw_deployment *deployment, const char *shown,
	struct cw_pool *pool, struct cw_error *error)
{
	for (size_t i = 0; i < list->file_count; i++)
		if (strcmp(list->files[i].shown, shown) == 0)
			return true;
	AUTO(free) char *path = cw_file_path(deployment->folder, shown);
	if (!path)
		return cw_error_memory(error);
	return cw_list_read(list, path, shown, false, pool, error);
}

/* Files in the order of the loaded store, then those that hold no certificate. */
static bool read_store(struct cw_list *list, const struct cw_deployment *deployment,
	const struct cw_store *store, struct cw_pool *pool, struct cw_error *error)
{
	for (size_t i = 0; i < store->list.count; i++)
		if (store->list.entries[i].path &&
			!read_once(list, deployment, store->list.entries[i].path, pool, error))
			return false;
	for (size_t i = 0; i < store->paths.count; i++) {
		const char *typed = store->paths.items[i];
		AUTO(free) char *path = cw_file_path(deployment->folder, typed);
		if (!path)
			return cw_error_memory(error);
		if (cw_folder_is(path)) {
			free(list->folder);
			list->folder = TAKE(path);
		} else if (strcmp(typed, "system") != 0 && !read_once(list, deployment, typed, pool, error)) {
			return false;
		}
	}
	return true;
}

/* Numbers count where the order does: a folder of CUCM is no more than its files. The notes are told with the deployment. */
static bool look_for_numbers(struct cw_list *list, struct cw_error *error)
{
	AUTO_BUNDLE_FOLDER found = {0};
	if (!list->folder || list->unordered || list->kind != CW_STORE_TRUSTED_CA)
		return true;
	if (!cw_bundle_folder_open(list->folder, NULL, &found, error))
		return false;
	list->numbered = found.numbered;
	return true;
}

bool cw_list_open_store(const struct cw_deployment *deployment, const char *word, struct cw_pool *pool,
	struct cw_list *ret, struct cw_error *error)
{
	struct owner owner = {0};
	AUTO_LIST list = {0};
	AUTO_BUFFER shown = {0};
	if (!find_owner(deployment, word, &owner, error))
		return false;
	const char *name = cw_node_store_name(owner.kind);
	if (owner.node && owner.node->same_as)
		return cw_error_set(error, CW_E_USAGE,
			"%s: its lists are those of %s (same-as); name that node", word,
			owner.node->same_as->fqdn);
	if (owner.store->state != CW_KNOWN)
		return cw_error_set(
			error, CW_E_USAGE, "%s: %s is \"unknown\" in %s", word, name, deployment->path);
	list.node = owner.node;
	list.kind = owner.kind;
	list.unordered = owner.store->unordered;
	cw_buffer_printf(&shown, "%.*s %s", (int)strcspn(word, ":"), word, name);
	list.shown = cw_buffer_steal(&shown);
	if (!list.shown)
		return cw_error_memory(error);
	if (!read_store(&list, deployment, owner.store, pool, error) || !look_for_numbers(&list, error))
		return false;
	if (!list.file_count && !list.folder)
		return cw_error_set(error, CW_E_USAGE, "%s: no file of it can be edited", list.shown);
	*ret = list;
	list = (struct cw_list){0};
	return true;
}
