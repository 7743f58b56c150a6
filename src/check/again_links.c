#include "check/again_parts.h"

#include "check/handshake.h"
#include "check/links.h"
#include "model/presented.h"

#include <string.h>

static bool shows_the_same(const struct again_running *running, const struct cw_party *party)
{
	if (!party->node)
		return true;
	const struct cw_again_node *changed = &running->again->nodes[again_number_of(running, party->node)];
	return !changed->identities && !changed->rest;
}

/* Settings of the cluster that this end belongs to. */
static bool is_set_the_same(const struct again_running *running, const struct cw_party *party)
{
	const struct cw_deployment *former = running->former->deployment;
	for (size_t i = 0; party->node && i < former->group_count; i++)
		if (former->groups[i] == party->node->group)
			return !running->again->groups[i];
	return true;
}

/* `link` is the new one, not yet asked, or NULL where no setting changed. */
static bool settings_hold(
	const struct again_running *running, const struct cw_link *former, const struct cw_link *link)
{
	if (!link)
		return true;
	const struct cw_deployment *deployment = running->former->deployment;
	return (!former->zone || !running->again->zones[former->zone - deployment->zones]) &&
		is_set_the_same(running, &former->client) && is_set_the_same(running, &former->server) &&
		former->port == link->port && strcmp(former->id, link->id) == 0 &&
		strcmp(former->address, link->address) == 0;
}

static bool question_holds(const struct again_running *running, const struct cw_question *question)
{
	const struct cw_again_node *nodes = running->again->nodes;
	const struct cw_party *judge = question->judge, *subject = question->subject;
	if (judge->endpoint && running->again->endpoints[again_endpoint_number(running, judge->endpoint)])
		return false;
	if (judge->node && nodes[again_number_of(running, judge->node)].stores[question->store])
		return false;
	return !subject->node ||
		!nodes[again_number_of(running, subject->node)]
			 .stores[cw_presented_store(question->identity)];
}

static const struct cw_store *store_asked(const struct cw_question *question)
{
	return question->judge->node ? &question->judge->node->stores[question->store]
				     : &question->judge->endpoint->trust;
}

/* A search that ends well in the list, from either end of a list of unknown order, looks at nothing else. */
static bool looked_among_the_known(const struct cw_link *link)
{
	for (size_t i = 0; i < link->question_count; i++) {
		const struct cw_question *question = &link->questions[i];
		if (!question->judged || !question->judgement.path.trusted ||
			store_asked(question)->unordered)
			return true;
	}
	for (size_t i = 0; i < link->complaints.count; i++)
		if (cw_check_code_is_about_list(link->complaints.items[i].finding.code))
			return true;
	return false;
}

/* What is said over a zone hangs on the traversal links between its two ends. */
static bool carrier_holds(const struct again_running *running, const struct cw_link *former)
{
	if (!running->carriers_differ || (former->kind != CW_LINK_SERVICE && former->kind != CW_LINK_TUNNEL))
		return true;
	for (size_t i = 0; i < running->former->link_count; i++) {
		const struct cw_link *link = running->former->links[i];
		if (link->kind > CW_LINK_TRAVERSAL)
			break;
		bool between = (link->client.node == former->client.node &&
				       link->server.node == former->server.node) ||
			(link->client.node == former->server.node &&
				link->server.node == former->client.node);
		if (between && running->carries[i])
			return false;
	}
	return true;
}

static bool link_holds(
	const struct again_running *running, const struct cw_link *former, const struct cw_link *link)
{
	if (!settings_hold(running, former, link) || !shows_the_same(running, &former->client) ||
		!shows_the_same(running, &former->server) || !carrier_holds(running, former))
		return false;
	for (size_t i = 0; i < former->question_count; i++)
		if (!question_holds(running, &former->questions[i]))
			return false;
	return !running->again->known || !looked_among_the_known(former);
}

static bool copy_text(const char *text, char **ret)
{
	*ret = text ? strdup(text) : NULL;
	return !text || *ret;
}

/* Certificates are referenced, texts copied; a remedy is of the former check and its plan. */
static bool copy_complaint(const struct cw_complaint *from, struct cw_complaints *to)
{
	struct cw_finding finding = from->finding;
	finding.subject = finding.name = finding.detail = NULL;
	finding.cert = finding.cert ? cw_cert_ref(finding.cert) : NULL;
	finding.better = finding.better ? cw_cert_ref(finding.better) : NULL;
	if (!copy_text(from->finding.subject, &finding.subject) ||
		!copy_text(from->finding.name, &finding.name) ||
		!copy_text(from->finding.detail, &finding.detail)) {
		cw_finding_finish(&finding);
		return false;
	}
	struct cw_complaint *complaint = cw_check_complaints_take(to, &finding);
	if (!complaint) {
		cw_finding_finish(&finding);
		return false;
	}
	complaint->judge = from->judge;
	complaint->judge_node = from->judge_node;
	complaint->store = from->store;
	complaint->vendor_text = from->vendor_text;
	complaint->stage = from->stage;
	complaint->question = from->question;
	return true;
}

bool again_copy_complaints(
	const struct again_running *running, const struct cw_complaints *from, struct cw_complaints *to)
{
	for (size_t i = 0; i < from->count; i++) {
		if (!copy_complaint(&from->items[i], to))
			return cw_error_memory(running->error);
		to->items[i].judge_node = again_node_now(running, from->items[i].judge_node);
	}
	return true;
}

/* Chains, paths and the id stay the former check's. */
static bool take_over(struct again_running *running, const struct cw_link *former, struct cw_link **ret)
{
	struct cw_link *link = malloc(sizeof *link);
	if (!link)
		return cw_error_memory(running->error);
	*link = *former;
	link->borrows = true;
	link->complaints = (struct cw_complaints){0};
	*ret = link;
	again_find_party(running, &link->client);
	again_find_party(running, &link->server);
	if (former->carrier)
		link->carrier = running->check->links[former->carrier->place];
	for (size_t i = 0; i < link->question_count; i++) {
		const struct cw_question *old = &former->questions[i];
		link->questions[i].judge = old->judge == &former->client ? &link->client : &link->server;
		link->questions[i].subject = old->subject == &former->client ? &link->client : &link->server;
	}
	if (!again_copy_complaints(running, &former->complaints, &link->complaints))
		return false;
	for (size_t i = 0; i < link->complaints.count; i++)
		if (link->complaints.items[i].question)
			link->complaints.items[i].question =
				link->questions + (former->complaints.items[i].question - former->questions);
	return true;
}

static bool same_certs(struct cw_cert *const *a, size_t a_count, struct cw_cert *const *b, size_t b_count)
{
	bool same = a_count == b_count;
	for (size_t i = 0; same && i < a_count; i++)
		same = cw_cert_same(a[i], b[i]);
	return same;
}

static bool same_paths(const struct cw_path *a, const struct cw_path *b)
{
	bool same = a->count == b->count;
	for (size_t i = 0; same && i < a->count; i++)
		same = a->steps[i].origin == b->steps[i].origin &&
			cw_cert_same(a->steps[i].cert, b->steps[i].cert);
	return same;
}

/* The lists of both ends are needed for the same as before. */
static bool same_needs(const struct cw_link *former, const struct cw_link *link)
{
	bool same = former->question_count == link->question_count;
	for (size_t i = 0; same && i < link->question_count; i++) {
		const struct cw_question *a = &former->questions[i], *b = &link->questions[i];
		same = a->judged == b->judged && a->identity == b->identity &&
			same_certs(a->chain, a->chain_count, b->chain, b->chain_count) &&
			same_paths(&a->judgement.path, &b->judgement.path);
	}
	return same;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* A route sees no difference. */
static bool same_outcome(const struct cw_link *former, const struct cw_link *link)
{
	const struct cw_complaints *a = &former->complaints, *b = &link->complaints;
	bool same = former->verdict == link->verdict && a->count == b->count;
	for (size_t i = 0; same && i < a->count; i++) {
		const struct cw_finding *old = &a->items[i].finding, *new = &b->items[i].finding;
		same = old->code == new->code && old->severity == new->severity &&
			old->own_severity == new->own_severity &&same_text(old->name, new->name);
	}
	return same;
}

static void note_differences(
	struct again_running *running, const struct cw_link *former, struct cw_link *link)
{
	if (!same_needs(former, link)) {
		if (former->client.node)
			running->touched[again_number_of(running, former->client.node)] = true;
		if (former->server.node)
			running->touched[again_number_of(running, former->server.node)] = true;
	}
	running->outcomes_differ |= !same_outcome(former, link);
	if (link->kind == CW_LINK_TRAVERSAL &&
		(former->verdict != link->verdict || !same_text(former->refused_by, link->refused_by)))
		running->carriers_differ = running->carries[former->place] = true;
}

static const struct cw_zone *zone_now(const struct again_running *running, const struct cw_zone *former)
{
	const struct cw_zone *zones = running->check->deployment->zones;
	return former ? zones + (former - running->former->deployment->zones) : NULL;
}

static struct cw_link *make_bare(const struct again_running *running, const struct cw_link *former)
{
	struct cw_link *link = cw_link_bare(former);
	if (!link)
		return NULL;
	link->place = former->place;
	link->zone = zone_now(running, former->zone);
	again_find_party(running, &link->client);
	again_find_party(running, &link->server);
	return link;
}

/* `*ret` is the new link, or NULL: it is made. */
static bool ask(struct again_running *running, const struct cw_link *former, struct cw_link **ret)
{
	if (!*ret)
		*ret = make_bare(running, former);
	struct cw_link *link = *ret;
	if (!link)
		return cw_error_memory(running->error);
	if (!cw_question_ask_link(&running->terms, link, running->error) ||
		!cw_handshake_conclude(running->check, link, running->error))
		return cw_error_prefix(running->error, "%s", link->id);
	note_differences(running, former, link);
	return true;
}

/* With other settings links are derived anew. `*ret`: they are the former ones, place by place. */
bool again_derive_links(struct again_running *running, bool *ret)
{
	const struct cw_check *former = running->former;
	struct cw_check *check = running->check;
	*ret = true;
	if (running->again->settings) {
		if (!cw_links_derive(check, running->error))
			return false;
		*ret = check->link_count == former->link_count;
		for (size_t i = 0; *ret && i < check->link_count; i++) {
			const struct cw_link *old = former->links[i], *new = check->links[i];
			struct cw_party client = old->client, server = old->server;
			again_find_party(running, &client);
			again_find_party(running, &server);
			*ret = old->kind == new->kind &&client.node == new->client.node &&client.endpoint ==
				new->client.endpoint &&server.node == new->server.node;
		}
		return true;
	}
	check->links = calloc(former->link_count + 1, sizeof(struct cw_link *));
	check->link_capacity = check->links ? former->link_count + 1 : 0;
	return check->links || cw_error_memory(running->error);
}

static bool do_link(struct again_running *running, const struct cw_link *former, struct cw_link **link)
{
	if (!link_holds(running, former, *link))
		return ask(running, former, link);
	cw_link_free(*link);
	*link = NULL;
	if (!take_over(running, former, link))
		return false;
	(*link)->zone = zone_now(running, former->zone);
	return true;
}

bool again_do_links(struct again_running *running)
{
	struct cw_check *check = running->check;
	for (size_t i = 0; i < running->former->link_count; i++) {
		bool good = do_link(running, running->former->links[i], &check->links[i]);
		if (check->link_count == i && check->links[i])
			check->link_count++; /* each is there for those that it carries */
		if (!good)
			return false;
		check->verdicts[check->links[i]->verdict]++;
	}
	return true;
}
