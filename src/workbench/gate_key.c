#include "workbench/gate_key.h"

#include "base/file.h"
#include "pki/key.h"
#include "workbench/pending.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>

static void complain(struct cw_gate *gate, enum cw_code code, const char *format, ...) CW_PRINTF(3, 4);

static void complain(struct cw_gate *gate, enum cw_code code, const char *format, ...)
{
	AUTO_BUFFER text = {0};
	va_list args;
	va_start(args, format);
	cw_buffer_vprintf(&text, format, args);
	va_end(args);
	struct cw_finding *finding = cw_findings_add(&gate->findings, code, 0, gate->leaf);
	cw_finding_detail(&gate->findings, finding, "%s", cw_buffer_string(&text));
	gate->findings.failed |= text.failed;
}

/* sources F1.1: "Uploaded private key must have a trailing newline and no passphrase". */
static void check_key_form(
	const struct cw_gate_question *question, struct cw_gate *gate, const struct cw_buffer *content)
{
	bool expressway =
		question->node->kind == CW_NODE_EXPRESSWAY_C || question->node->kind == CW_NODE_EXPRESSWAY_E;
	bool newline = content->length && content->data[content->length - 1] == '\n';
	if (expressway && !newline)
		complain(gate, CW_KEY_UNUSABLE, "%s does not end with a newline", question->key_path);
	if (expressway && cw_pending_exists(question->files))
		complain(gate, CW_KEY_UNUSABLE,
			"a request is in progress (%s): the page takes no key until its certificate is "
			"accepted or it is discarded",
			question->files->csr);
}

/* Read once: what is installed is what was judged, whatever happens to the file in between. */
static bool check_given(const struct cw_gate_question *question, struct cw_gate *gate, struct cw_error *error)
{
	AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	AUTO_BUFFER read = {.secret = true};
	const struct cw_buffer *content = question->key_content ? question->key_content : &read;
	struct cw_error why;
	if (!question->key_content && !cw_file_read(question->key_path, CW_KEY_FILE_MAX, &read, error))
		return false;
	check_key_form(question, gate, content);
	bool readable = cw_key_parse_file(content, question->key_path, NULL, &key, &why);
	if (!readable) {
		if (why.code == CW_E_MEMORY)
			return cw_error_memory(error);
		complain(gate, CW_KEY_UNUSABLE, "%s%s", why.message,
			why.code == CW_E_PASSWORD ? "; the page takes no passphrase" : "");
		return true;
	}
	if (cw_key_fits(key, gate->leaf)) {
		gate->key = CW_GATE_KEY_GIVEN;
		gate->given = TAKE(key);
	} else {
		complain(gate, CW_KEY_MISMATCH, "the key in %s is not the key of the certificate in %s",
			question->key_path, question->path);
	}
	return true;
}

static bool is_cucm(const struct cw_node *node)
{
	return node->kind == CW_NODE_CUCM || node->kind == CW_NODE_IMP || node->kind == CW_NODE_UNITY;
}

static bool has_name(const struct cw_sans *sans, const struct cw_san *wanted)
{
	for (size_t i = 0; i < sans->count; i++)
		if (sans->items[i].kind == wanted->kind && strcasecmp(sans->items[i].text, wanted->text) == 0)
			return true;
	return false;
}

/* The first name of one that the other lacks, or NULL. */
static const char *lacks(const struct cw_sans *of, const struct cw_sans *in)
{
	for (size_t i = 0; i < of->count; i++)
		if (!has_name(in, &of->items[i]))
			return of->items[i].text;
	return NULL;
}

/* cisco.com 200641: the page compares the names of both. */
static bool check_request_names(
	const struct cw_gate_question *question, struct cw_gate *gate, struct cw_error *error)
{
	AUTO(cw_request_free) struct cw_request *request = NULL;
	if (!is_cucm(question->node))
		return true;
	if (!cw_request_read(question->files->csr, &request, error))
		return false;
	const struct cw_sans *asked = cw_cert_sans(cw_request_shape(request)),
			     *given = cw_cert_sans(gate->leaf);
	const char *extra = lacks(given, asked), *missing = lacks(asked, given);
	if (extra)
		complain(gate, CW_REQUEST_NAMES_DIFFER,
			"the names differ from those of the request: %s is not in it (%s)", extra,
			question->files->csr);
	else if (missing)
		complain(gate, CW_REQUEST_NAMES_DIFFER,
			"the names differ from those of the request (%s): %s is in it and not in the certificate",
			question->files->csr, missing);
	return true;
}

/* A key that cannot be read without a password is not looked at. */
static bool fits_present(const struct cw_gate_question *question, struct cw_gate *gate)
{
	AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	struct cw_error why;
	if (access(question->files->key, R_OK) != 0)
		return false;
	if (cw_key_read(question->files->key, NULL, &key, &why))
		return cw_key_fits(key, gate->leaf);
	gate->findings.failed |= why.code == CW_E_MEMORY;
	return false;
}

static bool explain_mismatch(const struct cw_gate_question *question, struct cw_gate *gate,
	const char *key_id, struct cw_error *error)
{
	bool discarded;
	char date[CW_TIME_TEXT_SIZE];
	if (!cw_pending_was_discarded(question->files, key_id, &discarded, date, error))
		return false;
	bool pending = cw_pending_exists(question->files);
	if (discarded)
		complain(gate, CW_REQUEST_DISCARDED,
			"%s was issued for a request of %s that was discarded on %s: its private key is "
			"destroyed",
			question->path, question->node->fqdn, date);
	else if (pending)
		complain(gate, CW_KEY_MISMATCH,
			"%s does not belong to the request in progress (%s); was it made on another box?",
			question->path, question->files->csr);
	else if (access(question->files->key, F_OK) == 0)
		complain(gate, CW_KEY_MISMATCH,
			"no request is in progress on %s, and the key in %s is another one",
			question->node->fqdn, question->files->key);
	else
		gate->key = CW_GATE_KEY_UNKNOWN;
	return true;
}

bool cw_gate_key_check(const struct cw_gate_question *question, struct cw_gate *gate, struct cw_error *error)
{
	char key_id[CW_SHA256_TEXT_SIZE];
	bool pending;
	if (question->key_path)
		return check_given(question, gate, error);
	if (!cw_key_id_of_cert(gate->leaf, key_id, error) ||
		!cw_pending_is_for(question->files, key_id, &pending, error))
		return false;
	if (pending && !check_request_names(question, gate, error))
		return false;
	/* Installed already, by a command that was killed before it took the request away. */
	if (pending && fits_present(question, gate))
		gate->key = CW_GATE_KEY_PRESENT;
	else if (pending && access(question->files->csr_key, F_OK) == 0)
		gate->key = CW_GATE_KEY_PENDING;
	else if (pending)
		complain(gate, CW_KEY_UNUSABLE, "%s, the key of the request in progress, is gone",
			question->files->csr_key);
	else if (fits_present(question, gate))
		gate->key = CW_GATE_KEY_PRESENT;
	else
		return explain_mismatch(question, gate, key_id, error);
	return true;
}
