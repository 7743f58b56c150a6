#include "pki/asn1_time.h"

#include "base/escape.h"

#include <time.h>

bool cw_asn1_time(const ASN1_TIME *time, const char *name, cw_time *ret, struct cw_error *error)
{
	struct tm utc;
	if (!time)
		return cw_error_set(error, CW_E_DER, "%s is missing", name);
	if (ASN1_TIME_to_tm(time, &utc) != 1) {
		AUTO(free)
		char *found = cw_escape_copy(ASN1_STRING_get0_data(time), (size_t)ASN1_STRING_length(time));
		if (!found)
			return cw_error_memory(error);
		return cw_error_set(error, CW_E_DER,
			"%s is no date: wanted a form like 20261120120000Z, found \"%.64s\"", name, found);
	}
	*ret = cw_time_from_utc(
		utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec);
	return true;
}

bool cw_asn1_time_is_plain(const ASN1_TIME *time)
{
	const unsigned char *text = ASN1_STRING_get0_data(time);
	size_t length = (size_t)ASN1_STRING_length(time);
	size_t digits = ASN1_STRING_type(time) == V_ASN1_UTCTIME ? 12 : 14;
	for (size_t i = 0; i < digits && i < length; i++)
		if (text[i] < '0' || text[i] > '9')
			return false;
	return length == digits + 1 && text[digits] == 'Z';
}
