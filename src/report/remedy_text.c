#include "report/remedy_text.h"

#include "report/remedy_words.h"

#include <ctype.h>
#include <string.h>

/* Who a remedy is for. */
struct box {
	enum cw_told told;
	const struct cw_node *node; /* NULL for an endpoint */
};

static enum cw_told node_told(const struct cw_node *node)
{
	switch (node->kind) {
	case CW_NODE_EXPRESSWAY_C:
	case CW_NODE_EXPRESSWAY_E:
		return CW_TOLD_EXPRESSWAY;
	case CW_NODE_CUCM:
	case CW_NODE_IMP:
	case CW_NODE_UNITY:
		return CW_TOLD_UC;
	case CW_NODE_FRONT:
	case CW_NODE_KIND_COUNT:
		break;
	}
	return CW_TOLD_FRONT;
}

static enum cw_told endpoint_told(const struct cw_endpoint *endpoint)
{
	switch (endpoint->kind) {
	case CW_ENDPOINT_JABBER:
	case CW_ENDPOINT_WEBEX:
		return CW_TOLD_JABBER;
	case CW_ENDPOINT_TELEPRESENCE:
		return CW_TOLD_TELEPRESENCE;
	case CW_ENDPOINT_PHONE_7800:
	case CW_ENDPOINT_PHONE_8800:
	case CW_ENDPOINT_PHONE_9800:
		break;
	}
	return CW_TOLD_PHONE;
}

static struct box find_box(const struct cw_deployment *deployment, const char *name)
{
	const struct cw_node *node = name ? cw_deployment_node(deployment, name) : NULL;
	if (node)
		return (struct box){node_told(node), node};
	for (size_t i = 0; name && i < deployment->endpoint_count; i++)
		if (strcmp(deployment->endpoints[i].name, name) == 0)
			return (struct box){endpoint_told(&deployment->endpoints[i]), NULL};
	return (struct box){CW_TOLD_FRONT, NULL};
}

static const struct cw_remedy_words *find_words(const struct box *box, const struct cw_remedy *remedy)
{
	return cw_remedy_words_find(
		box->told, remedy->action, remedy->action == CW_ACTION_SET ? remedy->setting : remedy->store);
}

static const char *security_page(const struct box *box)
{
	bool has_release = box->node && box->node->group && box->told == CW_TOLD_EXPRESSWAY;
	return cw_release_row(has_release ? box->node->group->release : cw_release_default())->security_page;
}

static void certificate(
	struct cw_buffer *ret, const struct cw_cert *cert, const char *subject, const char *from)
{
	if (!cert && !subject) {
		cw_buffer_text(ret, "the certificate");
		return;
	}
	if (!cert) {
		cw_buffer_printf(ret, "%s (not among your files: ask the CA for it)", subject);
		return;
	}
	cw_buffer_printf(ret, "%s (sha256 %.*s...", cw_cert_subject_text(cert), CW_SHA256_SHOWN,
		cw_cert_sha256_text(cert));
	if (from)
		cw_buffer_printf(ret, "; you have it in %s", from);
	cw_buffer_char(ret, ')');
}

/* A CA certificate that runs out is replaced by another of the same name. */
static bool wants_successor(const struct cw_complaint *complaint)
{
	enum cw_code code = complaint->finding.code;
	return !complaint->remedy.cert &&
		(code == CW_EXPIRED || code == CW_EXPIRES_SOON || code == CW_ENTRY_EXPIRED);
}

/* A folder that does not tell the order of the box: its places are no numbers of the page. */
static bool is_unordered(const struct cw_complaint *complaint)
{
	const struct cw_node *node = complaint->judge_node;
	for (unsigned kind = 0; node && complaint->store && kind < CW_STORE_KIND_COUNT; kind++)
		if (strcmp(cw_node_store_name((enum cw_store_kind)kind), complaint->store) == 0)
			return node->stores[kind].unordered;
	return false;
}

/* Two entries of one name look alike on the page of the box: which one is meant. */
static size_t entry_number(const struct cw_complaint *complaint)
{
	const struct cw_finding *finding = &complaint->finding;
	bool meant = complaint->remedy.action == CW_ACTION_REMOVE && finding->cert &&
		complaint->remedy.cert && cw_cert_same(finding->cert, complaint->remedy.cert);
	return meant && !is_unordered(complaint) ? finding->place : 0;
}

static void named_certificate(struct cw_buffer *ret, const struct cw_complaint *complaint)
{
	const struct cw_remedy *remedy = &complaint->remedy;
	if (entry_number(complaint))
		cw_buffer_printf(ret, "entry %zu, ", entry_number(complaint));
	if (wants_successor(complaint))
		cw_buffer_text(ret, "the successor of ");
	certificate(ret, remedy->cert, remedy->subject, remedy->from);
	if (remedy->replaces)
		cw_buffer_printf(ret,
			" in place of the entry of that name (sha256 %.*s...), which is to be deleted",
			CW_SHA256_SHOWN, cw_cert_sha256_text(remedy->replaces));
	/* the pages put what is appended at the end */
	if (remedy->action == CW_ACTION_APPEND && remedy->before) {
		cw_buffer_text(ret, ", then delete ");
		certificate(ret, remedy->before, NULL, NULL);
		cw_buffer_text(ret, " and append it again, so that it stands below");
	}
}

static void names(struct cw_buffer *ret, const struct cw_strings *names)
{
	if (!names->count)
		cw_buffer_text(ret, "it has now");
	for (size_t i = 0; i < names->count; i++)
		cw_buffer_printf(ret, "%s%s", i ? ", " : "", names->items[i]);
}

static const char *purposes(const struct cw_remedy *remedy)
{
	if (remedy->server_auth && remedy->client_auth)
		return "serverAuth and clientAuth";
	return remedy->client_auth ? "clientAuth" : "serverAuth";
}

static void zone(struct cw_buffer *ret, const struct cw_cause_place *place)
{
	const struct cw_zone *found = place->link ? place->link->zone : NULL;
	cw_buffer_text(ret, found ? found->name : "(the traversal zone)");
}

static const char *advice(const struct cw_cause_place *place)
{
	return cw_finding_row(place->complaint->finding.code)->advice;
}

/* A sentence of its own, told behind a colon. */
static void advice_in_sentence(struct cw_buffer *ret, const char *sentence)
{
	size_t length = strlen(sentence);
	bool word = length > 1 && islower((unsigned char)sentence[1]);
	cw_buffer_char(ret, word ? (char)tolower((unsigned char)*sentence) : *sentence);
	cw_buffer_append(ret, sentence + 1, length - 1 - (sentence[length - 1] == '.'));
}

/* A file that begins with another certificate. */
static void alone(struct cw_buffer *ret, const struct cw_complaint *complaint)
{
	cw_buffer_text(ret, "upload ");
	named_certificate(ret, complaint);
	cw_buffer_text(ret, " alone, with its key, and no CA certificate before it; nothing is to be issued");
}

static void placeholder(
	struct cw_buffer *ret, char letter, const struct box *box, const struct cw_cause_place *place)
{
	const struct cw_remedy *remedy = &place->complaint->remedy;
	if (letter == 'p')
		cw_buffer_text(ret, security_page(box));
	else if (letter == 'c')
		named_certificate(ret, place->complaint);
	else if (letter == 'b')
		certificate(ret, remedy->before, NULL, NULL);
	else if (letter == 'n')
		names(ret, &remedy->names);
	else if (letter == 'e')
		cw_buffer_text(ret, purposes(remedy));
	else if (letter == 'v')
		cw_buffer_text(ret, remedy->value);
	else if (letter == 'z')
		zone(ret, place);
	else if (letter == 'a' && remedy->action == CW_ACTION_INSTALL && remedy->cert)
		alone(ret, place->complaint);
	else if (letter == 'a')
		advice_in_sentence(ret, advice(place));
	else if (remedy->store)
		cw_buffer_text(ret, remedy->store);
	else if (remedy->setting)
		cw_buffer_text(ret, remedy->setting);
}

static void fill(
	struct cw_buffer *ret, const char *pattern, const struct box *box, const struct cw_cause_place *place)
{
	if (strstr(pattern, "%v") && !place->complaint->remedy.value)
		pattern = "%a";
	while (*pattern) {
		size_t plain = strcspn(pattern, "%");
		cw_buffer_append(ret, pattern, plain);
		pattern += plain;
		if (*pattern) {
			placeholder(ret, pattern[1], box, place);
			pattern += 2;
		}
	}
}

/* "a", "a and b", "a, b and c" of the boxes that are told the same thing. */
static void boxes(struct cw_buffer *ret, const struct cw_cause_place *places, size_t count, const bool *same)
{
	size_t left = 0;
	for (size_t i = 0; i < count; i++)
		left += same[i];
	size_t all = left;
	for (size_t i = 0; i < count; i++) {
		if (!same[i])
			continue;
		if (left != all)
			cw_buffer_text(ret, left == 1 ? " and " : ", ");
		const char *node = places[i].complaint->remedy.node;
		cw_buffer_text(ret, node ? node : places[i].complaint->judge);
		left--;
	}
}

/* The words that stand where the table has none: plain, and still all that is known. */
static const struct cw_remedy_words *plain_words(enum cw_action action)
{
	static const struct cw_remedy_words plain[] = {
		[CW_ACTION_NONE] = {.where = "", .what = ""},
		[CW_ACTION_APPEND] = {.where = "The list %s", .what = "append %c"},
		[CW_ACTION_REMOVE] = {.where = "The list %s", .what = "remove %c"},
		[CW_ACTION_MOVE_BEFORE] = {.where = "The list %s", .what = "put %c before %b"},
		[CW_ACTION_REISSUE] = {.where = "The %s certificate",
			.what = "have one issued with the names %n, for %e, and install it"},
		[CW_ACTION_INSTALL] = {.where = "The %s", .what = "%a"},
		[CW_ACTION_RESTART] = {.where = "The box", .what = "restart it"},
		[CW_ACTION_SET] = {.where = "The setting %s", .what = "set it to %v"},
	};
	return &plain[action];
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static const char *zone_name(const struct cw_cause_place *place)
{
	return place->link && place->link->zone ? place->link->zone->name : NULL;
}

/* Boxes that are told one thing share its words; the same page may have another name on another release. */
static bool told_alike(const struct cw_deployment *deployment, const struct cw_cause_place *a,
	const struct cw_cause_place *b)
{
	const struct cw_remedy *left = &a->complaint->remedy, *right = &b->complaint->remedy;
	if (!cw_causes_same_action(left, right) || !same_text(left->store, right->store))
		return false;
	if (left->action == CW_ACTION_SET && !same_text(zone_name(a), zone_name(b)))
		return false;
	if (entry_number(a->complaint) != entry_number(b->complaint))
		return false;
	struct box left_box = find_box(deployment, left->node), right_box = find_box(deployment, right->node);
	return find_words(&left_box, left) == find_words(&right_box, right) &&
		strcmp(security_page(&left_box), security_page(&right_box)) == 0;
}

/* Where a new certificate of the same names and purposes would not do: what must differ. NULL: the advice of
 * the row says it. */
static const struct difference {
	enum cw_code code;
	const char *words;
} differences[] = {
	{CW_CRITICAL_EXTENSION, NULL},
	{CW_KEY_IDENTIFIER_DIFFERS,
		"The CA must write the identifier of its own present certificate into it, which it did not do last "
		"time."},
	{CW_NAME_CONSTRAINT, NULL},
	{CW_NOT_A_CA, NULL},
	{CW_PATH_TOO_LONG, NULL},
	{CW_OTHER_CHECK_FAILED, NULL},
	{CW_KEY_USAGE_UNFIT, NULL},
	{CW_WEAK_KEY, NULL},
	{CW_WEAK_DIGEST, NULL},
	{CW_TLS_UNUSABLE, NULL},
	{CW_TUNNEL_KEY_UNFIT, NULL},
	{CW_UNKNOWN_OID_IN_NAME, NULL},
	{CW_DEVICE_LIST_LACKS_CA, NULL},
	{CW_REVOKED, NULL},
	{CW_COMMON_NAME_MISSING, NULL},
	/* The MRA certificates guide "CUCM Servers With Self Signed Certificates" */
	{CW_ISSUER_SHADOWED, "Have a CA sign tomcat and CallManager both, and trust that CA alone."},
	{CW_SAME_SUBJECT_CONFLICT, "Have a CA sign tomcat and CallManager both, and trust that CA alone."},
};

static void what_must_differ(struct cw_buffer *ret, const struct cw_cause_place *place)
{
	for (size_t i = 0; i < sizeof differences / sizeof differences[0]; i++)
		if (differences[i].code == place->complaint->finding.code)
			cw_buffer_printf(
				ret, ". %s", differences[i].words ? differences[i].words : advice(place));
}

void cw_remedy_text_sentence(struct cw_buffer *ret, const struct cw_deployment *deployment,
	const struct cw_cause_place *places, size_t count, bool *told)
{
	const struct cw_remedy *remedy = &places[0].complaint->remedy;
	AUTO(free) bool *same = calloc(count, sizeof *same);
	if (!same) {
		ret->failed = true;
		return;
	}
	for (size_t i = 0; i < count; i++) {
		same[i] = i == 0 || told_alike(deployment, &places[0], &places[i]);
		told[i] |= same[i];
	}
	if (remedy->action == CW_ACTION_NONE)
		return;
	struct box box = find_box(deployment, remedy->node);
	const struct cw_remedy_words *words = find_words(&box, remedy);
	words = words ? words : plain_words(remedy->action);
	fill(ret, words->where, &box, &places[0]);
	cw_buffer_text(ret, " on ");
	boxes(ret, places, count, same);
	cw_buffer_text(ret, ": ");
	bool waits =
		places[0].complaint->finding.code == CW_NOT_YET_VALID; /* the certificate itself is good */
	fill(ret, waits ? "%a" : words->what, &box, &places[0]);
	if (remedy->action == CW_ACTION_REISSUE)
		what_must_differ(ret, &places[0]);
}

const char *cw_remedy_text_then(const struct cw_deployment *deployment, const struct cw_remedy *remedy)
{
	struct box box = find_box(deployment, remedy->node);
	const struct cw_remedy_words *words = find_words(&box, remedy);
	return words ? words->then : NULL;
}

const char *cw_remedy_text_expect(
	const struct cw_deployment *deployment, const struct cw_remedy *remedy, bool by_devices)
{
	bool list = remedy->action == CW_ACTION_APPEND || remedy->action == CW_ACTION_REMOVE ||
		remedy->action == CW_ACTION_MOVE_BEFORE;
	if (!list || find_box(deployment, remedy->node).told != CW_TOLD_EXPRESSWAY)
		return NULL;
	return by_devices ? "the devices that refused it sign in; zone and tunnels stay up"
			  : CW_REMEDY_WORDS_LOOK;
}

void cw_remedy_text_where(
	struct cw_buffer *ret, const struct cw_deployment *deployment, const struct cw_remedy *remedy)
{
	struct box box = find_box(deployment, remedy->node);
	const struct cw_remedy_words *words = find_words(&box, remedy);
	struct cw_complaint complaint = {.remedy = *remedy};
	struct cw_cause_place place = {.complaint = &complaint};
	words = words ? words : plain_words(remedy->action);
	fill(ret, words->where, &box, &place);
}
