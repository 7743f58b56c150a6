#include "pki/bundle/bundle_parts.h"

#include "base/forward.h"

#include "pki/bundle/der.h"

static const uint8_t signed_data[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02};

static bool broken(const struct cw_bundle_reader *reader, const char *what, struct cw_error *error)
{
	cw_error_set(error, CW_E_PKCS7, "%s", what);
	return cw_bundle_place(reader, error);
}

/* RFC 5652 §3 and §5.1: ContentInfo, and inside it SignedData. */
static bool open_signed_data(
	const struct cw_bundle_reader *reader, struct cw_der all, struct cw_der *ret, struct cw_error *error)
{
	struct cw_der_item outer, type, wrapped, content;
	if (!cw_der_take(&all, CW_DER_SEQUENCE, &outer))
		return broken(reader, "PKCS#7 cut off or broken: its outermost length does not fit", error);
	if (!cw_der_take(&outer.content, CW_DER_OID, &type))
		return broken(reader, "broken PKCS#7: wanted the kind of its content first", error);
	if (!cw_der_is(&type, signed_data, sizeof signed_data))
		return broken(reader,
			"PKCS#7 that is not of the kind \"signed data\", "
			"the only one that carries certificates",
			error);
	if (!cw_der_take(&outer.content, CW_DER_CONTEXT_0, &wrapped) ||
		!cw_der_take(&wrapped.content, CW_DER_SEQUENCE, &content))
		return broken(reader, "broken PKCS#7: wanted signed data", error);
	*ret = content.content;
	return true;
}

/* Each element of the set; choices other than a plain certificate
 * or CRL carry a context tag and are passed over. */
static bool read_set(struct cw_bundle_reader *reader, struct cw_der set,
	bool (*add)(struct cw_bundle_reader *, const uint8_t *, size_t, struct cw_error *),
	struct cw_error *error)
{
	struct cw_der_item item;
	size_t unread = CW_FORWARD_BEGIN;
	while (set.left && cw_forward(&unread, set.left)) {
		if (!cw_der_next(&set, &item))
			return broken(reader, "broken PKCS#7: an element of its list is cut off", error);
		if (item.tag == CW_DER_SEQUENCE && !add(reader, item.data, item.length, error))
			return false;
	}
	return true;
}

bool cw_bundle_read_pkcs7(
	struct cw_bundle_reader *reader, const uint8_t *data, size_t length, struct cw_error *error)
{
	struct cw_der content;
	struct cw_der_item item;
	if (!cw_bundle_trim(reader, "PKCS#7", data, &length, error))
		return false;
	size_t before = reader->bundle.count + reader->bundle.crl_count;
	if (!open_signed_data(reader, (struct cw_der){data, length}, &content, error))
		return false;
	if (!cw_der_take(&content, CW_DER_INTEGER, &item) || !cw_der_take(&content, CW_DER_SET, &item) ||
		!cw_der_take(&content, CW_DER_SEQUENCE, &item))
		return broken(reader,
			"broken PKCS#7: wanted version, digests and content before the certificates", error);
	if (cw_der_take(&content, CW_DER_CONTEXT_0, &item) &&
		!read_set(reader, item.content, cw_bundle_add_cert, error))
		return false;
	if (cw_der_take(&content, CW_DER_CONTEXT_1, &item) &&
		!read_set(reader, item.content, cw_bundle_add_crl, error))
		return false;
	if (!cw_der_take(&content, CW_DER_SET, &item))
		return broken(
			reader, "broken PKCS#7: wanted the list of signers behind the certificates", error);
	if (reader->bundle.count + reader->bundle.crl_count == before)
		return broken(reader, "PKCS#7 without any certificate in it", error);
	return true;
}
