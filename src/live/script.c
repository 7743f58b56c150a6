#include "live/rehearsal_parts.h"

#define SIP_PORT 5061

static enum cw_dialog_kind dialog_of(const struct cw_link *link)
{
	switch (link->kind) {
	case CW_LINK_TRAVERSAL:
		return CW_DIALOG_ZONE;
	case CW_LINK_TOMCAT:
	case CW_LINK_TFTP:
	case CW_LINK_EDGE_HTTPS:
		return CW_DIALOG_HTTP;
	case CW_LINK_SIP_OUT:
	case CW_LINK_EDGE_SIP:
		return CW_DIALOG_REGISTER;
	case CW_LINK_FRONT:
		return link->port == SIP_PORT ? CW_DIALOG_OPTIONS : CW_DIALOG_HTTP;
	case CW_LINK_TUNNEL:
	case CW_LINK_SIP_IN:
	case CW_LINK_CLUSTER:
	case CW_LINK_KIND_COUNT:
		return CW_DIALOG_OPTIONS;
	}
	return CW_DIALOG_OPTIONS;
}

/* What one side does not give is not judged: then both say the same. */
static const char *given(const char *own, const char *other)
{
	return own ? own : other ? other : "traversal";
}

static void set_credentials(struct cw_dialog *dialog, const struct cw_zone *zone)
{
	const struct cw_credentials *own = dialog->server ? &zone->on_e : &zone->on_c;
	const struct cw_credentials *other = dialog->server ? &zone->on_c : &zone->on_e;
	dialog->username = given(own->username, other->username);
	dialog->password = given(own->password, other->password);
}

void cw_play_script(struct cw_play *play)
{
	const struct cw_link *link = play->reality->link;
	struct cw_play_end *ends[] = {&play->client, &play->server};
	for (size_t i = 0; i < 2; i++) {
		struct cw_dialog *dialog = &ends[i]->dialog;
		dialog->kind = dialog_of(link);
		dialog->server = !ends[i]->is_client;
		dialog->host = link->address;
		if (dialog->kind == CW_DIALOG_ZONE)
			set_credentials(dialog, link->zone);
	}
}
