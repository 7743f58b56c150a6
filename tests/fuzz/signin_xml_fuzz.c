/**
 * Any bytes as an XML answer of an edge: read to its end, or refused with a reason; paths and texts go in pairs, within
 * their limits, and every pair is found again.
 */
#include "signin/signin_xml.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_SIGNIN_XML xml = {0};
	struct cw_error error = {0};
	if (!cw_signin_xml_read((const char *)data, size, &xml, &error)) {
		if (!*error.message || xml.paths.count || xml.texts.count)
			abort();
		return 0;
	}
	if (xml.paths.count != xml.texts.count || xml.paths.count > CW_SIGNIN_XML_ITEMS_MAX)
		abort();
	for (size_t i = 0; i < xml.paths.count && i < 50; i++)
		if (strlen(xml.texts.items[i]) > CW_SIGNIN_XML_TEXT_MAX ||
			!cw_signin_xml_find(&xml, xml.paths.items[i], 0))
			abort();
	return 0;
}
