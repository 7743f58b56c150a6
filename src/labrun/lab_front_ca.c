#include "labrun/lab_front_parts.h"

#include "base/file.h"
#include "node/work/work_json.h"
#include "pki/bundle/bundle.h"
#include "pki/bundle/pem_write.h"
#include "pki/name.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

/* Against a folder of folders: a lab has three CAs. */
#define AUTHORITIES_MAX 32
/* Issuers above the first: the chains of the field have two. */
#define CHAIN_MAX 8

static const struct {
	const char *name, *words;
} templates[] = {
	{"both", "Web Server and Client: serverAuth and clientAuth"},
	{"server", "Web Server: serverAuth alone"},
	{"client", "Client: clientAuth alone"},
	{"none", "No Extended Key Usage"},
	{"ca", "Subordinate Certification Authority"},
};
#define TEMPLATES (sizeof templates / sizeof templates[0])

/* --- the CAs of the lab --- */

struct authorities {
	struct cw_pool *pool;
	char names[AUTHORITIES_MAX][64];
	struct cw_cert *certs[AUTHORITIES_MAX]; /* the pool's */
	size_t count;
};

static void authorities_finish(struct authorities *all)
{
	for (size_t i = 0; i < all->count; i++)
		cw_cert_free(all->certs[i]);
	cw_pool_free(all->pool);
}

#define AUTO_AUTHORITIES __attribute__((cleanup(authorities_finish))) struct authorities

/* One that has no certificate is none. */
static void add_authority(const struct cw_lab_front *front, const char *name, struct authorities *all)
{
	AUTO_BUFFER path = {0};
	AUTO_BUNDLE bundle = {0};
	struct cw_error ignored;
	cw_buffer_printf(&path, "%s/%s/ca.pem", front->setup.authorities, name);
	if (all->count == AUTHORITIES_MAX || strlen(name) >= sizeof all->names[0] ||
		!cw_bundle_read(cw_buffer_string(&path), name, NULL, all->pool, &bundle, &ignored) ||
		!bundle.count)
		return;
	snprintf(all->names[all->count], sizeof all->names[0], "%s", name);
	all->certs[all->count++] = cw_cert_ref(bundle.entries[0].cert);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void find_authorities(const struct cw_lab_front *front, struct authorities *ret)
{
	struct dirent **entries;
	*ret = (struct authorities){.pool = cw_pool_new()};
	int count = ret->pool ? scandir(front->setup.authorities, &entries, NULL, by_name) : -1;
	for (int i = 0; i < count; i++) {
		if (entries[i]->d_name[0] != '.')
			add_authority(front, entries[i]->d_name, ret);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}

static size_t place_of(const struct authorities *all, const char *name)
{
	size_t place = 0;
	while (place < all->count && strcmp(all->names[place], name) != 0)
		place++;
	return place;
}

/* The CA that its issuer's name is of; `count`: none, or it is its own. */
static size_t issuer_of(const struct authorities *all, const struct cw_cert *cert)
{
	size_t place = 0;
	if (strcmp(cw_cert_issuer_text(cert), cw_cert_subject_text(cert)) == 0)
		return all->count;
	while (place < all->count &&
		strcmp(cw_cert_subject_text(all->certs[place]), cw_cert_issuer_text(cert)) != 0)
		place++;
	return place;
}

/* What is handed out beside a certificate: who signed it, up to the top. Trusts nothing: `authority` is the CA that did. */
static size_t chain_of(const struct authorities *all, const struct cw_lab_front_issued *issued,
	struct cw_cert *ret[CHAIN_MAX])
{
	size_t count = 0, place = place_of(all, issued->authority);
	while (place < all->count && count < CHAIN_MAX) {
		ret[count++] = all->certs[place];
		place = issuer_of(all, all->certs[place]);
	}
	return count;
}

/* --- the page --- */

static json_t *cas_json(const struct authorities *all)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *rows = json_array();
	for (size_t i = 0; i < all->count; i++)
		cw_json_add(&json, rows,
			json_pack("{s:s,s:s}", "name", all->names[i], "subject",
				cw_cert_subject_text(all->certs[i])));
	return json.failed ? NULL : TAKE(rows);
}

static json_t *templates_json(void)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *rows = json_array();
	for (size_t i = 0; i < TEMPLATES; i++)
		cw_json_add(&json, rows,
			json_pack("{s:s,s:s}", "name", templates[i].name, "words", templates[i].words));
	return json.failed ? NULL : TAKE(rows);
}

static json_t *issued_json(const struct authorities *all, const struct cw_lab_front_issued *issued)
{
	struct cw_cert *chain[CHAIN_MAX];
	struct cw_json json = {0};
	cw_time now = cw_time_now();
	size_t count = chain_of(all, issued, chain);
	AUTO(json_decref) json_t *object = cw_work_json_cert(issued->cert, now, true);
	cw_json_put(&json, object, "chain", cw_work_json_certs(chain, count, now));
	cw_json_put(&json, object, "missing", json_array());
	return json.failed ? NULL : TAKE(object);
}

void cw_lab_front_put_ca(const struct cw_lab_front *front, json_t *answer,
	const struct cw_lab_front_issued *issued, const char *refused)
{
	struct cw_json json = {0};
	AUTO_AUTHORITIES all;
	find_authorities(front, &all);
	cw_json_put(&json, answer, "cas", cas_json(&all));
	cw_json_put(&json, answer, "templates", templates_json());
	cw_json_put(&json, answer, "issued", issued ? issued_json(&all, issued) : json_null());
	cw_json_put(&json, answer, "refused", cw_json_text(refused));
}

/* --- a certificate is issued --- */

static const struct cw_lab_front_issued *keep(
	struct cw_lab_front *front, struct cw_cert *cert, const char *authority)
{
	struct cw_lab_front_issued *all = front->issued;
	if (front->issued_count == CW_LAB_FRONT_ISSUED_MAX) {
		cw_cert_free(all[0].cert);
		memmove(all, all + 1, (CW_LAB_FRONT_ISSUED_MAX - 1) * sizeof *all);
		front->issued_count--;
	}
	struct cw_lab_front_issued *issued = &all[front->issued_count++];
	issued->cert = cw_cert_ref(cert);
	snprintf(issued->authority, sizeof issued->authority, "%s", authority);
	return issued;
}

static const struct cw_lab_front_issued *take_certificate(
	struct cw_lab_front *front, const struct cw_buffer *pem, const char *authority)
{
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUNDLE bundle = {0};
	struct cw_error ignored;
	const struct cw_bundle_file file = {
		.data = cw_buffer_string(pem), .length = pem->length, .shown = "the certificate"};
	if (!pool || !cw_bundle_parse(&file, NULL, pool, &bundle, &ignored) || !bundle.count)
		return NULL;
	return keep(front, bundle.entries[0].cert, authority);
}

static void on_signed(struct cw_lab_front_wait *wait, int status, const struct cw_buffer *output,
	const struct cw_buffer *errors)
{
	struct cw_lab_front *front = wait->front;
	AUTO_BUFFER refused = {0};
	const struct cw_lab_front_issued *issued = NULL;
	if (!wait->exchange)
		return;
	if (status == 0)
		issued = take_certificate(front, output, cw_screen_json_text(wait->sent, "ca"));
	if (!issued)
		cw_lab_front_trouble(status, errors, &refused);
	json_t *answer = cw_lab_front_answer(front);
	if (answer)
		cw_lab_front_put_ca(front, answer, issued, issued ? NULL : cw_buffer_string(&refused));
	cw_lab_front_show(front, wait->exchange, "certsrv", answer, issued ? NULL : wait->sent);
}

static bool is_template(const char *name)
{
	for (size_t i = 0; i < TEMPLATES; i++)
		if (strcmp(templates[i].name, name) == 0)
			return true;
	return false;
}

void cw_lab_front_issue(void *context, struct cw_web_exchange *exchange)
{
	struct cw_lab_front *front = context;
	const struct cw_web_form *form = cw_web_exchange_form(exchange);
	const char *name = cw_web_form_value(form, "ca"), *template = cw_web_form_value(form, "template");
	const char *request = cw_web_form_value(form, "request");
	AUTO_AUTHORITIES all;
	AUTO_BUFFER path = {0};
	find_authorities(front, &all);
	size_t place = place_of(&all, name);
	if (place == all.count || !is_template(template)) {
		cw_web_exchange_fault(exchange, 404, "there is no such CA, or no such template, in this lab");
		return;
	}
	cw_buffer_printf(&path, "%s/%s", front->setup.authorities, all.names[place]);
	const char *const words[] = {
		"ca", "sign", "--ca", cw_buffer_string(&path), "--template", template, "-", NULL};
	const struct cw_lab_job_setup verb = {.words = words, .input = request, .seconds = 30};
	const struct cw_lab_front_wait wait = {.front = front,
		.done = on_signed,
		.sent = json_pack("{s:s,s:s,s:s}", "ca", name, "template", template, "request", request)};
	cw_lab_front_run(exchange, &verb, &wait);
}

/* --- downloads --- */

static bool write_form(const struct cw_lab_front *front, const struct cw_lab_front_issued *issued,
	const char *form, struct cw_web_answer *answer, struct cw_error *error)
{
	struct cw_cert *chain[CHAIN_MAX];
	size_t length;
	const uint8_t *der = cw_cert_der(issued->cert, &length);
	if (strcmp(form, "der") == 0) {
		answer->type = "application/pkix-cert";
		cw_buffer_append(&answer->body, der, length);
		cw_web_answer_download(answer, "certnew.cer");
		return true;
	}
	answer->type = "application/x-pem-file";
	cw_web_answer_download(answer, strcmp(form, "chain") == 0 ? "certnew-chain.pem" : "certnew.pem");
	if (!cw_pem_write_cert(&answer->body, issued->cert, error))
		return false;
	if (strcmp(form, "chain") != 0)
		return true;
	AUTO_AUTHORITIES all;
	find_authorities(front, &all);
	size_t count = chain_of(&all, issued, chain);
	for (size_t i = 0; i < count; i++)
		if (!cw_pem_write_cert(&answer->body, chain[i], error))
			return false;
	return true;
}

void cw_lab_front_download(void *context, struct cw_web_exchange *exchange)
{
	const struct cw_lab_front *front = context;
	const struct cw_web_form *query = cw_web_exchange_query(exchange);
	const char *sha256 = cw_web_form_value(query, "sha256"), *form = cw_web_form_value(query, "form");
	AUTO_WEB_ANSWER answer = {0};
	struct cw_error error;
	bool known = strcmp(form, "base64") == 0 || strcmp(form, "der") == 0 || strcmp(form, "chain") == 0;
	for (size_t i = 0; known && i < front->issued_count; i++) {
		if (strcmp(cw_cert_sha256_text(front->issued[i].cert), sha256) != 0)
			continue;
		if (write_form(front, &front->issued[i], form, &answer, &error))
			cw_web_exchange_answer(exchange, &answer);
		else
			cw_web_exchange_fault(exchange, 503, error.message);
		return;
	}
	cw_web_exchange_fault(exchange, 404, "there is no such certificate: the page shows what was issued");
}
