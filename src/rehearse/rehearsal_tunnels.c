#include "rehearse/rehearsal_tunnels.h"

#include "check/handshake.h"
#include "check/question.h"
#include "model/presented.h"
#include "rehearse/rehearsal_tunnels_parts.h"
#include "traversal/tunnel_key.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Both ends are this program's: what takes long tells of a busy machine, and nothing of the tunnel. */
#define BEGIN_MILLISECONDS 45000
#define EXCHANGE_MILLISECONDS 20000

struct cw_rehearsal_tunnels *cw_rehearsal_tunnels_new(
	struct cw_rehearsal *rehearsal, const struct cw_rehearsal_tunnels_owner *owner, bool keep)
{
	struct cw_rehearsal_tunnels *tunnels = calloc(1, sizeof *tunnels);
	if (!tunnels)
		return NULL;
	tunnels->rehearsal = rehearsal;
	tunnels->owner = *owner;
	tunnels->keep = keep;
	tunnels->folder = CW_PASSING_FOLDER_NONE;
	tunnels->limits = cw_tunnel_limits_default;
	tunnels->limits.begin = BEGIN_MILLISECONDS;
	tunnels->limits.exchange = EXCHANGE_MILLISECONDS;
	return tunnels;
}

void cw_rehearsal_tunnels_free(struct cw_rehearsal_tunnels *tunnels)
{
	if (!tunnels)
		return;
	while (tunnels->ones) {
		struct cw_rehearsal_tunnels_one *one = tunnels->ones;
		tunnels->ones = one->next;
		if (one->settle)
			event_free(one->settle);
		cw_tunnel_client_free(one->client);
		EVP_PKEY_free(one->key);
		rmdir(one->folder);
		free(one);
	}
	while (tunnels->servers) {
		struct cw_rehearsal_tunnels_server *server = tunnels->servers;
		tunnels->servers = server->next;
		cw_tunnel_server_free(server->server);
		EVP_PKEY_free(server->key);
		rmdir(server->folder);
		free(server);
	}
	struct cw_error stays; /* keys are gone: traversal has removed them */
	(void)!cw_passing_folder_finish(&tunnels->folder, &stays);
	free(tunnels);
}

/* Root gives itself up for the package's own account, or for that of Debian's openssh-server, which is there for
 * exactly this. */
static bool find_account(struct cw_rehearsal_tunnels *tunnels, struct cw_error *error)
{
	if (geteuid() != 0)
		return cw_tunnel_account_find(NULL, &tunnels->account, error);
	return cw_tunnel_account_find("causeway", &tunnels->account, error) ||
		cw_tunnel_account_find("sshd", &tunnels->account, error);
}

static void prepare(struct cw_rehearsal_tunnels *tunnels)
{
	struct cw_error error;
	if (tunnels->tried)
		return;
	tunnels->tried = true;
	if (cw_tunnel_config_has(cw_tunnel_programs_default.ssh, "openssh-client", &error) &&
		cw_tunnel_config_has(cw_tunnel_programs_default.sshd, "openssh-server", &error) &&
		find_account(tunnels, &error) && cw_rehearsal_tunnels_make_folder(tunnels, &error))
		return;
	snprintf(tunnels->trouble, sizeof tunnels->trouble, "%s", error.message);
}

/* What that end of the link shows. */
static enum cw_identity_kind identity(const struct cw_link *link, bool server)
{
	const struct cw_link_ends ends = cw_link_ends(link);
	enum cw_identity_kind kind = CW_IDENTITY_SERVER;
	(void)cw_presented_identity(&ends, server, &kind);
	return kind;
}

bool cw_rehearsal_tunnels_key(struct cw_rehearsal_tunnels *tunnels, const struct cw_link *link, bool server,
	EVP_PKEY **ret, struct cw_error *error)
{
	const struct cw_rehearsal *rehearsal = tunnels->rehearsal;
	const struct cw_party *party = server ? &link->server : &link->client;
	const struct cw_cert *leaf = party->node->identities[identity(link, server)].leaf;
	EVP_PKEY *key = cw_stand_ins_key(rehearsal->stand_ins, leaf);
	if (!key)
		return cw_error_set(error, CW_E_KEY, "the certificate of %s has no key here", party->name);
	if (cw_stand_ins_key_is_given(rehearsal->stand_ins, leaf))
		return cw_stand_in_keys_like(rehearsal->keys, key, ret, error);
	EVP_PKEY_up_ref(key);
	*ret = key;
	return true;
}

static const struct cw_observed *observed_of(const struct cw_rehearsal *rehearsal, const struct cw_link *link)
{
	for (size_t i = 0; link && i < rehearsal->check->link_count; i++)
		if (rehearsal->check->links[i] == link)
			return &rehearsal->observed.items[i];
	return NULL;
}

static void give_up(struct cw_observed *observed, enum cw_observed_state state, const char *why)
{
	observed->state = state;
	snprintf(observed->note, sizeof observed->note, "%s", why);
}

static void refuse(struct cw_observed *observed, const char *how)
{
	observed->state = CW_OBSERVED_REFUSED;
	observed->verdict = CW_VERDICT_REFUSED;
	observed->refused_by = observed->seen->refused_by;
	observed->layer = CW_LAYER_SSH;
	snprintf(observed->note, sizeof observed->note, "%s", how);
}

/* The certificate that the other end showed in the zone's handshake. Expressway-E sees none where nothing there
 * asked for it; then what C presents. */
static size_t chain_shown(const struct cw_rehearsal *rehearsal, const struct cw_observed *zone,
	bool by_client, struct cw_cert *ret[CW_PATH_DEPTH_MAX])
{
	const struct cw_link *seen = zone->seen;
	for (size_t i = 0; i < seen->question_count; i++) {
		const struct cw_question *side = &seen->questions[i];
		if (side->by_client != by_client || !side->chain_count)
			continue;
		memcpy(ret, side->chain, side->chain_count * sizeof *ret);
		return side->chain_count;
	}
	const struct cw_party *subject = by_client ? &seen->server : &seen->client;
	size_t count = cw_presented_chain(subject->node, identity(seen, by_client), ret);
	for (size_t i = 0; i < count; i++)
		ret[i] = cw_stand_ins_of(rehearsal->stand_ins, ret[i]);
	return count;
}

static struct cw_cert *stand_in(const void *context, struct cw_cert *original)
{
	return cw_stand_ins_of(context, original);
}

static bool judge(struct cw_rehearsal *rehearsal, const struct cw_observed *zone,
	struct cw_observed *observed, bool by_client, struct cw_error *error)
{
	struct cw_cert *chain[CW_PATH_DEPTH_MAX];
	const struct cw_link *link = observed->link;
	const struct cw_node *judging = by_client ? link->client.node : link->server.node;
	struct cw_question_evidence evidence = {.chain = chain,
		.chain_count = chain_shown(rehearsal, zone, by_client, chain),
		.crls = cw_stand_ins_crls(rehearsal->stand_ins, judging),
		.known = cw_stand_ins_pool(rehearsal->stand_ins),
		.stand_in = stand_in,
		.context = rehearsal->stand_ins};
	bool refuses;
	for (int kind = 0; kind < CW_STORE_KIND_COUNT; kind++)
		evidence.lists[kind] = cw_stand_ins_list(rehearsal->stand_ins, &judging->stores[kind]);
	const struct cw_question_terms terms =
		cw_check_terms(rehearsal->check->deployment, &rehearsal->options.check);
	(by_client ? &observed->client : &observed->server)->judged = true;
	if (!cw_question_ask_end(&terms, observed->seen, by_client, &evidence, &refuses, error))
		return false;
	cw_stand_ins_say_originals(rehearsal->stand_ins, &observed->seen->complaints);
	return true;
}

/* Zone up: both ends judge, and what they say of it decides who does what. */
static bool begin(struct cw_rehearsal_tunnels *tunnels, const struct cw_observed *zone,
	struct cw_observed *observed, bool *ret, struct cw_error *error)
{
	struct cw_rehearsal *rehearsal = tunnels->rehearsal;
	if (!judge(rehearsal, zone, observed, true, error) ||
		!judge(rehearsal, zone, observed, false, error) ||
		!cw_handshake_conclude_tunnel(observed->seen, NULL, error))
		return false;
	const char *by = observed->seen->refused_by;
	if (by && strcmp(by, observed->link->client.name) == 0) {
		refuse(observed, "does not dial");
		return true;
	}
	if (!cw_rehearsal_tunnels_dial(tunnels, observed, !by, error)) {
		if (error->code == CW_E_MEMORY)
			return false;
		if (error->code == CW_E_KEY && by)
			refuse(observed, "a key is of a kind that its side of SSH leaves out");
		else
			give_up(observed, CW_OBSERVED_NOT_REHEARSABLE, error->message);
		return true;
	}
	*ret = true;
	return true;
}

bool cw_rehearsal_tunnels_begin(
	struct cw_rehearsal_tunnels *tunnels, struct cw_observed *observed, bool *ret, struct cw_error *error)
{
	const struct cw_observed *zone = observed_of(tunnels->rehearsal, observed->link->carrier);
	char why[sizeof observed->note];
	*ret = false;
	if (!zone || zone->state == CW_OBSERVED_NOT_REHEARSABLE) {
		snprintf(why, sizeof why, "its zone cannot be rehearsed: %.200s", zone ? zone->note : "none");
		give_up(observed, CW_OBSERVED_NOT_REHEARSABLE, why);
		return true;
	}
	if (zone->state == CW_OBSERVED_FAILED) {
		give_up(observed, CW_OBSERVED_FAILED, "its zone failed");
		return true;
	}
	if (zone->state == CW_OBSERVED_REFUSED) {
		if (!cw_handshake_conclude_tunnel(observed->seen, zone->refused_by, error))
			return false;
		refuse(observed, "without a zone, nobody dials");
		return true;
	}
	prepare(tunnels);
	if (*tunnels->trouble) {
		snprintf(why, sizeof why, "no tunnel can be made on this machine: %s", tunnels->trouble);
		give_up(observed, CW_OBSERVED_NOT_REHEARSABLE, why);
		return true;
	}
	return begin(tunnels, zone, observed, ret, error);
}

void cw_rehearsal_tunnels_watch(struct cw_rehearsal_tunnels *tunnels,
	void (*told)(void *context, const struct cw_link *link, const char *text), void *context)
{
	tunnels->told = told;
	tunnels->told_context = context;
}
