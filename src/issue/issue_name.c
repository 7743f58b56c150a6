#include "issue/issue_name.h"

#include "base/buffer.h"
#include "pki/error_mark.h"

#include <string.h>

CW_DEFINE_AUTO(X509_NAME *, X509_NAME_free)
CW_DEFINE_AUTO(ASN1_OBJECT *, ASN1_OBJECT_free)

/* Adds one "CN=value". */
static bool add_part(X509_NAME *name, const char *part, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	const char *equals = strchr(part, '=');
	AUTO(free) char *type = equals ? strndup(part, (size_t)(equals - part)) : NULL;
	if (equals && !type)
		return cw_error_memory(error);
	AUTO(ASN1_OBJECT_free) ASN1_OBJECT *object = type ? OBJ_txt2obj(type, 0) : NULL;
	if (!object)
		return cw_error_mark_report(&mark, error, CW_E_USAGE,
			"\"%s\": wanted a part of a name such as CN=e1.acme.test", part);
	if (X509_NAME_add_entry_by_OBJ(
		    name, object, MBSTRING_UTF8, (const unsigned char *)equals + 1, -1, -1, 0) != 1)
		return cw_error_mark_report(&mark, error, CW_E_USAGE, "\"%s\": cannot stand in a name", part);
	return true;
}

/* Copies up to the next comma that stands alone and returns what is behind it. */
static const char *next_part(const char *text, struct cw_buffer *part)
{
	while (*text == ' ')
		text++;
	for (; *text && *text != ','; text++) {
		if (text[0] == '\\' && text[1])
			text++;
		cw_buffer_char(part, *text);
	}
	return *text ? text + 1 : text;
}

bool cw_issue_name(const char *text, X509_NAME **ret, struct cw_error *error)
{
	AUTO(X509_NAME_free) X509_NAME *name = X509_NAME_new();
	if (!name)
		return cw_error_memory(error);
	while (text && *text) {
		AUTO_BUFFER part = {0};
		text = next_part(text, &part);
		if (!cw_buffer_ok(&part, error) || !add_part(name, cw_buffer_string(&part), error))
			return false;
	}
	*ret = TAKE(name);
	return true;
}
