#include "rehearse/serve_folder.h"

#include "base/draft.h"
#include "base/escape.h"
#include "base/file.h"
#include "base/passing_folder.h"
#include "model/presented.h"
#include "pki/bundle/pem_write.h"
#include "rehearse/connect_hints.h"
#include "rehearse/serve.h"

#include <string.h>

struct holding {
	const struct cw_serve_folder_owner *owner;
	struct cw_rehearsal *rehearsal;
	struct cw_passing_folder folder;
	struct cw_strings files; /* to be removed */
};

/* What stays is told by name: it may be a private key. */
static bool remove_all(struct holding *holding, struct cw_error *error)
{
	bool good = true;
	for (size_t i = 0; i < holding->files.count; i++)
		good = cw_file_destroy(holding->files.items[i], error) && good;
	struct cw_error stays;
	if (!cw_passing_folder_finish(&holding->folder, &stays) && good) {
		*error = stays;
		good = false;
	}
	cw_strings_finish(&holding->files);
	return good;
}

/* Only files that a rehearsal writes; anything else keeps the folder. */
static bool remove_left(const char *path, const char *name)
{
	size_t length = strlen(name);
	const char *ending = length > 4 ? name + length - 4 : "";
	struct cw_error why;
	bool ours = cw_draft_is_name(name) || strcmp(ending, ".pem") == 0 || strcmp(ending, ".key") == 0;
	return !ours || cw_file_destroy(path, &why);
}

static const struct cw_passing_folder_kind folder_kind = {NULL, "causeway-rehearsal-", 0700, remove_left};

/* Writes a file of the folder, noted for removal. */
static bool write_pem(struct holding *holding, const struct cw_buffer *path, const struct cw_buffer *pem,
	struct cw_error *error)
{
	if (!cw_buffer_ok(path, error) || !cw_buffer_ok(pem, error))
		return false;
	if (!cw_strings_add(&holding->files, cw_buffer_string(path)))
		return cw_error_memory(error);
	return cw_file_create(cw_buffer_string(path), pem->data, pem->length, 0600, error);
}

/* `path` is that of the identity; it gets the ending. */
static bool write_certs(struct holding *holding, struct cw_buffer *path, struct cw_cert *const *certs,
	size_t count, struct cw_error *error)
{
	AUTO_BUFFER pem = {0};
	if (!count)
		return true;
	for (size_t i = 0; i < count; i++)
		if (!cw_pem_write_cert(&pem,
			    cw_stand_ins_of(cw_rehearsal_stand_ins(holding->rehearsal), certs[i]), error))
			return false;
	return write_pem(holding, path, &pem, error);
}

/* An original key stays where it is: a copy could outlive the rehearsal. */
static bool write_key(struct holding *holding, const struct cw_node *node, enum cw_identity_kind kind,
	struct cw_error *error)
{
	const struct cw_stand_ins *stand_ins = cw_rehearsal_stand_ins(holding->rehearsal);
	AUTO_BUFFER path = {0};
	if (cw_stand_ins_key_is_given(stand_ins, node->identities[kind].leaf))
		return true;
	cw_connect_hints_key_path(&path, holding->rehearsal, holding->folder.path, node, kind);
	if (!cw_buffer_ok(&path, error))
		return false;
	if (!cw_strings_add(&holding->files, cw_buffer_string(&path)))
		return cw_error_memory(error);
	return cw_pem_write_key(cw_buffer_string(&path),
		cw_stand_ins_key(stand_ins, node->identities[kind].leaf), NULL, error);
}

static bool write_identity(struct holding *holding, const struct cw_node *node, enum cw_identity_kind kind,
	struct cw_error *error)
{
	const struct cw_identity *identity = &node->identities[kind];
	struct cw_cert *chain[CW_PATH_DEPTH_MAX];
	if (identity->state != CW_KNOWN ||
		!cw_stand_ins_key(cw_rehearsal_stand_ins(holding->rehearsal), identity->leaf))
		return true;
	size_t count = cw_presented_chain(node, kind, chain);
	AUTO_BUFFER leaf = {0};
	AUTO_BUFFER issuers = {0};
	const char *name = cw_node_identity_name(kind);
	cw_connect_hints_path(&leaf, holding->folder.path, node->fqdn, name);
	cw_buffer_text(&leaf, CW_CONNECT_HINTS_LEAF);
	cw_connect_hints_path(&issuers, holding->folder.path, node->fqdn, name);
	cw_buffer_text(&issuers, CW_CONNECT_HINTS_ISSUERS);
	return write_certs(holding, &leaf, chain, 1, error) &&
		write_certs(holding, &issuers, chain + 1, count - 1, error) &&
		write_key(holding, node, kind, error);
}

static bool write_store(struct holding *holding, const char *name, const struct cw_store *store,
	enum cw_store_kind kind, struct cw_error *error)
{
	AUTO_BUFFER pem = {0};
	AUTO_BUFFER path = {0};
	const struct cw_trust_list *list =
		cw_stand_ins_list(cw_rehearsal_stand_ins(holding->rehearsal), store);
	if (!list || !list->count)
		return true;
	for (size_t i = 0; i < list->count; i++)
		if (!cw_pem_write_cert(&pem, list->entries[i].cert, error))
			return false;
	cw_connect_hints_path(&path, holding->folder.path, name, cw_node_store_name(kind));
	cw_buffer_text(&path, ".pem");
	return write_pem(holding, &path, &pem, error);
}

static bool write_node(struct holding *holding, const struct cw_node *node, struct cw_error *error)
{
	for (int kind = 0; kind < CW_IDENTITY_KIND_COUNT; kind++)
		if (!write_identity(holding, node, (enum cw_identity_kind)kind, error))
			return false;
	for (int kind = 0; kind < CW_STORE_KIND_COUNT; kind++)
		if (!write_store(holding, node->fqdn, &node->stores[kind], (enum cw_store_kind)kind, error))
			return false;
	return true;
}

static bool write_all(struct holding *holding, struct cw_error *error)
{
	const struct cw_deployment *deployment = cw_rehearsal_check(holding->rehearsal)->deployment;
	for (size_t i = 0; i < deployment->group_count; i++)
		for (size_t k = 0; k < deployment->groups[i]->count; k++)
			if (!write_node(holding, deployment->groups[i]->nodes[k], error))
				return false;
	for (size_t i = 0; i < deployment->endpoint_count; i++)
		if (!write_store(holding, deployment->endpoints[i].name, &deployment->endpoints[i].trust,
			    CW_STORE_TRUST, error))
			return false;
	return !deployment->front || write_node(holding, deployment->front, error);
}

static bool print_all(struct holding *holding, struct cw_error *error)
{
	AUTO_BUFFER text = {0};
	cw_buffer_text(&text, "\nThe rehearsal is up until Ctrl-C. Its nodes listen at\n");
	cw_connect_hints_places(&text, holding->rehearsal);
	cw_buffer_text(&text, "and who comes is judged and told of here. As their peers do it:\n");
	cw_connect_hints_examples(&text, holding->rehearsal, holding->folder.path);
	cw_buffer_text(&text, "\nWhat happens:\n");
	if (!cw_buffer_ok(&text, error))
		return false;
	holding->owner->say(holding->owner->context, cw_buffer_string(&text));
	return true;
}

static bool on_ready(void *context, struct cw_error *error)
{
	struct holding *holding = context;
	return cw_passing_folder_make(&folder_kind, &holding->folder, error) && write_all(holding, error) &&
		print_all(holding, error);
}

static void on_told(void *context, const char *line)
{
	const struct holding *holding = context;
	AUTO_BUFFER safe = {0};
	cw_escape(&safe, line, strlen(line), "");
	cw_buffer_char(&safe, '\n');
	holding->owner->say(holding->owner->context, cw_buffer_string(&safe));
}

bool cw_serve_folder(
	struct cw_rehearsal *rehearsal, const struct cw_serve_folder_owner *owner, struct cw_error *error)
{
	struct holding holding = {.owner = owner, .rehearsal = rehearsal, .folder = CW_PASSING_FOLDER_NONE};
	struct cw_serve_options options = {.ready = on_ready, .told = on_told, .context = &holding};
	bool good = cw_serve_rehearsal(rehearsal, &options, error);
	struct cw_error left;
	if (remove_all(&holding, &left) || !good)
		return good;
	*error = left;
	return false;
}
