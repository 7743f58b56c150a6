#include "admin/front/front_parts.h"

#include "http/http_base64.h"

#include <stdio.h>
#include <string.h>

/* By the names that the boxes' addresses have: which identity, its certificate or its request, and the file's name. */
static const struct {
	const char *file, *identity, *part, *name;
} rows[] = {
	{"SERVER_CERTIFICATE", "server", "certificate", "server.pem"},
	{"CLIENT_CERTIFICATE", "client", "certificate", "client.pem"},
	{"SERVER_CSR", "server", "request", "server.csr"},
	{"CLIENT_CSR", "client", "request", "client.csr"},
};

static void send_file(struct cw_front_asker *asker, const char *name, const char *pem, bool der)
{
	AUTO_WEB_ANSWER answer = {.type = der ? "application/pkix-cert" : "application/x-pem-file"};
	if (!der) {
		cw_buffer_text(&answer.body, pem);
	} else if (!cw_front_parts_der(pem, &answer.body)) {
		cw_web_exchange_fault(asker->exchange, 404, "there is no such certificate");
		return;
	}
	cw_web_answer_download(&answer, name);
	cw_web_exchange_answer(asker->exchange, &answer);
}

/* The one block of base64 between its two lines. False: there is none. */
bool cw_front_parts_der(const char *pem, struct cw_buffer *ret)
{
	AUTO_BUFFER text = {0};
	struct cw_http_text bytes;
	const char *begin = strstr(pem, "-----\n"), *end = begin ? strstr(begin + 6, "-----END") : NULL;
	if (!end)
		return false;
	for (const char *at = begin + 6; at < end; at++)
		if (*at != '\n' && *at != '\r')
			cw_buffer_char(&text, *at);
	AUTO(free) char *room = malloc(text.length + 1);
	const struct cw_http_text joined = {cw_buffer_string(&text), text.length};
	if (text.failed || !room ||
		!cw_http_base64_decode(joined, CW_HTTP_BASE64_PADDED, &bytes, room, text.length))
		return false;
	cw_buffer_append(ret, bytes.at, bytes.length);
	return !ret->failed;
}

static void on_identity(struct cw_front_asker *asker, unsigned status, const json_t *answer)
{
	const char *file = cw_web_form_value(cw_web_exchange_query(asker->exchange), "file");
	const char *part = strstr(file, "CSR") ? "request" : "certificate", *name = "request.csr";
	const char *pem = json_string_value(json_object_get(json_object_get(answer, part), "pem"));
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (strcmp(rows[i].file, file) == 0)
			name = rows[i].name;
	if (status != 200)
		cw_front_parts_refuse(asker, status, answer);
	else if (!pem)
		cw_web_exchange_fault(asker->exchange, 404, "there is no such certificate or request");
	else
		send_file(asker, name, pem, false);
}

/* One row of the list, by its fingerprint. */
static void on_list(struct cw_front_asker *asker, unsigned status, const json_t *answer)
{
	const struct cw_web_form *query = cw_web_exchange_query(asker->exchange);
	const char *wanted = cw_web_form_value(query, "sha256");
	bool der = strcmp(cw_web_form_value(query, "form"), "der") == 0;
	const json_t *list = json_object_get(answer, "rows");
	size_t i;
	json_t *row;
	if (status != 200) {
		cw_front_parts_refuse(asker, status, answer);
		return;
	}
	json_array_foreach(list ? list : json_object_get(answer, "entries"), i, row)
	{
		const char *sha256 = json_string_value(json_object_get(row, "sha256"));
		const char *pem = json_string_value(json_object_get(row, "pem"));
		if (!sha256 || !pem || strcmp(sha256, wanted) != 0)
			continue;
		send_file(asker, der ? "certificate.der" : "certificate.pem", pem, der);
		return;
	}
	cw_web_exchange_fault(asker->exchange, 404, "there is no such certificate");
}

void cw_front_parts_download(void *context, struct cw_web_exchange *exchange)
{
	struct cw_front_asker *asker = cw_web_exchange_context(exchange);
	const struct cw_web_form *query = cw_web_exchange_query(exchange);
	const char *file = cw_web_form_value(query, "file"), *identity = cw_web_form_value(query, "identity");
	const char *role = json_string_value(json_object_get(asker->page, "role"));
	(void)context;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (strcmp(rows[i].file, file) == 0)
			identity = rows[i].identity;
	if (*identity)
		cw_front_parts_ask(asker, "identity", json_pack("{s:s}", "identity", identity), on_identity);
	else if (role && strcmp(role, "cucm") == 0)
		cw_front_parts_ask(asker, "certificates", NULL, on_list);
	else
		cw_front_parts_ask(asker, "trust",
			json_pack("{s:s,s:[s]}", "store", "trusted-ca", "sha256",
				cw_web_form_value(query, "sha256")),
			on_list);
}
