#include "config/deployment_write_parts.h"

static const char *profile_word(const struct cw_endpoint *endpoint)
{
	switch (endpoint->sip) {
	case CW_ENDPOINT_SIP_ALL:
		return NULL;
	case CW_ENDPOINT_SIP_SECURE:
		return endpoint->profile;
	case CW_ENDPOINT_SIP_OAUTH:
		return "oauth";
	case CW_ENDPOINT_SIP_NONE:
		return "none";
	}
	return NULL;
}

static void write_trust(struct cw_deployment_writer *writer, const struct cw_store *trust)
{
	size_t count = trust->paths.count + trust->fingerprint_paths.count;
	if (trust->state == CW_ABSENT)
		return;
	cw_buffer_text(writer->out, ", trust: ");
	if (trust->state == CW_UNKNOWN) {
		cw_buffer_text(writer->out, "unknown");
		return;
	}
	cw_buffer_text(writer->out, count == 1 ? "" : "[");
	for (size_t i = 0; i < count; i++) {
		cw_buffer_text(writer->out, i ? ", " : "");
		if (i < trust->paths.count) {
			cw_deployment_write_path(writer, trust->paths.items[i]);
			continue;
		}
		cw_buffer_text(writer->out, "{fingerprints: ");
		cw_deployment_write_text(writer, trust->fingerprint_paths.items[i - trust->paths.count]);
		cw_buffer_char(writer->out, '}');
	}
	cw_buffer_text(writer->out, count == 1 ? "" : "]");
}

/* Nothing where the endpoint signs in for all of them. */
static void write_endpoint_domains(struct cw_deployment_writer *writer,
	const struct cw_deployment *deployment, const struct cw_endpoint *endpoint)
{
	size_t chosen = 0;
	for (size_t i = 0; i < deployment->domain_count; i++)
		chosen += endpoint->domains[i];
	if (chosen == deployment->domain_count)
		return;
	cw_buffer_text(writer->out, ", domains: [");
	const char *before = "";
	for (size_t i = 0; i < deployment->domain_count; i++) {
		if (!endpoint->domains[i])
			continue;
		cw_buffer_text(writer->out, before);
		cw_deployment_write_text(writer, deployment->domains[i].name);
		before = ", ";
	}
	cw_buffer_char(writer->out, ']');
}

void cw_deployment_write_endpoints(
	struct cw_deployment_writer *writer, const struct cw_deployment *deployment)
{
	if (!deployment->endpoint_count)
		return;
	cw_deployment_write_section(writer, "endpoints");
	for (size_t i = 0; i < deployment->endpoint_count; i++) {
		const struct cw_endpoint *endpoint = &deployment->endpoints[i];
		writer->place = (struct cw_deployment_place){.endpoint = endpoint};
		cw_buffer_text(writer->out, "  - {name: ");
		cw_deployment_write_text(writer, endpoint->name);
		cw_buffer_printf(writer->out, ", kind: %s", cw_endpoint_kind_name(endpoint->kind));
		if (profile_word(endpoint)) {
			cw_buffer_text(writer->out, ", profile: ");
			cw_deployment_write_text(writer, profile_word(endpoint));
		}
		write_trust(writer, &endpoint->trust);
		if (endpoint->trust.password_path) {
			cw_buffer_text(writer->out, ", trust-password-file: ");
			cw_deployment_write_text(writer, endpoint->trust.password_path);
		}
		write_endpoint_domains(writer, deployment, endpoint);
		cw_buffer_char(writer->out, '}');
		cw_deployment_write_end_line(writer);
	}
}

void cw_deployment_write_domains(struct cw_deployment_writer *writer, const struct cw_deployment *deployment)
{
	static const char *const edges[] = {
		[CW_EDGE_DNS] = "dns", [CW_EDGE_COLLAB_EDGE] = "collab-edge", [CW_EDGE_NONE] = "none"};
	if (!deployment->domain_count)
		return;
	cw_deployment_write_begin_line(writer, "domains");
	cw_buffer_text(writer->out, " [");
	for (size_t i = 0; i < deployment->domain_count; i++) {
		const struct cw_domain *domain = &deployment->domains[i];
		cw_buffer_text(writer->out, i ? ", " : "");
		if (domain->edge == CW_EDGE_EITHER) {
			cw_deployment_write_text(writer, domain->name);
			continue;
		}
		cw_buffer_text(writer->out, "{name: ");
		cw_deployment_write_text(writer, domain->name);
		cw_buffer_printf(writer->out, ", edge: %s}", edges[domain->edge]);
	}
	cw_buffer_char(writer->out, ']');
	cw_deployment_write_end_line(writer);
}
