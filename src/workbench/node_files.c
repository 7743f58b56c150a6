#include "workbench/node_files.h"

#include "base/file.h"

#include <string.h>
#include <unistd.h>

void cw_node_files_finish(struct cw_node_files *files)
{
	free(files->folder);
	free(files->certificate);
	free(files->key);
	free(files->csr);
	free(files->csr_key);
	free(files->discarded);
	*files = (struct cw_node_files){0};
}

/* A file of the node that tells where its files are; NULL: none does. */
static const char *known_file(const struct cw_node *node, enum cw_identity_kind kind)
{
	if (node->identities[kind].path)
		return node->identities[kind].path;
	for (unsigned i = 0; i < CW_IDENTITY_KIND_COUNT; i++)
		if (node->identities[i].path)
			return node->identities[i].path;
	for (unsigned i = 0; i < CW_STORE_KIND_COUNT; i++)
		for (size_t k = 0; k < node->stores[i].list.count; k++)
			if (node->stores[i].list.entries[k].path)
				return node->stores[i].list.entries[k].path;
	return NULL;
}

static bool find_folder(const struct cw_deployment *deployment, const struct cw_node *node,
	enum cw_identity_kind kind, struct cw_node_files *files)
{
	const char *known = known_file(node, kind);
	AUTO(free) char *typed = known ? cw_file_folder(known) : strdup(node->fqdn);
	AUTO(free) char *joined = typed && *typed ? cw_file_path(deployment->folder, typed) : NULL;
	if (typed && !*typed)
		files->folder = strdup(deployment->folder);
	else
		files->folder = TAKE(joined);
	return files->folder;
}

/* The names that the boxes give these files, as the labs have them. */
static const char *const file_names[CW_IDENTITY_KIND_COUNT][2] = {
	[CW_IDENTITY_SERVER] = {"server.pem", "privkey.pem"},
	[CW_IDENTITY_CLIENT] = {"client.pem", "client-privkey.pem"},
	[CW_IDENTITY_TOMCAT] = {"tomcat.pem", "tomcat-privkey.pem"},
	[CW_IDENTITY_CALLMANAGER] = {"CallManager.pem", "CallManager-privkey.pem"},
	[CW_IDENTITY_TOMCAT_ECDSA] = {"tomcat-ECDSA.pem", "tomcat-ECDSA-privkey.pem"},
	[CW_IDENTITY_CALLMANAGER_ECDSA] = {"CallManager-ECDSA.pem", "CallManager-ECDSA-privkey.pem"},
};

static char *beside(const struct cw_node_files *files, const char *name, const char *ending)
{
	AUTO_BUFFER full = {0};
	cw_buffer_printf(&full, "%s%s", name, ending);
	return full.failed ? NULL : cw_file_path(files->folder, cw_buffer_string(&full));
}

static char *own_or(const struct cw_deployment *deployment, const struct cw_node_files *files,
	const char *typed, const char *name)
{
	return typed ? cw_file_path(deployment->folder, typed) : cw_file_path(files->folder, name);
}

bool cw_node_files_find(const struct cw_deployment *deployment, const struct cw_node *node,
	enum cw_identity_kind kind, struct cw_node_files *ret, struct cw_error *error)
{
	AUTO_NODE_FILES files = {0};
	const struct cw_identity *identity = &node->identities[kind];
	if (!find_folder(deployment, node, kind, &files))
		return cw_error_memory(error);
	bool single_key =
		identity->key_path && (!identity->path || strcmp(identity->key_path, identity->path) != 0);
	files.certificate = own_or(deployment, &files, identity->path, file_names[kind][0]);
	files.key = own_or(deployment, &files, single_key ? identity->key_path : NULL, file_names[kind][1]);
	files.csr = beside(&files, node->fqdn, ".csr");
	files.csr_key = beside(&files, node->fqdn, ".csr.key");
	files.discarded = beside(&files, node->fqdn, ".discarded");
	if (!files.certificate || !files.key || !files.csr || !files.csr_key || !files.discarded)
		return cw_error_memory(error);
	*ret = files;
	files = (struct cw_node_files){0};
	return true;
}

static bool may_have(const struct cw_node *node, enum cw_identity_kind kind)
{
	switch (kind) {
	case CW_IDENTITY_SERVER:
		return node->kind == CW_NODE_EXPRESSWAY_C || node->kind == CW_NODE_EXPRESSWAY_E ||
			node->kind == CW_NODE_FRONT;
	case CW_IDENTITY_CLIENT: /* sources F4.2: from X15.5 on */
		return node->kind == CW_NODE_FRONT ||
			(may_have(node, CW_IDENTITY_SERVER) &&
				cw_release_row(node->group->release)->client_store);
	case CW_IDENTITY_TOMCAT:
	case CW_IDENTITY_TOMCAT_ECDSA:
		return node->kind == CW_NODE_CUCM || node->kind == CW_NODE_IMP || node->kind == CW_NODE_UNITY;
	case CW_IDENTITY_CALLMANAGER:
	case CW_IDENTITY_CALLMANAGER_ECDSA:
		return node->kind == CW_NODE_CUCM;
	case CW_IDENTITY_KIND_COUNT:
		break;
	}
	return false;
}

bool cw_node_files_choose_identity(
	const struct cw_node *node, const char *name, enum cw_identity_kind *ret, struct cw_error *error)
{
	AUTO_BUFFER names = {0};
	for (unsigned i = 0; i < CW_IDENTITY_KIND_COUNT; i++) {
		enum cw_identity_kind kind = (enum cw_identity_kind)i;
		if (!may_have(node, kind))
			continue;
		if (!name || strcmp(name, cw_node_identity_name(kind)) == 0) {
			*ret = kind;
			return true;
		}
		cw_buffer_printf(&names, "%s%s", names.length ? ", " : "", cw_node_identity_name(kind));
	}
	if (!cw_buffer_ok(&names, error))
		return false;
	return cw_error_set(error, CW_E_USAGE, "%s: it has no identity \"%s\"; wanted %s", node->fqdn,
		name ? name : "", cw_buffer_string(&names));
}

bool cw_node_files_choose_node(const struct cw_deployment *deployment, const char *name,
	const struct cw_node **ret, struct cw_error *error)
{
	AUTO_BUFFER names = {0};
	*ret = cw_deployment_node(deployment, name);
	if (*ret)
		return true;
	for (size_t i = 0; i < deployment->group_count; i++)
		for (size_t k = 0; k < deployment->groups[i]->count; k++)
			cw_buffer_printf(&names, "%s%s", names.length ? ", " : "",
				deployment->groups[i]->nodes[k]->fqdn);
	if (!cw_buffer_ok(&names, error))
		return false;
	return cw_error_set(error, CW_E_USAGE, "%s has no node \"%s\"; wanted one of %s", deployment->path,
		name, cw_buffer_string(&names));
}

char *cw_node_files_typed_path(const struct cw_deployment *deployment, const char *noted)
{
	AUTO(free) char *joined = cw_file_path(deployment->folder, noted);
	if (joined && access(joined, F_OK) != 0)
		return strdup(noted);
	return TAKE(joined);
}
