#include "config/load_parts.h"
#include "config/node_file.h"

#include "base/buffer.h"

#include <string.h>

/* Against lists that are not read by anybody: the vendor advises a few dozen. */
#define ROWS_MAX 1000
#define METHODS_WANTED "one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
#define GET 1U

static void load_edge(struct cw_loader *loader, const struct cw_yaml *value, struct cw_node_file_edge *ret)
{
	struct cw_raw_edge raw = {0};
	*ret = (struct cw_node_file_edge){.session_minutes = 480, .authorizations = 8, .period_seconds = 300};
	if (!value || !cw_schema_read(&loader->problems, &cw_edge_schema, value, &raw))
		return;
	cw_load_number(loader, raw.session_minutes, 720, &ret->session_minutes);
	cw_load_number(loader, raw.authorizations, 1000, &ret->authorizations);
	cw_load_number(loader, raw.period_seconds, 3600, &ret->period_seconds);
	cw_value_on_off(&loader->problems, raw.maintenance, &ret->maintenance);
}

/* --- rules --- */

static bool load_url(struct cw_loader *loader, const struct cw_yaml *value, struct cw_allow_rule *ret)
{
	const char *why, *text = cw_value_text(&loader->problems, value, "a URL");
	char quoted[CW_QUOTED_SIZE];
	if (!text)
		return false;
	if (cw_allow_list_url(text, ret, &why))
		return true;
	cw_problem(&loader->problems, value, "wanted a URL with %s, found %s", why,
		cw_problem_quote(text, quoted));
	return false;
}

static unsigned load_method(struct cw_loader *loader, const struct cw_yaml *value)
{
	const char *text = cw_value_text(&loader->problems, value, METHODS_WANTED);
	unsigned method = text ? cw_allow_list_method(text) : 0;
	if (text && !method)
		cw_value_wrong(&loader->problems, value, METHODS_WANTED, true);
	return method;
}

static unsigned load_methods(struct cw_loader *loader, const struct cw_yaml *value)
{
	unsigned methods = 0;
	if (!value)
		return GET;
	if (!cw_value_is_list(&loader->problems, value, "a list of methods"))
		return 0;
	for (size_t i = 0; i < value->count; i++)
		methods |= load_method(loader, &value->entries[i].value);
	return methods;
}

static void load_rule(struct cw_loader *loader, const struct cw_yaml *value, struct cw_allow_list *list)
{
	static const struct cw_value_word matches[] = {
		{"prefix", CW_ALLOW_PREFIX}, {"exact", CW_ALLOW_EXACT}};
	struct cw_problems *problems = &loader->problems;
	struct cw_raw_allow raw = {0};
	struct cw_allow_rule rule;
	int match = CW_ALLOW_PREFIX;
	if (!cw_schema_read(problems, &cw_allow_schema, value, &raw) ||
		!cw_schema_want(problems, &cw_allow_schema, value, raw.url, "url") ||
		!load_url(loader, raw.url, &rule))
		return;
	cw_value_choice(problems, raw.match, matches, 2, &match);
	rule.match = (enum cw_allow_match)match;
	rule.methods = load_methods(loader, raw.methods);
	cw_value_copy(problems, raw.description, "a text", &rule.description);
	if (!cw_allow_list_add(list, &rule))
		problems->no_memory = true;
}

/* --- tests --- */

/* The rule that lets it in, for the sentence about a test that fails. */
static void tell_test(struct cw_loader *loader, const struct cw_yaml *at, const struct cw_allow_rule *asked,
	const struct cw_allow_rule *found)
{
	AUTO_BUFFER text = {0}, rule = {0};
	cw_allow_list_text(asked, &text);
	if (found) {
		cw_allow_list_text(found, &rule);
		cw_problem(&loader->problems, at,
			"this test of the allow list fails: wanted block, and %srule %s lets it in; change the rule or the test",
			found->automatic ? "the automatic " : "", cw_buffer_string(&rule));
	} else {
		cw_problem(&loader->problems, at,
			"this test of the allow list fails: wanted allow, and no rule lets %s in; add a rule or change the test",
			cw_buffer_string(&text));
	}
}

static void make_test(struct cw_loader *loader, const struct cw_yaml *at, const struct cw_allow_list *list,
	struct cw_allow_rule *asked, bool allow)
{
	const struct cw_allow_request request = {.is_https = asked->is_https,
		.host = asked->host,
		.host_length = strlen(asked->host),
		.port = asked->port,
		.path = asked->path,
		.path_length = strlen(asked->path),
		.method = asked->methods};
	const struct cw_allow_rule *found = cw_allow_list_find(list, &request);
	asked->match = CW_ALLOW_EXACT;
	if (allow != (found != NULL))
		tell_test(loader, at, asked, found);
}

static void load_test(
	struct cw_loader *loader, const struct cw_yaml *value, const struct cw_allow_list *list, bool makes)
{
	static const struct cw_value_word words[] = {{"allow", true}, {"block", false}};
	struct cw_problems *problems = &loader->problems;
	struct cw_raw_allow raw = {0};
	struct cw_allow_rule asked;
	int expect = -1;
	if (!cw_schema_read(problems, &cw_allow_test_schema, value, &raw) ||
		!cw_schema_want(problems, &cw_allow_test_schema, value, raw.url, "url") ||
		!cw_schema_want(problems, &cw_allow_test_schema, value, raw.expect, "expect") ||
		!load_url(loader, raw.url, &asked))
		return;
	struct cw_allow_list owner = {0};
	asked.methods = raw.method ? load_method(loader, raw.method) : GET;
	cw_value_choice(problems, raw.expect, words, 2, &expect);
	(void)cw_value_text(problems, raw.description, "a text");
	if (makes && expect >= 0 && asked.methods)
		make_test(loader, value, list, &asked, expect);
	if (cw_allow_list_add(&owner, &asked))
		cw_allow_list_finish(&owner);
}

/* --- the whole --- */

static bool is_rows(struct cw_loader *loader, const struct cw_yaml *value)
{
	if (!cw_value_is_list(&loader->problems, value, "a list of maps"))
		return false;
	if (value->count > ROWS_MAX)
		cw_problem(&loader->problems, value, "more than %d rows", ROWS_MAX);
	return value->count <= ROWS_MAX;
}

void cw_load_edge(struct cw_loader *loader, const struct cw_raw_deployment *raw)
{
	struct cw_node_file *file = loader->node_file;
	load_edge(loader, raw->edge, &file->edge);
	if (file->node && file->node->kind == CW_NODE_EXPRESSWAY_C &&
		!cw_allow_list_add_servers(&file->allow, loader->deployment))
		loader->problems.no_memory = true;
	size_t before = loader->problems.count;
	if (raw->allow && is_rows(loader, raw->allow))
		for (size_t i = 0; i < raw->allow->count; i++)
			load_rule(loader, &raw->allow->entries[i].value, &file->allow);
	bool makes = loader->problems.count == before; /* a rule that is missing is no news twice */
	if (raw->allow_tests && is_rows(loader, raw->allow_tests))
		for (size_t i = 0; i < raw->allow_tests->count; i++)
			load_test(loader, &raw->allow_tests->entries[i].value, &file->allow, makes);
}
