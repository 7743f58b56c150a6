#include "node/replica/replica_link.h"

#include "model/presented.h"
#include "net/connection.h"
#include "node/node_find.h"
#include "node/replica/replica_record.h"
#include "report/json.h"
#include "traversal/conversation.h"

#include <openssl/hmac.h>
#include <string.h>

#define LABEL "EXPORTER-causeway-replication"
#define SECRET_SIZE 32
#define AGAIN_MS 3000 /* redial, and keep-alive */
#define SOON_MS 200   /* there is more to send, or it has not said that it has it */

static const struct cw_limits limits = {
	.connect = 3000, .handshake = 10000, .first_byte = 10000, .idle = 10000, .drain = 2000};

/* One subscriber. */
struct subscriber {
	struct cw_replica *replica;
	const struct cw_node *node; /* of the snapshot */
	char *fqdn;
	struct cw_node_find find;
	struct event *timer;
	SSL_CTX *tls;
	struct cw_connection *connection;
	struct cw_conversation sip;
	struct cw_buffer document;
	char password[CW_REPLICA_LINK_PASSWORD_SIZE];
	json_t *wanted; /* certificates that it lacks; NULL: it has not said */
	char state[16], reason[300];
	struct subscriber *next;
};

struct cw_replica {
	struct cw_node_core *core;
	json_t *record;
	struct subscriber *subscribers;
};

bool cw_replica_link_password(SSL *ssl, const char *security, char ret[CW_REPLICA_LINK_PASSWORD_SIZE])
{
	unsigned char secret[SECRET_SIZE], digest[EVP_MAX_MD_SIZE];
	unsigned length = 0;
	AUTO_BUFFER hex = {0};
	if (SSL_export_keying_material(ssl, secret, sizeof secret, LABEL, strlen(LABEL), NULL, 0, 0) != 1 ||
		!HMAC(EVP_sha256(), security, (int)strlen(security), secret, sizeof secret, digest, &length))
		return false;
	cw_buffer_hex(&hex, digest, length);
	snprintf(ret, CW_REPLICA_LINK_PASSWORD_SIZE, "%s", cw_buffer_string(&hex));
	explicit_bzero(secret, sizeof secret);
	return !hex.failed;
}

/* --- one subscriber --- */

static void drop(struct subscriber *subscriber)
{
	cw_node_find_cancel(&subscriber->find);
	cw_connection_free(subscriber->connection);
	subscriber->connection = NULL;
	SSL_CTX_free(subscriber->tls);
	subscriber->tls = NULL;
	cw_conversation_finish(&subscriber->sip);
	subscriber->sip = (struct cw_conversation){0};
	cw_buffer_finish(&subscriber->document);
	explicit_bzero(subscriber->password, sizeof subscriber->password);
	json_decref(subscriber->wanted);
	subscriber->wanted = NULL;
}

static void set_timer(struct subscriber *subscriber, unsigned milliseconds)
{
	const struct timeval wait = {
		(time_t)(milliseconds / 1000), (suseconds_t)(milliseconds % 1000) * 1000};
	(void)event_add(subscriber->timer, &wait);
}

static void set_state(struct subscriber *subscriber, const char *state, const char *reason)
{
	bool news = strcmp(subscriber->state, state) != 0 || strcmp(subscriber->reason, reason) != 0;
	snprintf(subscriber->state, sizeof subscriber->state, "%s", state);
	snprintf(subscriber->reason, sizeof subscriber->reason, "%s", reason);
	if (!news)
		return;
	const struct cw_node_state now = {"replication to", subscriber->fqdn, state, "", reason};
	cw_node_core_state(subscriber->replica->core, &now);
	cw_node_core_changed(subscriber->replica->core);
}

static void say(struct subscriber *subscriber, const struct cw_buffer *out)
{
	if (out->failed)
		cw_connection_refuse(subscriber->connection, "out of memory");
	else if (out->length)
		cw_connection_send(subscriber->connection, out->data, out->length);
}

static void inform(struct subscriber *subscriber)
{
	const struct cw_replica *replica = subscriber->replica;
	AUTO_BUFFER out = {0};
	struct cw_error error;
	cw_buffer_finish(&subscriber->document);
	if (!cw_replica_record_document(replica->record, replica->core->snapshot, subscriber->wanted,
		    &subscriber->document, &error)) {
		cw_connection_refuse(subscriber->connection, error.message);
		return;
	}
	subscriber->sip.document = cw_buffer_string(&subscriber->document);
	cw_conversation_inform(&subscriber->sip, &out);
	say(subscriber, &out);
}

/* {"wants":[…]}: what is still lacking comes next. */
static void hear(struct subscriber *subscriber)
{
	json_error_t ignored;
	const struct cw_buffer *told = &subscriber->sip.told;
	AUTO(json_decref) json_t *answer = json_loadb(told->data, told->length, 0, &ignored);
	subscriber->sip.news = false;
	json_decref(subscriber->wanted);
	subscriber->wanted = json_incref(json_object_get(answer, "wants"));
	const char *trouble = json_string_value(json_object_get(answer, "trouble"));
	bool has_it = json_integer_value(json_object_get(answer, "serial")) ==
		(json_int_t)subscriber->replica->core->snapshot->number;
	if (trouble && *trouble)
		set_state(subscriber, "Failed", trouble);
	else if (has_it)
		set_state(subscriber, "Active", "");
	bool done = (trouble && *trouble) || (has_it && !json_array_size(subscriber->wanted));
	set_timer(subscriber, done ? AGAIN_MS : SOON_MS);
}

static void on_up(void *context, struct cw_connection *connection)
{
	struct subscriber *subscriber = context;
	const char *security = subscriber->replica->core->snapshot->file->security_password;
	AUTO_BUFFER out = {0};
	if (!cw_replica_link_password(cw_connection_ssl(connection), security, subscriber->password)) {
		cw_connection_refuse(connection, "the connection gives no keys to bind the password to");
		return;
	}
	subscriber->sip = (struct cw_conversation){.kind = CW_CONVERSATION_ZONE,
		.host = subscriber->fqdn,
		.username = CW_REPLICA_LINK_USER,
		.password = subscriber->password,
		.document = "{}"};
	cw_conversation_ask(&subscriber->sip, &out);
	say(subscriber, &out);
}

static void on_received(void *context, struct cw_connection *connection, const char *data, size_t length)
{
	struct subscriber *subscriber = context;
	struct cw_conversation *sip = &subscriber->sip;
	AUTO_BUFFER out = {0};
	if (cw_conversation_take(sip, data, length, &out))
		cw_connection_touch(connection);
	say(subscriber, &out);
	if (sip->state == CW_CONVERSATION_TALKING)
		return;
	if (sip->state != CW_CONVERSATION_UP)
		cw_connection_refuse(connection, sip->reason);
	else if (sip->news)
		hear(subscriber);
	else
		inform(subscriber);
}

static void on_ended(
	void *context, struct cw_connection *connection, const struct cw_connection_report *report)
{
	struct subscriber *subscriber = context;
	bool denied = subscriber->sip.state == CW_CONVERSATION_DENIED;
	char reason[sizeof subscriber->reason];
	(void)connection;
	subscriber->connection = NULL; /* it frees itself */
	snprintf(reason, sizeof reason, "%s",
		denied ? "the security password is another one there" : report->reason);
	drop(subscriber);
	set_timer(subscriber, AGAIN_MS);
	set_state(subscriber, "Failed", reason);
}

/* No certificate decides here: see replica_link.h. */
static int on_ask(void *context, struct cw_cert *const *chain, size_t count)
{
	(void)context;
	(void)chain;
	(void)count;
	return CW_TLS_ACCEPT;
}

static bool connect_to(struct subscriber *subscriber, struct in_addr address, struct cw_error *error)
{
	struct cw_node_core *core = subscriber->replica->core;
	const struct cw_node_file_listen *listen = &core->snapshot->file->listen;
	const struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = listen->cluster.sin_port, .sin_addr = address};
	const struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr = listen->from};
	const struct cw_tls_setup tls = {.versions = cw_snapshot_versions(core->snapshot), .asks = true};
	if (!cw_tls_context(&tls, &subscriber->tls, error))
		return false;
	const struct cw_connection_setup setup = {.base = core->base,
		.tls = subscriber->tls,
		.judge = {.ask = on_ask, .context = subscriber},
		.limits = &limits,
		.owner = {.up = on_up, .received = on_received, .ended = on_ended, .context = subscriber}};
	const struct cw_connection_route route = {
		(const struct sockaddr *)&from, (const struct sockaddr *)&to, sizeof to, subscriber->fqdn};
	return cw_connection_open(&setup, &route, &subscriber->connection, error);
}

static void on_found(void *context, const struct in_addr *address, const char *why)
{
	struct subscriber *subscriber = context;
	struct cw_error error;
	if (address) {
		if (connect_to(subscriber, *address, &error))
			return;
		why = error.message;
	}
	drop(subscriber);
	set_timer(subscriber, AGAIN_MS);
	set_state(subscriber, "Failed", why);
}

static void on_timer(evutil_socket_t socket, short what, void *context)
{
	struct subscriber *subscriber = context;
	AUTO_BUFFER out = {0};
	(void)socket;
	(void)what;
	if (!subscriber->connection) {
		subscriber->find.found = on_found;
		subscriber->find.context = subscriber;
		cw_node_find(subscriber->replica->core, &subscriber->find, cw_node_address(subscriber->node));
	} else if (subscriber->sip.state == CW_CONVERSATION_UP) {
		cw_conversation_ask(&subscriber->sip, &out);
		say(subscriber, &out);
	}
}

/* --- all of them --- */

static void subscriber_free(struct subscriber *subscriber)
{
	drop(subscriber);
	if (subscriber->timer)
		event_free(subscriber->timer);
	free(subscriber->fqdn);
	free(subscriber);
}

static bool add(struct cw_replica *replica, const struct cw_node *node)
{
	struct subscriber *subscriber = calloc(1, sizeof *subscriber);
	if (!subscriber)
		return false;
	subscriber->replica = replica;
	subscriber->node = node;
	subscriber->fqdn = strdup(node->fqdn);
	subscriber->timer = evtimer_new(replica->core->base, on_timer, subscriber);
	snprintf(subscriber->state, sizeof subscriber->state, "Checking");
	if (!subscriber->fqdn || !subscriber->timer) {
		subscriber_free(subscriber);
		return false;
	}
	subscriber->next = replica->subscribers;
	replica->subscribers = subscriber;
	set_timer(subscriber, 0);
	return true;
}

static bool add_all(struct cw_replica *replica, struct cw_error *error)
{
	const struct cw_node *own = replica->core->snapshot->node;
	for (size_t i = own->group->count; i-- > 0;)
		if (own->group->nodes[i] != own && !add(replica, own->group->nodes[i]))
			return cw_error_memory(error);
	return true;
}

bool cw_replica_link_begin(struct cw_node_core *core, struct cw_error *error)
{
	const struct cw_snapshot *snapshot = core->snapshot;
	if (snapshot->node->kind != CW_NODE_CUCM || !snapshot->node->publisher ||
		!snapshot->file->security_password || snapshot->node->group->count < 2)
		return true;
	struct cw_replica *replica = core->replica = calloc(1, sizeof *replica);
	if (!replica)
		return cw_error_memory(error);
	replica->core = core;
	return cw_replica_record_open(core->folder.path, snapshot, &replica->record, error) &&
		add_all(replica, error);
}

void cw_replica_link_end(struct cw_node_core *core)
{
	struct cw_replica *replica = core->replica;
	core->replica = NULL;
	while (replica && replica->subscribers) {
		struct subscriber *subscriber = replica->subscribers;
		replica->subscribers = subscriber->next;
		subscriber_free(subscriber);
	}
	if (replica)
		json_decref(replica->record);
	free(replica);
}

/* Links of a cluster are few and short: they are made anew, and what they tell is the whole each time. */
void cw_replica_link_reload(struct cw_node_core *core)
{
	struct cw_error error;
	cw_replica_link_end(core);
	if (!cw_replica_link_begin(core, &error))
		cw_node_core_say(core, "replication: %s", error.message);
}

void cw_replica_link_look(struct cw_node_core *core)
{
	char key[200];
	const struct subscriber *subscriber = core->replica ? core->replica->subscribers : NULL;
	for (; subscriber; subscriber = subscriber->next) {
		if (strcmp(subscriber->state, "Failed") != 0)
			continue;
		snprintf(key, sizeof key, "replication %.140s", subscriber->fqdn);
		cw_node_core_alarm(core, NULL, "Warning", key,
			"the trust lists of %.200s do not follow those of the publisher: %s",
			subscriber->fqdn, subscriber->reason);
	}
}

bool cw_replica_link_status(const struct cw_node_core *core, json_t *rows)
{
	struct cw_json json = {0};
	const struct subscriber *subscriber = core->replica ? core->replica->subscribers : NULL;
	for (; subscriber; subscriber = subscriber->next) {
		json_t *row = json_object();
		char name[300];
		snprintf(name, sizeof name, "replication %.250s", subscriber->fqdn);
		cw_json_put(&json, row, "peer", cw_json_text(name));
		cw_json_put(&json, row, "state", cw_json_text(subscriber->state));
		cw_json_put(&json, row, "code", json_null());
		cw_json_put(&json, row, "reason", cw_json_text(subscriber->reason));
		cw_json_add(&json, rows, row);
	}
	return !json.failed;
}
