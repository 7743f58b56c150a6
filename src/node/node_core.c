#include "node/node_core.h"

#include "node/admin/node_admin.h"
#include "node/crl/node_crl.h"
#include "node/edge/edge_core.h"
#include "node/node_accept.h"
#include "node/node_dial.h"
#include "node/node_ports.h"
#include "node/node_reach.h"
#include "node/replica/replica_link.h"
#include "node/worker/node_workers.h"

#include <openssl/sha.h>
#include <stdarg.h>
#include <string.h>

void cw_node_core_say(struct cw_node_core *core, const char *format, ...)
{
	AUTO_BUFFER line = {0};
	va_list args;
	va_start(args, format);
	cw_buffer_vprintf(&line, format, args);
	va_end(args);
	core->say(core->say_context, cw_buffer_string(&line));
}

void cw_node_core_state(struct cw_node_core *core, const struct cw_node_state *state)
{
	AUTO_BUFFER about = {0}, now = {0};
	cw_buffer_printf(&about, "%s %s", state->what, state->peer);
	cw_buffer_text(&now, state->state);
	if (*state->code)
		cw_buffer_printf(&now, ": %s", state->code);
	cw_node_history_state(core->history, cw_buffer_string(&about), cw_buffer_string(&now), state->reason);
	if (*state->reason)
		cw_buffer_printf(&now, ": %s", state->reason);
	cw_node_core_say(core, "%s: %s", cw_buffer_string(&about), cw_buffer_string(&now));
}

/* --- alarms --- */

/* As history_store.c keeps alarms: number before, severity after. */
static void tell_alarm(struct cw_node_core *core, const char *kind, const struct cw_node_alarm *alarm)
{
	const struct cw_node_history_event event = {.kind = kind,
		.about = alarm->key,
		.before = alarm->number,
		.after = alarm->severity,
		.text = alarm->text};
	cw_node_history_tell(core->history, &event);
}

/* The fixed texts that alarms have. */
static const char *fixed(const char *text)
{
	static const char *const texts[] = {"Alert", "Warning", "40052", "40068", "40069"};
	for (size_t i = 0; text && i < sizeof texts / sizeof texts[0]; i++)
		if (strcmp(texts[i], text) == 0)
			return texts[i];
	return NULL;
}

void cw_node_core_carry(struct cw_node_core *core, const json_t *alarms)
{
	size_t i;
	json_t *row;
	json_array_foreach(alarms, i, row)
	{
		const char *key = json_string_value(json_object_get(row, "key"));
		const char *text = json_string_value(json_object_get(row, "text"));
		const char *raised = json_string_value(json_object_get(row, "raised"));
		struct cw_error ignored;
		if (!key || !text || core->alarm_count == CW_NODE_ALARMS_MAX)
			continue;
		struct cw_node_alarm *alarm = &core->alarms[core->alarm_count++];
		*alarm = (struct cw_node_alarm){.carried = true, .raised = core->started};
		snprintf(alarm->key, sizeof alarm->key, "%s", key);
		snprintf(alarm->text, sizeof alarm->text, "%s", text);
		alarm->number = fixed(json_string_value(json_object_get(row, "number")));
		alarm->severity = fixed(json_string_value(json_object_get(row, "severity")));
		if (!raised || !cw_time_parse(raised, core->started, &alarm->raised, &ignored))
			alarm->raised = core->started;
	}
}

void cw_node_core_look(struct cw_node_core *core)
{
	for (size_t i = 0; i < core->alarm_count; i++)
		core->alarms[i].seen = false;
}

void cw_node_core_looked(struct cw_node_core *core)
{
	size_t kept = 0;
	bool early = cw_time_now() - core->started < CW_NODE_CORE_GRACE;
	for (size_t i = 0; i < core->alarm_count; i++) {
		struct cw_node_alarm *alarm = &core->alarms[i];
		if (alarm->seen || (alarm->carried && early)) {
			core->alarms[kept++] = *alarm;
			continue;
		}
		cw_node_core_say(core, "alarm lowered: %s", alarm->text);
		tell_alarm(core, "alarm-lowered", alarm);
	}
	core->alarm_count = kept;
}

static struct cw_node_alarm *find_alarm(struct cw_node_core *core, const char *key)
{
	for (size_t i = 0; i < core->alarm_count; i++)
		if (strcmp(core->alarms[i].key, key) == 0)
			return &core->alarms[i];
	return NULL;
}

void cw_node_core_alarm(struct cw_node_core *core, const char *number, const char *severity, const char *key,
	const char *format, ...)
{
	char text[sizeof core->alarms[0].text];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	struct cw_node_alarm *alarm = find_alarm(core, key);
	bool raises = !alarm;
	if (raises) {
		if (core->alarm_count == CW_NODE_ALARMS_MAX || core->looks <= CW_NODE_CORE_QUIET)
			return;
		alarm = &core->alarms[core->alarm_count++];
		*alarm = (struct cw_node_alarm){
			.number = number, .severity = severity, .raised = cw_time_now()};
		snprintf(alarm->key, sizeof alarm->key, "%s", key);
		if (number)
			cw_node_core_say(core, "alarm raised %s: %s", number, text);
		else
			cw_node_core_say(core, "alarm raised: %s", text);
	}
	memcpy(alarm->text, text, sizeof text);
	alarm->seen = true;
	alarm->carried = false;
	if (raises)
		tell_alarm(core, "alarm-raised", alarm);
}

/* Not by the history's own alarm: that has nowhere to go. */
static void look_at_history(struct cw_node_core *core)
{
	size_t lost = 0, waiting = core->history ? cw_node_history_waiting(core->history, &lost) : 0;
	const char *trouble = cw_node_history_trouble(core->history);
	if (trouble)
		cw_node_core_alarm(core, NULL, "Warning", "history",
			"the history cannot be written: %s (%zu events wait, %zu are lost)", trouble, waiting,
			lost);
}

/* The boxes warn of the server certificate alone (alarms 40068, 40069); that an entry of the list runs out is told
 * by none of theirs. */
static void look_at_dates(struct cw_node_core *core)
{
	const struct cw_check *check = core->snapshot->check;
	for (size_t i = 0; i < check->node_count; i++) {
		const struct cw_node_result *result = &check->nodes[i];
		for (size_t k = 0; result->node == core->snapshot->node && k < result->complaints.count;
			k++) {
			const struct cw_finding *finding = &result->complaints.items[k].finding;
			char key[sizeof core->alarms[0].key];
			if (finding->severity == CW_SEVERITY_INFO)
				continue;
			snprintf(key, sizeof key, "node %s %.100s", cw_finding_code_name(finding->code),
				finding->subject ? finding->subject : "");
			const char *number = finding->code == CW_COMMON_NAME_MISSING ? "40052" : NULL;
			if (finding->code == CW_EXPIRES_SOON && finding->depth == 0)
				number = "40069";
			if (finding->code == CW_EXPIRED && finding->depth == 0)
				number = "40068";
			const char *severity = finding->severity == CW_SEVERITY_REFUSED ? "Alert" : "Warning";
			const char *detail = finding->detail;
			if (!detail)
				detail = cw_finding_row(finding->code)->sentence;
			cw_node_core_alarm(core, number, severity, key, "%s: %s",
				cw_finding_code_name(finding->code), detail);
		}
	}
}

void cw_node_core_changed(struct cw_node_core *core)
{
	cw_node_core_look(core);
	look_at_dates(core);
	look_at_history(core);
	cw_node_dial_look(core);
	cw_node_accept_look(core);
	cw_node_reach_look(core);
	cw_node_ports_look(core);
	cw_node_workers_look(core);
	cw_replica_link_look(core);
	cw_node_admin_look(core->admin);
	cw_node_crl_look(core);
	cw_node_core_looked(core);
}

/* --- peers of a cluster --- */

const struct cw_credentials *cw_node_core_credentials(const struct cw_node_core *core)
{
	static char empty[] = "";
	static const struct cw_credentials none = {empty, empty, NULL};
	const struct cw_zone *zone = cw_node_file_zone(core->snapshot->file);
	if (!zone)
		return &none;
	return core->snapshot->node->kind == CW_NODE_EXPRESSWAY_C ? &zone->on_c : &zone->on_e;
}

/* Of the entries in their order: it decides (first subject). */
static void hash_list(const struct cw_trust_list *list, char ret[CW_NODE_DOCUMENT_LIST_SIZE])
{
	AUTO_BUFFER all = {0}, hex = {0};
	uint8_t digest[SHA256_DIGEST_LENGTH];
	for (size_t i = 0; i < list->count; i++)
		cw_buffer_append(&all, cw_cert_sha256(list->entries[i].cert), SHA256_DIGEST_LENGTH);
	ret[0] = '\0';
	if (all.failed)
		return;
	SHA256((const unsigned char *)cw_buffer_string(&all), all.length, digest);
	cw_buffer_hex(&hex, digest, sizeof digest);
	snprintf(ret, CW_NODE_DOCUMENT_LIST_SIZE, "%s", cw_buffer_string(&hex));
}

void cw_node_core_document(const struct cw_node_core *core, struct cw_buffer *ret)
{
	struct cw_node_document document = {.serial = core->snapshot->number};
	const struct cw_node *node = core->snapshot->node;
	snprintf(document.node, sizeof document.node, "%s", node->fqdn);
	hash_list(&node->stores[CW_STORE_TRUSTED_CA].list, document.list);
	cw_node_document_write(&document, NULL, cw_edge_core_told(core), ret);
}

void cw_node_core_compare_list(struct cw_node_core *core, const struct cw_node_document *document)
{
	char own[CW_NODE_DOCUMENT_LIST_SIZE], key[sizeof core->alarms[0].key];
	hash_list(&core->snapshot->node->stores[CW_STORE_TRUSTED_CA].list, own);
	if (!*document->list || strcmp(own, document->list) == 0)
		return;
	snprintf(key, sizeof key, "list %.140s", document->node);
	cw_node_core_alarm(core, NULL, "Warning", key,
		"trust-lists-differ: the trusted CA list of %.200s is another, by content or by order",
		document->node);
}
