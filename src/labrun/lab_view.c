#include "labrun/lab_view.h"

#include "base/file.h"
#include "config/deployment_write.h"
#include "config/node_file.h"
#include "pki/bundle/pem_write.h"

#include <string.h>

struct viewing {
	const struct cw_lab_view *view;
	struct cw_deployment *shown; /* read anew, changed, written */
	struct cw_pool *pool;
};

/* --- texts of the model --- */

static bool set_text(char **place, const char *text)
{
	char *copy = text ? strdup(text) : NULL;
	if (text && !copy)
		return false;
	free(*place);
	*place = copy;
	return true;
}

static bool set_paths(struct cw_strings *paths, const char *path)
{
	cw_strings_finish(paths);
	*paths = (struct cw_strings){0};
	return !path || cw_strings_add(paths, path);
}

static bool set_identity(struct cw_identity *identity, const char *path, const char *key_path)
{
	if (identity->state != CW_KNOWN)
		return true;
	identity->format = CW_FORMAT_PEM;
	return set_text(&identity->path, path) && set_text(&identity->key_path, key_path) &&
		set_text(&identity->password_path, NULL) && set_text(&identity->key_password_path, NULL);
}

/* The twin that a lab runs stands in the place of its RSA sister (lab_folders.c). */
static bool forget_identity(struct cw_identity *identity)
{
	bool good = set_identity(identity, NULL, NULL);
	identity->state = CW_ABSENT;
	return good;
}

static bool set_store(struct cw_store *store, const char *path)
{
	if (store->state != CW_KNOWN)
		return true;
	store->has_fingerprints = false;
	return set_paths(&store->paths, path) && set_paths(&store->fingerprint_paths, NULL) &&
		set_text(&store->password_path, NULL);
}

/* --- what no node runs --- */

static bool write_certs(
	const struct viewing *viewing, const char *name, const struct cw_buffer *pem, struct cw_error *error)
{
	AUTO(free) char *path = cw_file_path(viewing->view->folder, name);
	AUTO(free) char *parent = path ? cw_file_folder(path) : NULL;
	if (!parent)
		return cw_error_memory(error);
	return cw_buffer_ok(pem, error) && cw_file_make_folder(parent, error) &&
		cw_file_write(path, cw_buffer_string(pem), pem->length, 0644, error);
}

static bool put_list(const struct viewing *viewing, const struct cw_store *original, struct cw_store *shown,
	const char *name, struct cw_error *error)
{
	const struct cw_trust_list *list = cw_stand_ins_list(viewing->view->stand_ins, original);
	AUTO_BUFFER pem = {0};
	if (original->state != CW_KNOWN)
		return true;
	if (!list)
		list = &original->list;
	cw_buffer_text(&pem, "");
	for (size_t i = 0; i < list->count; i++)
		if (!cw_pem_write_cert(&pem, list->entries[i].cert, error))
			return false;
	return write_certs(viewing, name, &pem, error) && (set_store(shown, name) || cw_error_memory(error));
}

static bool put_chain(const struct viewing *viewing, const struct cw_identity *original,
	struct cw_identity *shown, const char *name, struct cw_error *error)
{
	const struct cw_stand_ins *stand_ins = viewing->view->stand_ins;
	AUTO_BUFFER pem = {0};
	if (original->state != CW_KNOWN)
		return true;
	if (!cw_pem_write_cert(&pem, cw_stand_ins_of(stand_ins, original->leaf), error))
		return false;
	for (size_t i = 0; i < original->extra; i++)
		if (!cw_pem_write_cert(&pem, cw_stand_ins_of(stand_ins, original->others[i]), error))
			return false;
	return write_certs(viewing, name, &pem, error) &&
		(set_identity(shown, name, NULL) || cw_error_memory(error));
}

static bool put_stranger(const struct viewing *viewing, const struct cw_node *original, struct cw_node *shown,
	struct cw_error *error)
{
	for (size_t i = 0; i < CW_IDENTITY_KIND_COUNT; i++) {
		AUTO_BUFFER name = {0};
		cw_buffer_printf(&name, ".lab/view/%s/%s.pem", original->fqdn,
			cw_node_identity_name((enum cw_identity_kind)i));
		if (!cw_buffer_ok(&name, error) ||
			!put_chain(viewing, &original->identities[i], &shown->identities[i],
				cw_buffer_string(&name), error))
			return false;
	}
	for (size_t i = 0; i < CW_STORE_KIND_COUNT; i++) {
		AUTO_BUFFER name = {0};
		cw_buffer_printf(&name, ".lab/view/%s/%s.pem", original->fqdn,
			cw_node_store_name((enum cw_store_kind)i));
		if (!cw_buffer_ok(&name, error) ||
			!put_list(viewing, &original->stores[i], &shown->stores[i], cw_buffer_string(&name),
				error))
			return false;
	}
	return set_paths(&shown->crl_paths, NULL) || cw_error_memory(error);
}

static bool put_endpoints(const struct viewing *viewing, struct cw_error *error)
{
	const struct cw_deployment *source = viewing->view->source->deployment;
	for (size_t i = 0; i < source->endpoint_count; i++) {
		AUTO_BUFFER name = {0};
		cw_buffer_printf(&name, ".lab/view/endpoint-%zu.pem", i);
		if (!cw_buffer_ok(&name, error) ||
			!put_list(viewing, &source->endpoints[i].trust, &viewing->shown->endpoints[i].trust,
				cw_buffer_string(&name), error))
			return false;
	}
	return true;
}

/* --- what runs --- */

static bool take_zone(struct cw_zone *zone, const struct cw_zone *now, bool c)
{
	struct cw_credentials *own = c ? &zone->on_c : &zone->on_e;
	const struct cw_credentials *said = c ? &now->on_c : &now->on_e;
	for (size_t i = 0; c && i < zone->peer_count && i < now->peer_count; i++)
		if (!set_text(&zone->peers[i].address, now->peers[i].address))
			return false;
	if (c && now->peer_count < zone->peer_count)
		while (zone->peer_count > now->peer_count)
			free(zone->peers[--zone->peer_count].address);
	zone->port = now->port;
	return set_text(&own->username, said->username) && set_text(&own->password, said->password) &&
		(c || set_text(&zone->tls_verify_name, now->tls_verify_name));
}

static bool take_zones(
	struct cw_deployment *shown, const struct cw_group *group, const struct cw_node_file *file)
{
	const struct cw_zone *now = NULL;
	if (!cw_node_is_expressway(file->node))
		return true;
	/* a node's zones stand in its file in the order of the deployment */
	for (size_t i = 0; i < shown->zone_count; i++) {
		if (shown->zones[i].c != group && shown->zones[i].e != group)
			continue;
		now = cw_node_file_next_zone(file, file->deployment, now);
		if (!now)
			break;
		if (!take_zone(&shown->zones[i], now, file->node->kind == CW_NODE_EXPRESSWAY_C))
			return false;
	}
	return true;
}

/* The first peer whose file can be read speaks for its cluster. */
static bool take_settings(struct viewing *viewing, struct cw_group *group, const char *node_folder)
{
	AUTO(cw_node_file_free) struct cw_node_file *file = NULL;
	AUTO_STRINGS problems = {0};
	if (!cw_node_file_load(node_folder, viewing->pool, &file, &problems))
		return true;
	const struct cw_group *now = file->node->group;
	group->release = now->release;
	group->verify_origin_server = now->verify_origin_server;
	group->eku_check = now->eku_check;
	group->revocation = now->revocation;
	group->revocation_unknown = now->revocation_unknown;
	group->revocation_missing_passes = now->revocation_missing_passes;
	if (group->kind == CW_NODE_EXPRESSWAY_C)
		group->cucm_tls_verify = now->cucm_tls_verify;
	if (group->kind == CW_NODE_CUCM)
		group->secure_registration = now->secure_registration;
	return set_text(&group->cluster, now->cluster) && take_zones(viewing->shown, group, file);
}

static bool name_files(struct cw_node *shown, struct cw_error *error)
{
	static const char *const names[CW_IDENTITY_KIND_COUNT] = {[CW_IDENTITY_SERVER] = "server.pem",
		[CW_IDENTITY_CLIENT] = "client.pem",
		[CW_IDENTITY_TOMCAT] = "tomcat.pem",
		[CW_IDENTITY_CALLMANAGER] = "CallManager.pem"};
	static const char *const lists[CW_STORE_KIND_COUNT] = {[CW_STORE_TRUSTED_CA] = "trusted-ca.pem",
		[CW_STORE_TOMCAT_TRUST] = "tomcat-trust.pem",
		[CW_STORE_CALLMANAGER_TRUST] = "CallManager-trust.pem"};
	bool good = true;
	shown->same_as = NULL;
	for (size_t i = 0; i < CW_IDENTITY_KIND_COUNT; i++) {
		AUTO_BUFFER path = {0};
		cw_buffer_printf(&path, "%s/certs/%s", shown->fqdn, names[i] ? names[i] : "");
		if (names[i])
			good = good && !path.failed &&
				set_identity(&shown->identities[i], cw_buffer_string(&path), NULL);
		else if (!forget_identity(&shown->identities[i]))
			return cw_error_memory(error);
	}
	for (size_t i = 0; i < CW_STORE_KIND_COUNT; i++) {
		AUTO_BUFFER path = {0};
		cw_buffer_printf(&path, "%s/certs/%s", shown->fqdn, lists[i] ? lists[i] : "");
		good = good && !path.failed &&
			(!lists[i] || set_store(&shown->stores[i], cw_buffer_string(&path)));
	}
	AUTO_BUFFER crl = {0};
	cw_buffer_printf(&crl, "%s/certs/crl.pem", shown->fqdn);
	if (shown->crl_paths.count)
		good = good && !crl.failed && set_paths(&shown->crl_paths, cw_buffer_string(&crl));
	return good ? true : cw_error_memory(error);
}

static const struct cw_lab_folder *folder_of(const struct cw_lab_folders *folders, const char *fqdn)
{
	for (size_t i = 0; i < folders->count; i++)
		if (strcmp(folders->items[i].node->fqdn, fqdn) == 0 && !*folders->items[i].trouble)
			return &folders->items[i];
	return NULL;
}

static bool put_group(struct viewing *viewing, const struct cw_group *original, struct cw_group *shown,
	struct cw_error *error)
{
	bool taken = false;
	for (size_t i = 0; i < shown->count; i++) {
		const struct cw_lab_folder *folder = folder_of(viewing->view->folders, shown->nodes[i]->fqdn);
		if (!folder) {
			if (!put_stranger(viewing, original->nodes[i], shown->nodes[i], error))
				return false;
			continue;
		}
		if (!name_files(shown->nodes[i], error))
			return false;
		if (!taken && !take_settings(viewing, shown, folder->path))
			return cw_error_memory(error);
		taken = true;
	}
	return true;
}

static bool put_all(struct viewing *viewing, struct cw_error *error)
{
	static const char head[] =
		"# Made by \"causeway lab up\": the running lab as a deployment. The files that it names are the nodes' own;\n"
		"# settings are changed in the nodes' node.yaml, from which this file is made anew.\n";
	const struct cw_deployment *source = viewing->view->source->deployment;
	AUTO_BUFFER yaml = {0};
	cw_buffer_text(&yaml, head);
	for (size_t i = 0; i < source->group_count; i++)
		if (!put_group(viewing, source->groups[i], viewing->shown->groups[i], error))
			return false;
	if (source->front && !put_stranger(viewing, source->front, viewing->shown->front, error))
		return false;
	if (!put_endpoints(viewing, error) || !cw_deployment_write(viewing->shown, NULL, NULL, &yaml, error))
		return false;
	AUTO(free) char *path = cw_file_path(viewing->view->folder, "deployment.yaml");
	return path ? cw_file_write(path, cw_buffer_string(&yaml), yaml.length, 0600, error)
		    : cw_error_memory(error);
}

bool cw_lab_view_write(const struct cw_lab_view *view, struct cw_error *error)
{
	struct cw_lab_source anew = {0};
	AUTO_STRINGS problems = {0};
	if (!cw_lab_source_load(view->source->path, &anew, &problems))
		return cw_error_set(error, CW_E_IO, "%s", problems.items[0]);
	bool same = anew.deployment->group_count == view->source->deployment->group_count &&
		anew.deployment->endpoint_count == view->source->deployment->endpoint_count;
	for (size_t i = 0; same && i < anew.deployment->group_count; i++)
		same = anew.deployment->groups[i]->count == view->source->deployment->groups[i]->count;
	struct viewing viewing = {view, anew.deployment, anew.pool};
	bool good = same ? put_all(&viewing, error)
			 : cw_error_set(error, CW_E_IO, "%s: is being changed", view->source->path);
	cw_lab_source_finish(&anew);
	return good;
}

uint64_t cw_lab_view_look(const struct cw_lab_folders *folders)
{
	uint64_t hash = CW_LAB_SOURCE_HASH;
	for (size_t i = 0; i < folders->count; i++) {
		AUTO(free) char *path = cw_file_path(folders->items[i].path, "node.yaml");
		hash = cw_lab_source_mix(hash, path);
	}
	return hash;
}
