#include "node/edge/edge_core_parts.h"

#include "base/file.h"
#include "config/allow_list.h"
#include "node/edge/lane_relay.h"
#include "node/node_ports.h"
#include "node/node_reach.h"
#include "node/worker/node_workers.h"
#include "report/json.h"

#include <openssl/sha.h>
#include <string.h>
#include <unistd.h>

/* Three lines of 64 digits and two times. */
#define FILE_MAX_SIZE 1024

void cw_edge_core_say(struct cw_node_core *core, const struct cw_edge_core_word *word)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *with = json_object();
	cw_json_put(&json, with, word->word, cw_json_count(word->id));
	if (word->why)
		cw_json_put(&json, with, "why", cw_json_text(word->why));
	if (word->edge)
		cw_json_put(&json, with, "edge", cw_json_text(word->edge));
	if (word->wait)
		cw_json_put(&json, with, "wait", cw_json_count(word->wait));
	if (!json.failed)
		cw_node_workers_send(core, word->worker, word->lane, with, &word->file, word->file >= 0);
	if (word->file >= 0)
		close(word->file);
}

/* --- keys --- */

static bool signs(const struct cw_node_core *core)
{
	return core->snapshot->node->kind == CW_NODE_EXPRESSWAY_C;
}

static char *path_of(const struct cw_node_core *core)
{
	AUTO(free) char *folder = cw_file_path(core->folder.path, "secrets");
	return folder ? cw_file_path(folder, CW_EDGE_CORE_FILE) : NULL;
}

static void read_keys(struct cw_edge_core *edge)
{
	AUTO(free) char *path = path_of(edge->core);
	AUTO_BUFFER text = {.secret = true};
	struct cw_error error;
	if (!path || access(path, F_OK) != 0)
		return;
	if (!cw_file_read(path, FILE_MAX_SIZE, &text, &error) ||
		!cw_edge_key_signer_read(cw_buffer_string(&text), text.length, &edge->signer, &error))
		cw_node_core_say(edge->core, "session cookies: %s: %s", path, error.message);
}

static void write_keys(struct cw_edge_core *edge)
{
	AUTO(free) char *path = path_of(edge->core);
	AUTO_BUFFER text = {.secret = true};
	struct cw_error error;
	cw_edge_key_signer_write(&edge->signer, &text);
	if (!path || !cw_buffer_ok(&text, &error) ||
		!cw_file_write(path, text.data, text.length, 0600, &error))
		cw_node_core_say(edge->core,
			"session cookies: their key cannot be kept: %s; after a restart everybody signs in anew",
			path ? error.message : "out of memory");
}

/* --- what is shared and told --- */

static void share(struct cw_edge_core *edge)
{
	AUTO_BUFFER signer = {.secret = true};
	if (signs(edge->core))
		cw_edge_key_signer_write(&edge->signer, &signer);
	json_t *value =
		cw_edge_share_write(&edge->share, signs(edge->core) ? cw_buffer_string(&signer) : NULL);
	if (value)
		cw_node_workers_share(edge->core, CW_EDGE_CORE_SHARED, value);
}

/* Its own keys count as everybody's do. */
static void take_own(struct cw_edge_core *edge)
{
	struct cw_edge_told told = {0};
	told.key_count = cw_edge_key_signer_told(&edge->signer, told.keys);
	(void)cw_edge_share_take(&edge->share, edge->core->snapshot->node->fqdn, &told);
}

static void hash_allow(struct cw_edge_core *edge)
{
	const struct cw_allow_list *list = &edge->core->snapshot->file->allow;
	uint8_t digest[SHA256_DIGEST_LENGTH];
	AUTO_BUFFER all = {0}, hex = {0};
	for (size_t i = 0; i < list->count; i++) {
		cw_allow_list_text(&list->rules[i], &all);
		cw_buffer_char(&all, '\n');
	}
	SHA256((const uint8_t *)cw_buffer_string(&all), all.length, digest);
	cw_buffer_hex(&hex, digest, sizeof digest);
	snprintf(edge->allow, sizeof edge->allow, "%s", cw_buffer_string(&hex));
}

void cw_edge_core_turn(struct cw_node_core *core)
{
	struct cw_edge_core *edge = core->edge;
	struct cw_error error;
	bool changed = false;
	if (!edge || !signs(core))
		return;
	hash_allow(edge);
	if (!cw_edge_key_signer_turn(&edge->signer, cw_time_now(), &changed, &error)) {
		cw_node_core_say(core, "session cookies: %s", error.message);
		return;
	}
	if (!changed)
		return;
	write_keys(edge);
	take_own(edge);
	share(edge);
	cw_node_reach_tell(core);
	cw_node_ports_tell(core);
}

json_t *cw_edge_core_told(const struct cw_node_core *core)
{
	const struct cw_edge_core *edge = core->edge;
	return edge && signs(core) ? cw_edge_told_write(&edge->signer, edge->allow) : NULL;
}

void cw_edge_core_hear(struct cw_node_core *core, const char *node, const char *data, size_t length)
{
	struct cw_edge_core *edge = core->edge;
	struct cw_edge_told told;
	/* its own name is nobody else's */
	if (!edge || strcasecmp(node, core->snapshot->node->fqdn) == 0 ||
		!cw_edge_told_read(data, length, &told))
		return;
	if (cw_edge_share_take(&edge->share, node, &told))
		share(edge);
}

/* --- streams --- */

void cw_edge_core_stream(struct cw_node_core *core, const char *from, evutil_socket_t socket)
{
	struct cw_edge_core *edge = core->edge;
	unsigned worker = edge ? cw_node_workers_serving(core, edge->next_worker++) : CW_NODE_WORKERS_ALL;
	if (worker == CW_NODE_WORKERS_ALL) {
		close(socket);
		return;
	}
	const struct cw_edge_core_word word = {.worker = worker,
		.lane = CW_LANE_RELAY_NAME,
		.word = "take",
		.id = 1,
		.edge = from,
		.file = socket};
	cw_edge_core_say(core, &word);
}

/* --- the whole --- */

struct cw_traffic_sessions *cw_edge_core_sessions(const struct cw_node_core *core)
{
	return &core->edge->sessions;
}

bool cw_edge_core_begin(struct cw_node_core *core, struct cw_error *error)
{
	struct cw_edge_core *edge = core->edge = calloc(1, sizeof *edge);
	if (!edge)
		return cw_error_memory(error);
	edge->core = core;
	if (!signs(core)) {
		edge->rate = cw_edge_rate_new();
		return edge->rate || cw_error_memory(error);
	}
	read_keys(edge);
	take_own(edge);
	share(edge); /* keys of a former run; new ones follow */
	cw_edge_core_turn(core);
	return true;
}

void cw_edge_core_cancel(struct cw_node_core *core)
{
	if (core->edge)
		cw_edge_core_drop_diallings(core->edge, CW_NODE_WORKERS_ALL);
}

void cw_edge_core_end(struct cw_node_core *core)
{
	struct cw_edge_core *edge = core->edge;
	core->edge = NULL;
	if (!edge)
		return;
	cw_edge_core_drop_openings(edge, CW_NODE_WORKERS_ALL);
	cw_edge_core_drop_diallings(edge, CW_NODE_WORKERS_ALL);
	cw_edge_key_signer_finish(&edge->signer);
	cw_edge_share_finish(&edge->share);
	cw_traffic_sessions_finish(&edge->sessions);
	cw_edge_rate_free(edge->rate);
	free(edge);
}
