#include "traversal/tunnel_server.h"

#include "traversal/tunnel_leftover.h"
#include "traversal/tunnel_server_parts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/crypto.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static void free_guest(struct cw_tunnel_guest *guest)
{
	cw_tunnel_health_stop(&guest->health);
	OPENSSL_cleanse(guest->secret, sizeof guest->secret);
	free(guest->name);
	free(guest->key);
	free(guest);
}

/* The lines go with it: a server that is not there lets nobody in. */
void cw_tunnel_server_free(struct cw_tunnel_server *server)
{
	static const char *const files[] = {"authorized_keys", "host_key", "sshd_config", "children"};
	if (!server)
		return;
	if (server->listener)
		evconnlistener_free(server->listener);
	if (server->pause)
		event_free(server->pause);
	while (server->sessions)
		cw_tunnel_server_drop(server->sessions);
	while (server->guests) {
		struct cw_tunnel_guest *guest = server->guests;
		server->guests = guest->next;
		free_guest(guest);
	}
	for (size_t i = 0; server->folder.path[0] && i < sizeof files / sizeof files[0]; i++)
		(void)!cw_tunnel_folder_remove(&server->folder, files[i]);
	cw_confine_finish(&server->confine);
	EVP_PKEY_free(server->setup.key);
	free(server);
}

static uint64_t now_milliseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* NULL: it may begin. */
static const char *turns_away(struct cw_tunnel_server *server, const struct sockaddr_in *from)
{
	struct cw_error error;
	size_t all = 0, same = 0;
	if (!server->setup.owner.admit(server->setup.owner.context, from))
		return "no zone is up from this address";
	for (struct cw_tunnel_session *session = server->sessions; session; session = session->next) {
		all++;
		same += session->from.sin_addr.s_addr == from->sin_addr.s_addr ? 1 : 0;
	}
	const char *why = cw_tunnel_admission_ask(
		&server->admission, &server->limits, from->sin_addr, all, same, now_milliseconds());
	if (!why && server->lines_missing && !cw_tunnel_server_write_lines(server, &error))
		return "the lines that let peers in cannot be written";
	return why;
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t socket, struct sockaddr *address,
	int length, void *context)
{
	(void)listener;
	struct cw_tunnel_server *server = context;
	const struct cw_tunnel_server_owner *owner = &server->setup.owner;
	struct sockaddr_in from;
	if ((size_t)length < sizeof from || address->sa_family != AF_INET) {
		evutil_closesocket(socket);
		return;
	}
	memcpy(&from, address, sizeof from);
	const char *why = turns_away(server, &from);
	if (!why) {
		cw_tunnel_server_begin(server, socket, &from);
		return;
	}
	evutil_closesocket(socket);
	if (owner->told)
		owner->told(owner->context, &from, why);
}

/* Against peers who use up the descriptors: the one who cannot be let in would wake the loop for ever. */
static void on_accept_failed(struct evconnlistener *listener, void *context)
{
	struct cw_tunnel_server *server = context;
	static const struct timeval pause = {0, 100000};
	if (event_add(server->pause, &pause) == 0)
		evconnlistener_disable(listener);
}

static void on_pause_over(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	struct cw_tunnel_server *server = context;
	evconnlistener_enable(server->listener);
}

static bool listen_here(struct cw_tunnel_server *server, struct cw_error *error)
{
	const struct sockaddr_in *address = &server->setup.address;
	char text[INET_ADDRSTRLEN];
	server->pause = evtimer_new(server->setup.base, on_pause_over, server);
	if (!server->pause)
		return cw_error_memory(error);
	/* blocking, as sshd expects it of inetd */
	server->listener = evconnlistener_new_bind(server->setup.base, on_accept, server,
		LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE |
			LEV_OPT_LEAVE_SOCKETS_BLOCKING,
		64, (const struct sockaddr *)address, (int)sizeof *address);
	if (!server->listener)
		return cw_error_set(error, CW_E_NETWORK, "cannot listen for tunnels on %s:%u: %s",
			inet_ntop(AF_INET, &address->sin_addr, text, sizeof text) ? text : "?",
			(unsigned)ntohs(address->sin_port), strerror(errno));
	evconnlistener_set_error_cb(server->listener, on_accept_failed);
	socklen_t size = sizeof server->address;
	getsockname(evconnlistener_get_fd(server->listener), (struct sockaddr *)&server->address, &size);
	return true;
}

static bool write_files(struct cw_tunnel_server *server, struct cw_error *error)
{
	AUTO_BUFFER config = {0};
	AUTO_BUFFER key = {0};
	bool good = cw_tunnel_config_sshd(
			    &server->folder, server->setup.algorithms, server->setup.quick, &config, error) &&
		cw_tunnel_key_pem(server->setup.key, &key, error) &&
		cw_tunnel_folder_write(&server->folder, "sshd_config", config.data, config.length, error) &&
		cw_tunnel_folder_write(&server->folder, "host_key", key.data, key.length, error) &&
		cw_tunnel_server_write_lines(server, error);
	if (key.data)
		OPENSSL_cleanse(key.data, key.length);
	return good;
}

static bool prepare(struct cw_tunnel_server *server, struct cw_error *error)
{
	const struct cw_tunnel_server_setup *setup = &server->setup;
	size_t killed;
	return cw_tunnel_config_has(server->programs.sshd, "openssh-server", error) &&
		cw_tunnel_key_check(setup->key, setup->algorithms, error) &&
		cw_tunnel_folder_open(setup->folder, setup->account, &server->folder, error) &&
		cw_tunnel_confine(&server->folder, server->programs.sshd, &server->confine, error) &&
		cw_tunnel_leftover_kill(&server->folder, &killed, error) && write_files(server, error) &&
		listen_here(server, error);
}

bool cw_tunnel_server_open(
	const struct cw_tunnel_server_setup *setup, struct cw_tunnel_server **ret, struct cw_error *error)
{
	AUTO(cw_tunnel_server_free) struct cw_tunnel_server *server = calloc(1, sizeof *server);
	if (!server)
		return cw_error_memory(error);
	server->setup = *setup;
	server->confine = CW_CONFINE_NONE;
	EVP_PKEY_up_ref(setup->key);
	server->programs = setup->programs ? *setup->programs : cw_tunnel_programs_default;
	server->limits = setup->limits ? *setup->limits : cw_tunnel_limits_default;
	if (!prepare(server, error))
		return false;
	*ret = TAKE(server);
	return true;
}

const struct sockaddr_in *cw_tunnel_server_address(const struct cw_tunnel_server *server)
{
	return &server->address;
}

void cw_tunnel_server_set_status(struct cw_tunnel_guest *guest, enum cw_tunnel_state state,
	enum cw_tunnel_reason reason, const char *line)
{
	const struct cw_tunnel_server_owner *owner = &guest->server->setup.owner;
	struct cw_tunnel_status before = guest->status;
	cw_tunnel_status_set(&guest->status, state, reason, CW_TUNNEL_SSHD, line);
	if (before.state != state || before.reason != reason)
		owner->changed(owner->context, guest->name, &guest->status);
}

static struct cw_tunnel_guest *find(const struct cw_tunnel_server *server, const char *name)
{
	for (struct cw_tunnel_guest *guest = server->guests; guest; guest = guest->next)
		if (strcmp(guest->name, name) == 0)
			return guest;
	return NULL;
}

static void on_up(void *context)
{
	cw_tunnel_server_set_status(context, CW_TUNNEL_ACTIVE, CW_TUNNEL_NO_REASON, NULL);
}

static void on_lost(void *context, enum cw_tunnel_reason reason)
{
	struct cw_tunnel_guest *guest = context;
	struct cw_tunnel_session *session = guest->session;
	if (session && session->reason == CW_TUNNEL_NO_REASON) /* what sshd said of it goes before */
		session->reason = reason;
	if (session)
		cw_tunnel_server_cut(session);
}

static struct cw_tunnel_guest *add_guest(
	struct cw_tunnel_server *server, const char *name, struct cw_error *error)
{
	if (server->guest_count == CW_TUNNEL_PEERS_MAX) {
		cw_error_set(error, CW_E_LIMIT, "more than %d tunnels", CW_TUNNEL_PEERS_MAX);
		return NULL;
	}
	struct cw_tunnel_guest *guest = calloc(1, sizeof *guest);
	if (!guest || !(guest->name = strdup(name))) {
		free(guest);
		cw_error_memory(error);
		return NULL;
	}
	guest->server = server;
	guest->health = (struct cw_tunnel_health){
		.base = server->setup.base, .limits = &server->limits, .owner = {on_up, on_lost, guest}};
	guest->next = server->guests;
	server->guests = guest;
	server->guest_count++;
	return guest;
}

/* The processes of a tunnel that was ended are killed, not waited for: under load their port is free some
 * milliseconds later. */
#define PORT_WAIT 1000 /* milliseconds */
#define PORT_LOOK 5

static bool bind_in_time(int socket, const struct sockaddr_in *address)
{
	for (int waited = 0;; waited += PORT_LOOK) {
		if (bind(socket, (const struct sockaddr *)address, sizeof *address) == 0)
			return true;
		if (errno != EADDRINUSE || !address->sin_port || waited >= PORT_WAIT)
			return false;
		poll(NULL, 0, PORT_LOOK);
	}
}

/* A port that somebody has is found here, and not by the peer. Port 0: the one that the system gives. */
static bool choose_port(struct sockaddr_in *listen, struct cw_error *error)
{
	const int on = 1;
	char text[INET_ADDRSTRLEN];
	if ((ntohl(listen->sin_addr.s_addr) >> 24) != 127)
		return cw_error_set(error, CW_E_USAGE,
			"streams of a tunnel begin at a loopback address (127.x.y.z), and at no other");
	int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t size = sizeof *listen;
	if (probe >= 0)
		setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	bool good = probe >= 0 && bind_in_time(probe, listen) &&
		getsockname(probe, (struct sockaddr *)listen, &size) == 0;
	if (!good)
		cw_error_set(error, CW_E_NETWORK, "%s:%u, where the streams of a tunnel begin: %s",
			inet_ntop(AF_INET, &listen->sin_addr, text, sizeof text) ? text : "?",
			(unsigned)ntohs(listen->sin_port), strerror(errno));
	if (probe >= 0)
		close(probe);
	return good;
}

/* Its connection may stay: same key, same port, same secret. */
static bool is_same(const struct cw_tunnel_guest *guest, const struct cw_tunnel_peer *peer, const char *key)
{
	return guest->allowed && guest->key && strcmp(guest->key, key) == 0 &&
		guest->from.s_addr == peer->from.s_addr &&
		guest->listen.sin_addr.s_addr == peer->listen.sin_addr.s_addr &&
		(!peer->listen.sin_port || guest->listen.sin_port == peer->listen.sin_port) &&
		CRYPTO_memcmp(guest->secret, peer->secret, sizeof guest->secret) == 0;
}

static void put_out(struct cw_tunnel_guest *guest, const char *why)
{
	const struct cw_tunnel_server_owner *owner = &guest->server->setup.owner;
	struct cw_error error;
	if (!guest->allowed)
		return;
	guest->allowed = false;
	(void)!cw_tunnel_server_write_lines(guest->server, &error);
	cw_tunnel_health_stop(&guest->health);
	cw_tunnel_server_cut_key(guest->server, guest->fingerprint);
	if (guest->session) {
		guest->session->guest = NULL;
		guest->session = NULL;
	}
	cw_tunnel_status_refuse(&guest->status, why);
	owner->changed(owner->context, guest->name, &guest->status);
}

static bool let_in(struct cw_tunnel_guest *guest, const struct cw_tunnel_peer *peer, const char *key,
	struct cw_error *error)
{
	struct sockaddr_in listen = peer->listen;
	char fingerprint[CW_TUNNEL_FINGERPRINT_SIZE];
	char *copy = strdup(key);
	if (!copy)
		return cw_error_memory(error);
	if (!choose_port(&listen, error) || !cw_tunnel_key_fingerprint(peer->key, fingerprint, error)) {
		free(copy);
		return false;
	}
	free(guest->key);
	guest->key = copy;
	memcpy(guest->fingerprint, fingerprint, sizeof guest->fingerprint);
	guest->from = peer->from;
	guest->listen = listen;
	memcpy(guest->secret, peer->secret, sizeof guest->secret);
	guest->allowed = true;
	return true;
}

bool cw_tunnel_server_allow(struct cw_tunnel_server *server, const struct cw_tunnel_peer *peer,
	struct sockaddr_in *ret_listen, struct cw_error *error)
{
	AUTO_BUFFER key = {0};
	if (!cw_tunnel_key_line(peer->key, &key, error))
		return false;
	struct cw_tunnel_guest *guest = find(server, peer->name);
	if (!guest && !(guest = add_guest(server, peer->name, error)))
		return false;
	bool same = is_same(guest, peer, key.data);
	if (!same) {
		put_out(guest,
			"another certificate, port or key of the zone takes the place of the former one");
		if (!let_in(guest, peer, key.data, error))
			return false;
	}
	guest->expires = peer->expires;
	if (!cw_tunnel_server_write_lines(server, error)) {
		put_out(guest, error->message);
		return false;
	}
	if (!same)
		cw_tunnel_server_set_status(guest, CW_TUNNEL_CHECKING, CW_TUNNEL_NO_REASON, NULL);
	if (ret_listen)
		*ret_listen = guest->listen;
	return true;
}

void cw_tunnel_server_refuse(struct cw_tunnel_server *server, const char *name, const char *why)
{
	struct cw_tunnel_guest *guest = find(server, name);
	if (guest)
		put_out(guest, why);
}

const struct cw_tunnel_status *cw_tunnel_server_status(
	const struct cw_tunnel_server *server, const char *name)
{
	const struct cw_tunnel_guest *guest = find(server, name);
	return guest ? &guest->status : NULL;
}

pid_t cw_tunnel_server_process(const struct cw_tunnel_server *server, const char *name)
{
	const struct cw_tunnel_guest *guest = find(server, name);
	return guest && guest->session ? cw_tunnel_process_id(guest->session->process) : 0;
}

bool cw_tunnel_server_dial(struct cw_tunnel_server *server, const char *name,
	const struct cw_tunnel_dial_owner *owner, struct cw_tunnel_dial **ret, struct cw_error *error)
{
	const struct cw_tunnel_guest *guest = find(server, name);
	if (!guest || guest->status.state != CW_TUNNEL_ACTIVE)
		return cw_error_set(error, CW_E_NETWORK, "the tunnel to %s is not active", name);
	const struct cw_tunnel_dial_setup setup = {.base = server->setup.base,
		.to = &guest->listen,
		.secret = guest->secret,
		.purpose = CW_TUNNEL_STREAM,
		.milliseconds = server->limits.exchange,
		.owner = *owner};
	return cw_tunnel_dial_open(&setup, ret, error);
}
