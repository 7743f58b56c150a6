#include "cli/reference.h"

#include "config/node_reference.h"

#include <string.h>

static void line(struct cw_buffer *ret, const char *begin, const char *words)
{
	AUTO_BUFFER text = {0};
	cw_buffer_printf(&text, "%s%s.", begin, words);
	cw_reference_roff(ret, cw_buffer_string(&text), text.length);
	ret->failed |= text.failed;
}

static void put_key(struct cw_buffer *ret, const struct cw_key *key, const struct cw_node_reference *row)
{
	cw_buffer_text(ret, ".TP\n\\fB");
	for (const char *at = key->name; *at; at++)
		cw_buffer_printf(ret, *at == '-' ? "\\-" : "%c", *at);
	cw_buffer_text(ret, "\\fR\n");
	line(ret, "", key->help);
	line(ret, "Takes ", row->type);
	line(ret, "Left out: ", row->fallback);
	cw_buffer_text(ret, ".RS\n.nf\n");
	cw_reference_roff(ret, row->example, strlen(row->example));
	cw_buffer_text(ret, ".fi\n.RE\n");
}

void cw_reference_node(struct cw_buffer *ret)
{
	size_t count;
	const struct cw_schema *const *maps = cw_node_reference_maps(&count);
	cw_buffer_text(ret,
		".TH causeway\\-node 5 2026-11-20 \"causeway " CW_VERSION "\" \"File Formats\"\n"
		".SH NAME\n"
		"causeway\\-node \\- node.yaml, what a running node of causeway is told\n"
		".SH DESCRIPTION\n"
		"The file \\fInode.yaml\\fR in the state folder of a node (\\fBcauseway node init\\fR makes it) has\n"
		"the words of a deployment file, causeway\\-deployment(5), for this one node, and the keys below.\n"
		"This node is the one whose private key is there; of all others names are enough, and what else a\n"
		"deployment would say of them is \\fBunknown\\fR. Paths are relative to the folder.\n"
		".PP\n"
		"Every mistake is told at once, with line and column. A running node takes a changed file within\n"
		"two seconds, or at SIGHUP; one with mistakes changes nothing.\n"
		".SH KEYS\n");
	for (size_t i = 0; i < count; i++) {
		cw_buffer_text(ret, ".SS ");
		cw_reference_roff(ret, maps[i]->what, strlen(maps[i]->what));
		for (size_t k = 0; k < maps[i]->count; k++) {
			const struct cw_node_reference *row =
				cw_node_reference(maps[i], maps[i]->keys[k].name);
			if (row)
				put_key(ret, &maps[i]->keys[k], row);
		}
	}
	cw_buffer_text(ret, ".SH SEE ALSO\n.BR causeway\\-node\\-run (1),\n.BR causeway\\-deployment (5)\n");
}

void cw_reference_node_table(struct cw_buffer *ret)
{
	size_t count;
	const struct cw_schema *const *maps = cw_node_reference_maps(&count);
	cw_buffer_text(ret,
		"# Keys of node.yaml\n\n"
		"Those that only a node's file has; all others are a deployment file's (causeway-deployment(5)). Made by\n"
		"`scripts/generate-docs` from the tables that read the file; the same as a manual page is causeway-node(5).\n"
		"[nodes.md](nodes.md) says how a node is run.\n");
	for (size_t i = 0; i < count; i++) {
		cw_buffer_printf(ret,
			"\n## %s\n\n| key | what it says | type | left out | example |\n|---|---|---|---|---|\n",
			maps[i]->what);
		for (size_t k = 0; k < maps[i]->count; k++) {
			const struct cw_key *key = &maps[i]->keys[k];
			const struct cw_node_reference *row = cw_node_reference(maps[i], key->name);
			if (row)
				cw_buffer_printf(ret, "| `%s` | %s | %s | %s | `%s` |\n", key->name,
					key->help, row->type, row->fallback, row->example);
		}
	}
}
