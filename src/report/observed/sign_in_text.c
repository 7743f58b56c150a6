#include "report/observed/sign_in_report.h"

#include "base/escape.h"
#include "check/service.h"

#include <string.h>

#define PLACE_WIDTH 10
#define INDENT "            "

static void foreign(struct cw_buffer *ret, const char *text)
{
	cw_escape(ret, text, strlen(text), "");
}

static void flow(struct cw_buffer *ret, const char *prefix, const struct cw_buffer *line)
{
	cw_layout_flow(ret, prefix, strlen(INDENT), cw_buffer_string(line));
	ret->failed |= line->failed;
}

static void sentence(struct cw_buffer *ret, const char *before, const char *text)
{
	AUTO_BUFFER line = {0};
	if (!text)
		return;
	cw_buffer_text(&line, before);
	foreign(&line, text);
	flow(ret, INDENT, &line);
}

static void findings(struct cw_buffer *ret, const struct cw_link *seen)
{
	for (size_t i = 0; seen && i < seen->complaints.count; i++) {
		const struct cw_complaint *complaint = &seen->complaints.items[i];
		AUTO_BUFFER line = {0};
		cw_finding_line(&line, &complaint->finding, NULL);
		flow(ret, INDENT, &line);
	}
}

static void step_text(struct cw_buffer *ret, const struct cw_sign_in_step *step)
{
	AUTO_BUFFER prefix = {0}, line = {0};
	cw_buffer_text(&prefix, "  ");
	cw_layout_column(&prefix, cw_sign_in_place_name(step->place), PLACE_WIDTH);
	cw_buffer_printf(&line, "%s%s" CW_MARK_END "  ", cw_layout_verdict_mark(step->verdict),
		cw_finding_verdict_name(step->verdict));
	foreign(&line, step->asked);
	cw_buffer_text(&line, ": ");
	foreign(&line, step->answer);
	if (step->milliseconds)
		cw_buffer_printf(&line, ", %u ms", step->milliseconds);
	flow(ret, cw_buffer_string(&prefix), &line);
	ret->failed |= prefix.failed;
	sentence(ret, "", step->means);
	findings(ret, step->seen);
	sentence(ret, "next: ", step->next);
}

static enum cw_verdict verdict_of(enum cw_service_state state)
{
	switch (state) {
	case CW_SERVICE_WORKS:
		return CW_VERDICT_PASS;
	case CW_SERVICE_PROMPTS:
		return CW_VERDICT_WARN;
	case CW_SERVICE_UNKNOWN:
		return CW_VERDICT_UNKNOWN;
	case CW_SERVICE_DEGRADED:
	case CW_SERVICE_DEAD:
		return CW_VERDICT_REFUSED;
	}
	return CW_VERDICT_UNKNOWN;
}

static void headline(struct cw_buffer *ret, const struct cw_sign_in *sign_in)
{
	AUTO_BUFFER line = {0};
	cw_buffer_text(&line, CW_MARK_BOLD);
	foreign(&line, sign_in->user);
	if (!strchr(sign_in->user, '@')) {
		cw_buffer_char(&line, '@');
		foreign(&line, sign_in->domain);
	}
	cw_buffer_printf(&line, CW_MARK_END ", as %s: %s%s" CW_MARK_END, cw_endpoint_kind_name(sign_in->kind),
		cw_layout_verdict_mark(verdict_of(sign_in->state)), cw_service_state_name(sign_in->state));
	if (sign_in->ended)
		cw_buffer_printf(&line, ", ended at %s", cw_sign_in_place_name(sign_in->ended_at));
	else if (sign_in->register_left_out)
		cw_buffer_text(&line, ", as far as it was tried: registering takes --register --device NAME");
	cw_layout_flow(ret, "", 2, cw_buffer_string(&line));
	cw_buffer_char(ret, '\n');
	ret->failed |= line.failed;
}

static void prediction(struct cw_buffer *ret, const struct cw_sign_in_report *report)
{
	const struct cw_service *service = report->predicted;
	AUTO_BUFFER line = {0};
	if (!service)
		return;
	cw_buffer_printf(&line, "\nBy the files ");
	foreign(&line, service->endpoint->name);
	cw_buffer_printf(&line, " is: %s%s" CW_MARK_END, cw_layout_verdict_mark(verdict_of(service->state)),
		cw_service_state_name(service->state));
	cw_layout_flow(ret, "", 2, cw_buffer_string(&line));
	ret->failed |= line.failed;
	for (size_t i = 0; i < service->because_count; i++) {
		const struct cw_link *link = service->because[i];
		AUTO_BUFFER because = {0};
		cw_buffer_text(&because, link->id);
		cw_layout_flow(ret, "  ", 4, cw_buffer_string(&because));
		ret->failed |= because.failed;
		findings(ret, link);
	}
}

bool cw_sign_in_report_text(const struct cw_sign_in_report *report, struct cw_layout_look look,
	struct cw_buffer *ret, struct cw_error *error)
{
	AUTO_BUFFER text = {0};
	headline(&text, report->sign_in);
	for (size_t i = 0; i < report->sign_in->count; i++)
		step_text(&text, &report->sign_in->steps[i]);
	prediction(&text, report);
	if (!cw_buffer_ok(&text, error))
		return false;
	cw_layout_render(&text, look, ret);
	return cw_buffer_ok(ret, error);
}
