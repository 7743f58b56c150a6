#include "base/buffer.h"
#include "config/load.h"
#include "support/cmocka.h"
#include "support/deployment_files.h"
#include "support/deployment_load.h"
#include "support/folder.h"

static const struct test_problem_row grammar[] = {
	{"a tab as indentation",
		"causeway: 1\n"
		"expressway-c:\n"
		"\tnodes: []\n",
		"3:1: a tab indents this line; wanted spaces: YAML is indented with spaces only"},
	{"a tab behind spaces",
		"causeway: 1\n"
		"cucm:\n"
		"  nodes:\n"
		"  \t- fqdn: a\n",
		"4:3: a tab indents this line; wanted spaces: YAML is indented with spaces only"},
	{"a key indented too far",
		"causeway: 1\n"
		"cucm:\n"
		"  secure-registration: on\n"
		"   nodes: []\n",
		"4:9: a key may not stand here: its line is indented too far, or the \":\" of the line above "
		"has no space after it, or a value holds \": \" and needs quotes"},
	{"a key indented too little",
		"causeway: 1\n"
		"cucm:\n"
		"    secure-registration: on\n"
		"  nodes: []\n",
		"4:3: wanted the next key of a map: this line is not indented as its keys are, or a quote or "
		"bracket before it is wrong; it begins at 1:1"},
	{"a first line that is indented",
		" causeway: 1\n"
		"name: x\n",
		"2:1: wanted the end of the file: this line is not indented as the keys above are"},
	{"a list item indented too little",
		"causeway: 1\n"
		"domains:\n"
		"  - a.test\n"
		" - b.test\n",
		"4:2: wanted the next key of a map: this line is not indented as its keys are, or a quote or "
		"bracket before it is wrong; it begins at 1:1"},
	{"a double quote never closed",
		"causeway: 1\n"
		"name: \"acme\n"
		"domains: []\n",
		"2:7: this quote is never closed"},
	{"a single quote never closed",
		"causeway: 1\n"
		"name: 'acme\n"
		"domains: []\n",
		"2:7: this quote is never closed"},
	{"a bracket never closed",
		"causeway: 1\n"
		"domains: [acme.test\n"
		"name: x\n",
		"3:5: wanted \",\" or \"]\" in this list; it begins at 2:10"},
	{"a bracket never closed at the end of the file",
		"causeway: 1\n"
		"domains: [acme.test, b.test",
		"3:1: wanted \",\" or \"]\" in this list; it begins at 2:10"},
	{"a brace never closed",
		"causeway: 1\n"
		"front: {fqdn: a.test\n",
		"3:1: wanted \",\" or \"}\" in this map; it begins at 2:8"},
	{"a line without a colon",
		"causeway: 1\n"
		"name acme\n"
		"domains: []\n",
		"2:1: wanted \"key: value\", found no \":\" (with a space after it)"},
	{"a colon inside a value",
		"causeway: 1\n"
		"name: a: b\n",
		"2:8: a key may not stand here: its line is indented too far, or the \":\" of the line above "
		"has no space after it, or a value holds \": \" and needs quotes"},
	{"no space after a colon",
		"causeway:1\n"
		"name: x\n",
		"2:5: a key may not stand here: its line is indented too far, or the \":\" of the line above "
		"has no space after it, or a value holds \": \" and needs quotes"},
	{"an anchor and an alias",
		"causeway: 1\n"
		"name: &n acme\n"
		"domains: [*n]\n",
		"2:7: an anchor (&name), which is not read here; where the value begins with \"&\", put it "
		"in quotes\n"
		"3:11: an alias (*name), which is not read here; write the value out, or put it in quotes "
		"where it begins with \"*\""},
	{"a wildcard without quotes",
		"causeway: 1\n"
		"domains: [*.acme.test]\n",
		"2:11: a value that begins with \"*\" must stand in quotes"},
	{"an @ without quotes",
		"causeway: 1\n"
		"name: @home\n",
		"2:7: a value that begins with \"@\" must stand in quotes"},
	{"a backtick",
		"causeway: 1\n"
		"name: `home`\n",
		"2:7: a value that begins with \"`\" must stand in quotes"},
	{"a percent sign without quotes",
		"causeway: 1\n"
		"name: %home\n",
		"2:7: a value that begins with \"%\" must stand in quotes"},
	{"a tag",
		"causeway: 1\n"
		"name: !secret x\n",
		"2:7: a tag (!name), which is not read here; where the value begins with \"!\", put it in "
		"quotes"},
	{"two documents",
		"causeway: 1\n"
		"---\n"
		"causeway: 1\n",
		"2:1: a second document begins here (\"---\"); wanted one deployment in a file"},
	{"an empty file", "", "1:1: the file is empty; wanted a deployment, beginning with \"causeway: 1\""},
	{"a file of comments", "# nothing\n",
		"1:1: the file is empty; wanted a deployment, beginning with \"causeway: 1\""},
	{"a document with nothing in it", "---\n",
		"2:1: wanted a deployment, which is a map (\"key: value\"), found nothing"},
	{"control characters",
		"causeway: 1\n"
		"\001\002",
		"2:1: byte 0x01 is no text; wanted a YAML file, saved as UTF-8"},
	{"an escaped NUL",
		"causeway: 1\n"
		"name: \"a\\0b\"\n",
		"2:7: a NUL character inside a text"},
	{"a backslash in double quotes",
		"causeway: 1\n"
		"name: \"c:\\path\"\n",
		"2:10: \"\\\" and this character mean nothing inside double quotes; put a path with \"\\\" "
		"in single quotes"},
	{"lists in lists in lists",
		"causeway: 1\n"
		"name: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
		"2:30: lists and maps stand inside each other too often; a deployment is 6 deep"},
	{"a list item beside a key",
		"causeway: 1\n"
		"name: - a\n",
		"2:7: a list item (\"- \") may not stand here: it belongs on a line of its own"},
	{"two commas",
		"causeway: 1\n"
		"cucm: {nodes: [{fqdn: a.test},, {fqdn: b.test}]}\n",
		"2:31: wanted a value, found \",\", \"]\" or \"}\""},
	{"a text behind a quoted text",
		"causeway: 1\n"
		"name: \"x\" y\n",
		"2:11: wanted the next key of a map: this line is not indented as its keys are, or a quote "
		"or bracket before it is wrong; it begins at 1:1"},
	{"an anchor on a map",
		"causeway: 1\n"
		"cucm: &x\n"
		"  nodes: [{fqdn: a.test}]\n",
		"2:7: an anchor (&name), which is not read here; where the value begins with \"&\", put it "
		"in quotes"},
	{"a YAML version that is none",
		"%YAML 3.0\n"
		"---\n"
		"causeway: 1\n",
		"1:1: wanted %YAML 1.1 or 1.2, or no such line"},
	{"a billion laughs",
		"a: &a [x,x]\n"
		"b: &b [*a,*a]\n"
		"c: [*b,*b]\n",
		"1:1: unknown key \"a\" in a deployment; wanted one of causeway, name, domains, "
		"chat-aliases, federation-domains, phone-profiles, expressway-c, expressway-e, cucm, imp, "
		"unity, front, zones, endpoints\n"
		"1:1: key \"causeway\" is missing in a deployment\n"
		"1:4: an anchor (&name), which is not read here; where the value begins with \"&\", put it "
		"in quotes\n"
		"2:1: unknown key \"b\" in a deployment; wanted one of causeway, name, domains, "
		"chat-aliases, federation-domains, phone-profiles, expressway-c, expressway-e, cucm, imp, "
		"unity, front, zones, endpoints\n"
		"2:4: an anchor (&name), which is not read here; where the value begins with \"&\", put it "
		"in quotes\n"
		"2:8: an alias (*name), which is not read here; write the value out, or put it in quotes "
		"where it begins with \"*\"\n"
		"2:11: an alias (*name), which is not read here; write the value out, or put it in quotes "
		"where it begins with \"*\"\n"
		"3:1: unknown key \"c\" in a deployment; wanted one of causeway, name, domains, "
		"chat-aliases, federation-domains, phone-profiles, expressway-c, expressway-e, cucm, imp, "
		"unity, front, zones, endpoints\n"
		"3:5: an alias (*name), which is not read here; write the value out, or put it in quotes "
		"where it begins with \"*\"\n"
		"3:8: an alias (*name), which is not read here; write the value out, or put it in quotes "
		"where it begins with \"*\""},
	{"a quote closed by the end of a document",
		"causeway: 1\n"
		"name: \"a\n"
		"---\n"
		"b\"\n",
		"2:7: this quote is not closed before \"---\" or \"...\""},
	{"a tab in a file from Windows",
		"causeway: 1\r\n"
		"cucm:\r\n"
		"\tnodes: []\r\n",
		"3:1: a tab indents this line; wanted spaces: YAML is indented with spaces only"},
};

static void what_is_no_yaml_is_explained_with_its_place(void **state)
{
	(void)state;
	test_problem_rows(grammar, sizeof grammar / sizeof grammar[0]);
}

/* What `bytes` gives, as one text. The caller frees it. */
static char *problems_of(const char *bytes, size_t length)
{
	struct cw_buffer text = {0};
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO(cw_deployment_free) struct cw_deployment *deployment = NULL;
	AUTO_STRINGS problems = {0};
	const struct cw_load_text source = {
		.data = bytes, .length = length, .shown = "d.yaml", .folder = test_folder_path("")};
	bool good = cw_load_deployment_text(&source, pool, &deployment, &problems);
	assert_int_equal(good, problems.count == 0);
	assert_true(problems.count <= CW_PROBLEMS_MAX);
	for (size_t i = 0; i < problems.count; i++)
		cw_buffer_printf(&text, "%s%s", i ? "\n" : "", problems.items[i]);
	return cw_buffer_steal(&text);
}

static void what_is_no_text_is_called_so(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t length;
		const char *want;
	} rows[] = {
		{"causeway: 1\nname: caf\xe9\n", 22,
			"d.yaml:2:10: byte 0xe9 is not UTF-8; wanted a YAML file, saved as UTF-8"},
		{"causeway: 1\nname: \xc3", 19,
			"d.yaml:2:7: byte 0xc3 is not UTF-8; wanted a YAML file, saved as UTF-8"},
		{"\xff\xfe"
		 "c\0a\0",
			6, "d.yaml:1:1: the file is UTF-16 text; wanted a YAML file, saved as UTF-8"},
		{"\xfe\xff\0c\0a", 6,
			"d.yaml:1:1: the file is UTF-16 text; wanted a YAML file, saved as UTF-8"},
		{"c\0a\0", 4, "d.yaml:1:1: the file is UTF-16 text; wanted a YAML file, saved as UTF-8"},
		{"\0\0\0\0", 4, "d.yaml:1:1: byte 0x00 is no text; wanted a YAML file, saved as UTF-8"},
		{"causeway: 1\nname: a\0b\n", 22,
			"d.yaml:2:8: byte 0x00 is no text; wanted a YAML file, saved as UTF-8"},
		{"\x7f"
		 "ELF\2\1\1\0\0",
			9, "d.yaml:1:1: byte 0x7f is no text; wanted a YAML file, saved as UTF-8"},
		{"\x1f\x8b\x08\0", 4, "d.yaml:1:1: byte 0x1f is no text; wanted a YAML file, saved as UTF-8"},
		{"\x30\x82\x01\x02", 4,
			"d.yaml:1:2: byte 0x82 is not UTF-8; wanted a YAML file, saved as UTF-8"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO(free) char *got = problems_of(rows[i].bytes, rows[i].length);
		assert_string_equal(got, rows[i].want);
	}
}

static void repeat(struct cw_buffer *yaml, const char *text, size_t times)
{
	for (size_t i = 0; i < times; i++)
		cw_buffer_text(yaml, text);
}

static void hostile_files_end_at_a_limit(void **state)
{
	(void)state;
	static const struct {
		const char *head;
		const char *piece;
		size_t times;
		const char *want;
	} rows[] = {
		{"name: ", "[", 100000,
			"d.yaml:1:30: lists and maps stand inside each other too often; a deployment is 6 "
			"deep"},
		{"", "{? ", 100000,
			"d.yaml:1:73: lists and maps stand inside each other too often; a deployment is 6 "
			"deep"},
		{"name: [", "a,", 1100000,
			"d.yaml:1:2000002: more than a million values; no deployment has so many"},
		{"domains: [", "a.test, ", CW_NODES_MAX, NULL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO_BUFFER yaml = {0};
		cw_buffer_text(&yaml, rows[i].head);
		repeat(&yaml, rows[i].piece, rows[i].times);
		AUTO(free) char *got = problems_of(yaml.data, yaml.length);
		if (rows[i].want)
			assert_string_equal(got, rows[i].want);
	}
}

static void too_many_keys_nodes_and_zones_are_refused(void **state)
{
	(void)state;
	AUTO_BUFFER keys = {0}, nodes = {0}, endpoints = {0};
	for (size_t i = 0; i < 201; i++)
		cw_buffer_printf(&keys, "k%zu: 1\n", i);
	AUTO(free) char *got = problems_of(keys.data, keys.length);
	assert_string_equal(
		got, "d.yaml:201:1: more than 200 keys in one map; no map of a deployment has so many");

	cw_buffer_text(&nodes, "causeway: 1\ncucm:\n  nodes:\n");
	for (size_t i = 0; i <= CW_NODES_MAX; i++)
		cw_buffer_printf(&nodes, "    - {fqdn: n%zu.test}\n", i);
	AUTO(free) char *of_nodes = problems_of(nodes.data, nodes.length);
	assert_string_equal(of_nodes, "d.yaml:4100:7: more than 4096 nodes");

	cw_buffer_text(&endpoints, "causeway: 1\nendpoints:\n");
	for (size_t i = 0; i <= CW_ENDPOINTS_MAX; i++)
		cw_buffer_printf(&endpoints, "  - {name: n%zu, kind: jabber}\n", i);
	AUTO(free) char *of_endpoints = problems_of(endpoints.data, endpoints.length);
	assert_string_equal(of_endpoints, "d.yaml:3:3: more than 4096 endpoints");
}

static void a_file_that_is_wrong_throughout_gives_two_hundred_lines(void **state)
{
	(void)state;
	AUTO_BUFFER yaml = {0};
	cw_buffer_text(&yaml, "causeway: 1\nendpoints:\n");
	for (size_t i = 0; i < 1000; i++)
		cw_buffer_printf(&yaml, "  - {name: n%zu, kind: fax}\n", i);
	AUTO(free) char *got = problems_of(yaml.data, yaml.length);
	size_t lines = 1;
	for (const char *c = got; *c; c++)
		lines += *c == '\n';
	assert_int_equal(lines, CW_PROBLEMS_MAX);
	assert_non_null(strstr(got, "d.yaml:201:"));
	assert_null(strstr(got, "d.yaml:202:"));
	assert_string_equal(strrchr(got, '\n') + 1, "d.yaml: and 801 more problems");
}

static void a_file_that_is_too_long_is_not_read(void **state)
{
	(void)state;
	AUTO_BUFFER yaml = {0};
	AUTO(cw_deployment_free) struct cw_deployment *deployment = NULL;
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_STRINGS problems = {0};
	repeat(&yaml, "# 15 characters\n", CW_DEPLOYMENT_FILE_MAX / 16 + 1);
	const char *path = test_folder_write("long.yaml", yaml.data, yaml.length);
	assert_false(cw_load_deployment(path, pool, &deployment, &problems));
	assert_int_equal(problems.count, 1);
	assert_non_null(strstr(problems.items[0], "longer than 8388608 bytes"));
}

static void no_message_shows_a_password(void **state)
{
	(void)state;
	static const char *const rows[] = {
		"traversal: {password: [hunter2]}",
		"traversal: {password:hunter2}",
		"traversal: {password: {hunter2: x}}",
		"traversal: {password: *hunter2}",
		"traversal: {password: &hunter2 a}",
		"traversal: {password: !hunter2 a}",
		"traversal: {password: \"hunter2}",
		"traversal: {password: 'hunter2}",
		"traversal: {password: @hunter2}",
		"traversal: {password: hunter2: x}",
		"traversal: [password: hunter2]",
		"traversal: hunter2",
		"traversal: {password: \"hunter2\\n\"}",
		"traversal: {passwrod: hunter2}",
		"traversal: {password: \"hunter2\" x}",
		"traversal: {password: %hunter2}",
		"traversal:\n    username: a\n     password: hunter2",
		"traversal:\n    password: hunter2\n   username: a",
		"traversal:\n\tpassword: hunter2",
		"traversal: {password:hunter2, password:hunter2}",
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO_BUFFER yaml = {0};
		cw_buffer_printf(
			&yaml, "causeway: 1\nexpressway-c:\n  %s\n  nodes: [{fqdn: c1.test}]\n", rows[i]);
		AUTO(free) char *got = problems_of(yaml.data, yaml.length);
		if (!*got || strstr(got, "hunter2"))
			fail_msg("%s: \"%s\"", rows[i], got);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_yaml_is_explained_with_its_place),
		cmocka_unit_test(what_is_no_text_is_called_so),
		cmocka_unit_test(hostile_files_end_at_a_limit),
		cmocka_unit_test(too_many_keys_nodes_and_zones_are_refused),
		cmocka_unit_test(a_file_that_is_wrong_throughout_gives_two_hundred_lines),
		cmocka_unit_test(a_file_that_is_too_long_is_not_read),
		cmocka_unit_test(no_message_shows_a_password),
	};
	return cmocka_run_group_tests(tests, test_deployment_setup, test_folder_teardown);
}
