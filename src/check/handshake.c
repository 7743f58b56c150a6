#include "check/handshake.h"

#include "base/buffer.h"
#include "check/check.h"
#include "check/question.h"
#include "model/presented.h"

#include <string.h>

/* the Expressway troubleshooting guide */
#define ZONE_TEXT "TLS Negotiation Error"
#define TUNNEL_TEXT "No SSH tunnels have been established"

/* A complaint of no question. */
struct extra {
	enum cw_code code;
	const struct cw_party *judge;
	unsigned stage;
	const char *detail;
	struct cw_cert *cert; /* or NULL: about no certificate */
};

static bool add_extra(struct cw_link *link, const struct extra *extra, struct cw_error *error)
{
	AUTO_FINDINGS findings = {0};
	struct cw_finding *finding = cw_findings_add(&findings, extra->code, 0, extra->cert);
	cw_finding_detail(&findings, finding, "%s", extra->detail);
	if (finding && link->kind == CW_LINK_SERVICE)
		finding->layer = CW_LAYER_SIP;
	if (!cw_findings_ok(&findings, error))
		return false;
	struct cw_complaint *complaint = cw_check_complaints_take(&link->complaints, finding);
	if (!complaint)
		return cw_error_memory(error);
	complaint->judge = extra->judge->name;
	complaint->judge_node = extra->judge->node;
	complaint->stage = extra->stage;
	return true;
}

static bool differ(const char *a, const char *b)
{
	return a && b && strcmp(a, b) != 0;
}

/* the MRA certificates guide: "Ensure that the account username and password used for the traversal is correct." Neither is
 * ever printed. */
static bool check_credentials(struct cw_link *link, struct cw_error *error)
{
	const struct cw_credentials *c = &link->zone->on_c, *e = &link->zone->on_e;
	bool user = differ(c->username, e->username), password = differ(c->password, e->password);
	if (!user && !password)
		return true;
	static const char *const details[2][2] = {
		{"", "the password of the traversal zone differs between Expressway-C and Expressway-E"},
		{"the user name of the traversal zone differs between Expressway-C and Expressway-E",
			"user name and password of the traversal zone differ between Expressway-C and Expressway-E"},
	};
	struct extra extra = {CW_CREDENTIALS_DIFFER, &link->server, 3, details[user][password], NULL};
	return add_extra(link, &extra, error);
}

/* A tunnel comes up with the zone's link to the same address. */
static const struct cw_link *traversal_below(const struct cw_check *check, const struct cw_link *tunnel)
{
	for (size_t i = 0; i < check->link_count; i++) {
		const struct cw_link *link = check->links[i];
		if (link->kind == CW_LINK_TRAVERSAL && link->zone == tunnel->zone &&
			link->client.node == tunnel->client.node && link->address == tunnel->address)
			return link;
	}
	return NULL;
}

/* The SERVICE check takes any connection between the two nodes: one that is up where there is one. */
static const struct cw_link *traversal_between(const struct cw_check *check, const struct cw_link *service)
{
	const struct cw_link *found = NULL;
	for (size_t i = 0; i < check->link_count; i++) {
		const struct cw_link *link = check->links[i];
		if (link->kind != CW_LINK_TRAVERSAL || link->client.node != service->server.node ||
			link->server.node != service->client.node)
			continue;
		if (!found || (found->verdict == CW_VERDICT_REFUSED && link->verdict != CW_VERDICT_REFUSED))
			found = link;
	}
	return found;
}

static bool add_traversal_refused(struct cw_link *link, const char *refused_by, struct cw_error *error)
{
	const char *detail = "the traversal zone that carries the SERVICE messages is refused";
	const struct cw_party *judge = &link->server;
	if (link->kind == CW_LINK_TUNNEL)
		detail = "the traversal zone that carries the tunnel is refused";
	if (strcmp(refused_by, link->client.name) == 0)
		judge = &link->client;
	struct extra extra = {CW_TRAVERSAL_REFUSED, judge, 0, detail, NULL};
	return add_extra(link, &extra, error);
}

static bool check_traversal(struct cw_link *link, const struct cw_link *traversal, struct cw_error *error)
{
	link->carrier = traversal;
	return !traversal || traversal->verdict != CW_VERDICT_REFUSED ||
		add_traversal_refused(link, traversal->refused_by, error);
}

/* rules 7 */
static bool check_host_name(struct cw_link *tunnel, struct cw_error *error)
{
	if (!strchr(tunnel->server.name, '_'))
		return true;
	struct extra extra = {CW_TUNNEL_NAME_UNFIT, &tunnel->client, 1,
		"Expressway-E's host name has an underscore; wanted letters, digits and hyphens", NULL};
	return add_extra(tunnel, &extra, error);
}

static bool check_registration(struct cw_link *link, struct cw_error *error)
{
	bool out = link->kind == CW_LINK_SIP_OUT;
	const struct cw_party *cucm = out ? &link->server : &link->client;
	if (cucm->node->group->secure_registration != CW_SWITCH_UNKNOWN)
		return true;
	struct extra extra = {CW_NOT_KNOWN, out ? &link->client : &link->server, 1,
		"whether secure registration is on in this CUCM cluster is not known", NULL};
	return add_extra(link, &extra, error);
}

static bool lists_key(const struct cw_group *group, const struct cw_cert *leaf)
{
	enum cw_tunnel_key key = cw_node_tunnel_key(cw_cert_key(leaf));
	return key != CW_TUNNEL_KEY_COUNT && (group->tunnel_keys >> key & 1U);
}

/* This end's list leaves out the key of one of the two certificates: its own, or the other end's. */
static bool check_listed_key(struct cw_link *tunnel, const struct cw_party *judge,
	const struct cw_party *subject, struct cw_error *error)
{
	enum cw_identity_kind kind;
	const struct cw_link_ends ends = cw_link_ends(tunnel);
	bool server = subject == &tunnel->server;
	if (!cw_presented_identity(&ends, server, &kind))
		return true;
	struct cw_cert *leaf = subject->node->identities[kind].leaf;
	if (!leaf || !judge->node->group->tunnel_keys || lists_key(judge->node->group, leaf))
		return true;
	for (size_t i = 0; i < tunnel->complaints.count; i++) {
		const struct cw_complaint *told = &tunnel->complaints.items[i];
		if (told->finding.code == CW_TUNNEL_KEY_UNFIT && told->judge == judge->name &&
			told->finding.cert == leaf)
			return true;
	}
	char key[CW_KEY_TEXT_SIZE];
	AUTO_BUFFER text = {0};
	cw_buffer_printf(&text, "%s has a key of %s, which the tunnel-key-algorithms of %s leave out",
		cw_cert_label(leaf), cw_cert_key_text(cw_cert_key(leaf), key), judge->name);
	struct extra extra = {
		CW_TUNNEL_KEY_UNFIT, judge, judge == &tunnel->client ? 1 : 2, cw_buffer_string(&text), leaf};
	return text.failed ? cw_error_memory(error) : add_extra(tunnel, &extra, error);
}

/* "xConfiguration Ciphers sshd_pfwd_pubkeyalgorithms": each node must list the key types of both nodes'
 * certificates. */
static bool check_listed_keys(struct cw_link *tunnel, struct cw_error *error)
{
	const struct cw_party *ends[] = {&tunnel->client, &tunnel->server};
	for (size_t judge = 0; judge < 2; judge++)
		for (size_t subject = 0; subject < 2; subject++)
			if (!check_listed_key(tunnel, ends[judge], ends[subject], error))
				return false;
	return true;
}

static bool add_extras(const struct cw_check *check, struct cw_link *link, struct cw_error *error)
{
	switch (link->kind) {
	case CW_LINK_TRAVERSAL:
		return check_credentials(link, error);
	case CW_LINK_SERVICE:
		return check_traversal(link, traversal_between(check, link), error);
	case CW_LINK_TUNNEL:
		return check_traversal(link, traversal_below(check, link), error) &&
			check_host_name(link, error) && check_listed_keys(link, error);
	case CW_LINK_SIP_OUT:
	case CW_LINK_SIP_IN:
		return check_registration(link, error);
	case CW_LINK_TOMCAT:
	case CW_LINK_TFTP:
	case CW_LINK_SIP_OAUTH:
	case CW_LINK_EDGE_HTTPS:
	case CW_LINK_EDGE_SIP:
	case CW_LINK_FRONT:
	case CW_LINK_CLUSTER:
	case CW_LINK_KIND_COUNT:
		return true;
	}
	return true;
}

/* What a test page says about CRLs no zone page says. */
static const char *sip_text(const struct cw_complaint *complaint)
{
	const struct cw_finding_row *row = cw_finding_row(complaint->finding.code);
	if (complaint->finding.layer != row->layer)
		return NULL;
	return row->code == CW_CRL_MISSING ? ZONE_TEXT : row->vendor_text;
}

/* What the boxes show for it: the zone page and the event log know SIP TLS, the tunnel page knows tunnels. */
static const char *vendor_text(const struct cw_link *link, const struct cw_complaint *complaint)
{
	if (complaint->finding.severity != CW_SEVERITY_REFUSED)
		return NULL;
	switch (link->kind) {
	case CW_LINK_TUNNEL:
		return TUNNEL_TEXT;
	case CW_LINK_TRAVERSAL:
	case CW_LINK_SIP_OUT:
	case CW_LINK_SIP_IN:
	case CW_LINK_SIP_OAUTH:
	case CW_LINK_CLUSTER:
		return sip_text(complaint);
	case CW_LINK_SERVICE: /* E holds the request and hears nothing: no page tells */
	case CW_LINK_TOMCAT:
	case CW_LINK_TFTP:
	case CW_LINK_EDGE_HTTPS:
	case CW_LINK_EDGE_SIP:
	case CW_LINK_FRONT:
	case CW_LINK_KIND_COUNT:
		return NULL;
	}
	return NULL;
}

/* Earlier stage first, what is reached before what is not, worse before better; otherwise as found. */
static bool goes_before(const struct cw_complaint *a, const struct cw_complaint *b)
{
	if (a->stage != b->stage)
		return a->stage < b->stage;
	if (a->finding.reached != b->finding.reached)
		return a->finding.reached;
	return a->finding.severity > b->finding.severity;
}

static void put_in_order(struct cw_complaints *complaints)
{
	for (size_t i = 1; i < complaints->count; i++) {
		struct cw_complaint moved = complaints->items[i];
		size_t at = i;
		for (; at > 0 && goes_before(&moved, &complaints->items[at - 1]); at--)
			complaints->items[at] = complaints->items[at - 1];
		complaints->items[at] = moved;
	}
}

void cw_handshake_settle(struct cw_link *link)
{
	put_in_order(&link->complaints);
	unsigned refused_at = 0;
	link->verdict = CW_VERDICT_PASS;
	link->refused_by = NULL;
	for (size_t i = 0; i < link->complaints.count; i++) {
		struct cw_complaint *complaint = &link->complaints.items[i];
		struct cw_finding *finding = &complaint->finding;
		complaint->vendor_text = vendor_text(link, complaint);
		enum cw_verdict verdict = cw_finding_severity_verdict(finding->severity);
		if (verdict > link->verdict)
			link->verdict = verdict;
		if (link->refused_by && complaint->stage > refused_at)
			finding->reached = false;
		if (!link->refused_by && finding->reached && finding->severity == CW_SEVERITY_REFUSED) {
			link->refused_by = complaint->judge;
			refused_at = complaint->stage;
		}
	}
}

bool cw_handshake_conclude(const struct cw_check *check, struct cw_link *link, struct cw_error *error)
{
	if (!add_extras(check, link, error))
		return false;
	cw_handshake_settle(link);
	return true;
}

bool cw_handshake_deny_credentials(struct cw_link *link, const char *detail, struct cw_error *error)
{
	struct extra extra = {CW_CREDENTIALS_DIFFER, &link->server, 3, detail, NULL};
	if (!add_extra(link, &extra, error))
		return false;
	cw_handshake_settle(link);
	return true;
}

bool cw_handshake_conclude_tunnel(struct cw_link *tunnel, const char *zone_refused_by, struct cw_error *error)
{
	if ((zone_refused_by && !add_traversal_refused(tunnel, zone_refused_by, error)) ||
		!check_host_name(tunnel, error) || !check_listed_keys(tunnel, error))
		return false;
	cw_handshake_settle(tunnel);
	return true;
}

bool cw_handshake_deny_carrier(struct cw_link *link, const char *refused_by, struct cw_error *error)
{
	if (!add_traversal_refused(link, refused_by, error))
		return false;
	cw_handshake_settle(link);
	return true;
}
