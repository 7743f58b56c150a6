#include "node/work/work_apply.h"
#include "node/work/work_do.h"
#include "node/work/work_identity.h"
#include "workbench/pending.h"
#include "workbench/request_spec.h"

#include <string.h>

/* The fields of the page "Generate CSR" that are one text each, and what they are in a subject. */
static const struct {
	const char *field;
	const char *attribute;
} attributes[] = {
	{"country", "C"},
	{"state", "ST"},
	{"locality", "L"},
	{"organization", "O"},
	{"unit", "OU"},
	{"email", "emailAddress"},
};

/* "C=US, O=Acme": values with a comma, an equals sign or a backslash are escaped as cw_issue_name reads them. */
static void put_value(struct cw_buffer *ret, const char *text)
{
	for (; *text; text++) {
		if (strchr(",=+\\", *text))
			cw_buffer_char(ret, '\\');
		cw_buffer_char(ret, *text);
	}
}

static bool read_subject(struct cw_work_call *call, struct cw_buffer *ret)
{
	for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
		const char *text;
		if (!cw_work_call_text(call, attributes[i].field, &text))
			return false;
		if (!text || !*text)
			continue;
		if (strcmp(attributes[i].attribute, "C") == 0 && strlen(text) != 2)
			return cw_work_call_refuse(call, 400, NULL,
				"country: wanted two letters (ISO 3166), found \"%.60s\"", text);
		cw_buffer_printf(ret, "%s%s=", ret->length ? ", " : "", attributes[i].attribute);
		put_value(ret, text);
	}
	return cw_buffer_ok(ret, call->error);
}

/* What the page asks for. Texts are borrowed from the question, and from the two lists. */
struct fields {
	struct cw_buffer subject;
	struct cw_strings sans;
	struct cw_request_spec_options options;
	bool discard;
};

static void fields_finish(struct fields *fields)
{
	cw_buffer_finish(&fields->subject);
	cw_strings_finish(&fields->sans);
}

#define AUTO_FIELDS __attribute__((cleanup(fields_finish))) struct fields

static bool read_fields(struct cw_work_call *call, struct fields *ret)
{
	static const char *const edges[] = {"dns", "collab-edge"};
	static const char *const distributions[] = {"this-node", "multi-server"};
	struct cw_request_spec_options *options = &ret->options;
	size_t edge = 0, distribution = 0;
	bool given;
	if (!read_subject(call, &ret->subject) ||
		!cw_work_call_text(call, "common_name", &options->common_name) ||
		!cw_work_call_text(call, "key", &options->key) ||
		!cw_work_call_text(call, "digest", &options->digest) ||
		!cw_work_call_texts(call, "sans", &ret->sans, &given) ||
		!cw_work_call_word(call, "edge", edges, 2, &edge) ||
		!cw_work_call_word(call, "distribution", distributions, 2, &distribution) ||
		!cw_work_call_switch(call, "shared", &options->shared) ||
		!cw_work_call_switch(call, "discard", &ret->discard))
		return false;
	if (options->common_name && !*options->common_name)
		options->common_name = NULL;
	options->subject = ret->subject.length ? cw_buffer_string(&ret->subject) : NULL;
	options->collab_edge = edge == 1;
	return true;
}

/* Multi-server (SAN), CUCM: the names of every node of the cluster, and one certificate for all of them. */
static bool add_cluster(struct cw_work_call *call, const struct cw_node *node, struct fields *fields)
{
	const char *distribution;
	if (!cw_work_call_text(call, "distribution", &distribution))
		return false;
	if (!distribution || strcmp(distribution, "multi-server") != 0)
		return true;
	if (node->kind != CW_NODE_CUCM)
		return cw_work_call_refuse(call, 400, "Use \"shared\" for an Expressway cluster.",
			"distribution: Multi-server(SAN) is CUCM's");
	for (size_t i = 0; i < node->group->count; i++)
		if (!cw_strings_contain_name(&fields->sans, node->group->nodes[i]->fqdn) &&
			!cw_strings_add(&fields->sans, node->group->nodes[i]->fqdn))
			return cw_work_call_memory(call);
	return true;
}

static void put_spec(struct cw_work_call *call, const struct cw_request_spec *spec)
{
	json_t *names = json_array();
	for (size_t i = 0; i < spec->count; i++) {
		json_t *row = json_object();
		cw_json_put(&call->json, row, "name", cw_json_text(spec->names[i].name));
		cw_json_put(&call->json, row, "reason", cw_json_text(spec->names[i].reason));
		cw_json_add(&call->json, names, row);
	}
	cw_work_call_put(call, "names", names);
	cw_work_call_put(call, "notes", cw_json_texts(&spec->notes));
}

static bool make(struct cw_work_call *call, const struct cw_node_files *files,
	const struct cw_request_spec *spec, bool discard)
{
	const struct cw_pending_options pending = {.discard = discard, .at = cw_time_now()};
	AUTO_WORK_LOCKS locks = {0};
	bool discarded;
	if (!discard && cw_pending_exists(files))
		return cw_work_call_refuse(call, 409,
			"Upload its certificate, or discard it, which destroys its private key.",
			"a certificate signing request is in progress, and there is one at a time");
	if (!cw_work_apply_lock(call, files->csr, &locks))
		return false;
	return cw_pending_make(files, spec, &pending, &discarded, call->error) ||
		cw_work_call_failed(call, 409, NULL);
}

bool cw_work_do_request_new(struct cw_work_call *call)
{
	const struct cw_snapshot *snapshot = call->core->snapshot;
	enum cw_identity_kind kind;
	AUTO_NODE_FILES files = {0};
	AUTO_REQUEST_SPEC spec = {0};
	AUTO_FIELDS fields = {0};
	if (!cw_work_identity_choose(call, snapshot->node, &kind) ||
		!cw_work_identity_files(call, snapshot, kind, &files) || !read_fields(call, &fields) ||
		!add_cluster(call, snapshot->node, &fields))
		return false;
	fields.options.sans = (const char *const *)fields.sans.items;
	fields.options.san_count = fields.sans.count;
	if (!cw_request_spec_make(
		    snapshot->file->deployment, snapshot->node, kind, &fields.options, &spec, call->error))
		return cw_work_call_failed(call, 400, NULL);
	if (!make(call, &files, &spec, fields.discard))
		return false;
	cw_work_call_tell(call, "certificate signing request", NULL, spec.subject);
	cw_work_call_put(call, "request", cw_work_identity_request(&files));
	put_spec(call, &spec);
	return true;
}

bool cw_work_do_request_discard(struct cw_work_call *call)
{
	const struct cw_snapshot *snapshot = call->core->snapshot;
	enum cw_identity_kind kind;
	AUTO_NODE_FILES files = {0};
	AUTO_WORK_LOCKS locks = {0};
	if (!cw_work_identity_choose(call, snapshot->node, &kind) ||
		!cw_work_identity_files(call, snapshot, kind, &files))
		return false;
	if (!cw_pending_exists(&files))
		return cw_work_call_refuse(call, 409, "Generate one first.",
			"there is no certificate signing request in progress");
	if (!cw_work_apply_lock(call, files.csr, &locks))
		return false;
	if (!cw_pending_discard(&files, cw_time_now(), call->error))
		return cw_work_call_failed(call, 409, NULL);
	cw_work_call_tell(call, "certificate signing request", cw_work_identity_name(kind), "discarded");
	cw_work_call_put(call, "discarded", json_true());
	return true;
}
