#include "live/rehearsal_parts.h"

#include <string.h>

void cw_play_free(struct cw_play *play)
{
	if (!play)
		return;
	struct cw_play_end *ends[] = {&play->client, &play->server};
	for (size_t i = 0; i < 2; i++) {
		cw_connection_free(ends[i]->connection);
		SSL_CTX_free(ends[i]->tls);
		cw_dialog_finish(&ends[i]->dialog);
	}
	free(play);
}

CW_DEFINE_AUTO(struct cw_play *, cw_play_free)

/* What that end's judge said about layers above TLS. */
static bool refuses_above_tls(const struct cw_play *play, const char *judge)
{
	const struct cw_complaints *complaints = &play->reality->seen->complaints;
	for (size_t i = 0; i < complaints->count; i++)
		if (complaints->items[i].judge == judge &&
			complaints->items[i].finding.layer == CW_LAYER_SIP &&
			complaints->items[i].finding.severity == CW_SEVERITY_REFUSED)
			return true;
	return false;
}

static void note_version(struct cw_play *play, const struct cw_connection *connection)
{
	play->reality->version = SSL_get_version(cw_connection_ssl(connection));
}

static void run_out_of_memory(struct cw_play *play, struct cw_connection *connection)
{
	play->failed = true;
	cw_error_memory(&play->error);
	cw_connection_refuse(connection, "out of memory");
}

/* The client's next request. */
static void ask(struct cw_play_end *end, struct cw_connection *connection)
{
	AUTO_BUFFER out = {0};
	cw_dialog_ask(&end->dialog, &out);
	if (out.failed)
		run_out_of_memory(end->play, connection);
	else
		cw_connection_send(connection, out.data, out.length);
}

static void on_up(void *context, struct cw_connection *connection)
{
	struct cw_play_end *end = context;
	note_version(end->play, connection);
	if (!end->is_client) {
		/* CUCM answers 403 where C's certificate lacks the phone profile (seed 000) */
		end->dialog.forbid = refuses_above_tls(end->play, end->play->reality->link->server.name);
		return;
	}
	ask(end, connection);
}

static void react(struct cw_play_end *end, struct cw_connection *connection)
{
	struct cw_play *play = end->play;
	switch (end->dialog.state) {
	case CW_DIALOG_TALKING:
		break;
	case CW_DIALOG_UP:
		if (!end->is_client)
			break;
		if (play->watcher.answered) {
			play->watcher.answered(play, play->watcher.context);
			break;
		}
		/* the SIP SERVICE check of design.md §4 looks at E's clientAuth once the zone is up */
		play->service_refused = refuses_above_tls(play, play->reality->link->client.name);
		cw_connection_close(connection);
		break;
	case CW_DIALOG_DENIED:
	case CW_DIALOG_FORBIDDEN:
		cw_connection_close(connection);
		break;
	case CW_DIALOG_BROKEN:
		cw_connection_refuse(connection, end->dialog.reason);
		break;
	}
}

static void on_received(void *context, struct cw_connection *connection, const char *data, size_t length)
{
	struct cw_play_end *end = context;
	AUTO_BUFFER out = {0};
	if (cw_dialog_take(&end->dialog, data, length, &out))
		cw_connection_touch(connection);
	if (out.failed) {
		run_out_of_memory(end->play, connection);
	} else if (out.length) {
		cw_connection_send(connection, out.data, out.length);
	}
	react(end, connection);
}

static void leave(struct cw_play *play)
{
	struct cw_rehearsal *rehearsal = play->rehearsal;
	struct cw_play **place = &rehearsal->playing;
	while (*place != play)
		place = &(*place)->next;
	*place = play->next;
	rehearsal->playing_count--;
	play->watcher.over(play, play->watcher.context);
}

static void on_ended(
	void *context, struct cw_connection *connection, const struct cw_connection_report *report)
{
	(void)connection;
	struct cw_play_end *end = context;
	struct cw_play *play = end->play;
	struct cw_reality_end *reality = end->is_client ? &play->reality->client : &play->reality->server;
	reality->report = *report;
	end->connection = NULL;
	end->ended = true;
	if (play->client.ended && !play->server.connection)
		leave(play);
}

static struct cw_connection_setup setup_of(struct cw_play_end *end)
{
	struct cw_rehearsal *rehearsal = end->play->rehearsal;
	return (struct cw_connection_setup){.base = rehearsal->base,
		.tls = end->tls,
		.judge = {.ask = cw_play_ask, .context = end, .known = cw_twin_pool(rehearsal->twin)},
		.limits = rehearsal->options.limits,
		.owner = {.up = on_up, .received = on_received, .ended = on_ended, .context = end}};
}

/* People type more slowly than stand-ins. */
static const struct cw_limits guest_limits = {
	.connect = 5000, .handshake = 10000, .first_byte = 120000, .idle = 120000, .drain = 2000};

void cw_play_accept(struct cw_play *play, evutil_socket_t socket_)
{
	struct cw_connection_setup setup = setup_of(&play->server);
	if (play->client.ended)
		setup.limits = &guest_limits;
	play->reality->server.connected = true;
	if (cw_connection_accept(&setup, socket_, &play->server.connection, &play->error))
		return;
	play->failed = true;
	play->server.ended = true;
}

static bool open_client(struct cw_play *play, struct cw_error *error)
{
	struct cw_rehearsal *rehearsal = play->rehearsal;
	const struct cw_link *link = play->reality->link;
	struct cw_connection_setup setup = setup_of(&play->client);
	size_t place;
	if (!cw_stage_party(rehearsal, link->client.name, &place))
		return cw_error_memory(error);
	struct sockaddr_in from = cw_loopback_address(&rehearsal->loopback, place, 0);
	const struct sockaddr_in *to = cw_stage_server(rehearsal, link);
	if (!cw_connection_open(&setup, (const struct sockaddr *)&from, (const struct sockaddr *)to,
		    sizeof *to, link->address, &play->client.connection, error))
		return false;
	socklen_t size = sizeof play->from;
	play->reality->client.connected = true;
	if (getsockname(
		    cw_connection_socket(play->client.connection), (struct sockaddr *)&play->from, &size) < 0)
		return cw_error_set(error, CW_E_NETWORK, "a connection has no address");
	return true;
}

static void give_up(struct cw_reality *reality, enum cw_reality_state state, const char *why)
{
	reality->state = state;
	snprintf(reality->note, sizeof reality->note, "%s", why);
}

static struct cw_play *make(
	struct cw_rehearsal *rehearsal, struct cw_reality *reality, const struct cw_play_watcher *watcher)
{
	struct cw_play *play = calloc(1, sizeof *play);
	if (!play)
		return NULL;
	play->rehearsal = rehearsal;
	play->reality = reality;
	play->watcher = *watcher;
	play->client = (struct cw_play_end){.play = play, .is_client = true};
	play->server = (struct cw_play_end){.play = play};
	return play;
}

static struct cw_play *enter(struct cw_play *play)
{
	play->next = play->rehearsal->playing;
	play->rehearsal->playing = play;
	play->rehearsal->playing_count++;
	return play;
}

bool cw_play_begin(struct cw_rehearsal *rehearsal, struct cw_reality *reality,
	const struct cw_play_watcher *watcher, struct cw_play **ret, struct cw_error *error)
{
	char why[240];
	*ret = NULL;
	if (reality->link->kind == CW_LINK_TUNNEL) {
		give_up(reality, CW_REALITY_LATER, "SSH tunnels are not rehearsed yet");
		return true;
	}
	AUTO(cw_play_free) struct cw_play *play = make(rehearsal, reality, watcher);
	if (!play)
		return cw_error_memory(error);
	if (!cw_play_cast(play, why, error))
		return false;
	if (*why) {
		give_up(reality, CW_REALITY_NOT_REHEARSABLE, why);
		return true;
	}
	cw_play_script(play);
	if (!open_client(play, error))
		return false;
	*ret = enter(TAKE(play));
	return true;
}

bool cw_play_guest(struct cw_rehearsal *rehearsal, struct cw_reality *reality,
	const struct cw_play_watcher *watcher, evutil_socket_t socket_, struct cw_error *error)
{
	char why[240];
	AUTO(cw_play_free) struct cw_play *play = make(rehearsal, reality, watcher);
	if (!play)
		return cw_error_memory(error);
	if (!cw_play_cast(play, why, error))
		return false;
	if (*why)
		return cw_error_set(error, CW_E_USAGE, "%s", why);
	cw_play_script(play);
	play->client.ended = true; /* it is somebody else's */
	cw_play_accept(enter(play), socket_);
	if (play->server.connection) {
		TAKE(play);
		return true;
	}
	/* the socket is gone with the connection that could not be made */
	struct cw_play *failed = TAKE(play);
	leave(failed);
	return true;
}

void cw_play_ask_again(struct cw_play *play)
{
	if (play->client.connection)
		ask(&play->client, play->client.connection);
}
