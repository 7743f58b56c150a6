#include "import/source/reading.h"

#include <string.h>

/*
 * Trust lists that phones fetch. A list of elements: a tag of one byte, a length of two (big-endian), the
 * value. The header's elements come first; tag 13 in it is one byte of padding without a length, and tags 3,
 * 7 and 9 are containers whose length is not to be skipped. Then records follow: tag 1 holds the record's
 * length, counted from its own tag byte. (Format as in usecallmanagernz/certutils, and as `show ctl` prints
 * it in "Unified Communications Manager Tokenless CTL Configuration Example".)
 */
enum header_tag { HEADER_LENGTH = 2 };
enum record_tag { RECORD_LENGTH = 1, RECORD_NAME = 2, RECORD_ROLE = 4, RECORD_CERTIFICATE = 9 };

struct bytes {
	const uint8_t *at;
	size_t left;
};

struct element {
	unsigned tag;
	const uint8_t *value;
	size_t length;
};

static bool next_element(struct bytes *bytes, struct element *ret)
{
	if (bytes->left < 3)
		return false;
	size_t length = (size_t)bytes->at[1] << 8 | bytes->at[2];
	if (bytes->left - 3 < length)
		return false;
	*ret = (struct element){bytes->at[0], bytes->at + 3, length};
	bytes->at += 3 + length;
	bytes->left -= 3 + length;
	return true;
}

static const char *role_word(unsigned role)
{
	switch (role) {
	case 0:
		return "SAST";
	case 1:
	case 2:
		return "CallManager";
	case 3:
		return "TFTP";
	case 4:
		return "CAPF";
	case 7:
		return "application server";
	case 21:
		return "TVS";
	default:
		return "unknown role";
	}
}

/* The length of the header, from its second element. */
static bool header_length(const struct cw_reading *read, size_t *ret)
{
	struct bytes bytes = {(const uint8_t *)read->data, read->length};
	struct element version, length;
	if (!next_element(&bytes, &version) || version.tag != 1 || !next_element(&bytes, &length) ||
		length.tag != HEADER_LENGTH || length.length != 2)
		return false;
	*ret = (size_t)length.value[0] << 8 | length.value[1];
	return *ret >= 10 && *ret <= read->length;
}

struct record {
	const uint8_t *cert;
	size_t cert_length;
	char name[256];
	unsigned role;
};

static void take_element(struct record *record, const struct element *element)
{
	switch (element->tag) {
	case RECORD_NAME: {
		size_t length = strnlen((const char *)element->value, element->length);
		if (length < sizeof record->name) {
			memcpy(record->name, element->value, length);
			record->name[length] = 0;
		}
		break;
	}
	case RECORD_ROLE:
		if (element->length == 2)
			record->role = (unsigned)element->value[0] << 8 | element->value[1];
		break;
	case RECORD_CERTIFICATE:
		record->cert = element->value;
		record->cert_length = element->length;
		break;
	default:
		break;
	}
}

static bool add_record(
	const struct cw_reading *read, const struct record *record, size_t number, struct cw_error *error)
{
	struct cw_cert *cert = NULL;
	if (!record->cert_length)
		return true; /* a cluster without security has empty ones */
	if (!cw_pool_parse(read->evidence->pool, record->cert, record->cert_length, &cert, error))
		return false;
	struct cw_evidence_cert as = {.source = read->source,
		.number = number,
		.cert = cert,
		.place = CW_EVIDENCE_SIGNED_LIST,
		.service = (char *)role_word(record->role),
		.host = (char *)(*record->name ? record->name : NULL)};
	bool added = cw_evidence_add_cert(read->evidence, &as, error);
	cw_cert_free(cert);
	return added;
}

/* One record; `*size` is at least the three bytes of its first element. */
static bool read_record(
	const struct cw_reading *read, struct bytes left, size_t number, size_t *size, struct cw_error *error)
{
	struct record record = {.role = 0xffff};
	struct bytes bytes = left;
	struct element element;
	if (!next_element(&bytes, &element) || element.tag != RECORD_LENGTH || element.length != 2)
		return cw_error_set(error, CW_E_FORMAT, "record %zu: wanted its length, found tag %u", number,
			(unsigned)(left.left ? *left.at : 0));
	*size = (size_t)element.value[0] << 8 | element.value[1];
	if (*size < 5 || *size > left.left)
		return cw_error_set(error, CW_E_FORMAT, "record %zu: is cut off", number);
	bytes.left = *size - 5;
	while (next_element(&bytes, &element))
		take_element(&record, &element);
	return add_record(read, &record, number, error);
}

bool cw_reading_signed_list(const struct cw_reading *read, struct cw_error *error)
{
	size_t header;
	if (!header_length(read, &header))
		return cw_error_set(error, CW_E_FORMAT,
			"wanted a trust list of phones (ITL or CTL), found a header that contradicts itself");
	struct bytes left = {(const uint8_t *)read->data + header, read->length - header};
	for (size_t number = 1; left.left; number++) {
		size_t size;
		if (!read_record(read, left, number, &size, error))
			return false;
		left.at += size;
		left.left -= size;
	}
	return true;
}
