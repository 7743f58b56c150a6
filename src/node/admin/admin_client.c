#include "node/admin/admin_parts.h"

#include "workbench/client_test.h"

#include <stdio.h>
#include <string.h>

enum cw_node_file_cba cw_admin_parts_cba(const struct cw_node_admin *admin)
{
	const struct cw_snapshot *snapshot = admin->core->snapshot;
	return cw_node_is_expressway(snapshot->node) ? snapshot->file->cba : CW_CBA_NOT_REQUIRED;
}

/* Not good, for a reason that is no finding: nobody is let in without one that was asked. */
static bool has_refusal(const struct cw_judgement *judgement)
{
	for (size_t i = 0; i < judgement->findings.count; i++)
		if (judgement->findings.items[i].severity == CW_SEVERITY_REFUSED)
			return true;
	return false;
}

bool cw_admin_parts_judge(const struct cw_node_admin *admin, struct cw_cert *leaf, bool *ret_good,
	char *ret_user, struct cw_judgement *ret, struct cw_error *error)
{
	const struct cw_snapshot *snapshot = admin->core->snapshot;
	const struct cw_node_file *file = snapshot->file;
	const char *pattern = file->cba_pattern ? file->cba_pattern : CW_PATTERN_DEFAULT;
	const char *format = file->cba_format ? file->cba_format : CW_USERNAME_DEFAULT;
	AUTO_BUFFER text = {0};
	AUTO_CLIENT_ANSWER answer = {0};
	if (!cw_client_test_decode(leaf, &text, error))
		return false;
	const struct cw_client_question question = {.cert = leaf,
		.text = cw_buffer_string(&text),
		.text_length = text.length,
		.list = &snapshot->node->stores[CW_STORE_TRUSTED_CA].list,
		.crls = snapshot->node->crls.items,
		.crl_count = snapshot->node->crls.count,
		.pattern = pattern,
		.format = format,
		.known = snapshot->pool,
		.at = cw_time_now()};
	if (!cw_client_test(&question, &answer, error))
		return false;
	const char *user = answer.pattern.matched && answer.pattern.username ? answer.pattern.username : "";
	ret_user[0] = '\0';
	if (strlen(user) <= CW_ADMIN_ACCOUNTS_USER_MAX)
		snprintf(ret_user, CW_ADMIN_ACCOUNTS_USER_MAX + 1, "%s", user);
	*ret_good = answer.good || (answer.crl_only && !snapshot->node->crls.count);
	if (*ret_good)
		return true;
	if (!has_refusal(&answer.judgement))
		return cw_error_set(error, CW_E_CRYPTO, "the certificate was not let in: %.200s",
			answer.page ? answer.page : "");
	*ret = answer.judgement;
	answer.judgement = (struct cw_judgement){0};
	return true;
}
