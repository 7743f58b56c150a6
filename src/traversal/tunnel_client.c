#include "traversal/tunnel_client.h"

#include "traversal/tunnel_confine.h"
#include "traversal/tunnel_key.h"
#include "traversal/tunnel_leftover.h"
#include "traversal/tunnel_process.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <string.h>

#define LOGIN_MAX 64

struct cw_tunnel_client {
	struct cw_tunnel_client_setup setup;
	struct cw_tunnel_folder folder;
	struct cw_confine confine; /* of ssh */
	struct cw_tunnel_programs programs;
	struct cw_tunnel_limits limits;
	char relay_path[CW_TUNNEL_PATH_SIZE];
	struct cw_tunnel_relay *relay;
	struct cw_tunnel_process *process;
	struct event *redial, *silence;
	struct cw_tunnel_status status;
	enum cw_tunnel_reason reason; /* of the present try */
	char line[CW_TUNNEL_LINE_MAX];
	unsigned failures; /* in a row */
	bool allowed;
	/* whom it dials */
	struct sockaddr_in to, listen;
	char login[LOGIN_MAX + 1];
	char *key; /* as cw_tunnel_key_line has it */
	uint8_t secret[CW_TUNNEL_SECRET_SIZE];
};

void cw_tunnel_client_free(struct cw_tunnel_client *client)
{
	static const char *const files[] = {"user_key", "known_hosts", "children"};
	if (!client)
		return;
	cw_tunnel_process_free(client->process);
	cw_tunnel_relay_free(client->relay);
	if (client->redial)
		event_free(client->redial);
	if (client->silence)
		event_free(client->silence);
	for (size_t i = 0; client->folder.path[0] && i < sizeof files / sizeof files[0]; i++)
		(void)!cw_tunnel_folder_remove(&client->folder, files[i]);
	OPENSSL_cleanse(client->secret, sizeof client->secret);
	cw_confine_finish(&client->confine);
	EVP_PKEY_free(client->setup.key);
	free(client->key);
	free(client);
}

static void set_status(struct cw_tunnel_client *client, enum cw_tunnel_state state,
	enum cw_tunnel_reason reason, const char *line)
{
	const struct cw_tunnel_client_owner *owner = &client->setup.owner;
	struct cw_tunnel_status before = client->status;
	cw_tunnel_status_set(&client->status, state, reason, CW_TUNNEL_SSH, line);
	if (before.state != state || before.reason != reason)
		owner->changed(owner->context, &client->status);
}

static bool set_timer(struct event *timer, unsigned milliseconds)
{
	struct timeval wait = {(time_t)(milliseconds / 1000), (suseconds_t)(milliseconds % 1000) * 1000};
	return event_add(timer, &wait) == 0;
}

/* Doubled with every failure in a row, and between half and all of that by chance, so that a cluster's peers do
 * not come back all at once. */
static unsigned redial_wait(const struct cw_tunnel_client *client)
{
	unsigned char chance = 0;
	unsigned wait = client->limits.redial_min;
	for (unsigned i = 1; i < client->failures && wait < client->limits.redial_max; i++)
		wait *= 2;
	if (wait > client->limits.redial_max)
		wait = client->limits.redial_max;
	(void)!RAND_bytes(&chance, 1);
	return wait / 2 + wait / 2 * chance / 255;
}

/* The present try is over. */
static void fail(struct cw_tunnel_client *client, enum cw_tunnel_reason reason, const char *line)
{
	event_del(client->silence);
	client->failures++;
	(void)!set_timer(client->redial, redial_wait(client));
	set_status(client, CW_TUNNEL_FAILED, reason, line);
}

/* The first trouble is the cause of what follows; that the connection was closed is a consequence. */
static void on_said(void *context, const char *line)
{
	struct cw_tunnel_client *client = context;
	struct cw_tunnel_meaning meaning = cw_tunnel_words_line(CW_TUNNEL_SSH, line);
	if (meaning.kind != CW_TUNNEL_LINE_TROUBLE && meaning.kind != CW_TUNNEL_LINE_UNKNOWN)
		return;
	if (client->reason != CW_TUNNEL_NO_REASON && client->reason != CW_TUNNEL_CLOSED)
		return;
	client->reason = meaning.reason;
	strcpy(client->line, line);
}

static void on_ended(void *context, const char *how)
{
	struct cw_tunnel_client *client = context;
	client->process = NULL; /* frees itself */
	if (client->reason == CW_TUNNEL_NO_REASON)
		fail(client, CW_TUNNEL_DIED, how);
	else
		fail(client, client->reason, client->line);
}

static void stop(struct cw_tunnel_client *client)
{
	event_del(client->silence);
	event_del(client->redial);
	cw_tunnel_process_free(client->process);
	client->process = NULL;
}

static void on_silence(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	struct cw_tunnel_client *client = context;
	stop(client);
	fail(client, client->reason == CW_TUNNEL_NO_REASON ? CW_TUNNEL_LOST : client->reason, client->line);
}

static bool start_process(
	struct cw_tunnel_client *client, const struct cw_strings *words, struct cw_error *error)
{
	const char *arguments[96];
	const struct cw_tunnel_process_owner owner = {on_said, on_ended, client};
	struct cw_child_setup child = {.arguments = arguments,
		.in = CW_CHILD_NULL,
		.out = CW_CHILD_NULL,
		.drops = client->folder.account.drops,
		.uid = client->folder.account.uid,
		.gid = client->folder.account.gid,
		.confine = &client->confine};
	if (words->count >= sizeof arguments / sizeof arguments[0])
		return cw_error_set(error, CW_E_LIMIT, "more arguments for ssh than there is room for");
	for (size_t i = 0; i < words->count; i++)
		arguments[i] = words->items[i];
	arguments[words->count] = NULL;
	return cw_tunnel_process_start(client->setup.base, &child, &owner, &client->process, error);
}

static bool start(struct cw_tunnel_client *client, struct cw_error *error)
{
	const struct cw_tunnel_call call = {.programs = &client->programs,
		.folder = &client->folder,
		.login = client->login,
		.to = client->to,
		.from = client->setup.from,
		.listen = client->listen,
		.relay = client->relay_path,
		.algorithms = client->setup.algorithms,
		.quick = client->setup.quick};
	AUTO_STRINGS words = {0};
	if (!cw_tunnel_config_ssh(&call, &words, error) || !start_process(client, &words, error))
		return false;
	pid_t child = cw_tunnel_process_id(client->process);
	return cw_tunnel_leftover_note(&client->folder, &child, 1, error) &&
		(set_timer(client->silence, client->limits.begin) || cw_error_memory(error));
}

static void dial(struct cw_tunnel_client *client)
{
	struct cw_error error;
	client->reason = CW_TUNNEL_NO_REASON;
	client->line[0] = '\0';
	if (start(client, &error))
		return;
	stop(client);
	fail(client, CW_TUNNEL_FILES, error.message);
}

static void on_redial(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	dial(context);
}

static void on_stream(void *context, evutil_socket_t socket)
{
	struct cw_tunnel_client *client = context;
	client->setup.owner.stream(client->setup.owner.context, socket);
}

static void on_probed(void *context)
{
	struct cw_tunnel_client *client = context;
	if (!client->process)
		return;
	client->failures = 0;
	unsigned silence = client->limits.probe * client->limits.misses + client->limits.exchange;
	if (!set_timer(client->silence, silence))
		cw_tunnel_process_kill(client->process);
	set_status(client, CW_TUNNEL_ACTIVE, CW_TUNNEL_NO_REASON, NULL);
}

static void on_turned_away(void *context, const char *why)
{
	struct cw_tunnel_client *client = context;
	if (client->setup.owner.told)
		client->setup.owner.told(client->setup.owner.context, why);
}

static bool write_key(struct cw_tunnel_client *client, struct cw_error *error)
{
	AUTO_BUFFER key = {0};
	bool good = cw_tunnel_key_pem(client->setup.key, &key, error) &&
		cw_tunnel_folder_write(&client->folder, "user_key", key.data, key.length, error);
	if (key.data)
		OPENSSL_cleanse(key.data, key.length);
	return good;
}

static bool open_relay(struct cw_tunnel_client *client, struct cw_error *error)
{
	const struct cw_tunnel_account *account = &client->folder.account;
	struct cw_tunnel_relay_setup setup = {.base = client->setup.base,
		.path = client->relay_path,
		.group = account->drops ? account->gid : (gid_t)-1,
		.milliseconds = client->limits.exchange,
		.owner = {client->setup.owner.stream ? on_stream : NULL, on_probed, on_turned_away, client}};
	cw_tunnel_folder_path(&client->folder, "relay.sock", client->relay_path);
	return cw_tunnel_relay_open(&setup, &client->relay, error);
}

static bool prepare(struct cw_tunnel_client *client, struct cw_error *error)
{
	const struct cw_tunnel_client_setup *setup = &client->setup;
	size_t killed;
	if (!cw_tunnel_config_has(client->programs.ssh, "openssh-client", error) ||
		!cw_tunnel_key_check(setup->key, setup->algorithms, error) ||
		!cw_tunnel_folder_open(setup->folder, setup->account, &client->folder, error) ||
		!cw_tunnel_confine(&client->folder, client->programs.ssh, &client->confine, error) ||
		!cw_tunnel_leftover_kill(&client->folder, &killed, error) || !write_key(client, error) ||
		!open_relay(client, error))
		return false;
	client->redial = evtimer_new(setup->base, on_redial, client);
	client->silence = evtimer_new(setup->base, on_silence, client);
	return client->redial && client->silence ? true : cw_error_memory(error);
}

bool cw_tunnel_client_open(
	const struct cw_tunnel_client_setup *setup, struct cw_tunnel_client **ret, struct cw_error *error)
{
	AUTO(cw_tunnel_client_free) struct cw_tunnel_client *client = calloc(1, sizeof *client);
	if (!client)
		return cw_error_memory(error);
	client->setup = *setup;
	client->confine = CW_CONFINE_NONE;
	EVP_PKEY_up_ref(setup->key);
	client->programs = setup->programs ? *setup->programs : cw_tunnel_programs_default;
	client->limits = setup->limits ? *setup->limits : cw_tunnel_limits_default;
	if (!prepare(client, error))
		return false;
	*ret = TAKE(client);
	return true;
}

static bool check_target(const struct cw_tunnel_target *target, struct cw_error *error)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	size_t length = strlen(target->login);
	if (length == 0 || length > LOGIN_MAX || target->login[0] == '-' ||
		target->login[strspn(target->login, good)])
		return cw_error_set(error, CW_E_USAGE,
			"the other side names an account for the tunnel that cannot be one; wanted letters, digits "
			"and ._-");
	if ((ntohl(target->listen.sin_addr.s_addr) >> 24) != 127 || !target->listen.sin_port)
		return cw_error_set(error, CW_E_USAGE,
			"the other side lets streams begin at an address that is not its loopback; wanted "
			"127.x.y.z and a port");
	return true;
}

static bool is_same(
	const struct cw_tunnel_client *client, const struct cw_tunnel_target *target, const char *key)
{
	return client->allowed && strcmp(client->key, key) == 0 &&
		strcmp(client->login, target->login) == 0 && client->to.sin_port == target->to.sin_port &&
		client->to.sin_addr.s_addr == target->to.sin_addr.s_addr &&
		client->listen.sin_port == target->listen.sin_port &&
		client->listen.sin_addr.s_addr == target->listen.sin_addr.s_addr &&
		CRYPTO_memcmp(client->secret, target->secret, sizeof client->secret) == 0;
}

static bool write_known(struct cw_tunnel_client *client, const char *key, struct cw_error *error)
{
	AUTO_BUFFER line = {0};
	cw_buffer_printf(&line, "%s %s\n", CW_TUNNEL_HOST_ALIAS, key);
	return cw_buffer_ok(&line, error) &&
		cw_tunnel_folder_write(&client->folder, "known_hosts", line.data, line.length, error);
}

bool cw_tunnel_client_allow(
	struct cw_tunnel_client *client, const struct cw_tunnel_target *target, struct cw_error *error)
{
	AUTO_BUFFER key = {0};
	if (!check_target(target, error) || !cw_tunnel_key_line(target->key, &key, error))
		return false;
	if (is_same(client, target, key.data))
		return true;
	cw_tunnel_client_refuse(
		client, "another certificate, port or key of the zone takes the place of the former one");
	char *copy = strdup(key.data);
	if (!copy)
		return cw_error_memory(error);
	free(client->key);
	client->key = copy;
	if (!write_known(client, client->key, error))
		return false;
	client->to = target->to;
	client->listen = target->listen;
	strcpy(client->login, target->login);
	memcpy(client->secret, target->secret, sizeof client->secret);
	cw_tunnel_relay_set_secret(client->relay, client->secret);
	client->allowed = true;
	client->failures = 0;
	set_status(client, CW_TUNNEL_CHECKING, CW_TUNNEL_NO_REASON, NULL);
	dial(client);
	return true;
}

void cw_tunnel_client_refuse(struct cw_tunnel_client *client, const char *why)
{
	if (!client->allowed)
		return;
	client->allowed = false;
	(void)!cw_tunnel_folder_remove(&client->folder, "known_hosts");
	cw_tunnel_relay_set_secret(client->relay, NULL);
	stop(client);
	cw_tunnel_status_refuse(&client->status, why);
	client->setup.owner.changed(client->setup.owner.context, &client->status);
}

const struct cw_tunnel_status *cw_tunnel_client_status(const struct cw_tunnel_client *client)
{
	return &client->status;
}

pid_t cw_tunnel_client_process(const struct cw_tunnel_client *client)
{
	return client->process ? cw_tunnel_process_id(client->process) : 0;
}
