#include "node/edge/edge_config.h"

#include <string.h>

/* The services that a client may ask for. */
static const char *const services[] = {"_cisco-phone-tftp", "_cuplogin", "_cisco-uds"};
#define SERVICES (sizeof services / sizeof services[0])

static void put_text(struct cw_buffer *ret, const char *text)
{
	for (const char *at = text; *at; at++) {
		if (strchr("<>&\"'", *at) || (unsigned char)*at < ' ' || *at == 0x7f)
			cw_buffer_printf(ret, "&#%u;", (unsigned)(unsigned char)*at);
		else
			cw_buffer_char(ret, *at);
	}
}

static bool is_asked(struct cw_http_text query, const char *service)
{
	static const char key[] = "service_name=";
	const size_t key_length = sizeof key - 1, length = strlen(service);
	bool any = false;
	while (query.length) { /* ends: a parameter fewer each time */
		size_t end = cw_http_text_find(query, '&');
		struct cw_http_text part = cw_http_text_part(query, 0, end);
		query = cw_http_text_part(query, end + 1, CW_HTTP_REST);
		if (part.length < key_length || memcmp(part.at, key, key_length) != 0)
			continue;
		any = true;
		if (part.length == key_length + length && memcmp(part.at + key_length, service, length) == 0)
			return true;
	}
	return !any;
}

static void put_service(struct cw_buffer *ret, const struct cw_edge_config *config, const char *name)
{
	cw_buffer_printf(ret, "<service><name>%s</name>", name);
	if (strcmp(name, "_cisco-uds") != 0 || !config->uds->count) {
		cw_buffer_text(ret, "<error>NameError</error></service>");
		return;
	}
	for (size_t i = 0; i < config->uds->count; i++) {
		cw_buffer_text(
			ret, "<server><priority>1</priority><weight>1</weight><port>8443</port><address>");
		put_text(ret, config->uds->items[i]);
		cw_buffer_text(ret, "</address></server>");
	}
	cw_buffer_text(ret, "</service>");
}

static void put_tftp(struct cw_buffer *ret, const struct cw_edge_config *config)
{
	cw_buffer_text(ret, "<service><name>tftpServer</name>");
	for (size_t i = 0; i < config->uds->count; i++) {
		cw_buffer_text(ret, "<address>");
		put_text(ret, config->uds->items[i]);
		cw_buffer_text(ret, "</address>");
	}
	cw_buffer_text(ret, "</service>");
}

static void put_servers(
	struct cw_buffer *ret, const char *element, const struct cw_strings *names, unsigned port)
{
	cw_buffer_printf(ret, "<%s>", element);
	for (size_t i = 0; i < names->count; i++) {
		cw_buffer_text(ret, "<server><address>");
		put_text(ret, names->items[i]);
		cw_buffer_printf(ret, "</address><tlsPort>%u</tlsPort></server>", port);
	}
	cw_buffer_printf(ret, "</%s>", element);
}

void cw_edge_config_write(const struct cw_edge_config *config, struct cw_buffer *ret)
{
	cw_buffer_text(ret,
		"<?xml version='1.0' encoding='UTF-8'?><getEdgeConfigResponse version=\"1.0\"><serviceConfig>");
	for (size_t i = 0; i < SERVICES; i++)
		if (is_asked(config->query, services[i]))
			put_service(ret, config, services[i]);
	put_tftp(ret, config);
	cw_buffer_text(ret, "</serviceConfig><edgeConfig>");
	put_servers(ret, "sipEdgeServer", config->edges, config->sip_port);
	cw_buffer_text(ret, "<sipRequest><route>&lt;sip:");
	put_text(ret, config->route);
	cw_buffer_printf(
		ret, ":%u;transport=tls;zone-id=1;directed;lr&gt;</route></sipRequest>", config->sip_port);
	cw_buffer_text(ret, "<xmppEdgeServer/>");
	put_servers(ret, "httpEdgeServer", config->edges, config->https_port);
	cw_buffer_text(ret, "<turnEdgeServer/><userUdsServer><server><address>");
	put_text(ret, config->home);
	cw_buffer_text(ret,
		"</address><tlsPort>8443</tlsPort></server></userUdsServer></edgeConfig></getEdgeConfigResponse>");
}
