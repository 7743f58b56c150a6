#include "check/handshake.h"
#include "rehearse/rehearsal_parts.h"

static void refused(struct cw_observed *observed, const struct cw_party *by, enum cw_layer layer)
{
	observed->state = CW_OBSERVED_REFUSED;
	observed->verdict = CW_VERDICT_REFUSED;
	observed->refused_by = by->name;
	observed->layer = layer;
}

static void failed(struct cw_observed *observed)
{
	const struct cw_observed_end *client = &observed->client, *server = &observed->server;
	observed->state = CW_OBSERVED_FAILED;
	snprintf(observed->note, sizeof observed->note, "%s: %.90s; %s: %.90s", observed->link->client.name,
		client->reason, observed->link->server.name,
		observed->server.connected ? server->reason : "heard nothing");
}

/* The zone's user name or password: told apart from every certificate fault. */
static bool denied(struct cw_exchange *exchange, struct cw_error *error)
{
	struct cw_observed *observed = exchange->observed;
	refused(observed, &observed->link->server, CW_LAYER_DIGEST);
	return cw_handshake_deny_credentials(observed->seen, exchange->server.dialog.reason, error);
}

bool cw_exchange_conclude(struct cw_exchange *exchange, struct cw_error *error)
{
	struct cw_observed *observed = exchange->observed;
	enum cw_conversation_state client = exchange->client.dialog.state,
				   server = exchange->server.dialog.state;
	if (exchange->failed) {
		*error = exchange->error;
		return false;
	}
	if (exchange->client.report.end == CW_END_MEMORY || exchange->server.report.end == CW_END_MEMORY)
		return cw_error_memory(error);
	if (observed->client.judge_refused)
		refused(observed, &observed->link->client, CW_LAYER_TLS);
	else if (observed->server.connected && observed->server.judge_refused)
		refused(observed, &observed->link->server, CW_LAYER_TLS);
	else if (client == CW_CONVERSATION_DENIED && server == CW_CONVERSATION_DENIED)
		return denied(exchange, error);
	else if (client == CW_CONVERSATION_FORBIDDEN && server == CW_CONVERSATION_FORBIDDEN)
		refused(observed, &observed->link->server, CW_LAYER_SIP);
	else if (client != CW_CONVERSATION_UP || server != CW_CONVERSATION_UP)
		failed(observed);
	else if (exchange->service_refused)
		refused(observed, &observed->link->client, CW_LAYER_SIP);
	else {
		observed->state = CW_OBSERVED_UP;
		observed->verdict = observed->seen->verdict;
	}
	return true;
}
