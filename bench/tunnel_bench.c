/*
 * A new stream through our SSH tunnel against one through `ssh -R` with `-N`, in one run: from the connect at
 * Expressway-E until an answer of a hundred bytes is there. Ours begins with a nonce and a MAC each way; the other
 * has no such thing.
 *
 * Both have OpenSSH's own programs, keys on P-256, and turns of one stream each; five rounds of a hundred of both
 * count, after a few that do not.
 */
#include "issue/issue_key.h"
#include "traversal/tunnel_client.h"
#include "traversal/tunnel_key.h"
#include "traversal/tunnel_server.h"

#include "base/child.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define STREAMS 100
#define ROUNDS 5
#define WARM_UP 5
#define WORDS 100 /* bytes of question and answer */

struct bench {
	char folder[64];
	struct cw_tunnel_account account;
	EVP_PKEY *e_key, *c_key;
	struct event_base *base;
	struct cw_tunnel_server *server;
	struct sockaddr_in listen, plain; /* where streams begin */
	struct cw_child sshd, ssh;	  /* of the other side */
	uint8_t secret[CW_TUNNEL_SECRET_SIZE];
	int stream;
	bool dialled;
};

static void must(bool worked, const char *what)
{
	if (worked)
		return;
	fprintf(stderr, "bench: tunnel: %s\n", what);
	exit(2);
}

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static const char *in_folder(const struct bench *bench, const char *name)
{
	static char paths[8][128];
	static size_t next;
	char *path = paths[next++ % 8];
	snprintf(path, sizeof paths[0], "%s/%s", bench->folder, name);
	return path;
}

/* Expressway-C: a process that answers every stream. */

static void on_words(evutil_socket_t socket, short what, void *context)
{
	char bytes[WORDS];
	struct event **event = context;
	(void)what;
	ssize_t got = read(socket, bytes, sizeof bytes);
	if (got > 0 && write(socket, bytes, (size_t)got) == got)
		return;
	event_free(*event);
	free(event);
	close(socket);
}

static void answer(struct event_base *base, evutil_socket_t socket)
{
	struct event **event = calloc(1, sizeof(struct event *));
	must(event != NULL, "out of memory");
	*event = event_new(base, socket, EV_READ | EV_PERSIST, on_words, event);
	event_add(*event, NULL);
}

static void on_stream(void *context, evutil_socket_t socket)
{
	answer(context, socket);
}

static void on_plain(evutil_socket_t listening, short what, void *context)
{
	(void)what;
	answer(context, accept(listening, NULL, NULL));
}

static void on_client_changed(void *context, const struct cw_tunnel_status *status)
{
	(void)context;
	if (status->state == CW_TUNNEL_FAILED)
		fprintf(stderr, "bench: tunnel: %s\n", status->text);
}

static void listen_plainly(struct bench *bench, struct event_base *base)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	snprintf(address.sun_path, sizeof address.sun_path, "%s", in_folder(bench, "plain.sock"));
	int listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	must(bind(listening, (struct sockaddr *)&address, sizeof address) == 0 && listen(listening, 8) == 0 &&
			chmod(address.sun_path, 0666) == 0,
		"no Unix socket");
	event_add(event_new(base, listening, EV_READ | EV_PERSIST, on_plain, base), NULL);
}

static void run_client(struct bench *bench)
{
	struct cw_error error;
	struct cw_tunnel_client *client;
	struct event_base *base = event_base_new();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	const struct cw_tunnel_client_setup setup = {.base = base,
		.folder = in_folder(bench, "c"),
		.account = &bench->account,
		.key = bench->c_key,
		.algorithms = CW_TUNNEL_ALL,
		.owner = {on_client_changed, on_stream, NULL, base}};
	must(cw_tunnel_client_open(&setup, &client, &error), error.message);
	const struct cw_tunnel_target target = {.to = *cw_tunnel_server_address(bench->server),
		.login = bench->account.name,
		.key = bench->e_key,
		.listen = bench->listen,
		.secret = bench->secret};
	listen_plainly(bench, base);
	must(cw_tunnel_client_allow(client, &target, &error), error.message);
	event_base_dispatch(base);
	_exit(0);
}

/* Expressway-E. */

static bool admit(void *context, const struct sockaddr_in *from)
{
	(void)context;
	(void)from;
	return true;
}

static void on_server_changed(void *context, const char *peer, const struct cw_tunnel_status *status)
{
	(void)context;
	(void)peer;
	(void)status;
}

static void open_server(struct bench *bench)
{
	struct cw_error error;
	const struct in_addr loopback = {htonl(INADDR_LOOPBACK)};
	const struct cw_tunnel_server_setup setup = {.base = bench->base,
		.folder = in_folder(bench, "e"),
		.account = &bench->account,
		.address = {.sin_family = AF_INET, .sin_addr = loopback},
		.key = bench->e_key,
		.algorithms = CW_TUNNEL_ALL,
		.owner = {admit, on_server_changed, NULL, NULL}};
	const struct cw_tunnel_peer peer = {.name = "c",
		.key = bench->c_key,
		.listen = {.sin_family = AF_INET, .sin_addr = loopback},
		.secret = bench->secret};
	must(cw_tunnel_server_open(&setup, &bench->server, &error), error.message);
	must(cw_tunnel_server_allow(bench->server, &peer, &bench->listen, &error), error.message);
}

static void on_dialled(void *context, enum cw_tunnel_dial_end end, evutil_socket_t socket)
{
	struct bench *bench = context;
	must(end == CW_TUNNEL_DIAL_AGREED, "a stream through the tunnel");
	bench->dialled = true;
	bench->stream = socket;
}

static void ask(int stream)
{
	char bytes[WORDS] = {0};
	size_t length = 0;
	fcntl(stream, F_SETFL, fcntl(stream, F_GETFL) & ~O_NONBLOCK);
	must(write(stream, bytes, sizeof bytes) == sizeof bytes, "a stream broke");
	while (length < sizeof bytes) {
		ssize_t got = read(stream, bytes, sizeof bytes - length);
		must(got > 0, "a stream broke");
		length += (size_t)got;
	}
	close(stream);
}

static double ours(struct bench *bench)
{
	struct cw_error error;
	struct cw_tunnel_dial *dial;
	const struct cw_tunnel_dial_owner owner = {on_dialled, bench};
	double begin = now();
	bench->dialled = false;
	must(cw_tunnel_server_dial(bench->server, "c", &owner, &dial, &error), error.message);
	while (!bench->dialled)
		event_base_loop(bench->base, EVLOOP_ONCE);
	ask(bench->stream);
	return now() - begin;
}

/* The other: sshd as a service, ssh with -N. */

static int dial_plain(const struct bench *bench)
{
	int stream = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connect(stream, (const struct sockaddr *)&bench->plain, sizeof bench->plain) == 0)
		return stream;
	close(stream);
	return -1;
}

static double theirs(struct bench *bench)
{
	double begin = now();
	ask(dial_plain(bench));
	return now() - begin;
}

static unsigned free_port(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t size = sizeof address;
	int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	must(bind(probe, (struct sockaddr *)&address, sizeof address) == 0 &&
			getsockname(probe, (struct sockaddr *)&address, &size) == 0,
		"no port");
	close(probe);
	return ntohs(address.sin_port);
}

static void write_text(const struct cw_tunnel_folder *folder, const char *name, struct cw_buffer *text)
{
	struct cw_error error;
	must(cw_tunnel_folder_write(folder, name, text->data, text->length, &error), error.message);
	cw_buffer_finish(text);
}

static void start(const struct bench *bench, const char *const *arguments, struct cw_child *ret)
{
	struct cw_error error;
	const struct cw_child_setup setup = {.arguments = arguments,
		.in = CW_CHILD_NULL,
		.out = CW_CHILD_NULL,
		.err = CW_CHILD_NULL,
		.drops = bench->account.drops,
		.uid = bench->account.uid,
		.gid = bench->account.gid};
	must(cw_child_start(&setup, ret, &error), error.message);
}

/* Two lines of key each, and what sshd needs to run without root; everything else as OpenSSH has it. */
static void open_plain(struct bench *bench)
{
	struct cw_error error;
	struct cw_tunnel_folder folder;
	struct cw_buffer text = {0};
	char port[8], forward[160], login[80];
	unsigned listens = free_port();
	must(cw_tunnel_folder_open(in_folder(bench, "plain"), &bench->account, &folder, &error),
		error.message);
	must(cw_tunnel_key_pem(bench->e_key, &text, &error), error.message);
	write_text(&folder, "host_key", &text);
	must(cw_tunnel_key_pem(bench->c_key, &text, &error), error.message);
	write_text(&folder, "user_key", &text);
	must(cw_tunnel_key_line(bench->c_key, &text, &error), error.message);
	write_text(&folder, "authorized_keys", &text);
	cw_buffer_printf(&text,
		"ListenAddress 127.0.0.1:%u\nHostKey %s/host_key\nAuthorizedKeysFile %s/authorized_keys\n"
		"UsePAM no\nPidFile none\nStrictModes no\n",
		listens, folder.path, folder.path);
	write_text(&folder, "sshd_config", &text);
	const char *const sshd[] = {cw_tunnel_programs_default.sshd, "-D", "-e", "-f",
		in_folder(bench, "plain/sshd_config"), NULL};
	start(bench, sshd, &bench->sshd);
	bench->plain = bench->listen;
	bench->plain.sin_port = htons((uint16_t)free_port());
	snprintf(port, sizeof port, "%u", listens);
	snprintf(login, sizeof login, "-l%s", bench->account.name);
	snprintf(forward, sizeof forward, "127.0.0.1:%u:%s", ntohs(bench->plain.sin_port),
		in_folder(bench, "plain.sock"));
	const char *const ssh[] = {cw_tunnel_programs_default.ssh, "-N", "-F", "none", "-oBatchMode=yes",
		"-oStrictHostKeyChecking=no", "-oUserKnownHostsFile=/dev/null", "-oIdentityAgent=none",
		"-oConnectionAttempts=10", "-i", in_folder(bench, "plain/user_key"), login, "-p", port, "-R",
		forward, "127.0.0.1", NULL};
	start(bench, ssh, &bench->ssh);
}

static void wait_for_both(struct bench *bench)
{
	const struct timeval step = {0, 10000};
	for (double end = now() + 30000;;) {
		must(now() < end, "the tunnels do not come up");
		event_base_loopexit(bench->base, &step);
		event_base_dispatch(bench->base);
		if (cw_tunnel_server_status(bench->server, "c")->state != CW_TUNNEL_ACTIVE)
			continue;
		int stream = dial_plain(bench);
		if (stream < 0)
			continue;
		close(stream);
		return;
	}
}

static int by_size(const void *a, const void *b)
{
	const double *left = a, *right = b;
	return (*left > *right) - (*left < *right);
}

/* Of one round: the median and the 99th of both. */
struct round {
	double here[2], there[2];
};

static struct round measure(struct bench *bench)
{
	double here[STREAMS], there[STREAMS];
	for (int i = -WARM_UP; i < STREAMS; i++) {
		double one = ours(bench), other = theirs(bench);
		if (i >= 0) {
			here[i] = one;
			there[i] = other;
		}
	}
	qsort(here, STREAMS, sizeof here[0], by_size);
	qsort(there, STREAMS, sizeof there[0], by_size);
	return (struct round){
		{here[STREAMS / 2], here[STREAMS - 2]}, {there[STREAMS / 2], there[STREAMS - 2]}};
}

/* Each figure is the median of the rounds': what else runs on the machine decides nothing. */
static void tell(const struct round rounds[ROUNDS])
{
	static const char *const names[] = {"tunnel-stream", "tunnel-stream-99th"};
	static const char *const what[] = {"median of a hundred", "99th of a hundred"};
	for (size_t k = 0; k < 2; k++) {
		double here[ROUNDS], there[ROUNDS];
		for (size_t i = 0; i < ROUNDS; i++) {
			here[i] = rounds[i].here[k];
			there[i] = rounds[i].there[k];
		}
		qsort(here, ROUNDS, sizeof here[0], by_size);
		qsort(there, ROUNDS, sizeof there[0], by_size);
		printf("bench: %s %.1f goal 10 (a new stream through the tunnel and an answer, against ssh -R with -N, "
		       "%s: %.2f ms, %.2f ms)\n",
			names[k], there[ROUNDS / 2] / here[ROUNDS / 2], what[k], here[ROUNDS / 2],
			there[ROUNDS / 2]);
	}
}

/* "": a tunnel can be made here. */
static const char *lacks(struct bench *bench, struct cw_error *error)
{
	error->message[0] = '\0';
	if (cw_tunnel_config_has(cw_tunnel_programs_default.ssh, "openssh-client", error) &&
		cw_tunnel_config_has(cw_tunnel_programs_default.sshd, "openssh-server", error) &&
		cw_tunnel_account_find(geteuid() == 0 ? "sshd" : NULL, &bench->account, error))
		error->message[0] = '\0';
	return error->message;
}

static void clean(struct bench *bench, pid_t client)
{
	static const char *const left[] = {"plain/host_key", "plain/user_key", "plain/authorized_keys",
		"plain/sshd_config", "c/user_key", "c/known_hosts", "c/children", "c/relay.sock",
		"plain.sock"};
	static const char *const folders[] = {"plain", "c", "e", ""};
	kill(client, SIGKILL);
	cw_child_finish(&bench->ssh);
	cw_child_finish(&bench->sshd);
	cw_tunnel_server_free(bench->server);
	for (size_t i = 0; i < sizeof left / sizeof left[0]; i++)
		unlink(in_folder(bench, left[i]));
	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
		rmdir(in_folder(bench, folders[i]));
	event_base_free(bench->base);
	EVP_PKEY_free(bench->e_key);
	EVP_PKEY_free(bench->c_key);
}

int main(void)
{
	struct round rounds[ROUNDS];
	struct cw_error error;
	struct bench bench = {.folder = "/tmp/causeway-bench-XXXXXX",
		.secret = "a key that both sides agreed on",
		.sshd = CW_CHILD_NONE,
		.ssh = CW_CHILD_NONE};
	signal(SIGPIPE, SIG_IGN);
	if (*lacks(&bench, &error)) {
		printf("bench: tunnel-stream skipped (%s)\n", error.message);
		return 0;
	}
	must(mkdtemp(bench.folder) && chmod(bench.folder, 0755) == 0, "no folder");
	must(cw_issue_key("ec", &bench.e_key, &error) && cw_issue_key("ec", &bench.c_key, &error),
		error.message);
	bench.base = event_base_new();
	open_server(&bench);
	pid_t client = fork();
	if (client == 0)
		run_client(&bench);
	open_plain(&bench);
	wait_for_both(&bench);
	for (size_t i = 0; i < ROUNDS; i++)
		rounds[i] = measure(&bench);
	tell(rounds);
	clean(&bench, client);
	return 0;
}
