#include "report/plan/plan_words.h"

#include "base/file.h"
#include "report/plan/plan_edit.h"
#include "report/remedy_text.h"
#include "report/remedy_words.h"

#include <string.h>

const char *cw_plan_words_phase(enum cw_repair_phase phase)
{
	static const char *const headings[] = {"Now, without an outage", "In a maintenance window",
		"Later, when all has been well for some days"};
	return headings[phase];
}

static const struct {
	enum cw_action action;
	const char *one, *many;
} costs[] = {
	{CW_ACTION_APPEND, "upload", "uploads"},
	{CW_ACTION_REMOVE, "removal", "removals"},
	{CW_ACTION_MOVE_BEFORE, "move in a list", "moves in lists"},
	{CW_ACTION_REISSUE, "re-issued certificate", "re-issued certificates"},
	{CW_ACTION_INSTALL, "installation", "installations"},
	{CW_ACTION_SET, "setting", "settings"},
};

#define COST_COUNT (sizeof costs / sizeof costs[0])

static size_t count_of(const struct cw_repair *plan, enum cw_action action)
{
	size_t count = 0;
	for (size_t i = 0; i < plan->count; i++)
		count += plan->steps[i].remedy.action == action && !plan->steps[i].replicated &&
			!plan->steps[i].carried;
	return count;
}

static size_t count_boxes(const struct cw_repair *plan)
{
	size_t count = 0;
	for (size_t i = 0; i < plan->count; i++) {
		bool first = !plan->steps[i].replicated;
		for (size_t k = 0; k < i && first; k++)
			first = plan->steps[k].replicated ||
				strcmp(plan->steps[k].remedy.node, plan->steps[i].remedy.node) != 0;
		count += first;
	}
	return count;
}

void cw_plan_words_cost(struct cw_buffer *ret, const struct cw_repair *plan, bool whole)
{
	size_t kinds = 0, told = 0, all = 0, boxes = count_boxes(plan);
	for (size_t i = 0; i < COST_COUNT; i++)
		kinds += count_of(plan, costs[i].action) > 0;
	for (size_t i = 0; i < COST_COUNT; i++) {
		size_t count = count_of(plan, costs[i].action);
		if (!count)
			continue;
		if (told)
			cw_buffer_text(ret, told + 1 == kinds ? " and " : ", ");
		cw_buffer_printf(ret, "%zu %s", count, count == 1 ? costs[i].one : costs[i].many);
		all += count;
		told++;
	}
	cw_buffer_printf(ret, " on %zu %s ", boxes, boxes == 1 ? "node" : "nodes");
	cw_buffer_text(ret, all == 1 ? "repairs " : "repair ");
	cw_buffer_text(ret, whole ? "it" : "a part of it");
	if (plan->restarts.count)
		cw_buffer_printf(
			ret, "; %zu restart%s", plan->restarts.count, plan->restarts.count == 1 ? "" : "s");
}

/* ---------------------------------------------------------------- where and what */

/* A complaint that asks for the step: the words of remedies are made for such. */
static struct cw_complaint complaint_of(const struct cw_repair_step *step)
{
	struct cw_complaint complaint = {.finding = {.code = CW_CODE_COUNT}, .judge = step->remedy.node};
	complaint.remedy = step->remedy;
	enum cw_code code = CW_ISSUER_MISSING;
	const char *colon = step->ends.count ? strstr(step->ends.items[0], ": ") : NULL;
	if (colon)
		cw_finding_code_named(colon + 2, &code);
	bool differs = step->remedy.action == CW_ACTION_REISSUE && code != CW_CODE_COUNT;
	complaint.finding.code = differs || step->remedy.action == CW_ACTION_SET ? code : CW_ISSUER_MISSING;
	if (complaint.finding.code == CW_NOT_YET_VALID)
		complaint.finding.code = CW_EXPIRED;
	return complaint;
}

/* A certificate that is there already goes to its page. */
static void install_words(
	struct cw_buffer *ret, const struct cw_deployment *deployment, const struct cw_repair_step *step)
{
	const struct cw_remedy *remedy = &step->remedy;
	cw_remedy_text_where(ret, deployment, remedy);
	cw_buffer_printf(ret, " on %s: upload %s alone, no CA certificate with it (sha256 %.*s...",
		remedy->node, cw_cert_subject_text(remedy->cert), CW_SHA256_SHOWN,
		cw_cert_sha256_text(remedy->cert));
	if (remedy->from)
		cw_buffer_printf(ret, "; you have it in %s", remedy->from);
	cw_buffer_char(ret, ')');
}

void cw_plan_words_steps(struct cw_buffer *ret, const struct cw_deployment *deployment,
	const struct cw_repair_step *const *steps, size_t count)
{
	AUTO(free) struct cw_complaint *complaints = calloc(count, sizeof *complaints);
	AUTO(free) struct cw_cause_place *places = calloc(count, sizeof *places);
	AUTO(free) bool *told = calloc(count, sizeof *told);
	if (!complaints || !places || !told) {
		ret->failed = true;
		return;
	}
	for (size_t i = 0; i < count; i++) {
		complaints[i] = complaint_of(steps[i]);
		places[i] = (struct cw_cause_place){.complaint = &complaints[i]};
	}
	cw_remedy_text_sentence(ret, deployment, places, count, told);
}

bool cw_plan_words_same_box(const struct cw_repair_step *a, const struct cw_repair_step *b)
{
	return a->phase == b->phase && a->replicated == b->replicated &&
		strcmp(a->remedy.node, b->remedy.node) == 0 &&
		(a->remedy.action == CW_ACTION_REISSUE) == (b->remedy.action == CW_ACTION_REISSUE) &&
		(a->remedy.action == CW_ACTION_RESTART) == (b->remedy.action == CW_ACTION_RESTART);
}

bool cw_plan_words_restart_follows(const struct cw_repair *plan, size_t index)
{
	const struct cw_repair_step *step = &plan->steps[index];
	return index + 1 < plan->count && step[1].remedy.action == CW_ACTION_RESTART &&
		strcmp(step[1].remedy.node, step->remedy.node) == 0 && step->phase == step[1].phase;
}

const char *cw_plan_words_restart(const struct cw_deployment *deployment, const struct cw_repair_step *step)
{
	if (!cw_repair_wants_restart(deployment, step) ||
		!cw_node_is_expressway(cw_deployment_node(deployment, step->remedy.node)))
		return NULL;
	return "then " CW_REMEDY_WORDS_RESTART ", once for this box";
}

void cw_plan_words_step(
	struct cw_buffer *ret, const struct cw_deployment *deployment, const struct cw_repair_step *step)
{
	if (step->remedy.action == CW_ACTION_INSTALL && step->remedy.cert) {
		install_words(ret, deployment, step);
		return;
	}
	cw_plan_words_steps(ret, deployment, &step, 1);
	if (step->remedy.action == CW_ACTION_REISSUE && step->issuer)
		cw_buffer_printf(ret, " (%s %s; the plan was proven with such a one)",
			step->same_issuer ? "the CA that signed the present one will do:" : "by a CA such as",
			cw_cert_label(step->issuer));
	if (step->carried && !step->replicated)
		cw_buffer_text(ret, ": it goes along with the one before; today it comes over the wire");
	if (step->replicated)
		cw_buffer_text(ret, ": it gets there from the publisher; confirm it there");
}

void cw_plan_words_menu(
	struct cw_buffer *ret, const struct cw_deployment *deployment, const struct cw_repair_step *step)
{
	cw_remedy_text_where(ret, deployment, &step->remedy);
}

/* ---------------------------------------------------------------- outage, expectation, consequences */

static bool is_list(enum cw_action action)
{
	return action == CW_ACTION_APPEND || action == CW_ACTION_REMOVE || action == CW_ACTION_MOVE_BEFORE;
}

static bool is_callmanager(const struct cw_remedy *remedy)
{
	return remedy->store && strncmp(remedy->store, "callmanager", strlen("callmanager")) == 0;
}

const char *cw_plan_words_outage(const struct cw_deployment *deployment, const struct cw_repair_step *step)
{
	const struct cw_remedy *remedy = &step->remedy;
	const struct cw_node *node = cw_deployment_node(deployment, remedy->node);
	bool reissue = remedy->action == CW_ACTION_REISSUE || remedy->action == CW_ACTION_RESTART;
	if (!node || (!reissue && !is_list(remedy->action)))
		return remedy->action == CW_ACTION_SET ? "the zone or link drops and comes up again" : "none";
	if (cw_node_is_expressway(node))
		return reissue ? "the box restarts: its zone, tunnels and calls are down for some minutes"
			       : "none";
	if (node->kind != CW_NODE_CUCM)
		return reissue ? "Cisco Tomcat of that node restarts: its pages are down for some minutes"
			       : "none";
	if (is_list(remedy->action))
		return is_callmanager(remedy)
			? "none by the upload; restarting Cisco CallManager moves all phones of that node: in a window"
			: "none by the upload; while Cisco Tomcat restarts sign-in over that node is down for some "
			  "minutes: in a window";
	if (is_callmanager(remedy))
		return "restarting Cisco CallManager moves all phones of that node";
	return "Cisco Tomcat of that node restarts: sign-in over it is down for some minutes";
}

/* All that it ends was refused by devices. */
static bool is_for_devices(const struct cw_repair_step *step)
{
	size_t devices = 0;
	for (size_t i = 0; i < step->ends.count; i++)
		devices += strncmp(step->ends.items[i], "edge-", strlen("edge-")) == 0;
	return devices && devices == step->ends.count;
}

const char *cw_plan_words_expect(const struct cw_deployment *deployment, const struct cw_repair_step *step)
{
	const struct cw_node *node = cw_deployment_node(deployment, step->remedy.node);
	if (step->replicated)
		return "the certificate is in Certificate Management of the subscriber too";
	if (!node)
		return "the device signs in without a question";
	const char *of_list = cw_remedy_text_expect(deployment, &step->remedy, is_for_devices(step));
	if (of_list)
		return of_list;
	if (cw_node_is_expressway(node))
		return "zone Active, SSH tunnels active";
	if (node->kind == CW_NODE_FRONT)
		return "endpoints reach sign-in through the front";
	return "Configuration > Unified Communications > Unified CM servers on Expressway-C: TLS verify ok";
}

/* What a new certificate on a CUCM brings along. */
static const struct consequence {
	bool callmanager, reissue;
	const char *words;
} consequences[] = {
	{true, true,
		"The ITL changes (in mixed mode the CTL too: utils ctl update CTLFile). Restart Cisco CallManager "
		"(Tools > Control Center - Feature Services), Cisco TFTP and Cisco CTIManager one node after "
		"another; phones reset: go on when they are back; never in one window with TVS or ITLRecovery. "
		"Secure trunks must trust the new certificate first. (Security Guide for Cisco Unified CM, "
		"Certificates)"},
	{false, true,
		"Restart Cisco Tomcat of each node (utils service restart Cisco Tomcat); SSO wants new metadata; who "
		"else trusts this certificate must have the new one or its CA; then refresh the servers on "
		"Expressway-C (it blocks sign-in for seconds). (Security Guide for Cisco Unified CM, Certificates)"},
	{true, false,
		"Restart Cisco CallManager (Tools > Control Center - Feature Services) and Cisco HAProxy (utils service "
		"restart Cisco HAProxy; before 14 Cisco TFTP), one node after another."},
	{false, false, "Restart Cisco Tomcat of each node: utils service restart Cisco Tomcat."},
};

const char *cw_plan_words_consequence(
	const struct cw_deployment *deployment, const struct cw_repair_step *step)
{
	const struct cw_node *node = cw_deployment_node(deployment, step->remedy.node);
	bool reissue = step->remedy.action == CW_ACTION_REISSUE;
	if (step->remedy.action == CW_ACTION_RESTART)
		return node && cw_node_is_expressway(node) && node->group->count > 1
			? "Before it Maintenance > Maintenance mode: on; off when zone and tunnels are up again. Only "
			  "then the next peer of the cluster."
			: NULL;
	/* installed: the same comes of it as of one that is asked for first */
	reissue |= step->remedy.action == CW_ACTION_INSTALL && step->remedy.cert;
	if (!node || step->replicated || (!reissue && !is_list(step->remedy.action)))
		return NULL;
	if (node->kind == CW_NODE_EXPRESSWAY_C && reissue)
		return "SSO wants new metadata where it is on; SIP OAuth looks at the names of this certificate.";
	if (node->kind != CW_NODE_CUCM)
		return NULL;
	for (size_t i = 0; i < sizeof consequences / sizeof consequences[0]; i++)
		if (consequences[i].callmanager == is_callmanager(&step->remedy) &&
			consequences[i].reissue == reissue)
			return consequences[i].words;
	return NULL;
}

/* ---------------------------------------------------------------- the command */

static bool names_again(const struct cw_store *store, const struct cw_cert *cert)
{
	for (size_t i = 0; i < store->list.count; i++)
		if (strcmp(cw_cert_subject_text(store->list.entries[i].cert), cw_cert_subject_text(cert)) ==
			0)
			return true;
	return false;
}

/* The list has another certificate of that name, which the command asks about before it appends. */
static bool has_namesake(const struct cw_deployment *deployment, const struct cw_remedy *remedy)
{
	const struct cw_node *node = cw_deployment_node(deployment, remedy->node);
	for (size_t i = 0; node && i < CW_STORE_KIND_COUNT; i++)
		if (remedy->store && strcmp(cw_node_store_name((enum cw_store_kind)i), remedy->store) == 0)
			return names_again(&node->stores[i], remedy->cert);
	for (size_t i = 0; !node && i < deployment->endpoint_count; i++)
		if (strcmp(deployment->endpoints[i].name, remedy->node) == 0)
			return names_again(&deployment->endpoints[i].trust, remedy->cert);
	return false;
}

static void list_command(
	struct cw_buffer *ret, const struct cw_deployment *deployment, const struct cw_repair_step *step)
{
	const struct cw_remedy *remedy = &step->remedy;
	const char *verb = remedy->action == CW_ACTION_APPEND ? "append" : "remove";
	if (remedy->action == CW_ACTION_MOVE_BEFORE)
		verb = "move";
	cw_buffer_printf(ret, "causeway trust %s -d %s %s:%s", verb, deployment->path, remedy->node,
		remedy->store ? remedy->store : "trust");
	/* from where the deployment was named, so that the line works where it is read */
	AUTO(free) char *from = remedy->from ? cw_file_path(deployment->folder, remedy->from) : NULL;
	if (remedy->action == CW_ACTION_APPEND)
		cw_buffer_printf(
			ret, " %s --only %.16s", from ? from : "FILE", cw_cert_sha256_text(remedy->cert));
	else
		cw_buffer_printf(ret, " %.16s", cw_cert_sha256_text(remedy->cert));
	if (remedy->action == CW_ACTION_APPEND && remedy->replaces)
		cw_buffer_text(ret, " --replace");
	else if (remedy->action == CW_ACTION_APPEND && has_namesake(deployment, remedy))
		cw_buffer_text(ret, " --allow-same-subject");
	if (remedy->action == CW_ACTION_APPEND && remedy->before)
		cw_buffer_printf(ret, " && causeway trust move -d %s %s:%s %.16s --before %.16s",
			deployment->path, remedy->node, remedy->store, cw_cert_sha256_text(remedy->cert),
			cw_cert_sha256_text(remedy->before));
	if (remedy->action == CW_ACTION_MOVE_BEFORE && remedy->before)
		cw_buffer_printf(ret, " --before %.16s", cw_cert_sha256_text(remedy->before));
	else if (remedy->action == CW_ACTION_MOVE_BEFORE)
		cw_buffer_text(ret, " --first");
}

/* Settings stand in the deployment file, which is written anew with the step done. */
static void setting_command(struct cw_buffer *ret, const struct cw_deployment *deployment,
	const struct cw_repair *plan, size_t number)
{
	AUTO_BUFFER edit = {0};
	cw_plan_edit_words(&edit, deployment, &plan->steps[number - 1]);
	ret->failed |= edit.failed;
	if (edit.length && plan->again)
		cw_buffer_printf(ret, "causeway fix %s%s --only %zu --apply step-%zu", deployment->path,
			plan->again, number, number);
}

void cw_plan_words_command(struct cw_buffer *ret, const struct cw_deployment *deployment,
	const struct cw_repair_step *step, const struct cw_repair *plan)
{
	const struct cw_remedy *remedy = &step->remedy;
	size_t number = 0;
	for (size_t i = 0; plan && i < plan->count; i++)
		if (&plan->steps[i] == step)
			number = i + 1;
	if (remedy->action == CW_ACTION_SET && number)
		setting_command(ret, deployment, plan, number);
	if (is_list(remedy->action))
		list_command(ret, deployment, step);
	else if (remedy->action == CW_ACTION_REISSUE)
		cw_buffer_printf(ret, "causeway csr new %s %s --identity %s", deployment->path, remedy->node,
			remedy->store);
}
