/**
 * Any bytes as the document that the other end of a zone tells: what is taken is within its bounds, and is read again
 * as it was written.
 */
#include "node/node_document.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cw_node_document document, again;
	AUTO_BUFFER text = {0};
	if (!cw_node_document_read((const char *)data, size, &document))
		return 0;
	if (*document.login && (!document.passes || !document.port || !document.listen.sin_port))
		abort();
	cw_node_document_write(&document, NULL, NULL, &text);
	if (text.failed) /* a text that was cut in the middle of a character */
		return 0;
	if (!cw_node_document_read(cw_buffer_string(&text), text.length, &again) ||
		again.passes != document.passes || again.tunnel != document.tunnel ||
		again.port != document.port || strcmp(again.login, document.login) != 0 ||
		memcmp(again.secret, document.secret, sizeof again.secret) != 0)
		abort();
	return 0;
}
