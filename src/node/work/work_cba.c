/*
 * Certificate-based authentication of the pages. Whoever sets it may lock themselves out: node.yaml as it was comes back
 * after five minutes, also over a restart, unless it is confirmed over a connection that was made by the new rules.
 */
#include "node/work/work_client.h"
#include "node/work/work_do.h"
#include "node/work/work_recover.h"
#include "node/work/work_working.h"
#include "node/work/work_yaml.h"
#include "workbench/pattern.h"

#include <string.h>

static void put_page(struct cw_work_call *call)
{
	const struct cw_node_file *file = call->core->snapshot->file;
	const struct cw_node_working *working = call->core->working;
	cw_work_call_put(call, "mode", cw_json_text(cw_work_client_mode(file->cba)));
	cw_work_call_put(
		call, "pattern", cw_json_text(file->cba_pattern ? file->cba_pattern : CW_PATTERN_DEFAULT));
	cw_work_call_put(
		call, "format", cw_json_text(file->cba_format ? file->cba_format : CW_USERNAME_DEFAULT));
	cw_work_call_put(
		call, "unconfirmed", working && working->until ? cw_json_time(working->until) : json_null());
}

bool cw_work_do_cba(struct cw_work_call *call)
{
	put_page(call);
	return true;
}

/* A pattern that does not compile would let nobody in. */
static bool check_pattern(struct cw_work_call *call, const char *pattern, const char *format)
{
	AUTO_PATTERN_RESULT result = {0};
	static const char nothing[] = "Subject: CN=nobody\n";
	return cw_pattern_match(pattern, format, nothing, sizeof nothing - 1, &result, call->error) ||
		cw_work_call_failed(call, 400, "Try it with Client certificate testing first.");
}

static bool write_mode(struct cw_work_call *call, const char *mode, const char *pattern, const char *format)
{
	AUTO(cw_snapshot_free) struct cw_snapshot *after = NULL;
	AUTO_BUFFER words = {0};
	if (!cw_work_apply_read(call, &after))
		return false;
	cw_work_client_words(mode, pattern, format, &words);
	if (words.failed)
		return cw_work_call_memory(call);
	const struct cw_work_yaml_own own = {"client-certificates", cw_buffer_string(&words)};
	const struct cw_work_yaml_change change = {.model = after, .own = &own, .own_count = 1};
	return cw_work_yaml_apply(call, &change);
}

/* It may have failed before node.yaml was written, and behind that. */
static bool take_back(const struct cw_work_call *call)
{
	struct cw_error ignored;
	bool undone = false;
	if (cw_work_recover_undo(call->core->folder.path, &undone, &ignored) && undone)
		call->core->reread = true;
	return false;
}

bool cw_work_do_cba_set(struct cw_work_call *call)
{
	static const char *const modes[] = {"not-required", "validation", "authentication"};
	const char *pattern, *format, *mode;
	size_t number = 0;
	cw_time until = cw_time_now() + CW_WORK_WORKING_CONFIRM;
	if (!cw_work_call_want(call, "mode", &mode) || !cw_work_call_word(call, "mode", modes, 3, &number) ||
		!cw_work_client_pattern(call, &pattern, &format) || !check_pattern(call, pattern, format))
		return false;
	const char *before = cw_work_client_mode(call->core->snapshot->file->cba);
	if (call->core->working && call->core->working->until)
		return cw_work_call_refuse(call, 409,
			"Confirm the change before, or wait until it is taken back.",
			"a change of this setting waits to be confirmed");
	if (!cw_work_recover_keep(call->core->folder.path, until, call->error))
		return false;
	if (!write_mode(call, modes[number], pattern, format))
		return take_back(call);
	cw_work_call_tell(call, "client certificate-based security", before, modes[number]);
	if (!cw_work_working_await(call->core, until, call->who->connection, call->error))
		return take_back(call);
	put_page(call);
	call->status = 202;
	return true;
}

bool cw_work_do_cba_confirm(struct cw_work_call *call)
{
	struct cw_node_working *working = call->core->working;
	if (!working || !working->until)
		return cw_work_call_refuse(call, 409, NULL, "no change waits to be confirmed");
	if (working->connection == call->who->connection)
		return cw_work_call_refuse(call, 409,
			"Open the pages in a new window of the browser, and confirm there.",
			"wanted a confirmation over a new connection, found the one over which it was set");
	if (!cw_work_recover_confirm(call->core->folder.path, call->error))
		return false;
	cw_work_working_confirmed(call->core);
	cw_work_call_tell(call, "client certificate-based security", "to be confirmed", "confirmed");
	put_page(call);
	return true;
}
