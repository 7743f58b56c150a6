#include "model/endpoint.h"

const char *cw_endpoint_kind_name(enum cw_endpoint_kind kind)
{
	static const char *const names[] = {
		[CW_ENDPOINT_JABBER] = "jabber",
		[CW_ENDPOINT_TELEPRESENCE] = "telepresence",
		[CW_ENDPOINT_PHONE_7800] = "phone-7800",
		[CW_ENDPOINT_PHONE_8800] = "phone-8800",
		[CW_ENDPOINT_PHONE_9800] = "phone-9800",
		[CW_ENDPOINT_WEBEX] = "webex",
	};
	return names[kind];
}
