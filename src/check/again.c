#include "check/again.h"

#include "check/handshake.h"
#include "check/links.h"
#include "check/node_check.h"
#include "check/question.h"
#include "check/service.h"
#include "model/presented.h"
#include "pki/error_mark.h"
#include "trust/issuers.h"

#include <stdint.h>
#include <string.h>

/*
 * Both deployments have the same shape, so that nodes are matched by their number, links by their place and zones and
 * endpoints by their index. Links are gone through in the order of the table, so that the traversal links are done
 * before what they carry. Then nodes, where an input of their own checks changed or the path of a link that they take
 * part in is another; then sign-ins, where anything that a route looks at is another.
 */

/* A node's number by its place in memory: open addressing. */
struct slot {
	const struct cw_node *node;
	size_t number;
};

struct running {
	const struct cw_again *again;
	const struct cw_check *former;
	struct cw_check *check;
	struct cw_question_terms terms;
	const struct cw_check_options *options;
	struct cw_error *error;
	struct cw_node **nodes; /* by number, of the new deployment */
	struct slot *slots;
	size_t slot_count; /* a power of two */
	bool *touched;	   /* by number: what its lists are needed for may be other than before */
	bool *carries;	   /* by link: a traversal link that is refused otherwise than before */
	bool carriers_differ, outcomes_differ;
};

static void running_finish(struct running *running)
{
	free(running->nodes);
	free(running->slots);
	free(running->touched);
	free(running->carries);
}

/* ---------------------------------------------------------------- who is who */

static struct slot *slot_of(const struct running *running, const struct cw_node *node)
{
	size_t at = (size_t)((uintptr_t)node >> 4) & (running->slot_count - 1);
	while (running->slots[at].node && running->slots[at].node != node)
		at = (at + 1) & (running->slot_count - 1);
	return &running->slots[at];
}

static size_t number_of(const struct running *running, const struct cw_node *former)
{
	return slot_of(running, former)->number;
}

static struct cw_node *now(const struct running *running, const struct cw_node *former)
{
	return former ? running->nodes[number_of(running, former)] : NULL;
}

static bool number_nodes(struct running *running)
{
	const struct cw_deployment *deployment = running->check->deployment;
	size_t count = running->former->node_count, number = 0;
	running->slot_count = 16;
	while (running->slot_count < count * 2)
		running->slot_count *= 2;
	running->nodes = calloc(count + 1, sizeof *running->nodes);
	running->touched = calloc(count + 1, sizeof *running->touched);
	running->slots = calloc(running->slot_count, sizeof *running->slots);
	running->carries = calloc(running->former->link_count + 1, sizeof *running->carries);
	if (!running->nodes || !running->touched || !running->slots || !running->carries)
		return cw_error_memory(running->error);
	for (size_t i = 0; i < deployment->group_count; i++)
		for (size_t k = 0; k < deployment->groups[i]->count; k++)
			running->nodes[number++] = deployment->groups[i]->nodes[k];
	if (deployment->front)
		running->nodes[number++] = deployment->front;
	for (size_t i = 0; i < count; i++)
		*slot_of(running, running->former->nodes[i].node) =
			(struct slot){running->former->nodes[i].node, i};
	return true;
}

static size_t endpoint_number(const struct running *running, const struct cw_endpoint *former)
{
	return (size_t)(former - running->former->deployment->endpoints);
}

static void find_party(const struct running *running, struct cw_party *party)
{
	party->node = now(running, party->node);
	if (party->endpoint)
		party->endpoint =
			&running->check->deployment->endpoints[endpoint_number(running, party->endpoint)];
}

/* ---------------------------------------------------------------- links */

static bool shows_the_same(const struct running *running, const struct cw_party *party)
{
	if (!party->node)
		return true;
	const struct cw_again_node *changed = &running->again->nodes[number_of(running, party->node)];
	return !changed->identities && !changed->rest;
}

/* Settings of the cluster that this end belongs to. */
static bool is_set_the_same(const struct running *running, const struct cw_party *party)
{
	const struct cw_deployment *former = running->former->deployment;
	for (size_t i = 0; party->node && i < former->group_count; i++)
		if (former->groups[i] == party->node->group)
			return !running->again->groups[i];
	return true;
}

/* `link` is the new one, not yet asked, or NULL where no setting changed. */
static bool settings_hold(
	const struct running *running, const struct cw_link *former, const struct cw_link *link)
{
	if (!link)
		return true;
	const struct cw_deployment *deployment = running->former->deployment;
	return (!former->zone || !running->again->zones[former->zone - deployment->zones]) &&
		is_set_the_same(running, &former->client) && is_set_the_same(running, &former->server) &&
		former->port == link->port && strcmp(former->id, link->id) == 0 &&
		strcmp(former->address, link->address) == 0;
}

static bool question_holds(const struct running *running, const struct cw_question *question)
{
	const struct cw_again_node *nodes = running->again->nodes;
	const struct cw_party *judge = question->judge, *subject = question->subject;
	if (judge->endpoint && running->again->endpoints[endpoint_number(running, judge->endpoint)])
		return false;
	if (judge->node && nodes[number_of(running, judge->node)].stores[question->store])
		return false;
	return !subject->node ||
		!nodes[number_of(running, subject->node)].stores[cw_presented_store(question->identity)];
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
static bool carrier_holds(const struct running *running, const struct cw_link *former)
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
	const struct running *running, const struct cw_link *former, const struct cw_link *link)
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

static bool copy_complaints(
	const struct running *running, const struct cw_complaints *from, struct cw_complaints *to)
{
	for (size_t i = 0; i < from->count; i++) {
		if (!copy_complaint(&from->items[i], to))
			return cw_error_memory(running->error);
		to->items[i].judge_node = now(running, from->items[i].judge_node);
	}
	return true;
}

/* Chains, paths and the id stay the former check's. */
static bool take_over(struct running *running, const struct cw_link *former, struct cw_link **ret)
{
	struct cw_link *link = malloc(sizeof *link);
	if (!link)
		return cw_error_memory(running->error);
	*link = *former;
	link->borrows = true;
	link->complaints = (struct cw_complaints){0};
	*ret = link;
	find_party(running, &link->client);
	find_party(running, &link->server);
	if (former->carrier)
		link->carrier = running->check->links[former->carrier->place];
	for (size_t i = 0; i < link->question_count; i++) {
		const struct cw_question *old = &former->questions[i];
		link->questions[i].judge = old->judge == &former->client ? &link->client : &link->server;
		link->questions[i].subject = old->subject == &former->client ? &link->client : &link->server;
	}
	if (!copy_complaints(running, &former->complaints, &link->complaints))
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

static void note_differences(struct running *running, const struct cw_link *former, struct cw_link *link)
{
	if (!same_needs(former, link)) {
		if (former->client.node)
			running->touched[number_of(running, former->client.node)] = true;
		if (former->server.node)
			running->touched[number_of(running, former->server.node)] = true;
	}
	running->outcomes_differ |= !same_outcome(former, link);
	if (link->kind == CW_LINK_TRAVERSAL &&
		(former->verdict != link->verdict || !same_text(former->refused_by, link->refused_by)))
		running->carriers_differ = running->carries[former->place] = true;
}

static const struct cw_zone *zone_now(const struct running *running, const struct cw_zone *former)
{
	const struct cw_zone *zones = running->check->deployment->zones;
	return former ? zones + (former - running->former->deployment->zones) : NULL;
}

static struct cw_link *make_bare(const struct running *running, const struct cw_link *former)
{
	struct cw_link *link = cw_link_bare(former);
	if (!link)
		return NULL;
	link->place = former->place;
	link->zone = zone_now(running, former->zone);
	find_party(running, &link->client);
	find_party(running, &link->server);
	return link;
}

/* `*ret` is the new link, or NULL: it is made. */
static bool ask(struct running *running, const struct cw_link *former, struct cw_link **ret)
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
static bool derive_links(struct running *running, bool *ret)
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
			find_party(running, &client);
			find_party(running, &server);
			*ret = old->kind == new->kind &&client.node == new->client.node &&client.endpoint ==
				new->client.endpoint &&server.node == new->server.node;
		}
		return true;
	}
	check->links = calloc(former->link_count + 1, sizeof(struct cw_link *));
	check->link_capacity = check->links ? former->link_count + 1 : 0;
	return check->links || cw_error_memory(running->error);
}

static bool do_link(struct running *running, const struct cw_link *former, struct cw_link **link)
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

static bool do_links(struct running *running)
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

/* ---------------------------------------------------------------- nodes */

/* The chain of each of its certificates stands in its own list, so that nothing is looked for elsewhere. */
static bool own_chains_are_listed(const struct running *running, const struct cw_node *node)
{
	for (unsigned kind = 0; kind < CW_IDENTITY_KIND_COUNT; kind++) {
		const struct cw_identity *identity = &node->identities[kind];
		const struct cw_cert *at = identity->state == CW_KNOWN ? identity->leaf : NULL;
		for (unsigned depth = 0; at && depth < CW_PATH_DEPTH_MAX; depth++) {
			const struct cw_cert *issuer = cw_issuers_signer(
				at, &node->stores[CW_STORE_TRUSTED_CA].list, NULL, running->options->cache);
			if (!issuer)
				return false;
			at = cw_cert_same(issuer, at) || cw_cert_self_issued(issuer) ? NULL : issuer;
		}
		if (at)
			return false;
	}
	return true;
}

static bool has_complaint_about_list(const struct cw_complaints *complaints)
{
	for (size_t i = 0; i < complaints->count; i++)
		if (cw_check_code_is_about_list(complaints->items[i].finding.code))
			return true;
	return false;
}

static bool any_store(const struct cw_again_node *changed)
{
	for (size_t i = 0; i < CW_STORE_KIND_COUNT; i++)
		if (changed->stores[i])
			return true;
	return false;
}

/* Lists are compared with the first peer's and the publisher's, keys with every peer's. */
static bool cluster_holds(const struct running *running, const struct cw_node *former)
{
	const struct cw_group *group = former->group;
	for (size_t i = 0; group && i < group->count; i++) {
		const struct cw_again_node *changed =
			&running->again->nodes[number_of(running, group->nodes[i])];
		bool compared_with = i == 0 || group->nodes[i]->publisher;
		if (changed->identities || (compared_with && any_store(changed)))
			return false;
	}
	return true;
}

static bool node_holds(const struct running *running, size_t number)
{
	const struct cw_node_result *former = &running->former->nodes[number];
	const struct cw_again_node *changed = &running->again->nodes[number];
	if (running->again->settings || running->touched[number] || changed->identities || changed->rest ||
		any_store(changed) || !cluster_holds(running, former->node))
		return false;
	return !running->again->known ||
		(!has_complaint_about_list(&former->complaints) &&
			own_chains_are_listed(running, former->node));
}

static bool do_nodes(struct running *running)
{
	struct cw_check *check = running->check;
	check->nodes = calloc(running->former->node_count + 1, sizeof *check->nodes);
	if (!check->nodes)
		return cw_error_memory(running->error);
	for (size_t i = 0; i < running->former->node_count; i++) {
		struct cw_node_result *result = &check->nodes[check->node_count++];
		*result = (struct cw_node_result){.node = running->nodes[i]};
		bool good = node_holds(running, i)
			? copy_complaints(running, &running->former->nodes[i].complaints, &result->complaints)
			: cw_node_check_one(check, running->options, result, running->error);
		if (!good)
			return false;
	}
	return true;
}

/* ---------------------------------------------------------------- sign-ins */

static bool copy_service(struct running *running, const struct cw_service *former)
{
	struct cw_check *check = running->check;
	struct cw_service *service = &check->services[check->service_count++];
	*service = *former;
	service->because_capacity = former->because_count;
	service->endpoint = &check->deployment->endpoints[endpoint_number(running, former->endpoint)];
	service->because = calloc(former->because_count + 1, sizeof(const struct cw_link *));
	if (!service->because)
		return cw_error_memory(running->error);
	for (size_t i = 0; i < former->because_count; i++)
		service->because[i] = check->links[former->because[i]->place];
	return true;
}

static bool do_services(struct running *running)
{
	const struct cw_check *former = running->former;
	struct cw_check *check = running->check;
	if (running->outcomes_differ)
		return cw_services_derive(check, running->error);
	check->services = calloc(former->service_count + 1, sizeof *check->services);
	if (!check->services)
		return cw_error_memory(running->error);
	check->service_capacity = former->service_count + 1;
	for (size_t i = 0; i < former->service_count; i++)
		if (!copy_service(running, &former->services[i]))
			return false;
	return true;
}

bool cw_again_run(const struct cw_deployment *deployment, const struct cw_again *again,
	const struct cw_check_options *options, struct cw_check **ret, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	AUTO(cw_check_free) struct cw_check *check = calloc(1, sizeof *check);
	struct running running __attribute__((cleanup(running_finish))) = {.again = again,
		.former = again->former,
		.check = check,
		.terms = cw_check_terms(deployment, options),
		.options = options,
		.error = error};
	if (!check)
		return cw_error_memory(error);
	check->deployment = deployment;
	check->at = options->at;
	check->cache = options->cache;
	bool alike = false;
	if (!number_nodes(&running) || !derive_links(&running, &alike))
		return false;
	if (!alike)
		return cw_check_run(deployment, options, ret, error);
	if (!do_links(&running) || !do_nodes(&running) || !do_services(&running))
		return false;
	check->cache = NULL;
	if (cw_error_mark_out_of_memory(&mark))
		return cw_error_memory(error);
	*ret = TAKE(check);
	return true;
}
