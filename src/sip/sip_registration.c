#include "sip/sip_registration.h"

static uint32_t seconds(struct cw_sip_text text, uint32_t fallback)
{
	uint64_t number;
	return text.data && cw_sip_text_number(text, UINT32_MAX, &number) ? (uint32_t)number : fallback;
}

bool cw_sip_registration_read(const struct cw_sip_message *request, unsigned nth, uint32_t fallback,
	struct cw_sip_registration *ret)
{
	const struct cw_sip_address *contact = cw_sip_message_address(request, CW_SIP_CONTACT, nth);
	if (!contact || contact->any)
		return false;
	uint32_t all = seconds(cw_sip_message_field(request, CW_SIP_EXPIRES, 0), fallback);
	*ret = (struct cw_sip_registration){
		.contact = contact,
		.instance = cw_sip_address_parameter(contact, "+sip.instance"),
		.reg_id = seconds(cw_sip_address_parameter(contact, "reg-id"), 0),
		.device = cw_sip_address_parameter(contact, "+u.sip!devicename.ccm.cisco.com"),
		.model = cw_sip_address_parameter(contact, "+u.sip!model.ccm.cisco.com"),
		.expires = seconds(cw_sip_address_parameter(contact, "expires"), all),
	};
	return true;
}

bool cw_sip_registration_is_clear(const struct cw_sip_message *request)
{
	const struct cw_sip_address *contact = cw_sip_message_address(request, CW_SIP_CONTACT, 0);
	return contact && contact->any && seconds(cw_sip_message_field(request, CW_SIP_EXPIRES, 0), 1) == 0;
}

static unsigned check_flow(const struct cw_sip_message *request, const struct cw_sip_address *contact)
{
	struct cw_sip_text text = cw_sip_address_parameter(contact, "reg-id");
	struct cw_sip_text instance = cw_sip_address_parameter(contact, "+sip.instance");
	uint64_t number;
	if (!cw_sip_parameters_find(&contact->parameters, "reg-id"))
		return 0;
	if (!instance.length || !cw_sip_text_number(text, INT32_MAX, &number) || number == 0)
		return 400;
	if (request->via_count < 2)
		return 0;
	/* The path is written by each hop in front: the last value is that of the first hop. */
	const struct cw_sip_address *first = NULL, *path;
	for (unsigned nth = 0; (path = cw_sip_message_address(request, CW_SIP_PATH, nth)); nth++)
		first = path;
	return first && cw_sip_uri_parameter(&first->uri, "ob") ? 0 : 439;
}

unsigned cw_sip_registration_check(const struct cw_sip_message *request)
{
	const struct cw_sip_address *contact = cw_sip_message_address(request, CW_SIP_CONTACT, 0);
	for (unsigned nth = 0; contact; contact = cw_sip_message_address(request, CW_SIP_CONTACT, ++nth)) {
		if (contact->any)
			return cw_sip_registration_is_clear(request) ? 0 : 400;
		unsigned status = check_flow(request, contact);
		if (status)
			return status;
	}
	return 0;
}
