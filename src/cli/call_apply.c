#include "cli/call_apply.h"

#include "base/buffer.h"
#include "base/file.h"
#include "base/lock.h"
#include "config/deployment_write.h"
#include "pki/bundle/pem_write.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX (64 * 1024 * 1024) /* a CRL may be as large */

struct applying {
	const struct cw_deployment *original;
	const char *folder;
	struct cw_strings *made; /* names of files that stand for several; enough room, so that none moves */
	struct cw_error *error;
};

/* Inside the deployment's folder: what can be copied beside its YAML. */
static bool is_inside(const char *path)
{
	return *path && *path != '/' && strstr(path, "..") == NULL && strcmp(path, "system") != 0;
}

static bool join(const char *folder, const char *path, struct cw_buffer *ret, struct cw_error *error)
{
	cw_buffer_printf(ret, "%s%s%s", folder, *folder ? "/" : "", path);
	return cw_buffer_ok(ret, error);
}

static bool make_parent(const char *path, struct cw_error *error)
{
	AUTO(free) char *parent = strdup(path);
	char *slash = parent ? strrchr(parent, '/') : NULL;
	if (!parent)
		return cw_error_memory(error);
	if (!slash || slash == parent)
		return true;
	*slash = '\0';
	return cw_file_make_folder(parent, error);
}

static bool write_file(
	const struct applying *applying, const char *path, const struct cw_buffer *content, mode_t mode)
{
	AUTO_BUFFER to = {0};
	if (!join(applying->folder, path, &to, applying->error) ||
		!make_parent(cw_buffer_string(&to), applying->error))
		return false;
	cw_lock_sweep_beside(cw_buffer_string(&to));
	return cw_file_write(
		cw_buffer_string(&to), cw_buffer_string(content), content->length, mode, applying->error);
}

static bool copy_file(const struct applying *applying, const char *path)
{
	AUTO_BUFFER from = {0};
	AUTO_BUFFER content = {0};
	struct stat status;
	if (!path || !is_inside(path))
		return true;
	if (!join(applying->original->folder, path, &from, applying->error))
		return false;
	if (stat(cw_buffer_string(&from), &status) != 0 || !S_ISREG(status.st_mode))
		return true; /* a folder's files are entries of a list: see write_list */
	return cw_file_read(cw_buffer_string(&from), FILE_MAX, &content, applying->error) &&
		write_file(applying, path, &content, status.st_mode & 0777);
}

/* A file, or the files of a folder (not those of folders in it: the loader reads none of them). */
static bool copy_any(const struct applying *applying, const char *path)
{
	AUTO_BUFFER from = {0};
	bool good = true;
	if (!path || !is_inside(path))
		return true;
	if (!join(applying->original->folder, path, &from, applying->error))
		return false;
	DIR *folder = opendir(cw_buffer_string(&from));
	if (!folder)
		return copy_file(applying, path);
	for (struct dirent *entry; good && (entry = readdir(folder));) {
		AUTO_BUFFER one = {0};
		if (*entry->d_name != '.')
			good = join(path, entry->d_name, &one, applying->error) &&
				copy_file(applying, cw_buffer_string(&one));
	}
	closedir(folder);
	return good;
}

static bool copy_all(const struct applying *applying, const struct cw_strings *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		if (!copy_any(applying, paths->items[i]))
			return false;
	return true;
}

/* The YAML is to name the one file: the changed deployment is ours to the end. */
static bool name_one_file(const struct applying *applying, struct cw_store *store, const char *path)
{
	struct cw_strings *made = applying->made;
	if (made->count == made->capacity || !cw_strings_add(made, path))
		return cw_error_memory(applying->error);
	store->paths = (struct cw_strings){&made->items[made->count - 1], 1, 1};
	return true;
}

static bool write_list(const struct applying *applying, const struct cw_trust_list *list, const char *path)
{
	AUTO_BUFFER pem = {0};
	for (size_t i = 0; i < list->count; i++)
		if (!cw_pem_write_cert(&pem, list->entries[i].cert, applying->error))
			return false;
	return write_file(applying, path, &pem, 0644);
}

/* A list of several files or a folder becomes one file: its order is kept that way. */
static bool write_store(const struct applying *applying, struct cw_store *store, bool changed,
	const char *owner, const char *name)
{
	const char *only = store->paths.count == 1 ? store->paths.items[0] : NULL;
	struct stat status;
	AUTO_BUFFER from = {0};
	if (!copy_any(applying, store->password_path) || !copy_all(applying, &store->fingerprint_paths))
		return false;
	if (store->state != CW_KNOWN || !store->paths.count)
		return true;
	if (store->has_fingerprints && !changed)
		return copy_all(applying, &store->paths);
	if (only && !is_inside(only) && !changed)
		return true;
	if (only && !join(applying->original->folder, only, &from, applying->error))
		return false;
	bool file = only && is_inside(only) && stat(cw_buffer_string(&from), &status) == 0 &&
		S_ISREG(status.st_mode);
	if (file)
		return changed ? write_list(applying, &store->list, only) : copy_file(applying, only);
	AUTO_BUFFER path = {0};
	cw_buffer_printf(&path, "%s-%s.pem", owner, name);
	return cw_buffer_ok(&path, applying->error) &&
		write_list(applying, &store->list, cw_buffer_string(&path)) &&
		name_one_file(applying, store, cw_buffer_string(&path));
}

static bool same_list(const struct cw_trust_list *a, const struct cw_trust_list *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!cw_cert_same(a->entries[i].cert, b->entries[i].cert))
			return false;
	return true;
}

/* A chain file that began with a CA is the leaf alone afterwards. */
static bool write_leaf(const struct applying *applying, const struct cw_identity *identity)
{
	AUTO_BUFFER pem = {0};
	return cw_pem_write_cert(&pem, identity->leaf, applying->error) &&
		write_file(applying, identity->path, &pem, 0644);
}

static bool write_identity(const struct applying *applying, const struct cw_identity *identity,
	const struct cw_identity *original)
{
	bool alone = identity->state == CW_KNOWN && original->leaf_number > 1 && identity->leaf_number <= 1 &&
		is_inside(identity->path);
	bool written = alone ? write_leaf(applying, identity) : copy_file(applying, identity->path);
	return written && copy_file(applying, original->key_path) &&
		copy_file(applying, original->password_path) &&
		copy_file(applying, original->key_password_path);
}

static bool write_node(const struct applying *applying, struct cw_node *node)
{
	const struct cw_node *original = cw_deployment_node(applying->original, node->fqdn);
	for (size_t i = 0; i < CW_IDENTITY_KIND_COUNT; i++)
		if (!write_identity(applying, &node->identities[i], &original->identities[i]))
			return false;
	if (!copy_all(applying, &node->crl_paths))
		return false;
	for (size_t i = 0; i < CW_STORE_KIND_COUNT && !node->same_as; i++)
		if (!write_store(applying, &node->stores[i],
			    !same_list(&node->stores[i].list, &original->stores[i].list), node->fqdn,
			    cw_node_store_name((enum cw_store_kind)i)))
			return false;
	return true;
}

static bool write_all(const struct applying *applying, const struct cw_deployment *changed)
{
	AUTO_BUFFER yaml = {0};
	for (size_t i = 0; i < changed->group_count; i++)
		for (size_t k = 0; k < changed->groups[i]->count; k++)
			if (!write_node(applying, changed->groups[i]->nodes[k]))
				return false;
	if (changed->front && !write_node(applying, changed->front))
		return false;
	for (size_t i = 0; i < changed->endpoint_count; i++) {
		struct cw_endpoint *endpoint = &changed->endpoints[i];
		bool same = same_list(&endpoint->trust.list, &applying->original->endpoints[i].trust.list);
		if (!write_store(applying, &endpoint->trust, !same, endpoint->name, "trust"))
			return false;
	}
	return cw_deployment_write(changed, NULL, NULL, &yaml, applying->error) &&
		write_file(applying, "deployment.yaml", &yaml, 0600);
}

bool cw_call_apply_plan(const struct cw_deployment *deployment, const struct cw_repair *plan,
	const bool *only, const char *folder, size_t *ret_left, struct cw_error *error)
{
	AUTO(cw_whatif_free) struct cw_whatif *whatif = NULL;
	AUTO_BUFFER yaml = {0};
	AUTO_STRINGS made = {0};
	struct applying applying = {deployment, folder, &made, error};
	size_t left = 0;
	made.capacity = (size_t)CW_NODES_MAX * CW_STORE_KIND_COUNT + CW_ENDPOINTS_MAX;
	made.items = calloc(made.capacity, sizeof *made.items);
	if (!made.items)
		return cw_error_memory(error);
	if (!join(folder, "deployment.yaml", &yaml, error))
		return false;
	if (access(cw_buffer_string(&yaml), F_OK) == 0)
		return cw_error_set(error, CW_E_USAGE,
			"%s is there already; wanted a folder without a deployment", cw_buffer_string(&yaml));
	if (!cw_whatif_new(deployment, &whatif, error))
		return false;
	for (size_t i = 0; i < plan->count; i++) {
		if (only && !only[i])
			continue;
		bool does = plan->steps[i].needs == CW_REPAIR_NEEDS_NOTHING;
		left += !does;
		if (does && !cw_repair_lay(whatif, &plan->steps[i], error))
			return false;
	}
	const struct cw_deployment *changed = cw_whatif_deployment(whatif);
	if (!changed)
		return cw_error_memory(error);
	*ret_left = left;
	return write_all(&applying, changed);
}

bool cw_call_apply_pem(const struct cw_repair *plan, const bool *only, const char *folder, size_t *ret,
	struct cw_error *error)
{
	struct applying applying = {.folder = folder, .error = error};
	size_t count = 0;
	for (size_t i = 0; i < plan->count; i++) {
		const struct cw_remedy *remedy = &plan->steps[i].remedy;
		AUTO_BUFFER name = {0};
		AUTO_BUFFER pem = {0};
		bool first = remedy->action == CW_ACTION_APPEND && (!only || only[i]);
		for (size_t k = 0; k < plan->count && first; k++) {
			const struct cw_remedy *other = &plan->steps[k].remedy;
			if (other->action != CW_ACTION_APPEND || (only && !only[k]) ||
				strcmp(other->node, remedy->node) != 0 ||
				strcmp(other->store, remedy->store) != 0)
				continue;
			first = k >= i; /* those before are in the file of the first */
			if (first && !cw_pem_write_cert(&pem, other->cert, error))
				return false;
		}
		if (!first)
			continue;
		cw_buffer_printf(&name, "%s-%s.pem", remedy->node, remedy->store);
		if (!cw_buffer_ok(&name, error) ||
			!write_file(&applying, cw_buffer_string(&name), &pem, 0644))
			return false;
		count++;
	}
	*ret = count;
	return true;
}
