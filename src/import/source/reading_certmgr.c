#include "base/buffer.h"
#include "import/source/reading_json.h"

#include <string.h>

bool cw_reading_json_is_certmgr(const json_t *object)
{
	static const char *const keys[] = {"identities", "trusts", "certificate", "certificates", "servers"};
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (json_object_get(object, keys[i]))
			return true;
	return false;
}

/* An answer may leave a certificate empty: the service has none. */
static bool add_pem(const struct cw_reading *read, const json_t *object, struct cw_evidence_cert *as,
	struct cw_error *error)
{
	const char *pem = cw_reading_json_text(object, "certificate");
	return !pem || cw_reading_pem(read, pem, strlen(pem), 0, as, error);
}

/* A service without a certificate is there all the same: it tells what the node is. As the command line lists it. */
static bool add_service(const struct cw_reading *read, const char *service, struct cw_error *error)
{
	AUTO_BUFFER name = {0};
	cw_buffer_printf(&name, "%s/%s.pem", service, service);
	if (!cw_buffer_ok(&name, error))
		return false;
	const struct cw_evidence_fact fact = {.key = CW_FACT_LIST_NAME, .source = read->source};
	return cw_evidence_add_fact(read->evidence, &fact, cw_buffer_string(&name), name.length, error);
}

/* snapshot/server: {service, certificate, csr} */
static bool read_identities(const struct cw_reading *read, const json_t *list, struct cw_error *error)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);
		struct cw_evidence_cert as = {
			.place = CW_EVIDENCE_OWN, .service = (char *)cw_reading_json_text(item, "service")};
		const char *pem = cw_reading_json_text(item, "certificate");
		bool empty = as.service && (!pem || !*pem);
		if (empty ? !add_service(read, as.service, error) : !add_pem(read, item, &as, error))
			return false;
	}
	return true;
}

/* {service: "tomcat-trust", certificate_data: [{filename, certificate}]} */
static bool read_trusts(const struct cw_reading *read, const json_t *list, struct cw_error *error)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);
		const json_t *certs = json_object_get(item, "certificate_data");
		struct cw_evidence_cert as = {
			.place = CW_EVIDENCE_TRUST, .service = (char *)cw_reading_json_text(item, "service")};
		for (size_t j = 0; j < json_array_size(certs); j++)
			if (!add_pem(read, json_array_get(certs, j), &as, error))
				return false;
	}
	return true;
}

/*
 * A single answer does not repeat the question: trust/certificate?service=tomcat is a list of {certificate},
 * identity/certificate?service=tomcat one of them. `service` where the answer has it.
 */
static bool read_single(const struct cw_reading *read, const json_t *object, struct cw_error *error)
{
	const json_t *list = json_object_get(object, "certificates");
	struct cw_evidence_cert as = {.place = list ? CW_EVIDENCE_TRUST : CW_EVIDENCE_LOOSE,
		.service = (char *)cw_reading_json_text(object, "service")};
	if (!list && as.service)
		as.place = strstr(as.service, "-trust") ? CW_EVIDENCE_TRUST : CW_EVIDENCE_OWN;
	if (!list)
		return add_pem(read, object, &as, error);
	for (size_t i = 0; i < json_array_size(list); i++)
		if (!add_pem(read, json_array_get(list, i), &as, error))
			return false;
	return true;
}

/* One server of an answer of `causeway probe -f json`: what it presented, leaf first. */
static bool read_probe(const struct cw_reading *read, const json_t *server, struct cw_error *error)
{
	const json_t *chain = json_object_get(server, "chain");
	json_int_t port = json_integer_value(json_object_get(server, "port"));
	struct cw_evidence_cert as = {.place = CW_EVIDENCE_PRESENTED,
		.host = (char *)cw_reading_json_text(server, "host"),
		.port = port > 0 && port < 65536 ? (unsigned)port : 0};
	for (size_t i = 0; i < json_array_size(chain); i++) {
		const char *pem = cw_reading_json_text(json_array_get(chain, i), "pem");
		if (pem && !cw_reading_pem(read, pem, strlen(pem), 0, &as, error))
			return false;
	}
	return true;
}

static bool read_probes(const struct cw_reading *read, const json_t *servers, struct cw_error *error)
{
	for (size_t i = 0; i < json_array_size(servers); i++)
		if (!read_probe(read, json_array_get(servers, i), error))
			return false;
	return true;
}

bool cw_reading_json_certmgr(const struct cw_reading *read, const json_t *object, struct cw_error *error)
{
	const json_t *identities = json_object_get(object, "identities");
	const json_t *trusts = json_object_get(object, "trusts");
	const json_t *servers = json_object_get(object, "servers");
	if (servers)
		return read_probes(read, servers, error);
	if (!identities && !trusts)
		return read_single(read, object, error);
	const char *server = cw_reading_json_text(object, "server");
	return (!server || cw_evidence_set_box(read->evidence, read->source, server, error)) &&
		read_identities(read, identities, error) && read_trusts(read, trusts, error);
}
