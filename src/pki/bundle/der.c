#include "pki/bundle/der.h"

#include "base/forward.h"

#include <string.h>

#define LENGTH_INDEFINITE 0x80

static bool next_at_depth(struct cw_der *der, unsigned depth, struct cw_der_item *ret);

/* Moves `rest` behind the identifier. */
static bool skip_tag(struct cw_der *rest, uint8_t *tag)
{
	if (!rest->left)
		return false;
	*tag = *rest->at;
	bool more = (*tag & 0x1f) == 0x1f; /* a tag number above 30 goes on in the next bytes */
	do {
		rest->at++;
		rest->left--;
	} while (more && rest->left && (*rest->at & 0x80));
	if (more && rest->left) {
		rest->at++;
		rest->left--;
	}
	return true;
}

/* Moves `rest` behind the length bytes; the length may be more than there is. */
static bool read_length(struct cw_der *rest, bool *indefinite, size_t *length)
{
	if (!rest->left)
		return false;
	uint8_t first = *rest->at++;
	rest->left--;
	*indefinite = first == LENGTH_INDEFINITE;
	*length = first & 0x80 ? 0 : first;
	size_t bytes = first & 0x80 ? first & 0x7f : 0;
	if (bytes > rest->left)
		return false;
	for (; bytes; bytes--, rest->left--) {
		if (*length > SIZE_MAX >> 8)
			return false;
		*length = *length << 8 | *rest->at++;
	}
	return true;
}

/* The elements up to the end mark 00 00; moves `rest` behind the mark. */
static bool skip_indefinite(struct cw_der *rest, unsigned depth, size_t *length)
{
	const uint8_t *start = rest->at;
	if (depth >= CW_DER_DEPTH_MAX)
		return false;
	size_t unread = CW_FORWARD_BEGIN;
	while (rest->left >= 2 && (rest->at[0] || rest->at[1]) && cw_forward(&unread, rest->left)) {
		struct cw_der_item item;
		if (!next_at_depth(rest, depth + 1, &item))
			return false;
	}
	if (rest->left < 2)
		return false;
	*length = (size_t)(rest->at - start);
	rest->at += 2;
	rest->left -= 2;
	return true;
}

static bool next_at_depth(struct cw_der *der, unsigned depth, struct cw_der_item *ret)
{
	struct cw_der rest = *der;
	struct cw_der_item item = {.data = der->at};
	size_t length;
	if (!skip_tag(&rest, &item.tag) || !read_length(&rest, &item.indefinite, &length))
		return false;
	item.content.at = rest.at;
	if (item.indefinite) {
		if (!(item.tag & 0x20) || !skip_indefinite(&rest, depth, &length))
			return false;
	} else {
		if (length > rest.left)
			return false;
		rest.at += length;
		rest.left -= length;
	}
	item.content.left = length;
	item.length = (size_t)(rest.at - der->at);
	*der = rest;
	*ret = item;
	return true;
}

bool cw_der_next(struct cw_der *der, struct cw_der_item *ret)
{
	return next_at_depth(der, 0, ret);
}

bool cw_der_take(struct cw_der *der, uint8_t tag, struct cw_der_item *ret)
{
	return der->left && *der->at == tag && cw_der_next(der, ret);
}

bool cw_der_is(const struct cw_der_item *item, const void *bytes, size_t length)
{
	return item->content.left == length && memcmp(item->content.at, bytes, length) == 0;
}

bool cw_der_check_alone(const uint8_t *data, size_t length, const char *what, struct cw_error *error)
{
	struct cw_der rest = {data, length};
	uint8_t tag;
	bool indefinite;
	size_t content;
	if (!length)
		return cw_error_set(error, CW_E_DER, "no bytes at all; wanted a DER %s", what);
	if (data[0] != CW_DER_SEQUENCE)
		return cw_error_set(error, CW_E_DER,
			"no DER %s: the first byte is 0x%02x; wanted 0x30 (a SEQUENCE)", what, data[0]);
	if (!skip_tag(&rest, &tag) || !read_length(&rest, &indefinite, &content))
		return cw_error_set(error, CW_E_DER, "broken %s: its length cannot be read", what);
	if (indefinite)
		return cw_error_set(error, CW_E_DER, "%s of indefinite length (BER); wanted DER", what);
	if (content > rest.left)
		return cw_error_set(error, CW_E_DER, "%s cut off: its header announces %zu bytes, found %zu",
			what, content, rest.left);
	if (content < rest.left)
		return cw_error_set(error, CW_E_DER,
			"%zu byte%s after the end of the %s; wanted nothing there", rest.left - content,
			rest.left - content == 1 ? "" : "s", what);
	return true;
}
