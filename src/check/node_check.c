#include "check/node_check.h"

#include "base/buffer.h"
#include "check/check.h"

#include <string.h>

/* Of alarm 40069: it knows the server certificate only. */
const char *cw_node_check_vendor_text(const struct cw_node *node, enum cw_code code, const char *store)
{
	const struct cw_finding_row *row = cw_finding_row(code);
	bool expressway = node->kind == CW_NODE_EXPRESSWAY_C || node->kind == CW_NODE_EXPRESSWAY_E;
	bool server = store && strcmp(store, cw_node_identity_name(CW_IDENTITY_SERVER)) == 0;
	if (!expressway || row->layer != CW_LAYER_FILE || (code == CW_EXPIRES_SOON && !server))
		return NULL;
	return row->vendor_text;
}

struct cw_complaint *cw_node_check_complain(const struct cw_node_checking *checking, enum cw_code code,
	const char *store, struct cw_cert *cert, const char *format, ...)
{
	AUTO_BUFFER text = {0};
	va_list args;
	va_start(args, format);
	cw_buffer_vprintf(&text, format, args);
	va_end(args);
	AUTO_FINDINGS findings = {0};
	struct cw_finding *finding = cw_findings_add(&findings, code, 0, cert);
	cw_finding_detail(&findings, finding, "%s", cw_buffer_string(&text));
	struct cw_complaint *complaint = NULL;
	if (!text.failed && !findings.failed) {
		finding->layer = CW_LAYER_FILE;
		complaint = cw_check_complaints_take(checking->complaints, finding);
	}
	if (!complaint) {
		cw_error_memory(checking->error);
		return NULL;
	}
	complaint->judge = checking->node->fqdn;
	complaint->judge_node = checking->node;
	complaint->store = store;
	complaint->vendor_text = cw_node_check_vendor_text(checking->node, code, store);
	return complaint;
}

cw_time cw_node_check_warn_before(const struct cw_cert *cert)
{
	cw_time third = (cw_cert_not_after(cert) - cw_cert_not_before(cert)) / 3;
	return third < 30 * CW_DAY ? third : 30 * CW_DAY;
}

bool cw_node_check_one(const struct cw_check *check, const struct cw_check_options *options,
	struct cw_node_result *result, struct cw_error *error)
{
	struct cw_node_checking checking = {check, options, result->node, &result->complaints, error};
	return cw_node_check_identities(&checking) && cw_node_check_lists(&checking) &&
		cw_node_check_config(&checking);
}

static bool check_node(struct cw_check *check, const struct cw_check_options *options,
	const struct cw_node *node, struct cw_error *error)
{
	struct cw_node_result *result = &check->nodes[check->node_count++];
	*result = (struct cw_node_result){.node = node};
	return cw_node_check_one(check, options, result, error);
}

bool cw_node_check_all(struct cw_check *check, const struct cw_check_options *options, struct cw_error *error)
{
	const struct cw_deployment *deployment = check->deployment;
	size_t count = deployment->front ? 1 : 0;
	for (size_t i = 0; i < deployment->group_count; i++)
		count += deployment->groups[i]->count;
	check->nodes = calloc(count ? count : 1, sizeof *check->nodes);
	if (!check->nodes)
		return cw_error_memory(error);
	for (size_t i = 0; i < deployment->group_count; i++)
		for (size_t k = 0; k < deployment->groups[i]->count; k++)
			if (!check_node(check, options, deployment->groups[i]->nodes[k], error))
				return false;
	return deployment->front ? check_node(check, options, deployment->front, error) : true;
}
