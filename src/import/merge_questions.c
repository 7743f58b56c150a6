#include "import/merge_parts.h"
#include "import/merge_paste.h"

#include <string.h>
#include <strings.h>

/* Names of nodes for a sentence: "c1.acme.test, c2.acme.test". */
static void add_name(struct cw_buffer *names, const char *fqdn)
{
	cw_buffer_printf(names, "%s%s", names->length ? ", " : "", fqdn);
}

/* "@" in the sentence stands for the names. */
static bool ask(struct cw_imported *imported, const char *key, const char *sentence,
	const struct cw_buffer *names, const char *where, struct cw_error *error)
{
	return cw_buffer_ok(names, error) &&
		cw_imported_ask(imported, key, sentence, cw_buffer_string(names), where, error);
}

static bool is_expressway(const struct cw_imported_box *box)
{
	return box->role == CW_IMPORTED_C || box->role == CW_IMPORTED_E;
}

static bool placed(const struct cw_imported_box *box)
{
	return box->group != CW_IMPORTED_NONE;
}

/* --- boxes --- */

static bool ask_roles(struct cw_imported *imported, struct cw_error *error)
{
	AUTO_BUFFER names = {0};
	for (size_t i = 0; i < imported->box_count; i++)
		if (!placed(&imported->boxes[i]) && imported->boxes[i].fqdn)
			add_name(&names, imported->boxes[i].fqdn);
	return !names.length ||
		ask(imported, "role",
			"What is @? Nothing in the sources says whether it is Expressway-C, Expressway-E, CUCM, "
			"IM and Presence or Unity Connection; it is left out.",
			&names,
			"import an xConfiguration dump or a snapshot of it as well, or say so in the name of its\n"
			"file or folder: expc, expe, cucm, imp, unity (expc_c1.acme.test_server.pem)",
			error);
}

static bool has_role(const struct cw_imported *imported, enum cw_imported_role role)
{
	for (size_t i = 0; i < imported->group_count; i++)
		if (imported->groups[i].role == role)
			return true;
	return false;
}

/* A link has two ends: what no source is of and none names would otherwise be missing without a word. */
static bool ask_boxes(struct cw_imported *imported, struct cw_error *error)
{
	static const enum cw_imported_role roles[] = {CW_IMPORTED_C, CW_IMPORTED_E, CW_IMPORTED_CUCM};
	AUTO_BUFFER names = {0};
	for (size_t i = 0; i < imported->box_count; i++)
		if (!placed(&imported->boxes[i]) && imported->boxes[i].fqdn)
			return true; /* it may be this one: what it is is asked */
	for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++)
		if (!has_role(imported, roles[i]))
			add_name(&names, cw_imported_role_key(roles[i]));
	return !names.length ||
		ask(imported, "boxes",
			"Which boxes of @ are there? No source is of one, and none names one; their links are not judged.",
			&names,
			"import a diagnostic archive of each Expressway, and a certificate snapshot or a session\n"
			"(show cert ...) of each CUCM node, as well",
			error);
}

/* Peers of a cluster whose dump has their addresses alone: no box can be made of an address. */
static void add_unnamed_peers(const struct cw_imported *imported, struct cw_buffer *names)
{
	AUTO_STRINGS told = {0};
	for (size_t i = 0; i < imported->box_count; i++) {
		const struct cw_imported_values *peers = &imported->boxes[i].cluster_peers;
		for (size_t j = 0; placed(&imported->boxes[i]) && j < peers->count; j++) {
			const char *peer = peers->items[j].text;
			if (cw_imported_box_find(imported, peer) != CW_IMPORTED_NONE ||
				cw_strings_contain(&told, peer))
				continue;
			add_name(names, peer);
			names->failed |= !cw_strings_add(&told, peer);
		}
	}
}

static bool ask_archives(struct cw_imported *imported, struct cw_error *error)
{
	AUTO_BUFFER names = {0};
	add_unnamed_peers(imported, &names);
	for (size_t i = 0; i < imported->box_count; i++) {
		const struct cw_imported_box *box = &imported->boxes[i];
		if (placed(box) && is_expressway(box) &&
			(!box->identities[CW_IMPORTED_SERVER].known ||
				!box->stores[CW_IMPORTED_TRUSTED_CA].known))
			add_name(&names, box->fqdn);
	}
	return !names.length ||
		ask(imported, "archive", "Which certificate and which list of trusted CAs has @?", &names,
			"Maintenance > Diagnostics > Diagnostic logging on it: Start new log, Stop logging, "
			"Collect log,\nDownload log; import that archive as well",
			error);
}

static bool ask_publisher(struct cw_imported *imported, struct cw_error *error)
{
	AUTO_BUFFER names = {0};
	size_t count = 0;
	for (size_t i = 0; i < imported->box_count; i++) {
		const struct cw_imported_box *box = &imported->boxes[i];
		if (!placed(box) || box->role != CW_IMPORTED_CUCM)
			continue;
		if (box->publisher)
			return true;
		count++;
		add_name(&names, box->fqdn);
	}
	return count < 2 ||
		ask(imported, "publisher", "Which of @ is the publisher? The first is taken for it.", &names,
			"run sql select name,tknodeusage from processnode", error);
}

/* --- zones --- */

static bool ask_zones(struct cw_imported *imported, struct cw_error *error)
{
	bool peers = false;
	bool verify = false;
	AUTO_BUFFER none = {0};
	for (size_t i = 0; i < imported->link_count; i++) {
		peers |= !imported->links[i].on_c;
		verify |= !imported->links[i].on_e || !imported->links[i].on_e->verify_name.text;
	}
	if (peers &&
		!ask(imported, "peers",
			"Which peer addresses are typed in the traversal zone of Expressway-C?", &none,
			"Configuration > Zones > Zones, the Unified Communications traversal zone: Peer 1 address "
			"and following\n(deployment.yaml: expressway-c, traversal, peers)",
			error))
		return false;
	return !verify ||
		ask(imported, "tls-verify-name",
			"Which TLS verify subject name has the traversal zone of Expressway-E? Until it is there, it "
			"is not judged.",
			&none,
			"Configuration > Zones > Zones on Expressway-E\n(deployment.yaml: expressway-e, traversal, "
			"tls-verify-name)",
			error);
}

static bool ask_open_peers(struct cw_imported *imported, struct cw_error *error)
{
	AUTO_BUFFER names = {0};
	for (size_t i = 0; i < imported->link_count; i++) {
		const struct cw_imported_link *link = &imported->links[i];
		for (size_t j = 0; link->on_c && j < link->on_c->peers.count; j++)
			if (cw_imported_peer_is_open(imported, link, &link->on_c->peers.items[j]))
				add_name(&names, link->on_c->peers.items[j].text);
	}
	return !names.length ||
		ask(imported, "address", "Which Expressway-E has the address @? It is left out of the peers.",
			&names,
			"System > Network interfaces > IP on each Expressway-E\n(deployment.yaml: address of the "
			"node, and expressway-c, traversal, peers)",
			error);
}

/* --- clusters --- */

/* Of no cluster whose name a certificate says: the common name is the box's own, or none of a host. */
static bool is_its_own_name(const struct cw_imported_box *box)
{
	const struct cw_imported_certs *server = &box->identities[CW_IMPORTED_SERVER];
	const char *name = server->known ? cw_cert_common_name(server->items[0]) : NULL;
	return !name || !strchr(name, '.') || strchr(name, '*') || strcasecmp(name, box->fqdn) == 0;
}

/*
 * Dumps say the cluster FQDN, or with an empty value that there is none; neither the REST interface nor loose files do.
 * Peers are then asked for it, and so is a box by itself whose certificate carries another host's name.
 */
static bool lacks_cluster_name(const struct cw_imported *imported, size_t group)
{
	size_t own = 0;
	bool other = false;
	if (imported->groups[group].cluster.text)
		return false;
	for (size_t i = 0; i < imported->box_count; i++) {
		const struct cw_imported_box *box = &imported->boxes[i];
		if (box->group != group || !is_expressway(box) || box->mentioned)
			continue;
		if (box->settings[CW_FACT_REVOCATION].text) /* of a dump, which has both */
			return false;
		own++;
		other |= !is_its_own_name(box);
	}
	return own > 1 || other;
}

static bool ask_cluster(struct cw_imported *imported, struct cw_error *error)
{
	AUTO_BUFFER names = {0};
	for (size_t i = 0; i < imported->group_count; i++) {
		bool lacks = lacks_cluster_name(imported, i);
		for (size_t j = 0; lacks && j < imported->box_count; j++)
			if (imported->boxes[j].group == i)
				add_name(&names, imported->boxes[j].fqdn);
	}
	return !names.length ||
		ask(imported, "cluster",
			"Which cluster FQDN has each of @? Until it is there, no certificate is compared with it.",
			&names,
			"System > Clustering: Cluster name, on each of them\n(deployment.yaml: cluster)",
			error);
}

/* --- settings --- */

static bool ask_releases(struct cw_imported *imported, struct cw_error *error)
{
	AUTO_BUFFER names = {0};
	for (size_t i = 0; i < imported->group_count; i++) {
		const char *first = NULL;
		bool known = false;
		for (size_t j = 0; j < imported->box_count; j++) {
			const struct cw_imported_box *box = &imported->boxes[j];
			if (box->group != i || !is_expressway(box))
				continue;
			known |= box->settings[CW_FACT_RELEASE].text != NULL;
			first = first ? first : box->fqdn;
		}
		if (first && !known)
			add_name(&names, first);
	}
	return !names.length ||
		ask(imported, "release", "Which release runs on @? X14.2 is judged until it is there.",
			&names, "Status > Overview\n(deployment.yaml: release)", error);
}

/* Dumps say it, the REST interface and loose files do not. */
static bool ask_revocation_mode(struct cw_imported *imported, struct cw_error *error)
{
	AUTO_BUFFER names = {0};
	for (size_t i = 0; i < imported->group_count; i++) {
		const struct cw_imported_box *first = NULL;
		bool known = false;
		for (size_t j = 0; j < imported->box_count; j++) {
			const struct cw_imported_box *box = &imported->boxes[j];
			if (box->group != i || !is_expressway(box) || box->mentioned)
				continue;
			known |= box->settings[CW_FACT_REVOCATION].text != NULL;
			first = first ? first : box;
		}
		if (first && !known)
			add_name(&names, first->fqdn);
	}
	return !names.length ||
		ask(imported, "revocation",
			"Is revocation checked on @? Until it is said, what works is told with that reservation.",
			&names,
			"Configuration > Protocols > SIP: Certificate revocation checking mode\n(deployment.yaml: "
			"revocation: off or crl; with crl, crl: of each node)",
			error);
}

static bool is_on(const struct cw_imported_value *value)
{
	return value->text && strcasecmp(value->text, "On") == 0;
}

/* Without a word on it the lists are used: "SIP TLS Certificate Revocation Checking CRL Mode" is On by default. */
static bool uses_lists(const struct cw_imported_box *box)
{
	return !box->settings[CW_FACT_REVOCATION_CRL].text || is_on(&box->settings[CW_FACT_REVOCATION_CRL]);
}

static bool ask_ocsp(struct cw_imported *imported, struct cw_error *error)
{
	AUTO_BUFFER names = {0};
	for (size_t i = 0; i < imported->box_count; i++) {
		const struct cw_imported_box *box = &imported->boxes[i];
		if (placed(box) && is_on(&box->settings[CW_FACT_REVOCATION]) && !uses_lists(box))
			add_name(&names, box->fqdn);
	}
	return !names.length ||
		ask(imported, "revocation",
			"What do the OCSP responders say to @? It checks revocation without CRLs, which no file "
			"repeats. Until it is said, what works is told with that reservation.",
			&names,
			"openssl ocsp, or the CA's own page, for each certificate that it is shown\n(deployment.yaml: "
			"revocation: off where all are good; crl, with crl: of each node, to judge by CRLs)",
			error);
}

static bool ask_revocation(struct cw_imported *imported, struct cw_error *error)
{
	AUTO_BUFFER names = {0};
	for (size_t i = 0; i < imported->box_count; i++) {
		const struct cw_imported_box *box = &imported->boxes[i];
		if (placed(box) && is_on(&box->settings[CW_FACT_REVOCATION]) && uses_lists(box) &&
			!box->crls.count)
			add_name(&names, box->fqdn);
	}
	return !names.length ||
		ask(imported, "crl",
			"Which CRLs has @? It checks revocation, which cannot be repeated without them.",
			&names,
			"Maintenance > Security > CRL management\n(a file crl.pem beside the box's certificates; "
			"deployment.yaml: crl: in place of unknown)",
			error);
}

static bool ask_profiles(struct cw_imported *imported, struct cw_error *error)
{
	AUTO_BUFFER none = {0};
	if (imported->secure_registration.text && strcmp(imported->secure_registration.text, "off") == 0)
		return true;
	if (imported->phone_profiles.count)
		return ask(imported, "phone-profiles",
			"Which of the phone-profiles are with OAuth? Those are to be taken out of the list.",
			&none,
			"CUCM > System > Security > Phone Security Profile: Enable OAuth Authentication",
			error);
	return ask(imported, "phone-profiles", "Which phone security profiles are Encrypted without OAuth?",
		&none,
		"CUCM > System > Security > Phone Security Profile\n(deployment.yaml: phone-profiles: [NAME])",
		error);
}

/* A handshake picks one of a node's two certificates, by what C offers. */
static bool ask_twins(struct cw_imported *imported, struct cw_error *error)
{
	AUTO_BUFFER names = {0};
	for (size_t i = 0; i < imported->box_count; i++) {
		const struct cw_imported_box *box = &imported->boxes[i];
		if (placed(box) &&
			(box->identities[CW_IMPORTED_TOMCAT_ECDSA].known ||
				box->identities[CW_IMPORTED_CALLMANAGER_ECDSA].known))
			add_name(&names, box->fqdn);
	}
	return !names.length ||
		ask(imported, "prefer",
			"Which of its certificates, RSA or ECDSA, does Expressway-C get from @? The release decides "
			"until it is there.",
			&names,
			"Maintenance > Security > Ciphers on Expressway-C: UC client TLS ciphers\n(deployment.yaml: "
			"expressway-c, prefer: rsa or ecdsa)",
			error);
}

static bool ask_voice_settings(struct cw_imported *imported, struct cw_error *error)
{
	AUTO_BUFFER none = {0};
	if (!has_role(imported, CW_IMPORTED_CUCM))
		return true;
	if (!imported->secure_registration.text &&
		!ask(imported, "secure-registration",
			"Is the CUCM cluster in mixed mode (1), so that C registers over TLS?", &none,
			"run sql select paramname,paramvalue from processconfig where "
			"paramname='ClusterSecurityMode'\n(deployment.yaml: cucm, secure-registration: on)",
			error))
		return false;
	if (!imported->cucm_verify.text && has_role(imported, CW_IMPORTED_C) &&
		!ask(imported, "cucm-tls-verify", "Is TLS verify mode on towards the CUCM servers?", &none,
			"Configuration > Unified Communications > Unified CM servers on Expressway-C\n"
			"(deployment.yaml: expressway-c, cucm-tls-verify)",
			error))
		return false;
	return ask_profiles(imported, error);
}

static bool ask_domains(struct cw_imported *imported, struct cw_error *error)
{
	AUTO_BUFFER none = {0};
	if (!imported->domains.count &&
		!ask(imported, "domains", "Which domains do people sign in with?", &none,
			"Configuration > Domains on Expressway-C\n(deployment.yaml: domains: [NAME])", error))
		return false;
	return !has_role(imported, CW_IMPORTED_IMP) ||
		ask(imported, "chat-aliases", "Which chat node aliases has IM and Presence?", &none,
			"Messaging > Group Chat Server Alias Mapping on the IM and Presence node\n"
			"(deployment.yaml: chat-aliases: [NAME])",
			error);
}

static bool ask_endpoints(struct cw_imported *imported, struct cw_error *error)
{
	AUTO_BUFFER kinds = {0};
	for (size_t i = 0; i < imported->endpoints.count; i++)
		add_name(&kinds, imported->endpoints.items[i].text);
	return !kinds.length ||
		ask(imported, "endpoints",
			"Which of @ come in from outside, what does each trust, and is jabber Jabber or the Webex app? CUCM "
			"has such devices; their lists are in no source.",
			&kinds,
			"the built-in list of the device, exported, or system for a laptop\n(deployment.yaml: endpoints, "
			"trust and kind)",
			error);
}

bool cw_merge_questions(struct cw_imported *imported, struct cw_error *error)
{
	static bool (*const asks[])(struct cw_imported *, struct cw_error *) = {
		ask_roles,
		ask_boxes,
		ask_archives,
		cw_merge_paste_ask,
		ask_publisher,
		ask_cluster,
		ask_zones,
		ask_open_peers,
		ask_releases,
		ask_revocation_mode,
		ask_ocsp,
		ask_revocation,
		ask_voice_settings,
		ask_twins,
		ask_domains,
		ask_endpoints,
	};
	for (size_t i = 0; i < sizeof asks / sizeof asks[0]; i++)
		if (!asks[i](imported, error))
			return false;
	return true;
}
