#include "workbench/request_text.h"

#include "pki/error_mark.h"
#include "report/text/layout.h"

#include <openssl/bio.h>
#include <string.h>

CW_DEFINE_AUTO(BIO *, BIO_free_all)

#define LABEL_WIDTH 11
#define NAME_WIDTH 40

static void labelled(struct cw_buffer *ret, const char *label, const char *text)
{
	AUTO_BUFFER prefix = {0};
	cw_buffer_printf(&prefix, "  %-*s", LABEL_WIDTH, label);
	cw_layout_wrap(ret, cw_buffer_string(&prefix), LABEL_WIDTH + 2, text);
	ret->failed |= prefix.failed;
}

static void names(struct cw_buffer *ret, const struct cw_request_spec *composed)
{
	for (size_t i = 0; i < composed->count; i++) {
		AUTO_BUFFER line = {0};
		cw_buffer_printf(&line, "  %-*s", LABEL_WIDTH, i ? "" : "Names");
		cw_layout_column(&line, composed->names[i].name, NAME_WIDTH);
		cw_layout_wrap(ret, cw_buffer_string(&line), LABEL_WIDTH + 2 + NAME_WIDTH,
			composed->names[i].reason);
		ret->failed |= line.failed;
	}
}

static void next_step(struct cw_buffer *ret, const struct cw_request_told *told)
{
	bool main = told->kind == CW_IDENTITY_SERVER || told->kind == CW_IDENTITY_TOMCAT;
	cw_buffer_printf(ret, "\nNext: have it signed, then\n  causeway cert accept %s %s CERT",
		told->deployment->path, told->node->fqdn);
	if (!main)
		cw_buffer_printf(ret, " --identity %s", cw_node_identity_name(told->kind));
	cw_buffer_text(ret, " --install\n");
}

static void shared(struct cw_buffer *ret, const struct cw_request_told *told)
{
	cw_buffer_text(ret, "\nOne certificate for all peers. This is not recommended for these reasons:\n");
	for (size_t i = 0; i < 2; i++) {
		AUTO_BUFFER prefix = {0};
		cw_buffer_printf(&prefix, "  %zu. ", i + 1);
		cw_layout_wrap(ret, cw_buffer_string(&prefix), 5, cw_shared_warnings[i]);
		ret->failed |= prefix.failed;
	}
	cw_buffer_text(ret, "\nThe steps, of which the first is done\n");
	for (size_t i = 0; i < 4; i++) {
		AUTO_BUFFER prefix = {0};
		cw_buffer_printf(&prefix, "  Step %zu. ", i + 1);
		cw_layout_wrap(ret, cw_buffer_string(&prefix), 10, cw_shared_steps[i]);
		ret->failed |= prefix.failed;
	}
	cw_buffer_printf(ret, "\nHere steps 2 to 4 are\n  causeway cert accept %s %s CERT --install\n",
		told->deployment->path, told->node->fqdn);
	for (size_t i = 0; i < told->node->group->count; i++) {
		const struct cw_node *peer = told->node->group->nodes[i];
		if (peer != told->node)
			cw_buffer_printf(ret, "  causeway cert accept %s %s CERT --key %s --install\n",
				told->deployment->path, peer->fqdn, told->files->key);
	}
}

void cw_request_text_made(struct cw_buffer *ret, const struct cw_request_told *told)
{
	AUTO_BUFFER key = {0};
	if (told->discarded)
		cw_buffer_printf(ret, "%s: the request in progress is discarded, its key destroyed\n\n",
			told->node->fqdn);
	cw_buffer_printf(ret, CW_MARK_BOLD "%s: a request for its %s certificate" CW_MARK_END "\n",
		told->node->fqdn, cw_node_identity_name(told->kind));
	labelled(ret, "Subject", told->composed->subject);
	names(ret, told->composed);
	cw_buffer_printf(&key, "%s, %s; in %s (0600%s)", told->composed->key_text, told->composed->digest,
		told->files->csr_key, told->encrypted ? ", encrypted" : "");
	labelled(ret, "Key", cw_buffer_string(&key));
	labelled(ret, "Asks for",
		"serverAuth and clientAuth. What the certificate gets comes from the CA's template and not "
		"from the request: see to it that the CA does not strip one out (causeway explain sign)");
	labelled(ret, "Request", told->files->csr);
	for (size_t i = 0; i < told->composed->notes.count; i++)
		cw_layout_wrap(ret, "  ! ", 4, told->composed->notes.items[i]);
	if (told->shared)
		shared(ret, told);
	else
		next_step(ret, told);
	ret->failed |= key.failed;
}

static void asks_for(struct cw_buffer *ret, const struct cw_eku *eku)
{
	if (!eku->present)
		cw_buffer_text(ret, "nothing in particular (no extended key usage): the CA decides");
	else if (eku->server_auth && eku->client_auth)
		cw_buffer_text(ret, "server and client (serverAuth, clientAuth)");
	else if (eku->server_auth)
		cw_buffer_text(ret, "server only (serverAuth, no clientAuth)");
	else if (eku->client_auth)
		cw_buffer_text(ret, "client only (clientAuth, no serverAuth)");
	else
		cw_buffer_text(ret, "neither server nor client");
}

void cw_request_text(struct cw_buffer *ret, const char *path, const struct cw_request *request)
{
	const struct cw_cert *shape = cw_request_shape(request);
	const struct cw_sans *sans = cw_cert_sans(shape);
	char key[CW_KEY_TEXT_SIZE];
	AUTO_BUFFER names_text = {0}, asks = {0}, key_text = {0};
	cw_buffer_printf(ret, CW_MARK_BOLD "%s, a certificate request" CW_MARK_END "\n", path);
	labelled(ret, "Who", *cw_cert_subject_text(shape) ? cw_cert_subject_text(shape) : "(no name)");
	for (size_t i = 0; i < sans->count; i++) {
		cw_buffer_text(&names_text, i ? ", " : "");
		cw_buffer_text(&names_text, sans->items[i].kind == CW_SAN_IP ? "IP " : "");
		cw_buffer_text(&names_text, sans->items[i].text);
	}
	labelled(ret, "For", sans->count ? cw_buffer_string(&names_text) : "no alternative names");
	asks_for(&asks, cw_cert_eku(shape));
	labelled(ret, "Asks for", cw_buffer_string(&asks));
	cw_buffer_printf(&key_text, "%s%s%s", cw_cert_key_text(cw_cert_key(shape), key),
		*cw_request_digest(request) ? ", " : "", cw_request_digest(request));
	labelled(ret, "Key", cw_buffer_string(&key_text));
	labelled(ret, "Signed by",
		cw_request_verified(request) ? "its own key, as it must be"
					     : CW_MARK_BAD "not its own key: no CA takes it" CW_MARK_END);
	ret->failed |= names_text.failed || asks.failed || key_text.failed;
}

json_t *cw_request_text_json(const char *path, const struct cw_request *request)
{
	const struct cw_cert *shape = cw_request_shape(request);
	const struct cw_sans *sans = cw_cert_sans(shape);
	char key[CW_KEY_TEXT_SIZE];
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	json_t *names_array = json_array();
	for (size_t i = 0; i < sans->count; i++)
		cw_json_add(&json, names_array, cw_json_text(sans->items[i].text));
	cw_json_put(&json, object, "causeway", json_integer(1));
	cw_json_put(&json, object, "file", cw_json_text(path));
	cw_json_put(&json, object, "subject", cw_json_text(cw_cert_subject_text(shape)));
	cw_json_put(&json, object, "common_name", cw_json_text(cw_cert_common_name(shape)));
	cw_json_put(&json, object, "names", names_array);
	cw_json_put(&json, object, "extended_key_usage",
		cw_cert_eku(shape)->present ? cw_json_texts(&cw_cert_eku(shape)->oids) : json_null());
	cw_json_put(&json, object, "server_auth", json_boolean(cw_cert_eku(shape)->server_auth));
	cw_json_put(&json, object, "client_auth", json_boolean(cw_cert_eku(shape)->client_auth));
	cw_json_put(&json, object, "key", cw_json_text(cw_cert_key_text(cw_cert_key(shape), key)));
	cw_json_put(&json, object, "digest", cw_json_text(cw_request_digest(request)));
	cw_json_put(&json, object, "verified", json_boolean(cw_request_verified(request)));
	return json.failed ? NULL : TAKE(object);
}

bool cw_request_text_openssl(struct cw_buffer *ret, const struct cw_request *request, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	AUTO(BIO_free_all) BIO *memory = BIO_new(BIO_s_mem());
	if (!memory || X509_REQ_print(memory, cw_request_x509(request)) != 1)
		return cw_error_mark_report(&mark, error, CW_E_CRYPTO, "cannot decode the request");
	char *text;
	long length = BIO_get_mem_data(memory, &text);
	cw_buffer_append(ret, text, (size_t)length);
	return cw_buffer_ok(ret, error);
}
