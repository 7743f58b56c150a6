#include "pki/bundle/der_kind.h"

#include "pki/bundle/der.h"

#define OUTLINE_MAX 5 /* elements read on each level */

/* The tags of the elements in `content`, as far as they can be read; 0 behind them. */
static void outline(struct cw_der content, uint8_t tags[OUTLINE_MAX])
{
	struct cw_der_item item;
	size_t count = 0;
	while (count < OUTLINE_MAX && content.left) { /* ends: so many */
		tags[count++] = *content.at;	      /* the last one may be cut off: its tag still tells */
		if (!cw_der_next(&content, &item))
			break;
	}
	while (count < OUTLINE_MAX)
		tags[count++] = 0;
}

/* What stands inside the first element, also where that is cut off. */
static struct cw_der inside(struct cw_der all)
{
	struct cw_der rest = all;
	struct cw_der_item item;
	if (cw_der_next(&rest, &item))
		return item.content;
	size_t header = all.left > 1 && all.at[1] > 0x80 ? 2 + (size_t)(all.at[1] & 0x7f) : 2;
	return header < all.left ? (struct cw_der){all.at + header, all.left - header}
				 : (struct cw_der){all.at, 0};
}

/* RFC 5280 §4.1 and §5.1, RFC 2986 §4: what the first element of a signed object holds. */
static enum cw_der_kind kind_of_signed(struct cw_der content)
{
	uint8_t tags[OUTLINE_MAX];
	outline(inside(content), tags);
	size_t first = tags[0] == CW_DER_INTEGER ? 1 : 0;
	uint8_t third = tags[first + 2];
	if (third == CW_DER_UTC_TIME || third == CW_DER_GENERALIZED_TIME)
		return CW_DER_CRL;
	return first == 1 && third == CW_DER_CONTEXT_0 ? CW_DER_REQUEST : CW_DER_CERT;
}

enum cw_der_kind cw_der_kind(const uint8_t *data, size_t length)
{
	uint8_t tags[OUTLINE_MAX];
	struct cw_der content = inside((struct cw_der){data, length});
	outline(content, tags);
	if (tags[0] == CW_DER_OID)
		return CW_DER_PKCS7;
	if (tags[0] == CW_DER_INTEGER) {
		struct cw_der_item version;
		bool three = cw_der_next(&content, &version) && cw_der_is(&version, "\x03", 1);
		return three && tags[1] == CW_DER_SEQUENCE ? CW_DER_PKCS12 : CW_DER_KEY;
	}
	if (tags[0] == CW_DER_SEQUENCE && tags[1] == CW_DER_OCTET_STRING)
		return CW_DER_ENCRYPTED_KEY;
	if (tags[0] == CW_DER_SEQUENCE && tags[1] == CW_DER_BIT_STRING)
		return CW_DER_PUBLIC_KEY;
	return kind_of_signed(content);
}
