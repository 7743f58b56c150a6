#include "check/node_check.h"

#include "check/list_index.h"
#include "check/usage.h"

#include <string.h>

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
	const struct cw_trust_list *list = &checking->node->stores[kind].list;
	const struct cw_trust_entry *entry = &list->entries[index];
	const char *store = cw_node_store_name(kind);
	AUTO_BUFFER which = {0};
	if (list->unordered)
		cw_buffer_printf(&which, "%s of %s (in %s)", cw_cert_label(entry->cert), store, entry->path);
	else
		cw_buffer_printf(&which, "entry %zu of %s (%s, number %zu in %s)", index + 1, store,
			cw_cert_label(entry->cert), entry->number, entry->path);
	struct cw_complaint *complaint = cw_node_check_complain(
		checking, code, store, entry->cert, "%s %s", cw_buffer_string(&which), detail);
	if (complaint && !list->unordered)
		complaint->finding.place = index + 1;
	return complaint;
}

/* One list in one pass. */
struct list_checking {
	const struct cw_node_checking *node;
	enum cw_store_kind kind;
	const struct cw_trust_list *list;
	struct cw_list_index index;
	struct cw_usage_set usage;
	bool *named_again; /* further entries bear this entry's subject */
	size_t not_needed, first_not_needed;
};

static void list_checking_finish(struct list_checking *checking)
{
	cw_list_index_finish(&checking->index);
	cw_usage_set_finish(&checking->usage);
	free(checking->named_again);
}

/* Of one name and one key either will do: a renewed CA, or the self-signed twin of a cross-signed root. */
static const char *beside_its_namesake(const struct cw_cert *first, const struct cw_cert *cert)
{
	if (cw_cert_same_key(first, cert))
		return "has the subject and the key of entry %zu, which is found in its place";
	bool leaves =
		self_signed(first) && self_signed(cert) && (!cw_cert_is_ca(first) || !cw_cert_is_ca(cert));
	return leaves ? "has the subject of entry %zu and is never found behind it (self-signed tomcat and "
			"CallManager?)"
		      : "has the subject of entry %zu and is never found behind it";
}

/* Which of the two is found hangs on an order that nobody knows. */
static bool tell_without_order(struct list_checking *checking, size_t index, size_t other)
{
	const struct cw_trust_entry *first = &checking->list->entries[other];
	struct cw_cert *cert = checking->list->entries[index].cert;
	bool same_key = cw_cert_same_key(first->cert, cert);
	AUTO_BUFFER detail = {0};
	if (same_key)
		cw_buffer_printf(
			&detail, "has the subject and the key of that in %s: either will do", first->path);
	else
		cw_buffer_printf(&detail,
			"has the subject of that in %s, and the upper one alone is ever found: which of them that is "
			"these files do not tell (numbers in front of their names do, or order.txt: their names, first to "
			"last)",
			first->path);
	struct cw_complaint *complaint = detail.failed
		? NULL
		: complain_entry(checking->node, CW_SAME_SUBJECT_CONFLICT, checking->kind, index,
			  cw_buffer_string(&detail));
	if (!complaint)
		return cw_error_memory(checking->node->error);
	complaint->finding.better = cw_cert_ref(first->cert);
	cw_finding_severity(&complaint->finding, same_key ? CW_SEVERITY_INFO : CW_SEVERITY_UNKNOWN);
	return true;
}

/* Expressway administrator guide, Trusted CA certificate: entries must be unique; of one subject only the upper is
 * ever found. */
static bool check_uniqueness(struct list_checking *checking, size_t index)
{
	struct cw_cert *cert = checking->list->entries[index].cert;
	size_t same = cw_list_index_find(&checking->index, cert);
	char detail[200], place[40];
	if (same < index) {
		if (!is_expressway(checking->node->node) || checking->list->unordered)
			return true; /* of single files that is an accident of the export; others hold it once */
		snprintf(detail, sizeof detail, "is the same certificate as entry %zu", same + 1);
		return complain_entry(checking->node, CW_DUPLICATE_ENTRY, checking->kind, index, detail);
	}
	if (!is_expressway(checking->node->node))
		return true; /* others try every candidate (model/link.h) */
	size_t upper = cw_list_index_search(&checking->index, cw_cert_subject(cert));
	if (upper == index)
		return true;
	checking->named_again[upper] = checking->named_again[index] = true;
	if (checking->list->unordered)
		return tell_without_order(checking, index, upper);
	struct cw_cert *first = checking->list->entries[upper].cert;
	const char *sentence = beside_its_namesake(first, cert);
	const char *number = strstr(sentence, "%zu");
	snprintf(place, sizeof place, "%zu", upper + 1);
	snprintf(detail, sizeof detail, "%.*s%s%s", (int)(number - sentence), sentence, place, number + 3);
	struct cw_complaint *complaint =
		complain_entry(checking->node, CW_SAME_SUBJECT_CONFLICT, checking->kind, index, detail);
	if (!complaint)
		return false;
	complaint->finding.better = cw_cert_ref(first);
	complaint->finding.better_place = upper + 1;
	if (cw_cert_same_key(first, cert))
		complaint->finding.severity = CW_SEVERITY_INFO;
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
	if (left > cw_node_check_warn_before(cert) || !used)
		return true;
	snprintf(detail, sizeof detail, "is in use and expires on %s, in %lld days", date,
		(long long)(left / CW_DAY));
	return complain_entry(checking, CW_EXPIRES_SOON, kind, index, detail);
}

static void count_not_needed(struct list_checking *checking, size_t index)
{
	const struct cw_trust_entry *entry = &checking->list->entries[index];
	bool expired = cw_cert_not_after(entry->cert) < checking->node->options->at;
	if (cw_usage_in(&checking->usage, checking->kind, entry->cert) != CW_UNUSED || expired ||
		!is_expressway(checking->node->node) || checking->named_again[index])
		return;
	if (!checking->not_needed++)
		checking->first_not_needed = index;
}

/* Cisco Webex Hybrid Services, "Supported certificate authorities": the cloud puts its whole list there. */
#define OTHERS "hybrid services, LDAP, syslog or Exchange may need"

/* One line for a list, and no order: who else needs an entry this deployment does not say. */
static bool tell_not_needed(const struct list_checking *checking)
{
	const char *store = cw_node_store_name(checking->kind);
	if (!checking->not_needed)
		return true;
	if (checking->not_needed == 1)
		return complain_entry(checking->node, CW_CA_NOT_NEEDED, checking->kind,
			checking->first_not_needed, "is needed by no link of this deployment; " OTHERS " it");
	return cw_node_check_complain(checking->node, CW_CA_NOT_NEEDED, store, NULL,
		"%zu entries of %s are needed by no link of this deployment; " OTHERS " them",
		checking->not_needed, store);
}

static bool check_entries(const struct cw_node_checking *node, enum cw_store_kind kind)
{
	struct list_checking checking __attribute__((cleanup(list_checking_finish))) = {
		.node = node, .kind = kind, .list = &node->node->stores[kind].list};
	const struct cw_trust_list *list = checking.list;
	checking.named_again = calloc(list->count + 1, sizeof *checking.named_again);
	if (!checking.named_again || !cw_list_index_make(list, &checking.index) ||
		!cw_usage_set_find(node->check, node->node, node->check->cache, &checking.usage))
		return cw_error_memory(node->error);
	for (size_t i = 0; i < list->count; i++) {
		bool used = cw_usage_in(&checking.usage, kind, list->entries[i].cert) == CW_USED;
		if (!check_uniqueness(&checking, i) || !check_dates(node, kind, i, used))
			return false;
	}
	for (size_t i = 0; i < list->count; i++)
		count_not_needed(&checking, i);
	return tell_not_needed(&checking);
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

/* the MRA certificates guide "Trusted CA Lists": not replicated. Compared with the first peer (rules 12). */
static bool check_against_first_peer(const struct cw_node_checking *checking)
{
	const struct cw_node *first = checking->node->group->nodes[0];
	const struct cw_store *own = &checking->node->stores[CW_STORE_TRUSTED_CA];
	const struct cw_store *theirs = &first->stores[CW_STORE_TRUSTED_CA];
	if (checking->node == first || own->state != CW_KNOWN || theirs->state != CW_KNOWN)
		return true;
	AUTO_LIST_INDEX mine = {0};
	AUTO_LIST_INDEX first_peers = {0};
	if (!cw_list_index_make(&own->list, &mine) || !cw_list_index_make(&theirs->list, &first_peers))
		return cw_error_memory(checking->error);
	struct cw_cert *lacks = NULL, *extra = NULL;
	bool known = !own->list.unordered && !theirs->list.unordered;
	bool order = !known || own->list.count == theirs->list.count;
	for (size_t i = 0; i < theirs->list.count; i++) {
		struct cw_cert *cert = theirs->list.entries[i].cert;
		if (!lacks && cw_list_index_find(&mine, cert) == own->list.count)
			lacks = cert;
		order = order && (!known || cw_cert_same(cert, own->list.entries[i].cert));
	}
	for (size_t i = 0; i < own->list.count && !extra; i++)
		if (cw_list_index_find(&first_peers, own->list.entries[i].cert) == theirs->list.count)
			extra = own->list.entries[i].cert;
	if (order && !lacks && !extra)
		return true;
	const char *how = "holds the same certificates in another order or number than";
	if (lacks)
		how = "lacks what its peer holds, and that peer is";
	else if (extra)
		how = "holds what its peer lacks, and that peer is";
	struct cw_complaint *complaint = cw_node_check_complain(checking, CW_TRUST_LISTS_DIFFER,
		cw_node_store_name(CW_STORE_TRUSTED_CA), lacks ? lacks : extra, "%s %s %s",
		checking->node->fqdn, how, first->fqdn);
	if (complaint && extra && !lacks && !own->list.unordered)
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

/* the MRA certificates guide: "must replicate over to the subscribers. It is good to confirm …" */
static bool check_against_publisher(const struct cw_node_checking *checking, enum cw_store_kind kind)
{
	const struct cw_node *first = publisher(checking->node->group);
	if (!first || first == checking->node || checking->node->stores[kind].state != CW_KNOWN ||
		first->stores[kind].state != CW_KNOWN)
		return true;
	const struct cw_trust_list *own = &checking->node->stores[kind].list,
				   *theirs = &first->stores[kind].list;
	AUTO_LIST_INDEX index = {0};
	if (!cw_list_index_make(own, &index))
		return cw_error_memory(checking->error);
	for (size_t i = 0; i < theirs->count; i++) {
		struct cw_cert *cert = theirs->entries[i].cert;
		if (cw_list_index_find(&index, cert) < own->count)
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
