#include "import/source/reading.h"

#include "capture/capture.h"
#include "capture/packet/source.h"

#include <string.h>

struct taking {
	const struct cw_reading *read;
};

/* A chain that one side of a handshake sent, under its address; the client's port is of no use. */
static bool add_chain(const struct cw_reading *read, const struct cw_session *connection,
	const struct cw_session_chain *chain, struct cw_error *error)
{
	char host[CW_ADDRESS_TEXT_SIZE];
	const struct cw_session_address *at = &connection->sides[chain->from].at;
	cw_session_address_host(at, host);
	for (size_t i = 0; i < chain->count; i++) {
		struct cw_cert *cert = NULL;
		struct cw_error trouble;
		if (!chain->certs[i]->der)
			continue;
		if (!cw_pool_parse(read->evidence->pool, chain->certs[i]->der, chain->certs[i]->length, &cert,
			    &trouble)) {
			if (trouble.code == CW_E_MEMORY)
				return cw_error_memory(error);
			continue; /* what is no certificate is the capture reader's to tell */
		}
		struct cw_evidence_cert as = {.source = read->source,
			.number = i + 1,
			.cert = cert,
			.place = CW_EVIDENCE_PRESENTED,
			.host = host,
			.port = chain->from == CW_SESSION_SERVER ? at->port : 0};
		bool added = cw_evidence_add_cert(read->evidence, &as, error);
		cw_cert_free(cert);
		if (!added)
			return false;
	}
	return true;
}

static bool on_session(void *context, const struct cw_session *connection, struct cw_error *error)
{
	const struct taking *taking = context;
	for (size_t i = 0; i < connection->chain_count; i++)
		if (!add_chain(taking->read, connection, &connection->chains[i], error))
			return false;
	return true;
}

static bool read_packets(struct cw_capture *capture, struct cw_source *source, struct cw_error *error)
{
	for (;;) { /* ends: each turn is at the next item of the file */
		struct cw_pcap_file_item item;
		if (!cw_source_next(source, &item, error))
			return false;
		if (item.kind == CW_PCAP_FILE_END)
			return cw_capture_finish(capture, error);
		if (item.kind == CW_PCAP_FILE_PACKET && !cw_capture_packet(capture, &item.packet, error))
			return false;
	}
}

bool cw_reading_capture(const struct cw_reading *read, struct cw_error *error)
{
	AUTO(cw_source_free) struct cw_source *source = NULL;
	AUTO(cw_capture_free) struct cw_capture *capture = NULL;
	struct taking taking = {read};
	struct cw_capture_options options = {.on_session = on_session, .context = &taking};
	return cw_source_memory(read->data, read->length, &source, error) &&
		cw_capture_new(&options, &capture, error) && read_packets(capture, source, error);
}
