#include "traversal/tunnel_leftover.h"
#include "traversal/tunnel_server_parts.h"

#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

void cw_tunnel_server_drop(struct cw_tunnel_session *session)
{
	*session->place = session->next;
	if (session->next)
		session->next->place = session->place;
	if (session->guest && session->guest->session == session) {
		cw_tunnel_health_stop(&session->guest->health);
		session->guest->session = NULL;
	}
	if (session->socket >= 0) {
		shutdown(session->socket, SHUT_RDWR);
		evutil_closesocket(session->socket);
	}
	if (session->timer)
		event_free(session->timer);
	cw_tunnel_process_free(session->process);
	free(session);
}

static void tell(struct cw_tunnel_session *session, const char *line)
{
	const struct cw_tunnel_server_owner *owner = &session->server->setup.owner;
	AUTO_BUFFER text = {0};
	if (!owner->told)
		return;
	cw_tunnel_words_tell(session->reason, CW_TUNNEL_SSHD, line, &text);
	owner->told(owner->context, &session->from, cw_buffer_string(&text));
}

/* Whose key it is. Where several peers share one, their zones' addresses tell them apart. */
static struct cw_tunnel_guest *find_guest(const struct cw_tunnel_session *session, const char *fingerprint)
{
	for (struct cw_tunnel_guest *guest = session->server->guests; guest; guest = guest->next)
		if (guest->allowed && strcmp(guest->fingerprint, fingerprint) == 0 &&
			(guest->from.s_addr == INADDR_ANY ||
				guest->from.s_addr == session->from.sin_addr.s_addr))
			return guest;
	return NULL;
}

/* sshd let a key in. One whose line went away meanwhile is not a guest's any more. A peer that comes again has
 * lost its former connection: that one's port is in the new one's way. */
static void accepted(struct cw_tunnel_session *session, const char *line)
{
	char fingerprint[CW_TUNNEL_FINGERPRINT_SIZE];
	struct cw_tunnel_guest *guest = NULL;
	session->accepted = true;
	if (cw_tunnel_words_fingerprint(line, fingerprint, sizeof fingerprint))
		guest = find_guest(session, fingerprint);
	if (!guest) {
		session->reason = CW_TUNNEL_REFUSED;
		tell(session, NULL);
		cw_tunnel_server_cut(session);
		return;
	}
	struct cw_tunnel_session *former = guest->session;
	if (former) {
		cw_tunnel_health_stop(&guest->health);
		former->guest = NULL;
		cw_tunnel_server_cut(former);
	}
	session->guest = guest;
	guest->session = session;
	cw_tunnel_server_set_status(guest, CW_TUNNEL_CHECKING, CW_TUNNEL_NO_REASON, NULL);
	if (guest->session == session &&
		!cw_tunnel_health_start(&guest->health, &guest->listen, guest->secret))
		cw_tunnel_server_cut(session);
}

/* The first trouble is the cause of what follows; that the connection was closed is a consequence. */
static void note_trouble(struct cw_tunnel_session *session, enum cw_tunnel_reason reason, const char *line)
{
	if (session->reason != CW_TUNNEL_NO_REASON && session->reason != CW_TUNNEL_CLOSED)
		return;
	session->reason = reason;
	strcpy(session->line, line);
}

static void on_said(void *context, const char *line)
{
	struct cw_tunnel_session *session = context;
	struct cw_tunnel_meaning meaning = cw_tunnel_words_line(CW_TUNNEL_SSHD, line);
	switch (meaning.kind) {
	case CW_TUNNEL_LINE_CHATTER:
		break;
	case CW_TUNNEL_LINE_ACCEPTED:
		if (!session->cut)
			accepted(session, line);
		break;
	case CW_TUNNEL_LINE_TROUBLE:
	case CW_TUNNEL_LINE_UNKNOWN:
		note_trouble(session, meaning.reason, line);
	}
}

static void on_ended(void *context, const char *how)
{
	struct cw_tunnel_session *session = context;
	struct cw_tunnel_guest *guest = session->guest;
	enum cw_tunnel_reason reason = session->reason;
	char line[CW_TUNNEL_LINE_MAX];
	session->process = NULL; /* frees itself */
	if (reason == CW_TUNNEL_NO_REASON) {
		reason = CW_TUNNEL_DIED;
		snprintf(session->line, sizeof session->line, "%s", how);
	}
	strcpy(line, session->line);
	if (!guest && !session->cut) {
		session->reason = reason;
		tell(session, line);
	}
	cw_tunnel_server_drop(session);
	if (guest && guest->allowed)
		cw_tunnel_server_set_status(guest, CW_TUNNEL_FAILED, reason, line);
}

static void on_cut_time(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	struct cw_tunnel_session *session = context;
	cw_tunnel_process_kill(session->process);
}

void cw_tunnel_server_cut(struct cw_tunnel_session *session)
{
	unsigned wait = session->server->limits.cut;
	struct timeval until = {(time_t)(wait / 1000), (suseconds_t)(wait % 1000) * 1000};
	session->cut = true;
	shutdown(session->socket, SHUT_RDWR);
	if (event_add(session->timer, &until) < 0)
		cw_tunnel_process_kill(session->process);
}

void cw_tunnel_server_cut_key(struct cw_tunnel_server *server, const char *fingerprint)
{
	for (struct cw_tunnel_session *session = server->sessions; session; session = session->next)
		if (!session->cut &&
			(!session->accepted ||
				(session->guest && strcmp(session->guest->fingerprint, fingerprint) == 0)))
			cw_tunnel_server_cut(session);
}

/* Noted before it runs on: what is not noted could not be found again after a kill -9. */
static bool note_children(struct cw_tunnel_server *server, struct cw_error *error)
{
	pid_t children[CW_TUNNEL_CONNECTIONS_MAX];
	size_t count = 0;
	for (struct cw_tunnel_session *session = server->sessions; session; session = session->next)
		if (session->process && count < CW_TUNNEL_CONNECTIONS_MAX)
			children[count++] = cw_tunnel_process_id(session->process);
	return cw_tunnel_leftover_note(&server->folder, children, count, error);
}

static bool start(struct cw_tunnel_session *session, struct cw_error *error)
{
	struct cw_tunnel_server *server = session->server;
	char config[CW_TUNNEL_PATH_SIZE];
	const char *const arguments[] = {server->programs.sshd, "-i", "-e", "-f",
		cw_tunnel_folder_path(&server->folder, "sshd_config", config), NULL};
	struct cw_child_setup child = {.arguments = arguments,
		.in = session->socket,
		.out = session->socket,
		.drops = server->folder.account.drops,
		.uid = server->folder.account.uid,
		.gid = server->folder.account.gid,
		.confine = &server->confine};
	const struct cw_tunnel_process_owner owner = {on_said, on_ended, session};
	const int on = 1;
	setsockopt(session->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	session->timer = evtimer_new(server->setup.base, on_cut_time, session);
	if (!session->timer)
		return cw_error_memory(error);
	return cw_tunnel_process_start(server->setup.base, &child, &owner, &session->process, error) &&
		note_children(server, error);
}

void cw_tunnel_server_begin(
	struct cw_tunnel_server *server, evutil_socket_t socket, const struct sockaddr_in *from)
{
	struct cw_error error;
	struct cw_tunnel_session *session = calloc(1, sizeof *session);
	if (!session) {
		evutil_closesocket(socket);
		return;
	}
	session->server = server;
	session->socket = socket;
	session->from = *from;
	session->next = server->sessions;
	session->place = &server->sessions;
	if (session->next)
		session->next->place = &session->next;
	server->sessions = session;
	if (start(session, &error))
		return;
	session->reason = CW_TUNNEL_FILES;
	tell(session, error.message);
	cw_tunnel_server_drop(session);
}
