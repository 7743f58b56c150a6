#include "node/snapshot.h"

#include "check/handshake.h"
#include "check/question.h"
#include "config/load.h"
#include "observe/observed.h"
#include "trust/names.h"

#include <openssl/ssl.h>
#include <string.h>
#include <strings.h>

void cw_snapshot_free(struct cw_snapshot *snapshot)
{
	if (!snapshot)
		return;
	cw_check_free(snapshot->check);
	cw_node_file_free(snapshot->file);
	cw_pool_free(snapshot->pool);
	free(snapshot);
}

static bool fail(struct cw_strings *problems, const char *message)
{
	bool added = cw_strings_add(problems, message);
	(void)added;
	return false;
}

/* From the folder; or, where `text` is not NULL, from memory. */
static bool read_from(const char *folder, const struct cw_load_text *text, unsigned number, cw_time now,
	struct cw_snapshot **ret, struct cw_strings *problems)
{
	AUTO(cw_snapshot_free) struct cw_snapshot *snapshot = calloc(1, sizeof *snapshot);
	struct cw_error error;
	if (!snapshot)
		return fail(problems, "out of memory");
	snapshot->number = number;
	snapshot->made = now;
	snapshot->pool = cw_pool_new();
	if (!snapshot->pool)
		return fail(problems, "out of memory");
	bool read = text ? cw_node_file_load_text(text, snapshot->pool, &snapshot->file, problems)
			 : cw_node_file_load(folder, snapshot->pool, &snapshot->file, problems);
	if (!read)
		return false;
	snapshot->node = snapshot->file->node;
	const struct cw_check_options options = {.at = now};
	if (!cw_check_run(snapshot->file->deployment, &options, &snapshot->check, &error))
		return fail(problems, error.message);
	*ret = TAKE(snapshot);
	return true;
}

bool cw_snapshot_read(const char *folder, unsigned number, cw_time now, struct cw_snapshot **ret,
	struct cw_strings *problems)
{
	return read_from(folder, NULL, number, now, ret, problems);
}

bool cw_snapshot_take(const struct cw_load_text *text, unsigned number, cw_time now, struct cw_snapshot **ret,
	struct cw_strings *problems)
{
	return read_from(NULL, text, number, now, ret, problems);
}

bool cw_snapshot_judge(struct cw_snapshot *snapshot, cw_time now, struct cw_error *error)
{
	const struct cw_check_options options = {.at = now};
	struct cw_check *check;
	if (!cw_check_run(snapshot->file->deployment, &options, &check, error))
		return false;
	cw_check_free(snapshot->check);
	snapshot->check = check;
	return true;
}

const struct cw_link *cw_snapshot_link(const struct cw_snapshot *snapshot, enum cw_link_kind kind,
	const struct cw_zone *zone, const char *address)
{
	for (size_t i = 0; i < snapshot->check->link_count; i++) {
		const struct cw_link *link = snapshot->check->links[i];
		if (link->kind != kind || (zone && link->zone != zone) ||
			(link->client.node != snapshot->node && link->server.node != snapshot->node))
			continue;
		if (!address || strcasecmp(link->address, address) == 0)
			return link;
	}
	return NULL;
}

static bool bears_name(const struct cw_cert *leaf, const struct cw_node *node)
{
	static const struct cw_name_rule rule = {.common_name_counts = true};
	return leaf && cw_name_found(cw_name_find(leaf, node->fqdn, rule));
}

const struct cw_link *cw_snapshot_link_from(
	const struct cw_snapshot *snapshot, enum cw_link_kind kind, const struct cw_cert *leaf)
{
	const struct cw_link *first = NULL;
	for (size_t i = 0; i < snapshot->check->link_count; i++) {
		const struct cw_link *link = snapshot->check->links[i];
		if (link->kind != kind || link->server.node != snapshot->node)
			continue;
		if (link->client.node && bears_name(leaf, link->client.node))
			return link;
		if (!first)
			first = link;
	}
	return first;
}

enum cw_tls_versions cw_snapshot_versions(const struct cw_snapshot *snapshot)
{
	const struct cw_node *node = snapshot->node;
	if (snapshot->file->tls)
		return snapshot->file->tls == 12 ? CW_TLS_1_2 : CW_TLS_1_3;
	bool newer = cw_node_is_expressway(node) ? cw_release_row(node->group->release)->tls_1_3
						 : cw_release_cucm_row(node->group->release)->tls_1_3;
	return newer ? CW_TLS_ANY : CW_TLS_1_2;
}

/* --- changes --- */

static void compare_lists(const char *name, const struct cw_trust_list *before,
	const struct cw_trust_list *after, struct cw_buffer *ret)
{
	size_t added = 0, removed = 0;
	bool moved = before->count != after->count;
	for (size_t i = 0; i < after->count; i++)
		added += cw_trust_list_find(before, after->entries[i].cert) == before->count;
	for (size_t i = 0; i < before->count; i++)
		removed += cw_trust_list_find(after, before->entries[i].cert) == after->count;
	for (size_t i = 0; !moved && i < after->count; i++)
		moved = !cw_cert_same(before->entries[i].cert, after->entries[i].cert);
	if (added || removed)
		cw_buffer_printf(
			ret, "%s%s: %zu added, %zu removed", ret->length ? "; " : "", name, added, removed);
	else if (moved)
		cw_buffer_printf(ret, "%s%s: another order", ret->length ? "; " : "", name);
}

static bool same_identity(const struct cw_identity *a, const struct cw_identity *b)
{
	if (!a->leaf || !b->leaf)
		return a->leaf == b->leaf;
	return cw_cert_same(a->leaf, b->leaf);
}

bool cw_snapshot_other_identity(const struct cw_snapshot *before, const struct cw_snapshot *after)
{
	for (size_t i = 0; i < CW_IDENTITY_KIND_COUNT; i++)
		if (!same_identity(&before->node->identities[i], &after->node->identities[i]))
			return true;
	return false;
}

static void swap_text(char **one, char **other)
{
	char *text = *one;
	*one = *other;
	*other = text;
}

void cw_snapshot_keep_identities(struct cw_snapshot *before, struct cw_snapshot *after)
{
	for (size_t i = 0; i < CW_IDENTITY_KIND_COUNT; i++) {
		struct cw_identity *old = &before->node->identities[i], *new = &after->node->identities[i];
		const struct cw_identity kept = *old;
		*old = *new;
		*new = kept;
		swap_text(&old->path, &new->path); /* whoever looks at the files looks at those of now */
		swap_text(&old->key_path, &new->key_path);
		swap_text(&old->password_path, &new->password_path);
		swap_text(&old->key_password_path, &new->key_password_path);
	}
}

void cw_snapshot_compare(
	const struct cw_snapshot *before, const struct cw_snapshot *after, struct cw_buffer *ret)
{
	for (size_t i = 0; i < CW_STORE_KIND_COUNT; i++)
		compare_lists(cw_node_store_name((enum cw_store_kind)i), &before->node->stores[i].list,
			&after->node->stores[i].list, ret);
	for (size_t i = 0; i < CW_IDENTITY_KIND_COUNT; i++)
		if (!same_identity(&before->node->identities[i], &after->node->identities[i]))
			cw_buffer_printf(ret, "%s%s: another certificate", ret->length ? "; " : "",
				cw_node_identity_name((enum cw_identity_kind)i));
	if (!ret->length)
		cw_buffer_text(ret, "no list and no certificate is another");
}

/* --- questions --- */

/* A live link has no third answer: what a node cannot know it refuses. */
static bool refuses(const struct cw_complaint *complaint, const char *judge)
{
	return complaint->finding.severity >= CW_SEVERITY_UNKNOWN && strcmp(complaint->judge, judge) == 0;
}

static const struct cw_complaint *first_refusal(const struct cw_link *seen, const char *judge, bool any_layer)
{
	for (size_t i = 0; i < seen->complaints.count; i++) {
		const struct cw_complaint *complaint = &seen->complaints.items[i];
		if (refuses(complaint, judge) && (any_layer || complaint->finding.layer == CW_LAYER_TLS))
			return complaint;
	}
	return NULL;
}

static bool forbids(const struct cw_link *seen, const char *judge)
{
	for (size_t i = 0; i < seen->complaints.count; i++)
		if (refuses(&seen->complaints.items[i], judge) &&
			seen->complaints.items[i].finding.layer == CW_LAYER_SIP)
			return true;
	return false;
}

static void fill(struct cw_snapshot_answer *ret, const struct cw_link *seen, const char *judge)
{
	/* neither is said by an alert: what is carried over the zone counts in every layer */
	bool carried = seen->kind == CW_LINK_TUNNEL || seen->kind == CW_LINK_SERVICE;
	const struct cw_complaint *complaint = first_refusal(seen, judge, carried);
	*ret = (struct cw_snapshot_answer){
		.asked = true, .alert = -1, .code = "", .forbids = forbids(seen, judge)};
	if (!complaint)
		return;
	const struct cw_finding *finding = &complaint->finding;
	const char *detail = finding->detail ? finding->detail : cw_finding_row(finding->code)->sentence;
	ret->refuses = true;
	ret->code = cw_finding_code_name(finding->code);
	ret->vendor = cw_finding_row(finding->code)->vendor_text;
	if (!carried)
		ret->alert = cw_observed_alert(seen, judge);
	if (!carried && ret->alert < 0)
		ret->alert = SSL_AD_CERTIFICATE_UNKNOWN;
	snprintf(ret->detail, sizeof ret->detail, "%s", detail);
}

/* Asks of `seen`, a bare copy of the link. */
static bool ask(const struct cw_snapshot *snapshot, struct cw_link *seen,
	const struct cw_snapshot_evidence *evidence, struct cw_error *error)
{
	const struct cw_link *link = seen;
	bool by_client = link->client.node == snapshot->node, refuses;
	const struct cw_question_evidence shown = {
		.chain = evidence->chain, .chain_count = evidence->count, .known = snapshot->pool};
	const struct cw_question_terms terms = {
		.deployment = snapshot->file->deployment, .at = evidence->now, .cache = evidence->cache};
	if (!cw_question_ask_end(&terms, seen, by_client, &shown, &refuses, error))
		return false;
	return link->kind != CW_LINK_TUNNEL || cw_handshake_conclude_tunnel(seen, NULL, error);
}

bool cw_snapshot_ask(const struct cw_snapshot *snapshot, const struct cw_link *link,
	const struct cw_snapshot_evidence *evidence, struct cw_snapshot_answer *ret, struct cw_error *error)
{
	AUTO(cw_link_free) struct cw_link *seen = cw_link_bare(link);
	if (!seen)
		return cw_error_memory(error);
	if (!ask(snapshot, seen, evidence, error))
		return false;
	fill(ret, seen, snapshot->node->fqdn);
	return true;
}

bool cw_snapshot_ask_path(const struct cw_snapshot *snapshot, const struct cw_link *link,
	const struct cw_snapshot_evidence *evidence, enum cw_store_kind store, struct cw_snapshot_path *ret,
	struct cw_error *error)
{
	AUTO(cw_link_free) struct cw_link *seen = cw_link_bare(link);
	const struct cw_trust_list *list = &snapshot->node->stores[store].list;
	if (!seen)
		return cw_error_memory(error);
	*ret = (struct cw_snapshot_path){0};
	if (!ask(snapshot, seen, evidence, error))
		return false;
	for (size_t i = 0; i < seen->question_count; i++) {
		const struct cw_question *question = &seen->questions[i];
		const struct cw_path *path = &question->judgement.path;
		for (size_t k = 0; question->judged && question->store == store && k < path->count; k++) {
			size_t place = cw_trust_list_find(list, path->steps[k].cert);
			if (path->steps[k].origin == CW_FROM_LIST && place < list->count &&
				ret->count < CW_PATH_DEPTH_MAX)
				ret->certs[ret->count++] = list->entries[place].cert;
		}
	}
	return true;
}

bool cw_snapshot_judgement(
	const struct cw_snapshot_answer *answer, struct cw_judgement *ret, struct cw_error *error)
{
	enum cw_code code;
	*ret = (struct cw_judgement){0};
	if (!answer->refuses)
		return true;
	ret->verdict = CW_VERDICT_REFUSED;
	if (!cw_finding_code_named(answer->code, &code))
		return cw_error_set(error, CW_E_USAGE, "%s", answer->detail);
	struct cw_finding *finding = cw_findings_add(&ret->findings, code, 0, NULL);
	cw_finding_detail(&ret->findings, finding, "%s", answer->detail);
	if (finding)
		cw_finding_severity(finding, CW_SEVERITY_REFUSED);
	return cw_findings_ok(&ret->findings, error);
}
