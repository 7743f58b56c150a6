#include "workbench/gate.h"

#include "base/file.h"
#include "pki/key.h"
#include "workbench/gate_key.h"

#include <string.h>

void cw_gate_finish(struct cw_gate *gate)
{
	cw_findings_finish(&gate->findings);
	cw_bundle_finish(&gate->bundle);
	EVP_PKEY_free(gate->given);
	*gate = (struct cw_gate){0};
}

static bool is_expressway(const struct cw_node *node)
{
	return node->kind == CW_NODE_EXPRESSWAY_C || node->kind == CW_NODE_EXPRESSWAY_E;
}

static void not_pem(struct cw_gate *gate, const char *what)
{
	struct cw_finding *finding = cw_findings_add(&gate->findings, CW_NOT_PEM, 0, gate->leaf);
	cw_finding_severity(finding, CW_SEVERITY_REFUSED);
	cw_finding_detail(&gate->findings, finding, "%s", what);
}

/* A file that opens but holds no certificate that can be read is an answer, not trouble. */
static bool read_certificate(
	const struct cw_gate_question *question, struct cw_gate *gate, struct cw_error *error)
{
	AUTO_BUFFER read = {0};
	const struct cw_buffer *content = question->content ? question->content : &read;
	struct cw_error why;
	if (!question->content && !cw_file_read(question->path, CW_BUNDLE_FILE_MAX, &read, error))
		return false;
	if (!cw_bundle_parse(
		    &(struct cw_bundle_file){cw_buffer_string(content), content->length, question->path},
		    question->password, question->pool, &gate->bundle, &why)) {
		if (why.code == CW_E_MEMORY)
			return cw_error_memory(error);
		not_pem(gate, why.message);
		return true;
	}
	struct cw_bundle *bundle = &gate->bundle;
	if (bundle->count) {
		gate->leaf = bundle->entries[cw_bundle_leaf(bundle)].cert;
		return true;
	}
	const char *found = "an empty file";
	if (bundle->crl_count)
		found = "a revocation list (CRL) and no certificate";
	else if (bundle->key_count)
		found = "a private key and no certificate; keep it to yourself";
	AUTO_BUFFER what = {0};
	cw_buffer_printf(&what, "%s: %s", question->path, found);
	not_pem(gate, cw_buffer_string(&what));
	return cw_buffer_ok(&what, error);
}

/* The gate is stricter where the page is: what check only mentions keeps a file from being taken. */
static void weigh(const struct cw_gate_question *question, struct cw_gate *gate)
{
	for (size_t i = 0; i < gate->findings.count; i++) {
		struct cw_finding *finding = &gate->findings.items[i];
		if (finding->code ==
			CW_NOT_PEM) /* CUCM hands out and takes DER too (the MRA certificates guide, its page) */
			cw_finding_severity(finding,
				is_expressway(question->node) || gate->bundle.format != CW_FORMAT_DER
					? CW_SEVERITY_REFUSED
					: CW_SEVERITY_INFO);
		if (finding->code == CW_EXTRA_CERTIFICATES && is_expressway(question->node))
			cw_finding_severity(finding, CW_SEVERITY_WARN);
		gate->refused |= finding->severity == CW_SEVERITY_REFUSED;
	}
}

bool cw_gate_ask(const struct cw_gate_question *question, struct cw_gate *ret, struct cw_error *error)
{
	AUTO_GATE gate = {0};
	if (!read_certificate(question, &gate, error))
		return false;
	if (gate.leaf) {
		const struct cw_upload upload = {
			.deployment = question->deployment,
			.node = question->node,
			.kind = question->kind,
			.leaf = gate.leaf,
			.path = question->path,
			.format = gate.bundle.format,
			.extra = gate.bundle.count - 1,
			.leaf_number = cw_bundle_leaf(&gate.bundle) + 1,
			.first = gate.bundle.entries[0].cert,
			.at = question->at,
			.gate = true,
		};
		if (!cw_gate_key_check(question, &gate, error) ||
			!cw_upload_check(&upload, &gate.findings, error))
			return false;
	}
	weigh(question, &gate);
	if (!cw_findings_ok(&gate.findings, error))
		return false;
	*ret = gate;
	gate = (struct cw_gate){0};
	return true;
}
