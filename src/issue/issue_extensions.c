#include "issue/issue_extensions.h"

#include "issue/issue_parts.h"
#include "pki/error_mark.h"

#include <string.h>
#include <strings.h>

#define UNKNOWN_EXTENSION "1.3.6.1.4.1.55555.1" /* an arc that is not registered */

CW_DEFINE_AUTO(BASIC_CONSTRAINTS *, BASIC_CONSTRAINTS_free)
CW_DEFINE_AUTO(ASN1_BIT_STRING *, ASN1_BIT_STRING_free)
CW_DEFINE_AUTO(ASN1_OBJECT *, ASN1_OBJECT_free)
CW_DEFINE_AUTO(ASN1_OCTET_STRING *, ASN1_OCTET_STRING_free)
CW_DEFINE_AUTO(EXTENDED_KEY_USAGE *, EXTENDED_KEY_USAGE_free)
CW_DEFINE_AUTO(GENERAL_NAME *, GENERAL_NAME_free)
CW_DEFINE_AUTO(GENERAL_NAMES *, GENERAL_NAMES_free)
CW_DEFINE_AUTO(GENERAL_SUBTREE *, GENERAL_SUBTREE_free)
CW_DEFINE_AUTO(NAME_CONSTRAINTS *, NAME_CONSTRAINTS_free)
CW_DEFINE_AUTO(X509_EXTENSION *, X509_EXTENSION_free)
CW_DEFINE_AUTO(DIST_POINT *, DIST_POINT_free)
CW_DEFINE_AUTO(CRL_DIST_POINTS *, CRL_DIST_POINTS_free)
CW_DEFINE_AUTO(ACCESS_DESCRIPTION *, ACCESS_DESCRIPTION_free)
CW_DEFINE_AUTO(AUTHORITY_INFO_ACCESS *, AUTHORITY_INFO_ACCESS_free)

void cw_issue_extensions_free(X509_EXTENSIONS *extensions)
{
	sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
}

static bool add(X509_EXTENSIONS **list, int nid, void *value, bool critical, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	if (X509V3_add1_i2d(list, nid, value, critical, X509V3_ADD_APPEND) != 1)
		return cw_error_mark_report(
			&mark, error, CW_E_CRYPTO, "cannot make the extension %s", OBJ_nid2sn(nid));
	return true;
}

static bool add_constraints(const struct cw_issue_spec *spec, X509_EXTENSIONS **list, struct cw_error *error)
{
	if (spec->constraints == CW_ISSUE_NO_CONSTRAINTS)
		return true;
	AUTO(BASIC_CONSTRAINTS_free) BASIC_CONSTRAINTS *value = BASIC_CONSTRAINTS_new();
	if (!value)
		return cw_error_memory(error);
	bool ca = spec->constraints == CW_ISSUE_CA;
	value->ca = ca ? 0xff : 0;
	if (spec->path_limited &&
		(!(value->pathlen = ASN1_INTEGER_new()) ||
			!ASN1_INTEGER_set(value->pathlen, (long)spec->path_length)))
		return cw_error_memory(error);
	return add(list, NID_basic_constraints, value, ca, error);
}

static bool add_key_usage(const struct cw_issue_spec *spec, X509_EXTENSIONS **list, struct cw_error *error)
{
	if (!spec->key_usage)
		return true;
	AUTO(ASN1_BIT_STRING_free) ASN1_BIT_STRING *value = ASN1_BIT_STRING_new();
	if (!value)
		return cw_error_memory(error);
	for (int bit = 0; bit < 9; bit++) {
		uint32_t mask = bit == 8 ? KU_DECIPHER_ONLY : (uint32_t)0x80 >> bit;
		if ((spec->key_usage & mask) && !ASN1_BIT_STRING_set_bit(value, bit, 1))
			return cw_error_memory(error);
	}
	return add(list, NID_key_usage, value, true, error);
}

static bool purpose_object(const char *purpose, ASN1_OBJECT **ret, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	static const struct {
		const char *word;
		const char *name;
	} words[] = {{"server", "serverAuth"}, {"client", "clientAuth"}, {"any", "anyExtendedKeyUsage"}};
	const char *name = purpose;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strcmp(purpose, words[i].word) == 0)
			name = words[i].name;
	ASN1_OBJECT *object = OBJ_txt2obj(name, 0);
	if (!object)
		return cw_error_mark_report(&mark, error, CW_E_USAGE,
			"key purpose \"%s\": wanted server, client, any, "
			"or a number such as 1.3.6.1.5.5.7.3.1",
			purpose);
	*ret = object;
	return true;
}

static bool add_eku(const struct cw_issue_spec *spec, X509_EXTENSIONS **list, struct cw_error *error)
{
	if (!spec->eku)
		return true;
	AUTO_STRINGS purposes = {0};
	AUTO(EXTENDED_KEY_USAGE_free) EXTENDED_KEY_USAGE *value = EXTENDED_KEY_USAGE_new();
	if (!value || !cw_issue_list(spec->eku, &purposes))
		return cw_error_memory(error);
	for (size_t i = 0; i < purposes.count; i++) {
		AUTO(ASN1_OBJECT_free) ASN1_OBJECT *object = NULL;
		if (!purpose_object(purposes.items[i], &object, error))
			return false;
		if (!sk_ASN1_OBJECT_push(value, object))
			return cw_error_memory(error);
		object = NULL;
	}
	return add(list, NID_ext_key_usage, value, false, error);
}

/* "DNS:a" as a general name. */
static bool general_name(const char *text, GENERAL_NAME **ret, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	static const struct {
		const char *prefix;
		int type;
	} kinds[] = {{"DNS:", GEN_DNS}, {"IP:", GEN_IPADD}, {"URI:", GEN_URI}, {"email:", GEN_EMAIL}};
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		size_t length = strlen(kinds[i].prefix);
		if (strncasecmp(text, kinds[i].prefix, length) != 0)
			continue;
		GENERAL_NAME *name = a2i_GENERAL_NAME(NULL, NULL, NULL, kinds[i].type, text + length, 0);
		if (!name)
			return cw_error_mark_report(
				&mark, error, CW_E_USAGE, "\"%s\": cannot be an alternative name", text);
		*ret = name;
		return true;
	}
	return cw_error_set(error, CW_E_USAGE,
		"\"%s\": wanted an alternative name such as DNS:e1.acme.test, IP:10.0.0.1, "
		"URI:sip:a@b or email:a@b",
		text);
}

/* A list of general names; each item gets `prefix` in front. */
static bool general_names(const char *text, const char *prefix, GENERAL_NAMES **ret, struct cw_error *error)
{
	AUTO_STRINGS items = {0};
	AUTO(GENERAL_NAMES_free) GENERAL_NAMES *names = GENERAL_NAMES_new();
	if (!names || !cw_issue_list(text, &items))
		return cw_error_memory(error);
	for (size_t i = 0; i < items.count; i++) {
		AUTO_BUFFER item = {0};
		cw_buffer_printf(&item, "%s%s", prefix, items.items[i]);
		AUTO(GENERAL_NAME_free) GENERAL_NAME *name = NULL;
		if (!cw_buffer_ok(&item, error) || !general_name(cw_buffer_string(&item), &name, error))
			return false;
		if (!sk_GENERAL_NAME_push(names, name))
			return cw_error_memory(error);
		name = NULL;
	}
	*ret = TAKE(names);
	return true;
}

/* RFC 5280 §4.2.1.6: critical where the subject is empty. */
static bool add_sans(const struct cw_issue_spec *spec, X509_EXTENSIONS **list, struct cw_error *error)
{
	AUTO(GENERAL_NAMES_free) GENERAL_NAMES *names = NULL;
	if (spec->san_names)
		return add(list, NID_subject_alt_name, (void *)spec->san_names,
			spec->subject_name && !X509_NAME_entry_count(spec->subject_name), error);
	if (!spec->sans)
		return true;
	return general_names(spec->sans, "", &names, error) &&
		add(list, NID_subject_alt_name, names, !spec->subject || !*spec->subject, error);
}

/* The names of one side of the name constraints. */
static bool subtrees(const char *text, STACK_OF(GENERAL_SUBTREE) * *ret, struct cw_error *error)
{
	AUTO(GENERAL_NAMES_free) GENERAL_NAMES *names = NULL;
	if (!text)
		return true;
	if (!general_names(text, "DNS:", &names, error))
		return false;
	*ret = sk_GENERAL_SUBTREE_new_null();
	while (*ret && sk_GENERAL_NAME_num(names)) {
		AUTO(GENERAL_SUBTREE_free) GENERAL_SUBTREE *tree = GENERAL_SUBTREE_new();
		if (!tree || !sk_GENERAL_SUBTREE_push(*ret, tree))
			return cw_error_memory(error);
		GENERAL_NAME_free(tree->base);
		tree->base = sk_GENERAL_NAME_shift(names);
		tree = NULL;
	}
	return *ret ? true : cw_error_memory(error);
}

static bool add_name_constraints(
	const struct cw_issue_spec *spec, X509_EXTENSIONS **list, struct cw_error *error)
{
	if (!spec->permitted_dns && !spec->excluded_dns)
		return true;
	AUTO(NAME_CONSTRAINTS_free) NAME_CONSTRAINTS *value = NAME_CONSTRAINTS_new();
	if (!value)
		return cw_error_memory(error);
	return subtrees(spec->permitted_dns, &value->permittedSubtrees, error) &&
		subtrees(spec->excluded_dns, &value->excludedSubtrees, error) &&
		add(list, NID_name_constraints, value, true, error);
}

/* One distribution point that holds all the addresses (they are different ways to one list). */
static bool add_crl_urls(const struct cw_issue_spec *spec, X509_EXTENSIONS **list, struct cw_error *error)
{
	if (!spec->crl_urls)
		return true;
	AUTO(CRL_DIST_POINTS_free) CRL_DIST_POINTS *value = CRL_DIST_POINTS_new();
	AUTO(DIST_POINT_free) DIST_POINT *point = DIST_POINT_new();
	if (!value || !point || !(point->distpoint = DIST_POINT_NAME_new()))
		return cw_error_memory(error);
	point->distpoint->type = 0; /* fullName */
	if (!general_names(spec->crl_urls, "URI:", &point->distpoint->name.fullname, error))
		return false;
	if (!sk_DIST_POINT_push(value, point))
		return cw_error_memory(error);
	point = NULL;
	return add(list, NID_crl_distribution_points, value, false, error);
}

static bool add_issuer_urls(const struct cw_issue_spec *spec, X509_EXTENSIONS **list, struct cw_error *error)
{
	AUTO(GENERAL_NAMES_free) GENERAL_NAMES *names = NULL;
	if (!spec->issuer_urls)
		return true;
	if (!general_names(spec->issuer_urls, "URI:", &names, error))
		return false;
	AUTO(AUTHORITY_INFO_ACCESS_free) AUTHORITY_INFO_ACCESS *value = AUTHORITY_INFO_ACCESS_new();
	if (!value)
		return cw_error_memory(error);
	while (sk_GENERAL_NAME_num(names)) {
		AUTO(ACCESS_DESCRIPTION_free) ACCESS_DESCRIPTION *description = ACCESS_DESCRIPTION_new();
		if (!description || !sk_ACCESS_DESCRIPTION_push(value, description))
			return cw_error_memory(error);
		description->method = OBJ_nid2obj(NID_ad_ca_issuers);
		GENERAL_NAME_free(description->location);
		description->location = sk_GENERAL_NAME_shift(names);
		description = NULL;
	}
	return add(list, NID_info_access, value, false, error);
}

static bool add_unknown(const struct cw_issue_spec *spec, X509_EXTENSIONS **list, struct cw_error *error)
{
	if (!spec->unknown_critical)
		return true;
	static const unsigned char null_value[] = {0x05, 0x00};
	AUTO(ASN1_OBJECT_free) ASN1_OBJECT *object = OBJ_txt2obj(UNKNOWN_EXTENSION, 1);
	AUTO(ASN1_OCTET_STRING_free) ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	if (!object || !value || !ASN1_OCTET_STRING_set(value, null_value, sizeof null_value))
		return cw_error_memory(error);
	AUTO(X509_EXTENSION_free)
	X509_EXTENSION *extension = X509_EXTENSION_create_by_OBJ(NULL, object, 1, value);
	if (!extension || !X509v3_add_ext(list, extension, -1))
		return cw_error_memory(error);
	return true;
}

bool cw_issue_extensions(const struct cw_issue_spec *spec, X509_EXTENSIONS **ret, struct cw_error *error)
{
	static bool (*const steps[])(const struct cw_issue_spec *, X509_EXTENSIONS **, struct cw_error *) = {
		add_constraints, add_key_usage, add_eku, add_sans, add_name_constraints, add_crl_urls,
		add_issuer_urls, add_unknown};
	AUTO(cw_issue_extensions_free) X509_EXTENSIONS *list = NULL;
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
		if (!steps[i](spec, &list, error))
			return false;
	*ret = TAKE(list);
	return true;
}
