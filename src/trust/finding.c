#include "trust/finding.h"

#include <string.h>

const char *cw_finding_severity_name(enum cw_severity severity)
{
	static const char *const names[] = {"info", "warn", "unknown", "refused"};
	return names[severity];
}

const char *cw_finding_verdict_name(enum cw_verdict verdict)
{
	static const char *const names[] = {"pass", "warn", "unknown", "refused"};
	return names[verdict];
}

const char *cw_finding_layer_name(enum cw_layer layer)
{
	static const char *const names[] = {"tls", "ssh", "digest", "sip", "file"};
	return names[layer];
}

void cw_finding_finish(struct cw_finding *finding)
{
	cw_cert_free(finding->cert);
	cw_cert_free(finding->better);
	free(finding->subject);
	free(finding->name);
	free(finding->detail);
	*finding = (struct cw_finding){0};
}

void cw_findings_finish(struct cw_findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		cw_finding_finish(&findings->items[i]);
	free(findings->items);
	*findings = (struct cw_findings){0};
}

/* Replaces an owned text; a failed allocation is remembered. */
static void set_text(struct cw_findings *findings, char **text, const char *value)
{
	char *copy = strdup(value);
	if (!copy)
		findings->failed = true;
	free(*text);
	*text = copy;
}

struct cw_finding *cw_findings_add(
	struct cw_findings *findings, enum cw_code code, unsigned depth, struct cw_cert *cert)
{
	if (!cw_memory_grow(
		    &findings->items, &findings->capacity, findings->count, sizeof *findings->items)) {
		findings->failed = true;
		return NULL;
	}
	const struct cw_finding_row *row = cw_finding_row(code);
	struct cw_finding *finding = &findings->items[findings->count++];
	*finding = (struct cw_finding){
		.code = code,
		.severity = row->severity,
		.own_severity = row->severity,
		.layer = row->layer,
		.reached = true,
		.depth = depth,
	};
	if (cert) {
		finding->cert = cw_cert_ref(cert);
		set_text(findings, &finding->subject, cw_cert_subject_text(cert));
	}
	return finding;
}

void cw_finding_detail(struct cw_findings *findings, struct cw_finding *finding, const char *format, ...)
{
	if (!finding)
		return;
	AUTO_BUFFER text = {0};
	va_list args;
	va_start(args, format);
	cw_buffer_vprintf(&text, format, args);
	va_end(args);
	free(finding->detail);
	finding->detail = cw_buffer_steal(&text);
	if (!finding->detail)
		findings->failed = true;
}

void cw_finding_name(struct cw_findings *findings, struct cw_finding *finding, const char *name)
{
	if (finding)
		set_text(findings, &finding->name, name);
}

void cw_finding_subject(struct cw_findings *findings, struct cw_finding *finding, const char *subject)
{
	if (finding)
		set_text(findings, &finding->subject, subject);
}

void cw_finding_severity(struct cw_finding *finding, enum cw_severity severity)
{
	if (!finding)
		return;
	finding->severity = severity;
	finding->own_severity = severity;
}

const char *cw_finding_sentence(const struct cw_finding *finding)
{
	return finding->detail ? finding->detail : cw_finding_row(finding->code)->sentence;
}

void cw_finding_line(
	struct cw_buffer *ret, const struct cw_finding *finding, const struct cw_finding_line *around)
{
	static const struct cw_finding_line nothing = {0};
	const struct cw_finding_line *line = around ? around : &nothing;
	if (line->who)
		cw_buffer_printf(ret, "%s: ", line->who);
	cw_buffer_text(ret, line->begin ? line->begin : "");
	cw_buffer_printf(ret, "%s (%s", cw_finding_code_name(finding->code),
		cw_finding_severity_name(finding->severity));
	if (finding->depth)
		cw_buffer_printf(ret, ", depth %u", finding->depth);
	cw_buffer_text(ret, finding->reached ? ")" : ", not reached)");
	cw_buffer_text(ret, line->end ? line->end : "");
	cw_buffer_printf(ret, ": %s", cw_finding_sentence(finding));
}

bool cw_findings_adopt(struct cw_findings *findings, struct cw_finding *finding)
{
	if (!cw_memory_grow(&findings->items, &findings->capacity, findings->count, sizeof *findings->items))
		return false;
	findings->items[findings->count++] = *finding;
	*finding = (struct cw_finding){0};
	return true;
}

const struct cw_finding *cw_findings_find(const struct cw_findings *findings, enum cw_code code)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].code == code)
			return &findings->items[i];
	return NULL;
}

enum cw_verdict cw_findings_verdict(const struct cw_findings *findings)
{
	enum cw_verdict worst = CW_VERDICT_PASS;
	for (size_t i = 0; i < findings->count; i++) {
		enum cw_verdict verdict = cw_finding_severity_verdict(findings->items[i].severity);
		if (verdict > worst)
			worst = verdict;
	}
	return worst;
}

enum cw_verdict cw_finding_severity_verdict(enum cw_severity severity)
{
	switch (severity) {
	case CW_SEVERITY_INFO:
		return CW_VERDICT_PASS;
	case CW_SEVERITY_WARN:
		return CW_VERDICT_WARN;
	case CW_SEVERITY_UNKNOWN:
		return CW_VERDICT_UNKNOWN;
	case CW_SEVERITY_REFUSED:
		return CW_VERDICT_REFUSED;
	}
	return CW_VERDICT_REFUSED;
}

bool cw_findings_ok(const struct cw_findings *findings, struct cw_error *error)
{
	return findings->failed ? cw_error_memory(error) : true;
}
