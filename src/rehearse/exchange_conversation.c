#include "rehearse/rehearsal_parts.h"

#define SIP_PORT 5061

static enum cw_conversation_kind dialog_of(const struct cw_link *link)
{
	switch (link->kind) {
	case CW_LINK_TRAVERSAL:
		return CW_CONVERSATION_ZONE;
	case CW_LINK_TOMCAT:
	case CW_LINK_TFTP:
	case CW_LINK_EDGE_HTTPS:
		return CW_CONVERSATION_HTTP;
	case CW_LINK_SIP_OUT:
	case CW_LINK_EDGE_SIP:
		return CW_CONVERSATION_REGISTER;
	case CW_LINK_FRONT:
		return link->port == SIP_PORT ? CW_CONVERSATION_OPTIONS : CW_CONVERSATION_HTTP;
	case CW_LINK_TUNNEL:
	case CW_LINK_SIP_IN:
	case CW_LINK_CLUSTER:
	case CW_LINK_KIND_COUNT:
		return CW_CONVERSATION_OPTIONS;
	}
	return CW_CONVERSATION_OPTIONS;
}

/* What one side does not give is not judged: then both say the same. */
static const char *given(const char *own, const char *other)
{
	return own ? own : other ? other : "traversal";
}

static void set_credentials(struct cw_conversation *dialog, const struct cw_zone *zone)
{
	const struct cw_credentials *own = dialog->server ? &zone->on_e : &zone->on_c;
	const struct cw_credentials *other = dialog->server ? &zone->on_c : &zone->on_e;
	dialog->username = given(own->username, other->username);
	dialog->password = given(own->password, other->password);
}

void cw_exchange_choose_conversation(struct cw_exchange *exchange)
{
	const struct cw_link *link = exchange->observed->link;
	struct cw_exchange_end *ends[] = {&exchange->client, &exchange->server};
	for (size_t i = 0; i < 2; i++) {
		struct cw_conversation *dialog = &ends[i]->dialog;
		dialog->kind = dialog_of(link);
		dialog->server = !ends[i]->is_client;
		dialog->host = link->address;
		if (dialog->kind == CW_CONVERSATION_ZONE)
			set_credentials(dialog, link->zone);
	}
}
