#include "pki/name.h"

#include "base/buffer.h"
#include "base/escape.h"
#include "pki/error_mark.h"

#include <openssl/objects.h>
#include <string.h>

#define OID_TEXT_MAX 256
/* Against quadratic time by a name of ten thousand odd attributes; the first few say enough. */
#define UNKNOWN_OIDS_MAX 32
#define SPECIAL_IN_VALUES ",+\"\\<>;" /* RFC 4514 §2.4 */

bool cw_name_init(struct cw_name *name, const X509_NAME *x509)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	int ok = 0;
	unsigned long hash = X509_NAME_hash_ex(x509, NULL, NULL, &ok);
	*name = (struct cw_name){x509, hash};
	return ok != 0;
}

bool cw_name_equal(const struct cw_name *a, const struct cw_name *b)
{
	return a->x509 == b->x509 || (a->hash == b->hash && X509_NAME_cmp(a->x509, b->x509) == 0);
}

static void append_type(struct cw_buffer *text, const ASN1_OBJECT *type)
{
	char dotted[OID_TEXT_MAX];
	int nid = OBJ_obj2nid(type);
	if (nid != NID_undef)
		cw_buffer_text(text, OBJ_nid2sn(nid));
	else if (OBJ_obj2txt(dotted, sizeof dotted, type, 1) > 0)
		cw_buffer_text(text, dotted);
	else
		cw_buffer_text(text, "?");
}

/* The value as UTF-8 for the caller to free with OPENSSL_free; a negative length where it is no text. */
static int to_utf8(const ASN1_STRING *value, unsigned char **utf8)
{
	*utf8 = NULL;
	return ASN1_STRING_to_UTF8(utf8, value);
}

static void append_value(struct cw_buffer *text, const ASN1_STRING *value)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	unsigned char *utf8;
	int length = to_utf8(value, &utf8);
	if (length >= 0) {
		if (length > 0 && (utf8[0] == '#' || utf8[0] == ' '))
			cw_buffer_char(text, '\\');
		cw_escape(text, utf8, (size_t)length, SPECIAL_IN_VALUES);
		OPENSSL_free(utf8);
		return;
	}
	text->failed |= cw_error_mark_out_of_memory(&mark);
	cw_buffer_char(text, '#');
	cw_buffer_hex(text, ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value));
}

char *cw_name_text(const X509_NAME *name)
{
	AUTO_BUFFER text = {0};
	int last_set = -1;
	for (int i = 0; i < X509_NAME_entry_count(name); i++) {
		const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, i);
		int set = X509_NAME_ENTRY_set(entry);
		if (i > 0)
			cw_buffer_text(&text, set == last_set ? " + " : ", ");
		last_set = set;
		append_type(&text, X509_NAME_ENTRY_get_object(entry));
		cw_buffer_char(&text, '=');
		append_value(&text, X509_NAME_ENTRY_get_data(entry));
	}
	return cw_buffer_steal(&text);
}

static int last_common_name(const X509_NAME *name)
{
	int last = -1;
	for (int i = -1; (i = X509_NAME_get_index_by_NID(name, NID_commonName, i)) >= 0;)
		last = i;
	return last;
}

bool cw_name_common_name(const X509_NAME *name, char **ret)
{
	int index = last_common_name(name);
	if (index < 0) {
		*ret = NULL;
		return true;
	}
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	const ASN1_STRING *value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index));
	unsigned char *utf8;
	int length = to_utf8(value, &utf8);
	if (length < 0 && cw_error_mark_out_of_memory(&mark))
		return false;
	char *text = length >= 0
		? cw_escape_copy(utf8, (size_t)length)
		: cw_escape_copy(ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value));
	OPENSSL_free(utf8);
	if (!text)
		return false;
	*ret = text;
	return true;
}

bool cw_name_unknown_oids(const X509_NAME *name, struct cw_strings *oids)
{
	for (int i = 0; i < X509_NAME_entry_count(name) && oids->count < UNKNOWN_OIDS_MAX; i++) {
		const ASN1_OBJECT *type = X509_NAME_ENTRY_get_object(X509_NAME_get_entry(name, i));
		if (OBJ_obj2nid(type) != NID_undef)
			continue;
		char dotted[OID_TEXT_MAX] = "?";
		OBJ_obj2txt(dotted, sizeof dotted, type, 1);
		if (!cw_strings_contain(oids, dotted) && !cw_strings_add(oids, dotted))
			return false;
	}
	return true;
}
