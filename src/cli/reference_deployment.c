#include "cli/reference.h"

#include "config/deployment_reference.h"

#include <string.h>

static void text(struct cw_buffer *ret, const char *words)
{
	cw_reference_roff(ret, words, strlen(words));
}

static void sentence(struct cw_buffer *ret, const char *begin, const char *words)
{
	AUTO_BUFFER line = {0};
	cw_buffer_printf(&line, "%s%s.", begin, words);
	text(ret, cw_buffer_string(&line));
	ret->failed |= line.failed;
}

static void type_of(struct cw_buffer *ret, const struct cw_deployment_reference *row)
{
	AUTO_BUFFER type = {0};
	cw_buffer_text(&type, cw_deployment_reference_type(row->kind));
	for (const char *at = row->choices; at && *at;) {
		size_t length = strcspn(at, "|");
		cw_buffer_text(&type, at == row->choices ? " " : ", ");
		cw_buffer_append(&type, at, length);
		at += length + (at[length] == '|');
	}
	sentence(ret, "Takes ", cw_buffer_string(&type));
	ret->failed |= type.failed;
}

static void key(struct cw_buffer *ret, const struct cw_schema *schema, const struct cw_key *key)
{
	const struct cw_deployment_reference *row = cw_deployment_reference(schema, key->name);
	const struct cw_schema *child = cw_deployment_reference_child(schema, key->name);
	if (!row)
		return;
	cw_buffer_text(ret, ".TP\n\\fB");
	for (const char *at = key->name; *at; at++)
		cw_buffer_printf(ret, *at == '-' ? "\\-" : "%c", *at);
	cw_buffer_text(ret, "\\fR\n");
	sentence(ret, "", key->help);
	type_of(ret, row);
	if (child)
		sentence(ret, "Its keys are told under: ", child->what);
	sentence(ret, strcmp(row->fallback, "wanted") == 0 ? "It is " : "Left out: ", row->fallback);
	sentence(ret, "Where: ", row->where);
	cw_buffer_text(ret, ".RS\n.nf\n");
	text(ret, row->example);
	cw_buffer_text(ret, ".fi\n.RE\n");
}

void cw_reference_deployment(struct cw_buffer *ret)
{
	size_t count;
	const struct cw_schema *const *schemas = cw_deployment_keys_all(&count);
	cw_buffer_text(ret,
		".TH causeway\\-deployment 5 2026-11-20 \"causeway " CW_VERSION "\" \"File Formats\"\n"
		".SH NAME\n"
		"causeway\\-deployment \\- a Mobile and Remote Access deployment, described for causeway\n"
		".SH DESCRIPTION\n"
		"A YAML file, one for each deployment, that names the certificates and trust lists exported from\n"
		"its boxes. Paths are relative to the file. What cannot be exported is written\n"
		"\\fBunknown\\fR: its links are then unknown, and never counted as passing.\n"
		".PP\n"
		"Every mistake is told at once, with line and column. Of a key that is left out the default holds.\n"
		".SH KEYS\n");
	for (size_t i = 0; i < count; i++) {
		cw_buffer_text(ret, ".SS ");
		text(ret, schemas[i]->what);
		for (size_t k = 0; k < schemas[i]->count; k++)
			key(ret, schemas[i], &schemas[i]->keys[k]);
	}
	cw_buffer_text(ret,
		".SH EXAMPLES\n"
		"\\fBcauseway lab new\\fR writes one with every file that it names. An editor that knows\n"
		"JSON schemas takes the one of \\fBcauseway help \\-\\-as schema\\fR.\n"
		".SH SEE ALSO\n.BR causeway (1),\n.BR causeway\\-check (1)\n");
}
