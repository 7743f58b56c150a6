#include "admin/page/lab/front_screen.h"

#include "admin/page/lab/endpoint_words.h"
#include "admin/page/panel.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

/* A link of this node: its state and the reason's code. */
static void state_cell(struct cw_panel_table *table, const char *state, const char *code)
{
	cw_panel_cell(table);
	if (*state) {
		cw_panel_state(table->screen, state);
		if (*code)
			cw_panel_reason(table->screen, code, "");
	} else {
		cw_html_text(&table->screen->html, "\xe2\x80\x93");
	}
	cw_panel_cell_end(table);
}

/* A button each: a link that is made makes the former one worthless. */
static void one_time_link(struct cw_screen *screen, const char *node)
{
	struct cw_form form = {.screen = screen, .operation = "lab/link", .ask = true};
	cw_form_begin(&form);
	cw_form_hidden(&form, "node", node);
	cw_form_button(&form, "One-time link", NULL, NULL);
	cw_form_end(&form);
}

static void node_row(struct cw_panel_table *table, const json_t *node)
{
	struct cw_html *html = &table->screen->html;
	cw_panel_row(table, NULL);
	cw_panel_cell(table);
	cw_html_open(html, "a");
	cw_html_address(html, cw_screen_json_text(node, "address"));
	cw_html_name(html, cw_screen_json_text(node, "node"));
	cw_html_close(html, "a");
	cw_panel_cell_end(table);
	cw_panel_cell_text(table, cw_screen_json_text(node, "role"));
	state_cell(table, cw_screen_json_text(node, "state"), "");
	state_cell(table, cw_screen_json_text(node, "zone"), cw_screen_json_text(node, "zone_code"));
	state_cell(table, cw_screen_json_text(node, "tunnel"), cw_screen_json_text(node, "tunnel_code"));
	cw_panel_cell(table);
	cw_html_printf(html, "%lld", cw_screen_json_count(node, "alarms"));
	cw_panel_cell_end(table);
	cw_panel_cell(table);
	cw_html_printf(html, "%lld", cw_screen_json_count(node, "restarts"));
	cw_panel_cell_end(table);
	cw_panel_cell(table);
	one_time_link(table->screen, cw_screen_json_text(node, "node"));
	cw_panel_cell_end(table);
	cw_panel_row_end(table);
}

static void nodes(struct cw_screen *screen)
{
	static const char *const columns[] = {
		"Node", "Role", "State", "Zone", "SSH tunnel", "Alarms", "Restarts", "Administrator"};
	struct cw_panel_table table = {.screen = screen,
		.caption = "Nodes; a name leads to the node's own pages",
		.columns = columns,
		.count = COUNT(columns)};
	size_t i;
	json_t *node;
	cw_panel_table_begin(&table);
	json_array_foreach(json_object_get(screen->answer, "nodes"), i, node)
	{
		node_row(&table, node);
	}
	cw_panel_table_end(&table);
}

/* The answer's own words; else those of the table. */
static void sees(struct cw_screen *screen, const json_t *item)
{
	const struct cw_endpoint_words_given given = {.kind = cw_screen_json_text(item, "kind"),
		.state = cw_screen_json_text(item, "state"),
		.link = cw_screen_json_text(item, "link"),
		.code = cw_screen_json_text(item, "code"),
		.domain = cw_screen_json_text(item, "domain"),
		.server = cw_screen_json_text(item, "server")};
	AUTO_BUFFER words = {0};
	if (cw_screen_json_is(item, "sees"))
		cw_buffer_text(&words, cw_screen_json_text(item, "sees"));
	else
		cw_endpoint_words(&given, &words);
	screen->html.out->failed |= words.failed;
	if (words.length)
		cw_html_element(&screen->html, "blockquote", NULL, cw_buffer_string(&words));
}

/* The user's sign-in as this endpoint, through the nodes as they are now. */
static void sign_in(struct cw_screen *screen, const json_t *item)
{
	struct cw_form form = {.screen = screen, .operation = "lab/sign-in", .ask = true};
	const json_t *went = json_object_get(item, "signed_in");
	struct cw_html *html = &screen->html;
	if (json_is_object(went)) {
		const char *step = cw_screen_json_text(went, "step");
		cw_html_begin(html, "p", "signed-in");
		cw_html_text(html, "Signed in: ");
		cw_panel_state(screen, cw_screen_json_text(went, "state"));
		if (*step)
			cw_html_printf(html, " It ends at %s: %s", step, cw_screen_json_text(went, "answer"));
		cw_html_close(html, "p");
		if (cw_screen_json_is(went, "means"))
			cw_html_element(html, "p", "quiet", cw_screen_json_text(went, "means"));
	}
	cw_form_begin(&form);
	cw_form_hidden(&form, "endpoint", cw_screen_json_text(item, "name"));
	cw_form_hidden(&form, "domain", cw_screen_json_text(item, "domain"));
	cw_form_button(&form, "Sign in", NULL, NULL);
	cw_form_end(&form);
}

/* As the endpoint's own screen has it. */
static void endpoint(struct cw_screen *screen, const json_t *item)
{
	struct cw_html *html = &screen->html;
	const char *state = cw_screen_json_text(item, "state");
	cw_html_begin(html, "li", "endpoint");
	cw_html_open(html, "p");
	cw_panel_state(screen, state);
	cw_html_text(html, " ");
	cw_html_element(html, "b", NULL, cw_screen_json_text(item, "name"));
	cw_html_printf(html, " (%s)", cw_screen_json_text(item, "kind"));
	cw_html_close(html, "p");
	sees(screen, item);
	if (cw_screen_json_is(item, "why"))
		cw_html_element(html, "p", "quiet", cw_screen_json_text(item, "why"));
	sign_in(screen, item);
	cw_html_close(html, "li");
}

static void endpoints(struct cw_screen *screen)
{
	const json_t *given = json_object_get(screen->answer, "endpoints");
	size_t i;
	json_t *item;
	if (!json_array_size(given))
		return;
	cw_html_element(&screen->html, "h2", NULL, "What people see");
	cw_html_begin(&screen->html, "ul", "endpoints");
	json_array_foreach(given, i, item)
	{
		endpoint(screen, item);
	}
	cw_html_close(&screen->html, "ul");
}

/* The link that was asked for just now. */
static void link_made(struct cw_screen *screen)
{
	const json_t *link = json_object_get(screen->answer, "link");
	struct cw_html *html = &screen->html;
	if (!json_is_object(link))
		return;
	cw_html_begin(html, "div", "bar pass");
	cw_html_attribute(html, "role", "status");
	cw_html_begin(html, "p", NULL);
	cw_html_printf(html, "Good once and for an hour: set the password of %s on ",
		cw_screen_json_text(link, "user"));
	cw_html_open(html, "a");
	cw_html_address(html, cw_screen_json_text(link, "address"));
	cw_html_text(html, cw_screen_json_text(link, "node"));
	cw_html_close(html, "a");
	cw_html_text(html, ". Its certificate is the lab's: the browser asks about it.");
	cw_html_close(html, "p");
	cw_html_close(html, "div");
}

void cw_front_screen(struct cw_screen *screen)
{
	link_made(screen);
	if (json_is_object(json_object_get(screen->answer, "exercise"))) {
		cw_screen_bar(screen, CW_SCREEN_INFORMATION,
			"An exercise runs in this lab: a fault is hidden in it.", NULL);
		cw_html_begin(&screen->html, "p", NULL);
		cw_html_link(
			&screen->html, "exercise", "What people report, hints, and the check of your repair");
		cw_html_close(&screen->html, "p");
	}
	cw_screen_note(screen,
		"This is a lab: whoever has this page can make themselves administrator of every node, and its keys "
		"protect nothing. Sign in plays the user alice, whose password the stand-in of Unified CM does not look at.");
	cw_panel_live(screen, "lab");
	nodes(screen);
	endpoints(screen);
	if (screen->made)
		cw_html_made(&screen->html, screen->made);
	cw_panel_live_end(screen);
	cw_screen_section(screen, NULL, "Where it is");
	cw_html_begin(&screen->html, "dl", "facts");
	cw_panel_fact(screen, "Folder", cw_screen_json_text(screen->answer, "folder"));
	cw_html_close(&screen->html, "dl");
	cw_html_open(&screen->html, "pre");
	cw_html_attribute(&screen->html, "tabindex", "0");
	cw_html_attribute(&screen->html, "role", "region");
	cw_html_attribute(&screen->html, "aria-label", "More about this lab");
	cw_html_lines(&screen->html, cw_screen_json_text(screen->answer, "more"));
	cw_html_close(&screen->html, "pre");
	cw_screen_section_end(screen);
}
