#include "labrun/lab_front_parts.h"

#include "check/service.h"

#include <string.h>

/* The stand-in of CUCM has this user, and takes any password (node/cucm_uds.h): nobody's is asked for. */
#define USER "alice"
#define PASSWORD "a lab's stand-in password\n"
#define STEP_SECONDS "5"
/* Of the whole: an exchange is answered within a minute. */
#define SECONDS 50

/* --- who signs in where --- */

static const struct cw_service *find_service(
	const struct cw_lab_front *front, const char *endpoint, const char *domain)
{
	for (size_t i = 0; front->check && i < front->check->service_count; i++) {
		const struct cw_service *service = &front->check->services[i];
		if (strcmp(service->endpoint->name, endpoint) == 0 &&
			strcmp(service->domain->name, domain) == 0)
			return service;
	}
	return NULL;
}

/* Its link to an Expressway-E that is a node of the lab, best to one that runs; NULL: it has none. */
static const struct cw_link *find_edge(const struct cw_lab_front *front, const struct cw_service *service)
{
	const struct cw_link *found = NULL;
	for (size_t i = 0; i < front->check->link_count; i++) {
		const struct cw_link *link = front->check->links[i];
		if (link->kind != CW_LINK_EDGE_HTTPS || link->client.endpoint != service->endpoint)
			continue;
		size_t place = cw_lab_front_place(front, link->server.name);
		if (place == front->setup.folders->count)
			continue;
		if (!found || front->nodes[place].status)
			found = link;
		if (front->nodes[place].status)
			break;
	}
	return found;
}

/* The fingerprint of what the Expressway-E presents: the user of a Jabber that would ask accepts it. "": nobody is asked. */
static const char *accepted(const struct cw_service *service, const struct cw_link *edge)
{
	const struct cw_question *question = edge->question_count ? &edge->questions[0] : NULL;
	if (service->endpoint->kind != CW_ENDPOINT_JABBER || !question || !question->chain_count)
		return "";
	return cw_cert_sha256_text(question->chain[0]);
}

/* --- how it went --- */

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text ? text : "";
}

/* The step where it ended; the last where it came to its end. */
static const json_t *telling_step(const json_t *report)
{
	const json_t *steps = json_object_get(report, "steps"), *told = NULL;
	const char *place = text_of(report, "ended_at");
	size_t i;
	json_t *step;
	json_array_foreach(steps, i, step)
	{
		if (!*place || strcmp(text_of(step, "name"), place) == 0)
			told = step;
	}
	return told ? told : json_array_get(steps, json_array_size(steps) - 1);
}

static json_t *report_of(int status, const struct cw_buffer *output, const struct cw_buffer *errors)
{
	json_error_t ignored;
	AUTO(json_decref)
	json_t *report = json_loadb(output->data ? output->data : "", output->length, 0, &ignored);
	const json_t *step = telling_step(report);
	if (!report) {
		AUTO_BUFFER why = {0};
		cw_lab_front_trouble(status, errors, &why);
		return json_pack(
			"{s:s,s:s,s:s}", "state", "unknown", "step", "", "means", cw_buffer_string(&why));
	}
	return json_pack("{s:s,s:s,s:s,s:s,s:s}", "state", text_of(report, "state"), "step",
		text_of(report, "ended_at"), "asked", text_of(step, "asked"), "answer",
		text_of(step, "answer"), "means", text_of(step, "means"));
}

/* A node that carries no SIP tells nothing of it in its status: there the sign-in is over when HTTPS is. */
static void without_sip(const struct cw_lab_front *front, const char *edge, json_t *went)
{
	size_t place = cw_lab_front_place(front, edge);
	if (strcmp(text_of(went, "state"), "unknown") != 0 || strcmp(text_of(went, "step"), "sip") != 0 ||
		place == front->setup.folders->count || !front->nodes[place].status ||
		json_object_get(front->nodes[place].status, "edge"))
		return;
	json_object_set_new(went, "state", json_string("works"));
	json_object_set_new(went, "step", json_string(""));
	json_object_set_new(went, "means",
		json_string(
			"Over HTTPS, with its configuration. These nodes carry no SIP: registering was not tried."));
}

static void on_signed_in(struct cw_lab_front_wait *wait, int status, const struct cw_buffer *output,
	const struct cw_buffer *errors)
{
	struct cw_lab_front *front = wait->front;
	const char *name = cw_screen_json_text(wait->sent, "name");
	json_t *went = report_of(status, output, errors);
	without_sip(front, cw_screen_json_text(wait->sent, "edge"), went);
	AUTO_BUFFER line = {0};
	cw_buffer_printf(&line, "sign-in as %s: %s%s%s", name, text_of(went, "state"),
		*text_of(went, "step") ? ", it ends at " : "", text_of(went, "step"));
	front->setup.say(front->setup.context, cw_buffer_string(&line));
	if (went)
		json_object_set_new(front->signed_in, name, went);
	if (wait->exchange)
		cw_lab_front_go(front, wait->exchange, "/", CW_SCREEN_INFORMATION, NULL);
	cw_lab_front_changed(front);
}

void cw_lab_front_sign_in(void *context, struct cw_web_exchange *exchange)
{
	struct cw_lab_front *front = context;
	const struct cw_web_form *form = cw_web_exchange_form(exchange);
	AUTO_BUFFER user = {0}, edge = {0}, host = {0}, name = {0};
	cw_lab_front_judge(front);
	const struct cw_service *service =
		find_service(front, cw_web_form_value(form, "endpoint"), cw_web_form_value(form, "domain"));
	const struct cw_link *link = service ? find_edge(front, service) : NULL;
	if (!link) {
		cw_web_exchange_fault(exchange, 404,
			service ? "its Expressway-E is no node of this lab"
				: "there is no such endpoint in this lab");
		return;
	}
	size_t place = cw_lab_front_place(front, link->server.name);
	const char *accept = accepted(service, link);
	cw_buffer_printf(&user, USER "@%s", service->domain->name);
	cw_buffer_printf(&edge, "%s:%u", link->server.name, front->nodes[place].https_port);
	cw_buffer_printf(&host, "%s=%s", link->server.name, front->setup.folders->items[place].address);
	cw_buffer_printf(&name, "%s %s", service->endpoint->name, service->domain->name);
	const char *const words[] = {"sign-in", cw_buffer_string(&user), "--edge", cw_buffer_string(&edge),
		"--host", cw_buffer_string(&host), "-d", front->setup.folder, "--endpoint",
		service->endpoint->name, "--password-file", "-", "--timeout", STEP_SECONDS, "-f", "json",
		*accept ? "--accept" : NULL, accept, NULL};
	const struct cw_lab_job_setup verb = {.words = words, .input = PASSWORD, .seconds = SECONDS};
	const struct cw_lab_front_wait wait = {.front = front,
		.done = on_signed_in,
		.sent = json_pack("{s:s,s:s}", "name", cw_buffer_string(&name), "edge", link->server.name)};
	cw_lab_front_run(exchange, &verb, &wait);
}
