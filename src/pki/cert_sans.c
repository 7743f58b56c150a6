#include "base/buffer.h"
#include "base/escape.h"
#include "pki/cert_parts.h"
#include "pki/error_mark.h"

#include <arpa/inet.h>
#include <openssl/x509v3.h>
#include <string.h>

#define SEPARATOR_LENGTH 2 /* ", " */

CW_DEFINE_AUTO(GENERAL_NAMES *, GENERAL_NAMES_free)

static void free_values(STACK_OF(CONF_VALUE) * values)
{
	sk_CONF_VALUE_pop_free(values, X509V3_conf_free);
}
typedef STACK_OF(CONF_VALUE) conf_values;
CW_DEFINE_AUTO(conf_values *, free_values)

void cw_cert_finish_sans(struct cw_sans *sans)
{
	for (size_t i = 0; i < sans->count; i++)
		free(sans->items[i].text);
	free(sans->items);
	*sans = (struct cw_sans){0};
}

static char *ip_text(struct cw_san *san, const ASN1_OCTET_STRING *value)
{
	char text[INET6_ADDRSTRLEN];
	size_t length = (size_t)ASN1_STRING_length(value);
	if (length != 4 && length != 16) {
		AUTO_BUFFER odd = {0};
		san->kind = CW_SAN_OTHER;
		cw_buffer_printf(&odd, "<IP address of %zu bytes>", length);
		return cw_buffer_steal(&odd);
	}
	memcpy(san->ip, ASN1_STRING_get0_data(value), length);
	san->ip_length = length;
	inet_ntop(length == 4 ? AF_INET : AF_INET6, san->ip, text, sizeof text);
	return strdup(text);
}

static char *string_text(const ASN1_STRING *value)
{
	return cw_escape_copy(ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value));
}

static char *other_text(int type)
{
	switch (type) {
	case GEN_X400:
		return strdup("<x400Address>");
	case GEN_DIRNAME:
		return strdup("<directoryName>");
	case GEN_EDIPARTY:
		return strdup("<ediPartyName>");
	case GEN_RID:
		return strdup("<registeredID>");
	default: /* OpenSSL reads no other */
		return strdup("<unknown>");
	}
}

/* Other names that people meet: a Windows user, a service (RFC 4985), a chat server (RFC 6120 §13.7.1.4). */
static const struct {
	int nid;
	const char *label; /* before the value */
	enum cw_san_kind kind;
} other_names[] = {
	{NID_ms_upn, "UPN ", CW_SAN_OTHER},
	{NID_SRVName, "", CW_SAN_SRV},
	{NID_XmppAddr, "XMPP ", CW_SAN_OTHER},
	{NID_NAIRealm, "NAI realm ", CW_SAN_OTHER},
	{NID_id_on_SmtpUTF8Mailbox, "mailbox ", CW_SAN_OTHER},
};

/* "UPN svc@acme.test"; the value of an unknown one stays out, its number does not. False: no memory. */
static bool read_other(const OTHERNAME *name, struct cw_san *ret)
{
	int nid = OBJ_obj2nid(name->type_id);
	const ASN1_TYPE *value = name->value;
	bool text = value->type == V_ASN1_UTF8STRING || value->type == V_ASN1_IA5STRING;
	AUTO_BUFFER shown = {0};
	for (size_t i = 0; text && i < sizeof other_names / sizeof other_names[0]; i++) {
		if (other_names[i].nid != nid)
			continue;
		AUTO(free) char *copy = string_text(value->value.asn1_string);
		if (!copy)
			return false;
		cw_buffer_printf(&shown, "%s%s", other_names[i].label, copy);
		ret->kind = other_names[i].kind;
		ret->text = cw_buffer_steal(&shown);
		return ret->text != NULL;
	}
	char number[80];
	OBJ_obj2txt(number, sizeof number, name->type_id, 1);
	cw_buffer_printf(&shown, "<otherName %s>", number);
	ret->text = cw_buffer_steal(&shown);
	return ret->text != NULL;
}

static enum cw_san_kind kind_of(int type)
{
	switch (type) {
	case GEN_DNS:
		return CW_SAN_DNS;
	case GEN_URI:
		return CW_SAN_URI;
	case GEN_EMAIL:
		return CW_SAN_EMAIL;
	case GEN_IPADD:
		return CW_SAN_IP;
	}
	return CW_SAN_OTHER;
}

/* False: no memory. */
static bool read_name(const GENERAL_NAME *name, struct cw_san *ret)
{
	int type;
	const void *value = GENERAL_NAME_get0_value(name, &type);
	struct cw_san san = {.kind = kind_of(type)};
	switch (san.kind) {
	case CW_SAN_DNS:
	case CW_SAN_URI:
	case CW_SAN_EMAIL:
		san.text = string_text(value);
		break;
	case CW_SAN_IP:
		san.text = ip_text(&san, value);
		break;
	case CW_SAN_SRV:
	case CW_SAN_OTHER:
		if (type == GEN_OTHERNAME && !read_other(value, &san))
			return false;
		if (type != GEN_OTHERNAME)
			san.text = other_text(type);
		break;
	}
	*ret = san;
	return san.text != NULL;
}

/* OpenSSL prints no name with a NUL inside, and calls that a lack of memory. */
static bool is_printable(const GENERAL_NAME *name, const struct cw_san *san)
{
	if (san->kind == CW_SAN_OTHER || san->kind == CW_SAN_SRV || san->kind == CW_SAN_IP)
		return true;
	const ASN1_STRING *value = GENERAL_NAME_get0_value(name, NULL);
	return !memchr(ASN1_STRING_get0_data(value), 0, (size_t)ASN1_STRING_length(value));
}

/* How many characters OpenSSL prints for this name ("DNS:a" is
 * 5). What it cannot print counts as shown here. */
static bool printed_length(GENERAL_NAME *name, const struct cw_san *san, size_t *ret)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	bool printable = is_printable(name, san);
	AUTO(free_values)
	STACK_OF(CONF_VALUE) *values = printable ? i2v_GENERAL_NAME(NULL, name, NULL) : NULL;
	bool other = san->kind == CW_SAN_OTHER || san->kind == CW_SAN_SRV;
	if (!values && printable && !other)
		return false;
	size_t length = strlen("DNS:") + strlen(san->text);
	if (values) {
		const CONF_VALUE *value = sk_CONF_VALUE_value(values, 0);
		length = strlen(value->name) + 1 + strlen(value->value);
	}
	*ret = length;
	return true;
}

static bool add_name(struct cw_sans *sans, GENERAL_NAME *name)
{
	struct cw_san san;
	size_t length;
	if (!read_name(name, &san))
		return false;
	if (!printed_length(name, &san, &length)) {
		free(san.text);
		return false;
	}
	san.text_end = sans->text_length + (sans->count ? SEPARATOR_LENGTH : 0) + length;
	sans->text_length = san.text_end;
	sans->items[sans->count++] = san;
	return true;
}

bool cw_cert_read_sans(X509 *x509, struct cw_sans *ret, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	AUTO(GENERAL_NAMES_free)
	GENERAL_NAMES *names = X509_get_ext_d2i(x509, NID_subject_alt_name, NULL, NULL);
	int count = names ? sk_GENERAL_NAME_num(names) : 0;
	if (count > CW_CERT_SANS_MAX)
		return cw_error_set(error, CW_E_LIMIT,
			"certificate with %d subject alternative names; wanted at most %d", count,
			CW_CERT_SANS_MAX);
	if (!names && cw_error_mark_out_of_memory(&mark))
		return cw_error_memory(error);
	if (!count)
		return true;
	struct cw_sans sans = {.items = calloc((size_t)count, sizeof *sans.items)};
	if (!sans.items)
		return cw_error_memory(error);
	for (int i = 0; i < count; i++) {
		if (!add_name(&sans, sk_GENERAL_NAME_value(names, i))) {
			cw_cert_finish_sans(&sans);
			return cw_error_memory(error);
		}
	}
	*ret = sans;
	return true;
}

const struct cw_sans *cw_cert_sans(const struct cw_cert *cert)
{
	return &cert->sans;
}
