#include "live/rehearsal_parts.h"

static void refused(struct cw_reality *reality, const struct cw_party *by, enum cw_layer layer)
{
	reality->state = CW_REALITY_REFUSED;
	reality->verdict = CW_VERDICT_REFUSED;
	reality->refused_by = by->name;
	reality->layer = layer;
}

static void failed(struct cw_reality *reality)
{
	const struct cw_connection_report *client = &reality->client.report,
					  *server = &reality->server.report;
	reality->state = CW_REALITY_FAILED;
	snprintf(reality->note, sizeof reality->note, "%s: %.90s; %s: %.90s", reality->link->client.name,
		client->reason, reality->link->server.name,
		reality->server.connected ? server->reason : "heard nothing");
}

/* The zone's user name or password: told apart from every certificate fault. */
static bool denied(struct cw_play *play, struct cw_error *error)
{
	struct cw_reality *reality = play->reality;
	refused(reality, &reality->link->server, CW_LAYER_DIGEST);
	return cw_link_deny_credentials(reality->seen, play->server.dialog.reason, error);
}

bool cw_play_conclude(struct cw_play *play, struct cw_error *error)
{
	struct cw_reality *reality = play->reality;
	enum cw_dialog_state client = play->client.dialog.state, server = play->server.dialog.state;
	if (play->failed) {
		*error = play->error;
		return false;
	}
	if (reality->client.report.end == CW_END_MEMORY || reality->server.report.end == CW_END_MEMORY)
		return cw_error_memory(error);
	if (reality->client.report.end == CW_END_JUDGED)
		refused(reality, &reality->link->client, CW_LAYER_TLS);
	else if (reality->server.connected && reality->server.report.end == CW_END_JUDGED)
		refused(reality, &reality->link->server, CW_LAYER_TLS);
	else if (client == CW_DIALOG_DENIED && server == CW_DIALOG_DENIED)
		return denied(play, error);
	else if (client == CW_DIALOG_FORBIDDEN && server == CW_DIALOG_FORBIDDEN)
		refused(reality, &reality->link->server, CW_LAYER_SIP);
	else if (client != CW_DIALOG_UP || server != CW_DIALOG_UP)
		failed(reality);
	else if (play->service_refused)
		refused(reality, &reality->link->client, CW_LAYER_SIP);
	else {
		reality->state = CW_REALITY_UP;
		reality->verdict = reality->seen->verdict;
	}
	return true;
}
