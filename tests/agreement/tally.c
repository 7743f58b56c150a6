#include "tally.h"

#include "check/links.h"
#include "model/presented.h"

#include <stdio.h>
#include <string.h>

static const char *const key_names[TALLY_KEYS] = {"RSA", "EC", "ED25519", "other"};

static void add_key(struct tally *tally, const struct cw_link *link)
{
	const struct cw_link_ends ends = cw_link_ends(link);
	enum cw_identity_kind kind;
	size_t i = 0;
	if (!cw_presented_identity(&ends, true, &kind) ||
		link->server.node->identities[kind].state != CW_KNOWN)
		return;
	EVP_PKEY *key = X509_get0_pubkey(cw_cert_x509(link->server.node->identities[kind].leaf));
	while (key && i < TALLY_KEYS - 1 && !EVP_PKEY_is_a(key, key_names[i]))
		i++;
	tally->keys[i]++;
}

static void add_refusal(struct tally *tally, const struct cw_observed *observed)
{
	bool counted[CW_CODE_COUNT] = {false};
	const struct cw_complaints *complaints = &observed->seen->complaints;
	tally->layers[observed->layer]++;
	for (size_t i = 0; i < complaints->count; i++) {
		const struct cw_complaint *complaint = &complaints->items[i];
		const struct cw_finding *finding = &complaint->finding;
		if (!finding->reached || finding->severity != CW_SEVERITY_REFUSED || counted[finding->code])
			continue;
		counted[finding->code] = true;
		tally->codes[finding->code][complaint->judge != observed->link->client.name]++;
	}
}

void tally_add(struct tally *tally, const struct cw_observed *observed)
{
	struct tally_kind *kind = &tally->kinds[observed->link->kind];
	kind->links++;
	kind->made += observed->state != CW_OBSERVED_NOT_REHEARSABLE;
	kind->up += observed->state == CW_OBSERVED_UP;
	kind->refused += observed->state == CW_OBSERVED_REFUSED;
	tally->states[observed->state]++;
	if (observed->server.connected)
		add_key(tally, observed->link);
	tally->differing += observed->differences.count > 0;
	if (observed->state == CW_OBSERVED_UP && observed->link->kind != CW_LINK_TUNNEL)
		tally->versions[strcmp(observed->version, "TLSv1.3") == 0]++;
	if (observed->state == CW_OBSERVED_REFUSED)
		add_refusal(tally, observed);
}

static size_t made(const struct tally *tally)
{
	return tally->states[CW_OBSERVED_UP] + tally->states[CW_OBSERVED_REFUSED] +
		tally->states[CW_OBSERVED_FAILED];
}

static size_t links(const struct tally *tally)
{
	return made(tally) + tally->states[CW_OBSERVED_NOT_REHEARSABLE];
}

void tally_print(const struct tally *tally)
{
	printf("\n%-12s %8s %8s %8s %8s\n", "kind", "links", "made", "up", "refused");
	for (int i = 0; i < CW_LINK_KIND_COUNT; i++) {
		const struct tally_kind *kind = &tally->kinds[i];
		printf("%-12s %8zu %8zu %8zu %8zu\n", cw_link_kind_name((enum cw_link_kind)i), kind->links,
			kind->made, kind->up, kind->refused);
	}
	printf("\n%-28s %9s %9s\n", "refused for", "by client", "by server");
	for (int i = 0; i < CW_CODE_COUNT; i++)
		if (tally->codes[i][0] || tally->codes[i][1])
			printf("%-28s %9zu %9zu\n", cw_finding_code_name((enum cw_code)i), tally->codes[i][0],
				tally->codes[i][1]);
	printf("\nin TLS %zu, in the zone's digest %zu, in SIP %zu, in SSH %zu; up over TLS 1.2 %zu, over TLS 1.3 %zu\n",
		tally->layers[CW_LAYER_TLS], tally->layers[CW_LAYER_DIGEST], tally->layers[CW_LAYER_SIP],
		tally->layers[CW_LAYER_SSH], tally->versions[0], tally->versions[1]);
	printf("made, by the server's key:");
	for (size_t i = 0; i < TALLY_KEYS; i++)
		printf(" %s %zu", key_names[i], tally->keys[i]);
	printf("\nagreement: %zu deployments, %zu links: %zu made for real (%zu up, %zu refused), %zu "
	       "not rehearsable, %zu failed, %zu differ\n",
		tally->deployments, links(tally), made(tally), tally->states[CW_OBSERVED_UP],
		tally->states[CW_OBSERVED_REFUSED], tally->states[CW_OBSERVED_NOT_REHEARSABLE],
		tally->states[CW_OBSERVED_FAILED], tally->differing);
}

bool tally_is_broad(const struct tally *tally)
{
	for (int i = 0; i < CW_LINK_KIND_COUNT; i++)
		if (!tally->kinds[i].up || !tally->kinds[i].refused)
			return false;
	return tally->layers[CW_LAYER_TLS] && tally->layers[CW_LAYER_DIGEST] && tally->layers[CW_LAYER_SIP] &&
		tally->versions[0] && tally->versions[1] && tally->keys[0] && tally->keys[1];
}
