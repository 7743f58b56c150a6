#include "outcome.h"
#include "check/service.h"

static void write_services(const struct cw_check *check, struct cw_buffer *ret)
{
	for (size_t i = 0; i < check->service_count; i++) {
		const struct cw_service *service = &check->services[i];
		cw_buffer_printf(ret, "service %s %s: %s\n", service->endpoint->name, service->domain->name,
			cw_service_state_name(service->state));
		for (size_t k = 0; k < service->because_count; k++)
			cw_buffer_printf(ret, "  because %s\n", service->because[k]->id);
	}
}

static void write_remedy(const struct cw_remedy *remedy, struct cw_buffer *ret)
{
	cw_buffer_printf(ret, "    remedy: %s", cw_remedy_action_name(remedy->action));
	if (remedy->node)
		cw_buffer_printf(ret, " on %s", remedy->node);
	if (remedy->store)
		cw_buffer_printf(ret, " %s", remedy->store);
	if (remedy->cert)
		cw_buffer_printf(ret, " [%s]", cw_cert_subject_text(remedy->cert));
	else if (remedy->subject)
		cw_buffer_printf(ret, " [%s]", remedy->subject);
	if (remedy->before)
		cw_buffer_printf(ret, " before [%s]", cw_cert_subject_text(remedy->before));
	if (remedy->replaces)
		cw_buffer_text(ret, " in place of its namesake");
	if (remedy->from)
		cw_buffer_printf(ret, " from %s", remedy->from);
	if (remedy->setting)
		cw_buffer_printf(ret, " %s = %s", remedy->setting, remedy->value ? remedy->value : "?");
	for (size_t i = 0; i < remedy->names.count; i++)
		cw_buffer_printf(ret, "%s%s", i ? ", " : " names ", remedy->names.items[i]);
	cw_buffer_text(ret, "\n");
}

static void write_complaint(const struct cw_complaint *complaint, struct cw_buffer *ret)
{
	const struct cw_finding *finding = &complaint->finding;
	cw_buffer_printf(ret, "  %s %s (%s%s) judge %s", cw_finding_severity_name(finding->severity),
		cw_finding_code_name(finding->code), cw_finding_layer_name(finding->layer),
		finding->reached ? "" : ", not reached", complaint->judge);
	if (complaint->store)
		cw_buffer_printf(ret, " %s", complaint->store);
	cw_buffer_printf(ret, " depth %u", finding->depth);
	if (finding->subject)
		cw_buffer_printf(ret, " [%s]", finding->subject);
	if (finding->name)
		cw_buffer_printf(ret, " name %s", finding->name);
	if (finding->place)
		cw_buffer_printf(ret, " entry %zu", finding->place);
	if (finding->better_place)
		cw_buffer_printf(ret, " better %zu", finding->better_place);
	cw_buffer_text(ret, "\n");
	if (complaint->vendor_text)
		cw_buffer_printf(ret, "    shown as: %s\n", complaint->vendor_text);
	write_remedy(&complaint->remedy, ret);
}

static void write_complaints(const struct cw_complaints *complaints, struct cw_buffer *ret)
{
	for (size_t i = 0; i < complaints->count; i++)
		write_complaint(&complaints->items[i], ret);
}

static void write_links(const struct cw_check *check, struct cw_buffer *ret)
{
	for (size_t i = 0; i < check->link_count; i++) {
		const struct cw_link *link = check->links[i];
		cw_buffer_printf(ret, "link %s: %s", link->id, cw_finding_verdict_name(link->verdict));
		if (link->refused_by)
			cw_buffer_printf(ret, " by %s", link->refused_by);
		cw_buffer_text(ret, "\n");
		write_complaints(&link->complaints, ret);
	}
}

void outcome_write(const struct cw_check *check, struct cw_buffer *ret)
{
	write_services(check, ret);
	write_links(check, ret);
	for (size_t i = 0; i < check->node_count; i++) {
		if (check->nodes[i].complaints.count == 0)
			continue;
		cw_buffer_printf(ret, "node %s\n", check->nodes[i].node->fqdn);
		write_complaints(&check->nodes[i].complaints, ret);
	}
}
