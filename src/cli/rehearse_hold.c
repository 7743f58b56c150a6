#include "cli/rehearse_hold.h"

#include "base/file.h"
#include "cli/rehearse_poke.h"
#include "deploy/presents.h"
#include "live/hold.h"
#include "pki/escape.h"
#include "pki/pem_write.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct holding {
	struct cw_call *call;
	struct cw_rehearsal *rehearsal;
	char folder[512];
	struct cw_strings files; /* to be removed */
};

static void remove_all(struct holding *holding)
{
	for (size_t i = 0; i < holding->files.count; i++)
		unlink(holding->files.items[i]);
	if (*holding->folder)
		rmdir(holding->folder);
	cw_strings_finish(&holding->files);
}

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

static bool write_certs(struct holding *holding, const struct cw_node *node, enum cw_identity_kind kind,
	const char *ending, struct cw_cert *const *certs, size_t count, struct cw_error *error)
{
	AUTO_BUFFER pem = {0};
	AUTO_BUFFER path = {0};
	if (!count)
		return true;
	for (size_t i = 0; i < count; i++)
		if (!cw_pem_append_cert(
			    &pem, cw_twin_shadow(cw_rehearsal_twin(holding->rehearsal), certs[i]), error))
			return false;
	cw_poke_path(&path, holding->folder, node->fqdn, cw_identity_name(kind));
	cw_buffer_text(&path, ending);
	return write_pem(holding, &path, &pem, error);
}

/* An original key stays where it is: a copy could outlive the rehearsal. */
static bool write_key(struct holding *holding, const struct cw_node *node, enum cw_identity_kind kind,
	struct cw_error *error)
{
	const struct cw_twin *twin = cw_rehearsal_twin(holding->rehearsal);
	AUTO_BUFFER path = {0};
	if (cw_twin_key_is_given(twin, node->identities[kind].leaf))
		return true;
	cw_poke_key_path(&path, holding->rehearsal, holding->folder, node, kind);
	if (!cw_buffer_ok(&path, error))
		return false;
	if (!cw_strings_add(&holding->files, cw_buffer_string(&path)))
		return cw_error_memory(error);
	return cw_pem_write_key(
		cw_buffer_string(&path), cw_twin_key(twin, node->identities[kind].leaf), NULL, error);
}

static bool write_identity(struct holding *holding, const struct cw_node *node, enum cw_identity_kind kind,
	struct cw_error *error)
{
	const struct cw_identity *identity = &node->identities[kind];
	struct cw_cert *chain[CW_PATH_DEPTH_MAX];
	if (identity->state != CW_KNOWN ||
		!cw_twin_key(cw_rehearsal_twin(holding->rehearsal), identity->leaf))
		return true;
	size_t count = cw_node_sends(node, kind, chain);
	return write_certs(holding, node, kind, CW_POKE_LEAF, chain, 1, error) &&
		write_certs(holding, node, kind, CW_POKE_ISSUERS, chain + 1, count - 1, error) &&
		write_key(holding, node, kind, error);
}

static bool write_store(struct holding *holding, const char *name, const struct cw_store *store,
	enum cw_store_kind kind, struct cw_error *error)
{
	AUTO_BUFFER pem = {0};
	AUTO_BUFFER path = {0};
	const struct cw_trust_list *list = cw_twin_list(cw_rehearsal_twin(holding->rehearsal), store);
	if (!list || !list->count)
		return true;
	for (size_t i = 0; i < list->count; i++)
		if (!cw_pem_append_cert(&pem, list->entries[i].cert, error))
			return false;
	cw_poke_path(&path, holding->folder, name, cw_store_name(kind));
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
	cw_buffer_text(&text, "\nThe twin is up until Ctrl-C. Its nodes listen at\n");
	cw_poke_places(&text, holding->rehearsal);
	cw_buffer_text(&text, "and who comes is judged and told of here. As their peers do it:\n");
	cw_poke_examples(&text, holding->rehearsal, holding->folder);
	cw_buffer_text(&text, "\nWhat happens:\n");
	if (!cw_buffer_ok(&text, error))
		return false;
	fputs(cw_buffer_string(&text), holding->call->err);
	fflush(holding->call->err);
	return true;
}

static bool on_ready(void *context, struct cw_error *error)
{
	struct holding *holding = context;
	const char *base = getenv("TMPDIR");
	snprintf(holding->folder, sizeof holding->folder, "%s/causeway-twin-XXXXXX",
		base && *base ? base : "/tmp");
	if (!mkdtemp(holding->folder)) {
		*holding->folder = '\0';
		return cw_error_set(error, CW_E_IO, "%s: cannot make a folder there for the twin's keys: %s",
			base && *base ? base : "/tmp", strerror(errno));
	}
	return write_all(holding, error) && print_all(holding, error);
}

static void on_told(void *context, const char *line)
{
	const struct holding *holding = context;
	AUTO_BUFFER safe = {0};
	cw_escape(&safe, line, strlen(line), "");
	fprintf(holding->call->err, "%s\n", cw_buffer_string(&safe));
	fflush(holding->call->err);
}

bool cw_rehearse_hold(struct cw_call *call, struct cw_rehearsal *rehearsal, struct cw_error *error)
{
	struct holding holding = {.call = call, .rehearsal = rehearsal};
	struct cw_hold_options options = {.ready = on_ready, .told = on_told, .context = &holding};
	bool good = cw_rehearsal_hold(rehearsal, &options, error);
	remove_all(&holding);
	return good;
}
