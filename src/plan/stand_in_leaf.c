#include "plan/stand_in_leaf.h"

#include "issue/issue.h"

#include <arpa/inet.h>
#include <string.h>

#define LIFETIME (500 * CW_DAY) /* longer than plans look ahead */

static bool is_address(const char *name)
{
	unsigned char bytes[16];
	return inet_pton(AF_INET, name, bytes) == 1 || inet_pton(AF_INET6, name, bytes) == 1;
}

static void list_names(const struct cw_strings *names, struct cw_buffer *ret)
{
	for (size_t i = 0; i < names->count; i++) {
		cw_buffer_text(ret, i ? ", " : "");
		cw_buffer_printf(ret, "%s:%s", is_address(names->items[i]) ? "IP" : "DNS", names->items[i]);
	}
}

/* The subject of the present certificate where it names the box; else the first name. */
static bool keeps_subject(const struct cw_cert *leaf)
{
	const char *name = leaf ? cw_cert_common_name(leaf) : NULL;
	return name && *name && name[0] != '*' && !cw_cert_is_temporary(leaf) &&
		!cw_cert_unknown_oids(leaf)->count;
}

static const char *purposes(const struct cw_remedy *remedy)
{
	if (!remedy->client_auth)
		return "server";
	return remedy->server_auth ? "server, client" : "client";
}

bool cw_stand_in_leaf_make(
	const struct cw_stand_in_leaf *wanted, struct cw_cert **ret, struct cw_error *error)
{
	const struct cw_remedy *remedy = wanted->remedy;
	const struct cw_cert *leaf = wanted->node->identities[wanted->kind].leaf;
	AUTO_BUFFER names = {0};
	AUTO_BUFFER subject = {0};
	AUTO(cw_cert_free) struct cw_cert *cert = NULL;
	list_names(&remedy->names, &names);
	const char *cluster = cw_node_is_expressway(wanted->node) ? wanted->node->group->cluster : NULL;
	cw_buffer_printf(&subject, "CN=%s", cluster ? cluster : wanted->node->fqdn);
	if (!cw_buffer_ok(&names, error) || !cw_buffer_ok(&subject, error))
		return false;
	struct cw_issue_spec spec = {
		.subject = cw_buffer_string(&subject),
		.not_before = wanted->at - CW_DAY,
		.not_after = wanted->at + LIFETIME,
		.constraints = CW_ISSUE_END_ENTITY,
		.key_usage = KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT,
		.eku = purposes(remedy),
	};
	if (keeps_subject(leaf))
		spec.subject_name = X509_get_subject_name(cw_cert_x509(leaf));
	if (names.length)
		spec.sans = cw_buffer_string(&names);
	if (!cw_issue(&spec, wanted->key, wanted->issuer, wanted->key, &cert, error))
		return false;
	cw_cert_promise(cert, wanted->issuer);
	*ret = TAKE(cert);
	return true;
}

static bool list_serials(const struct cw_crl *former, struct cw_buffer *ret)
{
	STACK_OF(X509_REVOKED) *revoked = former ? X509_CRL_get_REVOKED(cw_crl_x509(former)) : NULL;
	for (int i = 0; i < sk_X509_REVOKED_num(revoked); i++) {
		const ASN1_INTEGER *serial =
			X509_REVOKED_get0_serialNumber(sk_X509_REVOKED_value(revoked, i));
		cw_buffer_text(ret, i ? "," : "");
		cw_buffer_hex(ret, ASN1_STRING_get0_data(serial), (size_t)ASN1_STRING_length(serial));
	}
	return !ret->failed;
}

bool cw_stand_in_leaf_crl(struct cw_cert *issuer, const struct cw_crl *former, EVP_PKEY *key, cw_time at,
	struct cw_crl **ret, struct cw_error *error)
{
	AUTO_BUFFER serials = {0};
	AUTO_BUFFER der = {0};
	AUTO(cw_crl_free) struct cw_crl *crl = NULL;
	if (!list_serials(former, &serials))
		return cw_error_memory(error);
	const struct cw_issue_crl_spec spec = {.this_update = at - CW_DAY / 24,
		.next_update = at + LIFETIME,
		.serials = serials.length ? cw_buffer_string(&serials) : NULL,
		.number = 1000000};
	if (!cw_issue_crl_der(&spec, cw_cert_x509(issuer), key, &der, error) ||
		!cw_crl_parse((const uint8_t *)der.data, der.length, &crl, error))
		return false;
	cw_crl_promise(crl, issuer);
	*ret = TAKE(crl);
	return true;
}
