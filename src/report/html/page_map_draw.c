#include "report/html/page_map_parts.h"

#include "report/markup.h"
#include "report/text/layout.h"

#include <string.h>

/* More nodes or endpoints than this are counted. */
#define LINES_SHOWN 8
/* Characters that fit: into a line of a box, under an arrow. */
#define BOX_CHARACTERS 20
#define BOX_CHARACTERS_MAX 32 /* in small letters */
#define TEXT_SIZE 13
#define TEXT_SIZE_MIN 8
#define NAME_CHARACTERS 14

static bool continues_character(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* The first `limit` characters; what is cut off is shown as dots. */
static void short_text(struct cw_buffer *ret, const char *text, size_t limit)
{
	size_t count = 0, length = 0;
	while (text[length] && (count < limit || continues_character(text[length])))
		count += !continues_character(text[length++]);
	AUTO_BUFFER head = {0};
	cw_buffer_append(&head, text, length);
	ret->failed |= head.failed;
	cw_markup_text(ret, cw_buffer_string(&head));
	cw_buffer_text(ret, text[length] ? "\xe2\x80\xa6" : "");
}

/* A line is drawn where `y` is above 0, and counted in any case. */
struct lines {
	struct cw_page *page;
	int x, y;
	size_t count;
};

static void line(struct lines *lines, enum cw_verdict verdict, const char *text)
{
	lines->count++;
	if (!lines->y)
		return;
	struct cw_buffer *out = &lines->page->out;
	const char *name = cw_finding_verdict_name(verdict);
	size_t width = cw_layout_width(text);
	cw_buffer_text(out, "<g class=\"line\"><title>");
	cw_markup_printf(out, "%s: %s", text, name);
	cw_buffer_printf(out,
		"</title><use class=\"sign %s\" href=\"#sign-%s\" transform=\"translate(%d %d) scale(.65)\"/>"
		"<text x=\"%d\" y=\"%d\"",
		name, name, lines->x + 6, lines->y - 4, lines->x + 18, lines->y);
	/* a long name is written smaller, and cut only where that could not be read */
	if (width > BOX_CHARACTERS)
		cw_buffer_printf(out, " class=\"size-%zu\"",
			width < BOX_CHARACTERS_MAX ? TEXT_SIZE * BOX_CHARACTERS / width : TEXT_SIZE_MIN);
	cw_buffer_char(out, '>');
	short_text(out, text, BOX_CHARACTERS_MAX);
	cw_buffer_text(out, "</text></g>\n");
	lines->y += MAP_LINE;
}

static enum cw_verdict node_verdict(const struct cw_check *check, const struct cw_node *node)
{
	enum cw_verdict worst = CW_VERDICT_PASS;
	for (size_t i = 0; i < check->node_count; i++) {
		const struct cw_complaints *complaints = &check->nodes[i].complaints;
		for (size_t k = 0; check->nodes[i].node == node && k < complaints->count; k++) {
			enum cw_verdict verdict =
				cw_finding_severity_verdict(complaints->items[k].finding.severity);
			worst = verdict > worst ? verdict : worst;
		}
	}
	return worst;
}

static void node_lines(struct lines *lines, const struct cw_group *group)
{
	size_t shown = group->count <= LINES_SHOWN + 1 ? group->count : LINES_SHOWN;
	enum cw_verdict rest = CW_VERDICT_PASS;
	for (size_t i = 0; i < group->count; i++) {
		enum cw_verdict verdict = node_verdict(lines->page->check, group->nodes[i]);
		if (i < shown)
			line(lines, verdict, group->nodes[i]->fqdn);
		else if (verdict > rest)
			rest = verdict;
	}
	if (shown == group->count)
		return;
	AUTO_BUFFER more = {0};
	cw_buffer_printf(&more, "and %zu more", group->count - shown);
	lines->page->out.failed |= more.failed;
	line(lines, rest, cw_buffer_string(&more));
}

static enum cw_verdict state_verdict(enum cw_service_state state)
{
	static const enum cw_verdict verdicts[] = {[CW_SERVICE_WORKS] = CW_VERDICT_PASS,
		[CW_SERVICE_PROMPTS] = CW_VERDICT_WARN,
		[CW_SERVICE_DEGRADED] = CW_VERDICT_WARN,
		[CW_SERVICE_UNKNOWN] = CW_VERDICT_UNKNOWN,
		[CW_SERVICE_DEAD] = CW_VERDICT_REFUSED};
	return verdicts[state];
}

/* The worst of sign-in with this endpoint, for any domain. */
static enum cw_verdict endpoint_verdict(const struct cw_check *check, const struct cw_endpoint *endpoint)
{
	enum cw_verdict worst = CW_VERDICT_PASS;
	for (size_t i = 0; i < check->service_count; i++)
		if (check->services[i].endpoint == endpoint &&
			state_verdict(check->services[i].state) > worst)
			worst = state_verdict(check->services[i].state);
	return worst;
}

static void kind_line(struct lines *lines, enum cw_endpoint_kind kind)
{
	const struct cw_deployment *deployment = lines->page->check->deployment;
	enum cw_verdict worst = CW_VERDICT_PASS;
	size_t count = 0;
	for (size_t i = 0; i < deployment->endpoint_count; i++) {
		if (deployment->endpoints[i].kind != kind)
			continue;
		enum cw_verdict verdict = endpoint_verdict(lines->page->check, &deployment->endpoints[i]);
		worst = verdict > worst ? verdict : worst;
		count++;
	}
	if (!count)
		return;
	AUTO_BUFFER words = {0};
	cw_buffer_printf(&words, "%zu %s", count, cw_endpoint_kind_name(kind));
	lines->page->out.failed |= words.failed;
	line(lines, worst, cw_buffer_string(&words));
}

static void endpoint_lines(struct lines *lines)
{
	const struct cw_deployment *deployment = lines->page->check->deployment;
	if (deployment->endpoint_count <= LINES_SHOWN) {
		for (size_t i = 0; i < deployment->endpoint_count; i++)
			line(lines, endpoint_verdict(lines->page->check, &deployment->endpoints[i]),
				deployment->endpoints[i].name);
		return;
	}
	for (int kind = CW_ENDPOINT_JABBER; kind <= CW_ENDPOINT_WEBEX; kind++)
		kind_line(lines, (enum cw_endpoint_kind)kind);
}

static void box_lines(struct lines *lines, const struct cw_map_box *box)
{
	const struct cw_deployment *deployment = lines->page->check->deployment;
	if (box->group)
		node_lines(lines, box->group);
	else if (box->column == CW_MAP_FRONT)
		line(lines, node_verdict(lines->page->check, deployment->front), deployment->front->fqdn);
	else
		endpoint_lines(lines);
}

size_t cw_page_map_box_lines(const struct cw_page *page, const struct cw_map_box *box)
{
	struct lines lines = {.page = (struct cw_page *)page};
	box_lines(&lines, box);
	return lines.count;
}

static const char *box_title(const struct cw_map_box *box)
{
	if (!box->group)
		return box->column == CW_MAP_FRONT ? "Front" : "Endpoints";
	switch (box->group->kind) {
	case CW_NODE_EXPRESSWAY_C:
		return "Expressway-C";
	case CW_NODE_EXPRESSWAY_E:
		return "Expressway-E";
	case CW_NODE_CUCM:
		return "CUCM";
	case CW_NODE_IMP:
		return "IM & Presence";
	case CW_NODE_UNITY:
		return "Unity Connection";
	case CW_NODE_FRONT:
	case CW_NODE_KIND_COUNT:
		break;
	}
	return "Front";
}

/* The cluster and what it runs: "expc.acme.test X14.2". */
static void box_subtitle(struct cw_buffer *ret, const struct cw_map_box *box)
{
	const struct cw_group *group = box->group;
	if (!group)
		return;
	bool expressway = group->kind == CW_NODE_EXPRESSWAY_C || group->kind == CW_NODE_EXPRESSWAY_E;
	const char *name = group->cluster ? group->cluster : group->name;
	char release[CW_RELEASE_TEXT_SIZE];
	if (expressway)
		cw_buffer_printf(ret, "%s ", cw_release_text(group->release, release));
	if (group->cluster || strcmp(name, cw_node_kind_name(group->kind)) != 0)
		cw_buffer_text(ret, name);
}

void cw_page_map_draw_box(
	struct cw_page *page, const struct cw_map_box *box, const struct map_rect *rect, int top)
{
	struct cw_buffer *out = &page->out;
	AUTO_BUFFER subtitle = {0};
	box_subtitle(&subtitle, box);
	cw_buffer_printf(out,
		"<g class=\"box\"><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"8\"/><text "
		"class=\"name\" x=\"%d\" y=\"%d\">",
		rect->x, rect->y, rect->width, rect->height, rect->x + 14, top + 22);
	cw_markup_text(out, box_title(box));
	cw_buffer_printf(out, "</text><text class=\"sub\" x=\"%d\" y=\"%d\">", rect->x + 14, top + 38);
	short_text(out, cw_buffer_string(&subtitle), BOX_CHARACTERS + 3);
	cw_buffer_text(out, "</text>\n");
	out->failed |= subtitle.failed;
	struct lines lines = {.page = page, .x = rect->x + 14, .y = top + MAP_HEAD + 8};
	box_lines(&lines, box);
	cw_buffer_text(out, "</g>\n");
}

static void end_sign(struct cw_page *page, const struct cw_map_end *end, int x, int y)
{
	const char *name = end->asked ? cw_finding_verdict_name(end->verdict) : "none";
	cw_buffer_printf(&page->out, "<use class=\"sign %s%s\" href=\"#sign-%s\" x=\"%d\" y=\"%d\"/>", name,
		end->reached ? "" : " never", name, x, y);
}

static void end_words(struct cw_buffer *ret, const char *name, const struct cw_map_end *end)
{
	if (!end->asked)
		return;
	cw_markup_printf(ret, "\n%s: %s%s", name, cw_finding_verdict_name(end->verdict),
		end->reached ? "" : " (not reached)");
}

/* What is seen of its links now, where somebody sees them; else what was judged. */
static enum cw_verdict arrow_verdict(const struct cw_page *page, const struct cw_map_bundle *bundle)
{
	enum cw_verdict worst = CW_VERDICT_PASS;
	for (size_t i = 0; page->live && i < bundle->count; i++) {
		enum cw_verdict seen = bundle->links[i]->verdict;
		page->live->state(page->live->context, bundle->links[i], &seen);
		worst = seen > worst ? seen : worst;
	}
	return page->live ? worst : bundle->links[0]->verdict;
}

/* What a pointer that rests on the arrow is told, and who hears the page. */
static void arrow_title(struct cw_page *page, const struct cw_map_bundle *bundle)
{
	const struct cw_link *link = bundle->links[0];
	cw_buffer_text(&page->out, "<title>");
	cw_markup_text(&page->out, link->id);
	if (bundle->count > 1)
		cw_buffer_printf(&page->out, " and %zu more", bundle->count - 1);
	cw_buffer_printf(&page->out, ": %s", cw_finding_verdict_name(arrow_verdict(page, bundle)));
	end_words(&page->out, link->client.name, &bundle->client);
	end_words(&page->out, link->server.name, &bundle->server);
	cw_buffer_text(&page->out, "</title>");
}

/* How far a bend reaches, and how much of an arrow is straight before it: room for its head. */
#define BEND 40
#define BEND_HEAD 11

/* From left to right; where it begins or ends higher or lower than its label, it bends beside the box. */
static void arrow_path(struct cw_page *page, const struct map_arrow *arrow, const char *class)
{
	int left = arrow->left + 22, right = arrow->right - 22;
	struct cw_buffer *out = &page->out;
	cw_buffer_printf(out, "<path class=\"%s\" d=\"M%d %d", class, left, arrow->left_y);
	if (arrow->left_y != arrow->y)
		cw_buffer_printf(out, "h%dC%d %d %d %d %d %d", BEND_HEAD, left + BEND, arrow->left_y,
			left + BEND_HEAD, arrow->y, left + BEND, arrow->y);
	if (arrow->right_y != arrow->y)
		cw_buffer_printf(out, "H%dC%d %d %d %d %d %dh%d", right - BEND, right - BEND_HEAD, arrow->y,
			right - BEND, arrow->right_y, right - BEND_HEAD, arrow->right_y, BEND_HEAD);
	else
		cw_buffer_printf(out, "H%d", right);
	cw_buffer_char(out, '"');
}

/* Between these an arrow is straight: there its label stands. */
static int straight_left(const struct map_arrow *arrow)
{
	return arrow->left + (arrow->left_y == arrow->y ? 26 : 26 + BEND);
}

static int straight_right(const struct map_arrow *arrow)
{
	return arrow->right - (arrow->right_y == arrow->y ? 26 : 26 + BEND);
}

/* The first label of a host name; addresses whole. */
static void short_name(struct cw_buffer *ret, const char *name)
{
	bool host =
		strpbrk(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") && !strchr(name, ':');
	AUTO_BUFFER label = {0};
	cw_buffer_append(&label, name, host ? strcspn(name, ".") : strlen(name));
	ret->failed |= label.failed;
	short_text(ret, cw_buffer_string(&label), NAME_CHARACTERS);
}

static void arrow_words(struct cw_page *page, const struct map_arrow *arrow)
{
	const struct cw_link *link = arrow->bundle->links[0];
	struct cw_buffer *out = &page->out;
	int middle = (straight_left(arrow) + straight_right(arrow)) / 2;
	cw_buffer_printf(out, "<text class=\"kind\" x=\"%d\" y=\"%d\">%s", middle, arrow->y - 6,
		cw_link_kind_name(link->kind));
	if (link->port)
		cw_buffer_printf(out, " <tspan>%u</tspan>", link->port);
	cw_buffer_text(out, "</text>");
	cw_buffer_printf(out, "<text class=\"who\" x=\"%d\" y=\"%d\">", middle, arrow->y + 15);
	if (arrow->bundle->count > 1) {
		cw_buffer_printf(out, "%zu links", arrow->bundle->count);
	} else {
		const struct cw_party *left = arrow->client_left ? &link->client : &link->server;
		const struct cw_party *right = arrow->client_left ? &link->server : &link->client;
		short_name(out, left->name);
		cw_buffer_text(out, arrow->client_left ? " \xe2\x86\x92 " : " \xe2\x86\x90 ");
		short_name(out, right->name);
	}
	cw_buffer_text(out, "</text>");
}

/* Where a click counts, and the ground on which the label stands. Beside a bend it would cover other arrows.
 */
static void hit(struct cw_page *page, const struct map_arrow *arrow)
{
	int left = straight_left(arrow), right = straight_right(arrow);
	cw_buffer_printf(&page->out,
		"<rect class=\"hit\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\"/>", left,
		arrow->y - MAP_ROW / 2 + 2, right - left, MAP_ROW - 4);
}

void cw_page_map_draw_arrow(struct cw_page *page, const struct map_arrow *arrow)
{
	const struct cw_map_bundle *bundle = arrow->bundle;
	const char *verdict = cw_finding_verdict_name(arrow_verdict(page, bundle));
	struct cw_buffer *out = &page->out;
	cw_buffer_printf(out, "<a class=\"link %s\" href=\"#", verdict);
	cw_page_anchor(page, "link", arrow->number);
	cw_buffer_text(out, "\">");
	arrow_title(page, bundle);
	hit(page, arrow);
	arrow_path(page, arrow, "line");
	cw_buffer_printf(
		out, " marker-%s=\"url(#head-%s)\"/>", arrow->client_left ? "end" : "start", verdict);
	end_sign(page, arrow->client_left ? &bundle->client : &bundle->server, arrow->left + 12,
		arrow->left_y);
	end_sign(page, arrow->client_left ? &bundle->server : &bundle->client, arrow->right - 12,
		arrow->right_y);
	arrow_words(page, arrow);
	cw_buffer_text(out, "</a>\n");
}
