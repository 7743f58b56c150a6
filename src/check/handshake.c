#include "check/handshake.h"

#include "check/complaint.h"
#include "check/question.h"

#include <string.h>

/* seed 003 */
#define ZONE_TEXT "TLS Negotiation Error"
#define TUNNEL_TEXT "No SSH tunnels have been established"

/* A complaint about no certificate. */
struct extra {
	enum cw_code code;
	const struct cw_party *judge;
	unsigned stage;
	const char *detail;
};

static bool add_extra(struct cw_link *link, const struct extra *extra, struct cw_error *error)
{
	AUTO_FINDINGS findings = {0};
	struct cw_finding *finding = cw_findings_add(&findings, extra->code, 0, NULL);
	cw_finding_detail(&findings, finding, "%s", extra->detail);
	if (finding && link->kind == CW_LINK_SERVICE)
		finding->layer = CW_LAYER_SIP;
	if (!cw_findings_ok(&findings, error))
		return false;
	struct cw_complaint *complaint = cw_complaints_take(&link->complaints, finding);
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

/* seed 000: "Ensure that the account username and password used for the traversal is correct." Neither is
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
	struct extra extra = {CW_CREDENTIALS_DIFFER, &link->server, 3, details[user][password]};
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
	bool by_client = strcmp(refused_by, link->client.name) == 0;
	struct extra extra = {CW_TRAVERSAL_REFUSED, by_client ? &link->client : &link->server, 0,
		link->kind == CW_LINK_TUNNEL ? "the traversal zone that carries the tunnel is refused"
					     : "the traversal zone that carries the SERVICE messages is refused"};
	return add_extra(link, &extra, error);
}

static bool check_traversal(struct cw_link *link, const struct cw_link *traversal, struct cw_error *error)
{
	link->carrier = traversal;
	return !traversal || traversal->verdict != CW_VERDICT_REFUSED ||
		add_traversal_refused(link, traversal->refused_by, error);
}

/* design.md §5 rule 7 */
static bool check_host_name(struct cw_link *tunnel, struct cw_error *error)
{
	if (!strchr(tunnel->server.name, '_'))
		return true;
	struct extra extra = {CW_TUNNEL_NAME_UNFIT, &tunnel->client, 1,
		"Expressway-E's host name has an underscore; wanted letters, digits and hyphens"};
	return add_extra(tunnel, &extra, error);
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
			check_host_name(link, error);
	case CW_LINK_TOMCAT:
	case CW_LINK_TFTP:
	case CW_LINK_SIP_OUT:
	case CW_LINK_SIP_IN:
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
	struct extra extra = {CW_CREDENTIALS_DIFFER, &link->server, 3, detail};
	if (!add_extra(link, &extra, error))
		return false;
	cw_handshake_settle(link);
	return true;
}

bool cw_handshake_conclude_tunnel(struct cw_link *tunnel, const char *zone_refused_by, struct cw_error *error)
{
	if ((zone_refused_by && !add_traversal_refused(tunnel, zone_refused_by, error)) ||
		!check_host_name(tunnel, error))
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
