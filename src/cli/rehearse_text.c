#include "cli/rehearse_report.h"
#include "report/layout.h"

#include <string.h>
#include <strings.h>

#define KIND_WIDTH 11
#define VERDICT_WIDTH 9
#define ENDS_WIDTH_MAX 58
#define INDENT 13

struct table {
	struct cw_buffer out; /* marked */
	const struct cw_rehearsal *rehearsal;
	const struct cw_check *check;
	size_t width;
};

static void ends(struct cw_buffer *buffer, const struct cw_link *link)
{
	cw_buffer_printf(buffer, "%s -> %s", link->client.name, link->server.name);
	if (strcasecmp(link->address, link->server.name) != 0)
		cw_buffer_printf(buffer, " (as %s)", link->address);
	cw_buffer_printf(buffer, ":%u", link->port);
}

static size_t ends_width(const struct cw_check *check)
{
	size_t width = 0;
	for (size_t i = 0; i < check->link_count; i++) {
		AUTO_BUFFER text = {0};
		ends(&text, check->links[i]);
		size_t one = cw_text_width(cw_buffer_string(&text));
		if (one > width && one <= ENDS_WIDTH_MAX)
			width = one;
	}
	return width + 2;
}

static const char *verdict_mark(enum cw_verdict verdict)
{
	static const char *const marks[] = {CW_MARK_GOOD, CW_MARK_WARN, CW_MARK_UNKNOWN, CW_MARK_BAD};
	return marks[verdict];
}

static void column(struct cw_buffer *line, const char *mark, const char *word, size_t width)
{
	AUTO_BUFFER text = {0};
	cw_buffer_printf(&text, "%s%s" CW_MARK_END, mark, word);
	cw_layout_column(line, cw_buffer_string(&text), width);
	line->failed |= text.failed;
}

/* The second column in one word, as short as the first. */
static void really(struct cw_buffer *line, const struct cw_reality *reality)
{
	switch (reality->state) {
	case CW_REALITY_UP:
		column(line, verdict_mark(reality->verdict), cw_verdict_name(reality->verdict),
			VERDICT_WIDTH);
		cw_buffer_printf(line, "up, %s", reality->version);
		break;
	case CW_REALITY_REFUSED:
		column(line, CW_MARK_BAD, "refused", VERDICT_WIDTH);
		cw_buffer_printf(line, "in %s",
			reality->layer == CW_LAYER_DIGEST	 ? "the zone's digest"
				: reality->layer == CW_LAYER_SIP ? "SIP"
								 : "TLS");
		break;
	case CW_REALITY_FAILED:
		column(line, CW_MARK_BAD, "failed", VERDICT_WIDTH);
		break;
	case CW_REALITY_NOT_REHEARSABLE:
		column(line, CW_MARK_UNKNOWN, "not rehearsable", VERDICT_WIDTH);
		break;
	case CW_REALITY_LATER:
		column(line, CW_MARK_UNKNOWN, "later", VERDICT_WIDTH);
		break;
	}
}

static void list_codes(struct cw_buffer *text, const struct cw_reality *reality)
{
	const struct cw_complaints *complaints = &reality->seen->complaints;
	const char *between = ": ";
	for (size_t i = 0; i < complaints->count; i++) {
		const struct cw_complaint *complaint = &complaints->items[i];
		if (!complaint->finding.reached || complaint->finding.severity == CW_SEVERITY_INFO)
			continue;
		cw_buffer_printf(text, "%s%s", between, cw_code_name(complaint->finding.code));
		between = ", ";
	}
}

static void alert(struct cw_buffer *text, const struct cw_reality *reality)
{
	bool client = reality->refused_by == reality->link->client.name;
	const struct cw_reality_end *refusing = client ? &reality->client : &reality->server;
	const struct cw_reality_end *other = client ? &reality->server : &reality->client;
	const char *name = client ? reality->link->server.name : reality->link->client.name;
	char sent[CW_TLS_ALERT_TEXT_SIZE], seen[CW_TLS_ALERT_TEXT_SIZE];
	if (refusing->report.alert_sent < 0)
		return;
	if (refusing->report.alert_sent == other->report.alert_received) {
		cw_buffer_printf(text, "; alert %s, sent and seen",
			cw_tls_alert_text(refusing->report.alert_sent, sent));
		return;
	}
	cw_buffer_printf(text, "; sent the alert %s, %s saw %s",
		cw_tls_alert_text(refusing->report.alert_sent, sent), name,
		other->report.alert_received < 0 ? "none"
						 : cw_tls_alert_text(other->report.alert_received, seen));
}

static void detail(struct table *table, const struct cw_reality *reality)
{
	AUTO_BUFFER text = {0};
	if (reality->state == CW_REALITY_REFUSED) {
		cw_buffer_printf(&text, "%s refused", reality->refused_by);
		list_codes(&text, reality);
		alert(&text, reality);
	} else if (reality->state == CW_REALITY_UP && reality->verdict != CW_VERDICT_PASS) {
		cw_buffer_text(&text, "came up");
		list_codes(&text, reality);
		if (*reality->note)
			cw_buffer_printf(&text, "; %s", reality->note);
	} else if (*reality->note && reality->state != CW_REALITY_LATER) {
		cw_buffer_text(&text, reality->note);
	}
	if (text.length) {
		cw_layout_wrap(&table->out, "             ", INDENT, cw_buffer_string(&text));
	}
	table->out.failed |= text.failed;
}

static void row(struct table *table, const struct cw_reality *reality)
{
	AUTO_BUFFER line = {0};
	AUTO_BUFFER between = {0};
	const struct cw_link *link = reality->link;
	ends(&between, link);
	cw_buffer_text(&line, "  ");
	cw_layout_column(&line, cw_link_kind_name(link->kind), KIND_WIDTH);
	cw_layout_column(&line, cw_buffer_string(&between), table->width);
	column(&line, verdict_mark(link->verdict), cw_verdict_name(link->verdict), VERDICT_WIDTH + 2);
	really(&line, reality);
	while (line.length && line.data[line.length - 1] == ' ')
		line.data[--line.length] = '\0';
	cw_buffer_printf(&table->out, "%s\n", cw_buffer_string(&line));
	detail(table, reality);
	table->out.failed |= line.failed || between.failed;
	for (size_t i = 0; i < reality->differences.count; i++) {
		AUTO_BUFFER text = {0};
		cw_buffer_printf(
			&text, CW_MARK_BAD "DIFFERS" CW_MARK_END ": %s", reality->differences.items[i]);
		cw_layout_wrap(&table->out, "             ", INDENT, cw_buffer_string(&text));
		table->out.failed |= text.failed;
	}
}

static void head(struct table *table)
{
	AUTO_BUFFER line = {0};
	cw_layout_column(&line, CW_MARK_BOLD "Links" CW_MARK_END, KIND_WIDTH + table->width + 2);
	cw_layout_column(&line, "predicted", VERDICT_WIDTH + 2);
	cw_buffer_text(&line, "really");
	cw_buffer_printf(&table->out, "%s\n", cw_buffer_string(&line));
	table->out.failed |= line.failed;
}

static size_t count_state(const struct table *table, enum cw_reality_state state)
{
	size_t count = 0;
	for (size_t i = 0; i < table->check->link_count; i++)
		count += cw_rehearsal_reality(table->rehearsal, i)->state == state;
	return count;
}

static void summary(struct table *table)
{
	size_t differing = cw_rehearsal_differing(table->rehearsal);
	size_t later = count_state(table, CW_REALITY_LATER);
	size_t cannot = count_state(table, CW_REALITY_NOT_REHEARSABLE);
	AUTO_BUFFER text = {0};
	cw_buffer_printf(&text, "%zu of %zu links were made for real: %zu came up, %zu were refused.",
		cw_rehearsal_made(table->rehearsal), table->check->link_count,
		count_state(table, CW_REALITY_UP), count_state(table, CW_REALITY_REFUSED));
	if (later)
		cw_buffer_printf(&text, " SSH tunnels (%zu) are not rehearsed yet.", later);
	if (cannot)
		cw_buffer_printf(&text, " %zu cannot be rehearsed, which is no pass.", cannot);
	cw_buffer_printf(
		&table->out, "\n" CW_MARK_BOLD "%s" CW_MARK_END "\n", table->check->deployment->name);
	cw_layout_wrap(&table->out, "  ", 2, cw_buffer_string(&text));
	if (differing)
		cw_buffer_printf(&table->out,
			"\n" CW_MARK_BAD
			"PREDICTION AND REALITY DIFFER on %zu link%s: this is a bug in Causeway. "
			"Please report it." CW_MARK_END "\n",
			differing, differing == 1 ? "" : "s");
	else
		cw_buffer_text(&table->out, "  Everything went as predicted.\n");
	table->out.failed |= text.failed;
}

bool cw_rehearse_text(
	const struct cw_rehearsal *rehearsal, bool colour, struct cw_buffer *ret, struct cw_error *error)
{
	struct table table = {.rehearsal = rehearsal, .check = cw_rehearsal_check(rehearsal)};
	table.width = ends_width(table.check);
	head(&table);
	for (size_t i = 0; i < table.check->link_count; i++)
		row(&table, cw_rehearsal_reality(rehearsal, i));
	summary(&table);
	cw_layout_render(&table.out, colour, ret);
	bool good = cw_buffer_ok(&table.out, error);
	cw_buffer_finish(&table.out);
	return good && cw_buffer_ok(ret, error);
}
