#include "traversal/tunnel_status.h"

#include <stdio.h>

void cw_tunnel_status_set(struct cw_tunnel_status *status, enum cw_tunnel_state state,
	enum cw_tunnel_reason reason, enum cw_tunnel_speaker speaker, const char *line)
{
	AUTO_BUFFER text = {0};
	if (reason != CW_TUNNEL_NO_REASON)
		cw_tunnel_words_tell(reason, speaker, line, &text);
	status->state = state;
	status->reason = reason;
	snprintf(status->text, sizeof status->text, "%s", cw_buffer_string(&text));
}

void cw_tunnel_status_refuse(struct cw_tunnel_status *status, const char *why)
{
	status->state = CW_TUNNEL_OFF;
	status->reason = CW_TUNNEL_REFUSED;
	snprintf(status->text, sizeof status->text, "%s", why);
}

const char *cw_tunnel_status_name(enum cw_tunnel_state state)
{
	switch (state) {
	case CW_TUNNEL_OFF:
		return "Off";
	case CW_TUNNEL_CHECKING:
		return "Checking";
	case CW_TUNNEL_ACTIVE:
		return "Active";
	case CW_TUNNEL_FAILED:
		return "Failed";
	}
	return "?";
}
