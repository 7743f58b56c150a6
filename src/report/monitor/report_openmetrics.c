#include "report/monitor/report_openmetrics.h"

#include "base/escape.h"
#include "check/service.h"

#include <string.h>

struct metric {
	const char *name;
	const char *unit; /* "seconds", or NULL */
	const char *help;
};

enum metric_id {
	CHECKED,
	LINKS,
	FIRST_BREAK,
	LINK_VERDICT,
	LINK_REASON,
	LINK_BREAK,
	SERVICE_STATE,
	SERVICE_BREAK,
	NODE_VERDICT,
	CERT_END,
	METRIC_COUNT
};

/* No name begins with another one and a "{": samples are sorted by what stands before it. */
static const struct metric metrics[METRIC_COUNT] = {
	[CHECKED] = {"causeway_checked_timestamp_seconds", "seconds",
		"As of when the deployment was judged (an old one: the check does not run)"},
	[LINKS] = {"causeway_links", NULL, "Links of the deployment by verdict"},
	[FIRST_BREAK] = {"causeway_first_break_days", "days",
		"Days until the first link or service gets worse; 0: something is refused now; +Inf: never"},
	[LINK_VERDICT] = {"causeway_link_verdict", NULL, "0 pass, 1 warn, 2 unknown, 3 refused"},
	[LINK_REASON] = {"causeway_link_reason", NULL,
		"1 for each finding that warns or refuses, by its code (causeway explain CODE)"},
	[LINK_BREAK] = {"causeway_link_first_break_days", "days",
		"Days until the link's verdict gets worse; 0: refused now; +Inf: never"},
	[SERVICE_STATE] = {"causeway_service_state", NULL,
		"Sign-in: 0 works, 1 prompts, 2 degraded, 3 unknown, 4 dead"},
	[SERVICE_BREAK] = {"causeway_service_first_break_days", "days",
		"Days until sign-in gets worse; 0: dead now; +Inf: never"},
	[NODE_VERDICT] = {"causeway_node_verdict", NULL,
		"The box by itself, without its links: 0 pass, 1 warn, 2 unknown, 3 refused"},
	[CERT_END] = {"causeway_certificate_not_after_timestamp_seconds", "seconds",
		"Last second of a certificate that a box presents"},
};

struct writer {
	struct cw_buffer *out;
	const struct cw_check *check;
	const struct cw_horizon *horizon;
};

static void label(struct cw_buffer *out, const char *name, const char *value)
{
	cw_buffer_printf(out, ",%s=\"", name);
	cw_escape(out, value, strlen(value), "\\\"");
	cw_buffer_char(out, '"');
}

/* A sample up to its first label; more labels and the value follow. */
static void begin(const struct writer *writer, enum metric_id id)
{
	const char *name = writer->check->deployment->name;
	cw_buffer_printf(writer->out, "%s{deployment=\"", metrics[id].name);
	cw_escape(writer->out, name, strlen(name), "\\\"");
	cw_buffer_char(writer->out, '"');
}

static void end(const struct writer *writer, int64_t value)
{
	cw_buffer_printf(writer->out, "} %lld\n", (long long)value);
}

/* `at` 0: no date. */
static void end_days(const struct writer *writer, bool broken, cw_time at)
{
	double days = (double)(at - writer->check->at) / (double)CW_DAY;
	if (broken)
		cw_buffer_text(writer->out, "} 0\n");
	else if (!at)
		cw_buffer_text(writer->out, "} +Inf\n");
	else
		cw_buffer_printf(writer->out, "} %.3f\n", days);
}

static cw_time link_break(const struct cw_horizon *horizon, const char *id)
{
	for (size_t i = 0; i < horizon->count; i++)
		if (cw_strings_contain(&horizon->breaks[i].links, id))
			return horizon->breaks[i].at;
	return 0;
}

static cw_time service_break(const struct cw_horizon *horizon, const struct cw_service *service)
{
	for (size_t i = 0; i < horizon->count; i++)
		for (size_t k = 0; k < horizon->breaks[i].service_count; k++)
			if (horizon->breaks[i].services[k].endpoint == service->endpoint &&
				horizon->breaks[i].services[k].domain == service->domain)
				return horizon->breaks[i].at;
	return 0;
}

static void write_reasons(const struct writer *writer, const struct cw_link *link)
{
	bool told[CW_CODE_COUNT] = {false};
	for (size_t i = 0; i < link->complaints.count; i++) {
		const struct cw_finding *finding = &link->complaints.items[i].finding;
		if (finding->severity == CW_SEVERITY_INFO || !finding->reached || told[finding->code])
			continue;
		told[finding->code] = true;
		begin(writer, LINK_REASON);
		label(writer->out, "link", link->id);
		label(writer->out, "code", cw_finding_code_name(finding->code));
		label(writer->out, "severity", cw_finding_severity_name(finding->severity));
		end(writer, 1);
	}
}

static void write_link(const struct writer *writer, const struct cw_link *link)
{
	begin(writer, LINK_VERDICT);
	label(writer->out, "link", link->id);
	end(writer, link->verdict);
	begin(writer, LINK_BREAK);
	label(writer->out, "link", link->id);
	end_days(writer, link->verdict == CW_VERDICT_REFUSED, link_break(writer->horizon, link->id));
	write_reasons(writer, link);
}

static void write_service(const struct writer *writer, const struct cw_service *service)
{
	static const enum metric_id ids[] = {SERVICE_STATE, SERVICE_BREAK};
	for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
		begin(writer, ids[i]);
		label(writer->out, "endpoint", service->endpoint->name);
		label(writer->out, "domain", service->domain->name);
		if (ids[i] == SERVICE_STATE)
			end(writer, service->state);
		else
			end_days(writer, service->state == CW_SERVICE_DEAD,
				service_break(writer->horizon, service));
	}
}

static void write_node(const struct writer *writer, const struct cw_node_result *result)
{
	enum cw_severity worst = CW_SEVERITY_INFO;
	for (size_t i = 0; i < result->complaints.count; i++)
		if (result->complaints.items[i].finding.severity > worst)
			worst = result->complaints.items[i].finding.severity;
	begin(writer, NODE_VERDICT);
	label(writer->out, "node", result->node->fqdn);
	end(writer, cw_finding_severity_verdict(worst));
	for (int kind = 0; kind < CW_IDENTITY_KIND_COUNT; kind++) {
		const struct cw_identity *identity = &result->node->identities[kind];
		if (identity->state != CW_KNOWN)
			continue;
		begin(writer, CERT_END);
		label(writer->out, "node", result->node->fqdn);
		label(writer->out, "identity", cw_node_identity_name((enum cw_identity_kind)kind));
		end(writer, cw_cert_not_after(identity->leaf));
	}
}

static void write_deployment(const struct writer *writer)
{
	const struct cw_check *check = writer->check;
	const struct cw_horizon *horizon = writer->horizon;
	begin(writer, CHECKED);
	end(writer, check->at);
	for (int verdict = CW_VERDICT_PASS; verdict <= CW_VERDICT_REFUSED; verdict++) {
		begin(writer, LINKS);
		label(writer->out, "verdict", cw_finding_verdict_name((enum cw_verdict)verdict));
		end(writer, (int64_t)check->verdicts[verdict]);
	}
	begin(writer, FIRST_BREAK);
	end_days(writer, cw_check_refused(check), horizon->count ? horizon->breaks[0].at : 0);
}

bool cw_report_openmetrics(const struct cw_check *check, const struct cw_horizon *horizon,
	struct cw_buffer *ret, struct cw_error *error)
{
	struct writer writer = {ret, check, horizon};
	write_deployment(&writer);
	for (size_t i = 0; i < check->link_count; i++)
		write_link(&writer, check->links[i]);
	for (size_t i = 0; i < check->service_count; i++)
		write_service(&writer, &check->services[i]);
	for (size_t i = 0; i < check->node_count; i++)
		write_node(&writer, &check->nodes[i]);
	return cw_buffer_ok(ret, error);
}

static void describe(struct cw_buffer *out, const struct metric *metric)
{
	cw_buffer_printf(out, "# TYPE %s gauge\n", metric->name);
	if (metric->unit)
		cw_buffer_printf(out, "# UNIT %s %s\n", metric->name, metric->unit);
	cw_buffer_printf(out, "# HELP %s %s\n", metric->name, metric->help);
}

/* The lines of `samples` that are of this metric, in their order. Where memory ran out the last one is cut. */
static void copy_samples(struct cw_buffer *out, const struct metric *metric, const char *samples)
{
	size_t length = strlen(metric->name);
	while (*samples) {
		size_t line = strcspn(samples, "\n");
		line += samples[line] != '\0';
		if (strncmp(samples, metric->name, length) == 0 && samples[length] == '{')
			cw_buffer_append(out, samples, line);
		samples += line;
	}
}

void cw_report_openmetrics_end(struct cw_buffer *ret)
{
	struct cw_buffer samples = *ret;
	*ret = (struct cw_buffer){0};
	for (int id = 0; id < METRIC_COUNT; id++) {
		describe(ret, &metrics[id]);
		copy_samples(ret, &metrics[id], cw_buffer_string(&samples));
	}
	cw_buffer_text(ret, "# EOF\n");
	ret->failed |= samples.failed;
	cw_buffer_finish(&samples);
}
