#include "check/node_check.h"

#include "check/usage.h"

#include <string.h>

#define EXPIRES_SOON (30 * CW_DAY) /* design.md §5 rule 10 */

static bool is_expressway(const struct cw_node *node)
{
	return node->kind == CW_NODE_EXPRESSWAY_C || node->kind == CW_NODE_EXPRESSWAY_E;
}

static bool self_signed(const struct cw_cert *cert)
{
	return cw_cert_self_issued(cert) && cw_cert_self_signed(cert);
}

static struct cw_complaint *complain_entry(const struct cw_node_checking *checking, enum cw_code code,
	enum cw_store_kind kind, size_t index, const char *detail)
{
	const struct cw_trust_entry *entry = &checking->node->stores[kind].list.entries[index];
	struct cw_complaint *complaint = cw_node_check_complain(checking, code, cw_node_store_name(kind),
		entry->cert, "entry %zu of %s (%s, number %zu in %s) %s", index + 1, cw_node_store_name(kind),
		cw_cert_label(entry->cert), entry->number, entry->path, detail);
	if (complaint)
		complaint->finding.place = index + 1;
	return complaint;
}

/* domain.md §1.4: entries must be unique; of one subject only the upper is ever found. */
static bool check_uniqueness(const struct cw_node_checking *checking, enum cw_store_kind kind, size_t index)
{
	const struct cw_trust_list *list = &checking->node->stores[kind].list;
	struct cw_cert *cert = list->entries[index].cert;
	size_t same = cw_trust_list_find(list, cert);
	char detail[160];
	if (same < index) {
		snprintf(detail, sizeof detail, "is the same certificate as entry %zu", same + 1);
		return complain_entry(checking, CW_DUPLICATE_ENTRY, kind, index, detail);
	}
	if (!is_expressway(checking->node))
		return true; /* others try every candidate (design.md §4 "Profiles") */
	size_t upper = cw_trust_list_search(list, cw_cert_subject(cert), 0);
	if (upper == index)
		return true;
	const struct cw_cert *first = list->entries[upper].cert;
	bool leaves =
		self_signed(first) && self_signed(cert) && (!cw_cert_is_ca(first) || !cw_cert_is_ca(cert));
	snprintf(detail, sizeof detail, "has the subject of entry %zu and is never found behind it%s",
		upper + 1, leaves ? " (self-signed tomcat and CallManager?)" : "");
	struct cw_complaint *complaint =
		complain_entry(checking, CW_SAME_SUBJECT_CONFLICT, kind, index, detail);
	if (!complaint)
		return false;
	complaint->finding.better = cw_cert_ref(list->entries[upper].cert);
	complaint->finding.better_place = upper + 1;
	return true;
}

static bool check_dates(
	const struct cw_node_checking *checking, enum cw_store_kind kind, size_t index, bool used)
{
	struct cw_cert *cert = checking->node->stores[kind].list.entries[index].cert;
	char date[CW_TIME_TEXT_SIZE], detail[120];
	cw_time left = cw_cert_not_after(cert) - checking->options->at;
	cw_time_format_date(cw_cert_not_after(cert), date);
	if (left < 0) {
		snprintf(detail, sizeof detail, "expired on %s", date);
		return complain_entry(checking, CW_ENTRY_EXPIRED, kind, index, detail);
	}
	if (left > EXPIRES_SOON || !used)
		return true;
	snprintf(detail, sizeof detail, "is in use and expires on %s, in %lld days", date,
		(long long)(left / CW_DAY));
	return complain_entry(checking, CW_EXPIRES_SOON, kind, index, detail);
}

/* Another entry of the same subject: the conflict says it already. */
static bool has_namesake(const struct cw_trust_list *list, size_t index)
{
	const struct cw_name *subject = cw_cert_subject(list->entries[index].cert);
	return cw_trust_list_search(list, subject, 0) < index ||
		cw_trust_list_search(list, subject, index + 1) < list->count;
}

static bool check_entries(const struct cw_node_checking *checking, enum cw_store_kind kind)
{
	const struct cw_trust_list *list = &checking->node->stores[kind].list;
	for (size_t i = 0; i < list->count; i++) {
		enum cw_usage usage =
			cw_usage_of(checking->check, checking->node, kind, list->entries[i].cert);
		if (!check_uniqueness(checking, kind, i) || !check_dates(checking, kind, i, usage == CW_USED))
			return false;
		bool expired = cw_cert_not_after(list->entries[i].cert) < checking->options->at;
		if (usage == CW_UNUSED && is_expressway(checking->node) && !expired &&
			!has_namesake(list, i) &&
			!complain_entry(checking, CW_CA_NOT_NEEDED, kind, i,
				"is needed by no link of this deployment"))
			return false;
	}
	return true;
}

static bool check_format(const struct cw_node_checking *checking, enum cw_store_kind kind)
{
	const struct cw_strings *files = &checking->node->stores[kind].not_pem;
	for (size_t i = 0; i < files->count; i++)
		if (!cw_node_check_complain(checking, CW_NOT_PEM, cw_node_store_name(kind), NULL,
			    "%s; the upload page wants PEM (Base-64)", files->items[i]))
			return false;
	return true;
}

/* seed 000 "Trusted CA Lists": not replicated. Compared with the first peer (design.md §5 rule 12). */
static bool check_against_first_peer(const struct cw_node_checking *checking)
{
	const struct cw_node *first = checking->node->group->nodes[0];
	const struct cw_store *own = &checking->node->stores[CW_STORE_TRUSTED_CA];
	const struct cw_store *theirs = &first->stores[CW_STORE_TRUSTED_CA];
	if (checking->node == first || own->state != CW_KNOWN || theirs->state != CW_KNOWN)
		return true;
	struct cw_cert *lacks = NULL, *extra = NULL;
	bool order = own->list.count == theirs->list.count;
	for (size_t i = 0; i < theirs->list.count; i++) {
		struct cw_cert *cert = theirs->list.entries[i].cert;
		if (!lacks && cw_trust_list_find(&own->list, cert) == own->list.count)
			lacks = cert;
		order = order && cw_cert_same(cert, own->list.entries[i].cert);
	}
	for (size_t i = 0; i < own->list.count && !extra; i++)
		if (cw_trust_list_find(&theirs->list, own->list.entries[i].cert) == theirs->list.count)
			extra = own->list.entries[i].cert;
	if (order)
		return true;
	const char *how = "holds the same certificates in another order or number than";
	if (lacks)
		how = "lacks what its peer holds, and that peer is";
	else if (extra)
		how = "holds what its peer lacks, and that peer is";
	struct cw_complaint *complaint = cw_node_check_complain(checking, CW_TRUST_LISTS_DIFFER,
		cw_node_store_name(CW_STORE_TRUSTED_CA), lacks ? lacks : extra, "%s %s %s",
		checking->node->fqdn, how, first->fqdn);
	if (complaint && extra && !lacks)
		complaint->finding.place = cw_trust_list_find(&own->list, extra) + 1;
	return complaint;
}

static const struct cw_node *publisher(const struct cw_group *group)
{
	for (size_t i = 0; i < group->count; i++)
		if (group->nodes[i]->publisher)
			return group->nodes[i];
	return NULL;
}

/* seed 000: "must replicate over to the subscribers. It is good to confirm …" */
static bool check_against_publisher(const struct cw_node_checking *checking, enum cw_store_kind kind)
{
	const struct cw_node *first = publisher(checking->node->group);
	if (!first || first == checking->node || checking->node->stores[kind].state != CW_KNOWN ||
		first->stores[kind].state != CW_KNOWN)
		return true;
	const struct cw_trust_list *own = &checking->node->stores[kind].list,
				   *theirs = &first->stores[kind].list;
	for (size_t i = 0; i < theirs->count; i++) {
		struct cw_cert *cert = theirs->entries[i].cert;
		if (cw_trust_list_find(own, cert) < own->count)
			continue;
		if (!cw_node_check_complain(checking, CW_TRUST_NOT_REPLICATED, cw_node_store_name(kind), cert,
			    "%s lacks %s, which the publisher %s holds", cw_node_store_name(kind),
			    cw_cert_label(cert), first->fqdn))
			return false;
	}
	return true;
}

bool cw_node_check_lists(const struct cw_node_checking *checking)
{
	for (unsigned i = 0; i < CW_STORE_KIND_COUNT; i++) {
		enum cw_store_kind kind = (enum cw_store_kind)i;
		if (checking->node->stores[kind].state != CW_KNOWN)
			continue;
		if (!check_format(checking, kind) || !check_entries(checking, kind))
			return false;
	}
	if (is_expressway(checking->node))
		return check_against_first_peer(checking);
	if (checking->node->kind != CW_NODE_CUCM)
		return true;
	return check_against_publisher(checking, CW_STORE_TOMCAT_TRUST) &&
		check_against_publisher(checking, CW_STORE_CALLMANAGER_TRUST);
}
