#include "observe/log/log_link.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Links that are TLS connections of their own. */
#define ANY_TLS (~(1U << CW_LINK_TUNNEL | 1U << CW_LINK_SERVICE))

const char *cw_log_link_now_name(enum cw_log_now now)
{
	static const char *const names[] = {"unknown", "same", "other", "repaired"};
	return names[now];
}

static bool has_label(const char *fqdn, const char *text)
{
	size_t length = strcspn(fqdn, ".");
	return strlen(text) == length && strncasecmp(fqdn, text, length) == 0;
}

static bool goes_by(const struct cw_node *node, const char *text)
{
	return strcasecmp(node->fqdn, text) == 0 || cw_strings_contain_name(&node->addresses, text);
}

/* By its FQDN or an address; else by its first label, where one node alone has that. NULL: none. */
static const struct cw_node *node_of(const struct cw_check *check, const char *text)
{
	const struct cw_node *labelled = NULL;
	size_t count = 0;
	for (size_t i = 0; text && i < check->node_count; i++) {
		const struct cw_node *node = check->nodes[i].node;
		if (goes_by(node, text))
			return node;
		if (has_label(node->fqdn, text)) {
			labelled = node;
			count++;
		}
	}
	return count == 1 ? labelled : NULL;
}

/* Which kinds of link a component writes about. */
static unsigned kinds_of(const char *component)
{
	static const struct {
		const char *component;
		unsigned kinds;
	} rows[] = {
		{"traffic_server", 1U << CW_LINK_TOMCAT | 1U << CW_LINK_TFTP},
		{"edgeconfigprovisioning", 1U << CW_LINK_TOMCAT},
		{"endpoint", 1U << CW_LINK_EDGE_HTTPS | 1U << CW_LINK_EDGE_SIP},
		{"jabber", 1U << CW_LINK_EDGE_HTTPS | 1U << CW_LINK_EDGE_SIP},
		{"phone", 1U << CW_LINK_EDGE_HTTPS | 1U << CW_LINK_EDGE_SIP},
		{"cucm", 1U << CW_LINK_SIP_OUT | 1U << CW_LINK_SIP_IN},
		{"tunnels", 1U << CW_LINK_TUNNEL},
		{"portforwarding", 1U << CW_LINK_TUNNEL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (strcmp(rows[i].component, component) == 0)
			return rows[i].kinds;
	return ANY_TLS;
}

/* What an incident tells of its link. */
struct wanted {
	const struct cw_log_incident *incident;
	const struct cw_node *host, *peer; /* NULL: not known */
	unsigned port;			   /* 0: not known */
	unsigned kinds;
};

static const struct cw_party *other_end(const struct cw_link *link, const struct cw_party *end)
{
	return end == &link->client ? &link->server : &link->client;
}

/* The end that wrote the line; NULL: it cannot be told. */
static const struct cw_party *writer_of(const struct cw_link *link, const struct wanted *wanted)
{
	const struct cw_party *ends[] = {&link->client, &link->server};
	for (size_t i = 0; i < 2; i++) {
		if (wanted->host && ends[i]->node == wanted->host)
			return ends[i];
		if (!wanted->host && wanted->peer && ends[i]->node == wanted->peer)
			return other_end(link, ends[i]);
	}
	/* Endpoints and CUCM are on one side of their links, whoever they are. */
	if (link->client.endpoint)
		return &link->client;
	if (strcmp(wanted->incident->row->component, "cucm") == 0)
		return link->kind == CW_LINK_SIP_IN ? &link->client : &link->server;
	return NULL;
}

/* The end that refused; NULL: nobody did, or it cannot be told. */
static const struct cw_party *refuser_of(const struct cw_link *link, const struct wanted *wanted)
{
	const struct cw_party *writer = writer_of(link, wanted);
	enum cw_log_side side = wanted->incident->row->refused_by;
	if (!writer || side == CW_LOG_NOBODY)
		return NULL;
	return side == CW_LOG_LOCAL ? writer : other_end(link, writer);
}

static bool fits(const struct cw_link *link, const struct wanted *wanted)
{
	if (!(wanted->kinds >> link->kind & 1) || (wanted->port && link->port != wanted->port))
		return false;
	bool by_host =
		wanted->host && (link->client.node == wanted->host || link->server.node == wanted->host);
	bool by_peer =
		wanted->peer && (link->client.node == wanted->peer || link->server.node == wanted->peer);
	if ((wanted->host && !by_host) || (wanted->peer && !by_peer))
		return false;
	/* Who dials a service that others offer writes its name, if anything. */
	bool writes = by_host && strcmp(wanted->incident->row->component, "traffic_server") == 0;
	return !writes || link->client.node == wanted->host;
}

/* What the end (NULL: either) finds on the link: the same code if it has it, else its first refusal. */
static const struct cw_complaint *complaint_of(
	const struct cw_link *link, const struct cw_party *judge, enum cw_code code)
{
	const struct cw_complaint *first = NULL;
	for (size_t i = 0; i < link->complaints.count; i++) {
		const struct cw_complaint *complaint = &link->complaints.items[i];
		if (judge && strcmp(complaint->judge, judge->name) != 0)
			continue;
		if (complaint->finding.code == code)
			return complaint;
		bool refuses = complaint->finding.own_severity == CW_SEVERITY_REFUSED;
		if (!first && refuses && complaint->finding.code != CW_TRAVERSAL_REFUSED)
			first = complaint;
	}
	return first;
}

static unsigned score(const struct cw_link *link, const struct wanted *wanted)
{
	enum cw_code code = wanted->incident->row->code;
	const struct cw_complaint *complaint = complaint_of(link, refuser_of(link, wanted), code);
	if (!complaint)
		return 1;
	return complaint->finding.code == code ? 4 : 2;
}

static void judge_now(struct cw_log_link *ret, const struct wanted *wanted)
{
	const struct cw_party *refuser = refuser_of(ret->link, wanted);
	const struct cw_party *writer = writer_of(ret->link, wanted);
	enum cw_code code = wanted->incident->row->code;
	ret->writer = writer ? writer->name : NULL;
	ret->refused_by = refuser ? refuser->name : NULL;
	ret->peer = writer ? other_end(ret->link, writer)->name : NULL;
	if (!cw_log_row_is_fault(wanted->incident->row))
		return;
	ret->complaint = complaint_of(ret->link, refuser, code);
	if (ret->complaint) {
		bool same = code == CW_LOG_NO_CODE || ret->complaint->finding.code == code;
		ret->now = same ? CW_LOG_NOW_SAME : CW_LOG_NOW_OTHER;
	} else if (ret->link->verdict != CW_VERDICT_UNKNOWN) {
		ret->now = CW_LOG_NOW_REPAIRED;
	}
}

static bool same_ends(const struct cw_link *a, const struct cw_link *b)
{
	return strcmp(a->client.name, b->client.name) == 0 && strcmp(a->server.name, b->server.name) == 0;
}

void cw_log_link_find(
	const struct cw_check *check, const struct cw_log_incident *incident, struct cw_log_link *ret)
{
	struct wanted wanted = {.incident = incident};
	wanted.host = node_of(check, incident->host);
	wanted.peer = node_of(check, incident->peer);
	if (!wanted.peer)
		wanted.peer = node_of(check, incident->called);
	wanted.port = incident->port ? (unsigned)strtoul(incident->port, NULL, 10) : 0;
	wanted.kinds = kinds_of(incident->component);
	unsigned best = 0;
	bool apart = false; /* those that fit best are between different ends */
	*ret = (struct cw_log_link){0};
	/* With a row of tshark the writer is nobody; its two ends are the sender's and the other's. */
	if (incident->row->group.refuser)
		wanted.host = node_of(check, incident->refused_by);
	if (!wanted.host && !wanted.peer && wanted.kinds == ANY_TLS)
		return;
	for (size_t i = 0; i < check->link_count; i++) {
		const struct cw_link *link = check->links[i];
		unsigned points = fits(link, &wanted) ? score(link, &wanted) : 0;
		if (points > best) {
			*ret = (struct cw_log_link){.link = link};
			best = points;
			apart = false;
		}
		if (points && points == best) {
			ret->alike++;
			apart = apart || !same_ends(ret->link, link);
		}
	}
	if (apart)
		ret->link = NULL;
	if (ret->link)
		judge_now(ret, &wanted);
}
