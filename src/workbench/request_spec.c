#include "workbench/request_spec.h"

#include "model/required_names.h"
#include "trust/names.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

const char *const cw_shared_warnings[2] = {
	"It is a security risk because all peers use the same private key. If one is somehow compromised, an "
	"attacker can decrypt traffic from any of the servers.",
	"If a change needs to be made to the certificate, this entire process must be followed again rather "
	"than a simple CSR generation and signing.",
};

const char *const cw_shared_steps[4] = {
	("Generate a CSR on the primary of the cluster and configure it to list the cluster-alias as the CN. "
	 "Add all peers in the cluster as alternative names, along with all other required SANs."),
	"Sign this CSR and upload it to the primary peer.",
	"Log into the primary as root and download the private key located in /Tandberg/persistent/certs.",
	"Upload both the signed certificate and the matched private key to each other peer in the cluster.",
};

/* sources F1.1 (S3): RSA 2048/4096, ECDSA 256/384/521; SHA-256/384/512. */
static const struct {
	const char *typed, *kind, *text;
	bool ecdsa;
} keys[] = {
	{"rsa:2048", "rsa:2048", "RSA 2048", false},
	{"rsa:4096", "rsa:4096", "RSA 4096", false},
	{"ecdsa:256", "ec:P-256", "ECDSA 256", true},
	{"ecdsa:384", "ec:P-384", "ECDSA 384", true},
	{"ecdsa:521", "ec:P-521", "ECDSA 521", true},
};
static const char *const digests[][2] = {{"sha256", "SHA256"}, {"sha384", "SHA384"}, {"sha512", "SHA512"}};

#define CW_DNS_NAME_MAX 253
#define CW_DNS_LABEL_MAX 63

struct composing {
	const struct cw_deployment *deployment;
	const struct cw_node *node;
	const struct cw_request_spec_options *options;
	struct cw_request_spec *composed;
	struct cw_error *error;
};

void cw_request_spec_finish(struct cw_request_spec *composed)
{
	for (size_t i = 0; i < composed->count; i++) {
		free(composed->names[i].name);
		free(composed->names[i].reason);
	}
	free(composed->names);
	free(composed->subject);
	free(composed->sans);
	cw_strings_finish(&composed->notes);
	*composed = (struct cw_request_spec){0};
}

bool cw_request_spec_is_fqdn(const char *name)
{
	size_t labels = 0, length = strlen(name);
	const char *label = name;
	if (length > 253)
		return false;
	for (;; label++) {
		size_t size = strcspn(label, ".");
		if (!size || size > 63 || label[0] == '-' || label[size - 1] == '-')
			return false;
		for (size_t i = 0; i < size; i++)
			if (!isalnum((unsigned char)label[i]) && label[i] != '-')
				return false;
		labels++;
		if (!label[size])
			return labels > 1 && isalpha((unsigned char)label[0]);
		label += size;
	}
}

/* What a dNSName may hold (RFC 5280 section 4.2.1.6, RFC 1034 section 3.5), and "_" and "*", which CAs see often. */
static bool is_dns_name(const char *name)
{
	if (strlen(name) > CW_DNS_NAME_MAX)
		return false;
	for (;; name++) {
		size_t size = strcspn(name, ".");
		if (!size || size > CW_DNS_LABEL_MAX)
			return false;
		for (size_t i = 0; i < size; i++)
			if (!isalnum((unsigned char)name[i]) && !memchr("-_*", name[i], 3))
				return false;
		name += size;
		if (!*name)
			return true;
	}
}

static bool check_san(struct composing *composing, const char *san)
{
	uint8_t ip[16];
	size_t length;
	if (cw_name_is_ip(san, ip, &length) || is_dns_name(san))
		return true;
	return cw_error_set(composing->error, CW_E_USAGE,
		"--san: wanted an IP address or a host name (at most %d characters, labels of at most %d letters, digits "
		"and hyphens with dots between), found \"%s\"",
		CW_DNS_NAME_MAX, CW_DNS_LABEL_MAX, san);
}

/* A name with a line end in it is no name, and reads as two in many programs. */
static bool check_typed(struct composing *composing, const char *option, const char *text)
{
	for (size_t i = 0; text && text[i]; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return cw_error_set(composing->error, CW_E_USAGE,
				"%s: character %zu of \"%s\" is a control character, which no certificate may hold here",
				option, i + 1, text);
	return true;
}

static bool add(struct composing *composing, const char *name, const char *reason)
{
	struct cw_request_spec *composed = composing->composed;
	uint8_t ip[16];
	size_t length;
	for (size_t i = 0; i < composed->count; i++)
		if (strcasecmp(composed->names[i].name, name) == 0)
			return true;
	if (!cw_memory_grow(&composed->names, &composed->capacity, composed->count, sizeof *composed->names))
		return cw_error_memory(composing->error);
	struct cw_request_spec_name *added = &composed->names[composed->count++];
	*added =
		(struct cw_request_spec_name){strdup(name), strdup(reason), cw_name_is_ip(name, ip, &length)};
	return added->name && added->reason ? true : cw_error_memory(composing->error);
}

static bool note(struct composing *composing, const char *text)
{
	return cw_strings_add(&composing->composed->notes, text) || cw_error_memory(composing->error);
}

static bool check_profile(struct composing *composing, const char *name)
{
	static const struct cw_release strict = {12, 6, 0};
	if (cw_request_spec_is_fqdn(name))
		return true;
	if (cw_release_compare(composing->node->group->release, strict) >= 0)
		return cw_error_set(composing->error, CW_E_USAGE,
			"phone profile \"%s\" is no FQDN: from X12.6 on an Expressway makes no request "
			"then. Labels are letters, digits and hyphens with dots between, and the last "
			"begins with a letter; rename the profile on CUCM (secure-jabber.acme.test, say)",
			name);
	return cw_strings_addf(&composing->composed->notes,
		       "The phone profile \"%s\" is no FQDN: after an upgrade to X12.6 or later no request "
		       "can be made until it is renamed on CUCM.",
		       name) ||
		cw_error_memory(composing->error);
}

/* Of every CUCM cluster: those that fit are among the names that the certificate must bear. */
static bool check_profiles(struct composing *composing)
{
	const struct cw_deployment *deployment = composing->deployment;
	if (composing->node->kind != CW_NODE_EXPRESSWAY_C)
		return true;
	for (size_t i = 0; i < deployment->group_count; i++) {
		const struct cw_group *group = deployment->groups[i];
		for (size_t k = 0; group->kind == CW_NODE_CUCM && k < group->phone_profiles.count; k++)
			if (!check_profile(composing, group->phone_profiles.items[k]))
				return false;
	}
	return true;
}

/* The MRA certificates guide: "use the cluster FQDN as the CN and each peers FQDN and the cluster FQDN in the SAN". */
static bool add_peers(struct composing *composing)
{
	const struct cw_group *group = composing->node->group;
	for (size_t i = 0; composing->options->shared && i < group->count; i++)
		if (!add(composing, group->nodes[i]->fqdn, "FQDN of a peer that shares the certificate"))
			return false;
	return true;
}

/* sources F1.2: "If Expressway-E is known by other FQDNs, all aliases go in the SAN". A CUCM node is found
 * by what was added on C, even where that is an IP address (the MRA certificates guide). */
static bool add_other_names(struct composing *composing)
{
	const struct cw_node *node = composing->node;
	bool expressway = node->kind == CW_NODE_EXPRESSWAY_C || node->kind == CW_NODE_EXPRESSWAY_E;
	uint8_t ip[16];
	size_t length;
	for (size_t i = 0; i < node->addresses.count; i++) {
		const char *name = node->addresses.items[i];
		if (expressway && cw_name_is_ip(name, ip, &length))
			continue; /* peers are reached by FQDN; the box's own page takes no IP address */
		if (!add(composing, name, "another name that it is reached by"))
			return false;
	}
	for (size_t i = 0; i < composing->options->san_count; i++)
		if (!check_san(composing, composing->options->sans[i]) ||
			!add(composing, composing->options->sans[i], "asked for with --san"))
			return false;
	return true;
}

static bool add_names(struct composing *composing)
{
	AUTO_REQUIRED_NAMES required = {0};
	if (!check_profiles(composing))
		return false;
	if (!cw_required_names_of(composing->deployment, composing->node, &required, composing->error))
		return false;
	for (size_t i = 0; i < required.count; i++) {
		const struct cw_required_name *name = &required.items[i];
		const char *form =
			name->alternative && composing->options->collab_edge ? name->alternative : name->name;
		if (!add(composing, form, name->reason))
			return false;
		/* behind the box's own name, where a person looks for the peers */
		if (name->missing == CW_PEER_NAME_MISSING && !add_peers(composing))
			return false;
	}
	return add_other_names(composing);
}

static bool compose_subject(struct composing *composing)
{
	const struct cw_request_spec_options *options = composing->options;
	const struct cw_node *node = composing->node;
	const char *cluster = node->group ? node->group->cluster : NULL;
	bool expressway = node->kind == CW_NODE_EXPRESSWAY_C || node->kind == CW_NODE_EXPRESSWAY_E;
	AUTO_BUFFER text = {0};
	if (!check_typed(composing, "--subject", options->subject) ||
		!check_typed(composing, "--cn", options->common_name))
		return false;
	if (options->shared && !(expressway && cluster && node->group->count > 1))
		return cw_error_set(composing->error, CW_E_USAGE,
			"%s: only the peers of an Expressway cluster (`cluster:` in the deployment) can "
			"share a certificate",
			node->fqdn);
	const char *usual = expressway && cluster ? cluster : node->fqdn;
	const char *common_name = options->common_name ? options->common_name : usual;
	if (options->subject)
		cw_buffer_printf(&text, "%s, ", options->subject);
	cw_buffer_text(&text, "CN=");
	for (; *common_name; common_name++)
		cw_buffer_printf(
			&text, "%s%c", *common_name == ',' || *common_name == '\\' ? "\\" : "", *common_name);
	composing->composed->subject = cw_buffer_steal(&text);
	return composing->composed->subject ? true : cw_error_memory(composing->error);
}

static bool choose_key(struct composing *composing)
{
	const char *key = composing->options->key ? composing->options->key : "rsa:2048";
	static const struct cw_release ecdsa_from = {15, 0, 0};
	const struct cw_group *group = composing->node->group;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		if (strcmp(keys[i].typed, key) != 0)
			continue;
		composing->composed->key = keys[i].kind;
		composing->composed->key_text = keys[i].text;
		bool expressway = composing->node->kind == CW_NODE_EXPRESSWAY_C ||
			composing->node->kind == CW_NODE_EXPRESSWAY_E;
		if (!keys[i].ecdsa || !expressway || cw_release_compare(group->release, ecdsa_from) >= 0)
			return true;
		return note(composing,
			"ECDSA: the request page of this release may offer RSA only (it is documented from "
			"X15 on).");
	}
	return cw_error_set(composing->error, CW_E_USAGE,
		"unknown key \"%s\"; these boxes make rsa:2048, rsa:4096, ecdsa:256, ecdsa:384 and ecdsa:521",
		key);
}

static bool choose_digest(struct composing *composing)
{
	const char *digest = composing->options->digest ? composing->options->digest : "sha256";
	for (size_t i = 0; i < sizeof digests / sizeof *digests; i++)
		if (strcmp(digests[i][0], digest) == 0) {
			composing->composed->digest = digests[i][1];
			return true;
		}
	return cw_error_set(composing->error, CW_E_USAGE,
		"unknown digest \"%s\"; these boxes use sha256, sha384 and sha512", digest);
}

static bool write_sans(struct composing *composing)
{
	struct cw_request_spec *composed = composing->composed;
	AUTO_BUFFER sans = {0};
	for (size_t i = 0; i < composed->count; i++) {
		cw_buffer_text(&sans, i ? ", " : "");
		cw_buffer_printf(
			&sans, "%s:%s", composed->names[i].is_ip ? "IP" : "DNS", composed->names[i].name);
	}
	size_t length = sans.length;
	composed->sans = cw_buffer_steal(&sans);
	if (!composed->sans)
		return cw_error_memory(composing->error);
	if (length <= CW_SAN_CHARACTERS_MAX)
		return true;
	return cw_strings_addf(&composed->notes,
		       "The names are %zu characters long. An Expressway does not support greater than %d "
		       "characters in the SAN field: any that are past this limit are ignored as if they "
		       "were not there.",
		       length, CW_SAN_CHARACTERS_MAX) ||
		cw_error_memory(composing->error);
}

static bool add_notes(struct composing *composing)
{
	for (size_t i = 0; i < composing->composed->count; i++)
		if (strchr(composing->composed->names[i].name, '*'))
			return note(composing, "Wildcard certificates are not supported by these boxes.");
	return true;
}

bool cw_request_spec_make(const struct cw_deployment *deployment, const struct cw_node *node,
	enum cw_identity_kind kind, const struct cw_request_spec_options *options,
	struct cw_request_spec *ret, struct cw_error *error)
{
	AUTO_REQUEST_SPEC composed = {0};
	struct composing composing = {deployment, node, options, &composed, error};
	(void)kind; /* one set of names for all identities of a node */
	if (!compose_subject(&composing) || !choose_key(&composing) || !choose_digest(&composing) ||
		!add_names(&composing) || !write_sans(&composing) || !add_notes(&composing))
		return false;
	*ret = composed;
	composed = (struct cw_request_spec){0};
	return true;
}
