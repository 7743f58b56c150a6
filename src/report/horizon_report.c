#include "report/horizon_report.h"

#include "check/service.h"
#include "report/json.h"
#include "report/text/layout.h"

#include <string.h>

#define LINKS_SHOWN_MAX 8 /* of one date; -f json has all */

static bool is_identity(const char *store)
{
	for (int kind = 0; kind < CW_IDENTITY_KIND_COUNT; kind++)
		if (strcmp(cw_node_identity_name((enum cw_identity_kind)kind), store) == 0)
			return true;
	return false;
}

void cw_horizon_report_todo(struct cw_buffer *ret, const struct cw_horizon_cause *cause)
{
	if (!cause->cert)
		cw_buffer_printf(ret,
			"fetch the next CRL of %s for %s (causeway crl fetch) and upload it there",
			cause->subject, cause->node);
	else if (is_identity(cause->store))
		cw_buffer_printf(ret,
			"request a new %s certificate for %s (causeway csr new), look at it before the upload "
			"(causeway cert accept) and install it",
			cause->store, cause->node);
	else
		cw_buffer_printf(ret, "append the successor of %s to the %s of %s", cause->subject,
			cause->store, cause->node);
}

static void write_todo(const struct cw_horizon_cause *cause, struct cw_buffer *text)
{
	AUTO_BUFFER line = {0};
	cw_horizon_report_todo(&line, cause);
	cw_layout_flow(text, "    > ", 6, cw_buffer_string(&line));
	text->failed |= line.failed;
}

static void write_cause(const struct cw_horizon_cause *cause, cw_time at, struct cw_buffer *text)
{
	AUTO_BUFFER line = {0};
	char date[CW_TIME_TEXT_SIZE];
	bool crl = !cause->cert;
	cw_buffer_printf(&line,
		crl ? "the %s of %s (%s) is good until %s"
		    : "the %s certificate of %s (%s) is valid until %s",
		cause->store, cause->node, cause->subject, cw_time_format(at - 1, date));
	cw_layout_flow(text, "    ", 6, cw_buffer_string(&line));
	text->failed |= line.failed;
}

static void write_links(const struct cw_strings *links, struct cw_buffer *text)
{
	for (size_t i = 0; i < links->count && i < LINKS_SHOWN_MAX; i++)
		cw_buffer_printf(text, "    %s %s\n", i ? "     " : "links", links->items[i]);
	if (links->count > LINKS_SHOWN_MAX)
		cw_buffer_printf(text, "          and %zu more (-f json lists them)\n",
			links->count - LINKS_SHOWN_MAX);
}

static void write_services(const struct cw_horizon_break *found, struct cw_buffer *text)
{
	for (size_t i = 0; i < found->service_count; i++) {
		const struct cw_horizon_service *service = &found->services[i];
		const char *mark = service->after == CW_SERVICE_DEAD ? CW_MARK_BAD : CW_MARK_WARN;
		cw_buffer_printf(text, "    sign-in with %s for %s: %s -> %s%s" CW_MARK_END "\n",
			service->endpoint->name, service->domain->name,
			cw_service_state_name(service->before), mark, cw_service_state_name(service->after));
	}
}

static void write_break(const struct cw_horizon_break *found, cw_time now, struct cw_buffer *text)
{
	char date[CW_TIME_TEXT_SIZE];
	cw_buffer_printf(text, CW_MARK_BOLD "%s" CW_MARK_END ", in %lld days: %zu %s\n",
		cw_time_format_date(found->at, date), (long long)((found->at - now) / CW_DAY),
		found->links.count, found->links.count == 1 ? "link breaks" : "links break");
	write_services(found, text);
	for (size_t i = 0; i < found->cause_count; i++)
		write_cause(&found->causes[i], found->at, text);
	for (size_t i = 0; i < found->cause_count; i++)
		write_todo(&found->causes[i], text);
	write_links(&found->links, text);
	cw_buffer_char(text, '\n');
}

bool cw_horizon_report_text(const struct cw_deployment *deployment, const struct cw_horizon *horizon,
	struct cw_layout_look look, struct cw_buffer *ret, struct cw_error *error)
{
	AUTO_BUFFER text = {0};
	char date[CW_TIME_TEXT_SIZE];
	if (horizon->refused_now)
		cw_buffer_printf(&text,
			CW_MARK_BAD "Refused already" CW_MARK_END
				    ", as of %s: %zu link%s of %s; \"causeway check\" says why.\n\n",
			cw_time_format_date(horizon->at, date), horizon->refused_now,
			horizon->refused_now == 1 ? "" : "s", deployment->name);
	cw_buffer_printf(
		&text, "If nobody does anything, from %s on:\n\n", cw_time_format_date(horizon->at, date));
	for (size_t i = 0; i < horizon->count; i++)
		write_break(&horizon->breaks[i], horizon->at, &text);
	if (horizon->count == 0)
		cw_buffer_text(
			&text, "No link ever breaks by a date: nothing that a link rests on ends.\n\n");
	if (horizon->cut)
		cw_buffer_printf(&text, "Only the first %d dates were looked at.\n", CW_HORIZON_DATES_MAX);
	if (!cw_buffer_ok(&text, error))
		return false;
	cw_layout_render(&text, look, ret);
	return cw_buffer_ok(ret, error);
}

static json_t *cause_json(struct cw_json *json, const struct cw_horizon_cause *cause)
{
	json_t *object = json_object();
	AUTO_BUFFER todo = {0};
	cw_json_put(json, object, "subject", cw_json_text(cause->subject));
	cw_json_put(
		json, object, "sha256", cw_json_text(cause->cert ? cw_cert_sha256_text(cause->cert) : NULL));
	cw_json_put(json, object, "node", cw_json_text(cause->node));
	cw_json_put(json, object, "store", cw_json_text(cause->store));
	cw_horizon_report_todo(&todo, cause);
	cw_json_put(json, object, "todo", todo.failed ? NULL : cw_json_text(cw_buffer_string(&todo)));
	return object;
}

static json_t *service_json(struct cw_json *json, const struct cw_horizon_service *service)
{
	json_t *object = json_object();
	cw_json_put(json, object, "endpoint", cw_json_text(service->endpoint->name));
	cw_json_put(json, object, "domain", cw_json_text(service->domain->name));
	cw_json_put(json, object, "service", cw_json_text("sign-in"));
	cw_json_put(json, object, "before", cw_json_text(cw_service_state_name(service->before)));
	cw_json_put(json, object, "state", cw_json_text(cw_service_state_name(service->after)));
	return object;
}

static json_t *break_json(struct cw_json *json, const struct cw_horizon_break *found)
{
	json_t *object = json_object(), *causes = json_array(), *services = json_array();
	cw_json_put(json, object, "at", cw_json_time(found->at));
	for (size_t i = 0; i < found->cause_count; i++)
		cw_json_add(json, causes, cause_json(json, &found->causes[i]));
	cw_json_put(json, object, "causes", causes);
	cw_json_put(json, object, "links", cw_json_texts(&found->links));
	for (size_t i = 0; i < found->service_count; i++)
		cw_json_add(json, services, service_json(json, &found->services[i]));
	cw_json_put(json, object, "services", services);
	return object;
}

bool cw_horizon_report_json(const struct cw_deployment *deployment, const struct cw_horizon *horizon,
	bool one_line, struct cw_buffer *ret, struct cw_error *error)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	json_t *breaks = json_array();
	cw_json_put(&json, object, "causeway", json_integer(1));
	cw_json_put(&json, object, "deployment", cw_json_text(deployment->name));
	cw_json_put(&json, object, "at", cw_json_time(horizon->at));
	cw_json_put(&json, object, "refused_now", cw_json_count(horizon->refused_now));
	for (size_t i = 0; i < horizon->count; i++)
		cw_json_add(&json, breaks, break_json(&json, &horizon->breaks[i]));
	cw_json_put(&json, object, "breaks", breaks);
	cw_json_put(&json, object, "cut", json_boolean(horizon->cut));
	return cw_json_print(&json, object, one_line, ret, error);
}
