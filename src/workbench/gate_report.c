#include "workbench/gate_report.h"

#include "check/check.h"
#include "report/remedy_words.h"
#include "report/report_json.h"
#include "report/text/layout.h"
#include "workbench/list/list_report.h"

#include <string.h>

static void line(struct cw_buffer *ret, const char *prefix, size_t indent, const char *format, ...)
	CW_PRINTF(4, 5);

static void line(struct cw_buffer *ret, const char *prefix, size_t indent, const char *format, ...)
{
	AUTO_BUFFER text = {0};
	va_list args;
	va_start(args, format);
	cw_buffer_vprintf(&text, format, args);
	va_end(args);
	cw_layout_wrap(ret, prefix, indent, cw_buffer_string(&text));
	ret->failed |= text.failed;
}

/* What to type, where the workbench has a verb for it. */
static void remedy(struct cw_buffer *ret, const struct cw_gate_question *question, const struct cw_gate *gate,
	const struct cw_finding *finding)
{
	const struct cw_finding_row *row = cw_finding_row(finding->code);
	if (finding->code == CW_NOT_PEM && gate->leaf)
		line(ret, "    > ", 6, "causeway cert convert %s%s -o %s.pem",
			question->password ? "--password-file FILE " : "", question->path, question->path);
	else if (finding->code == CW_NOT_PEM)
		return; /* the finding says what it is and what to do: no verb makes a certificate of it */
	else if (finding->code == CW_EXTRA_CERTIFICATES)
		line(ret, "    > ", 6,
			"causeway cert split %s --dir DIR; upload the leaf here, the others as trusted CA "
			"certificates",
			question->path);
	else if (!cw_check_code_is_about_list(finding->code))
		line(ret, "    > ", 6, "%s", row->advice);
}

static void finding_text(struct cw_buffer *ret, const struct cw_gate_question *question,
	const struct cw_gate *gate, const struct cw_finding *finding)
{
	bool refused = finding->severity == CW_SEVERITY_REFUSED;
	AUTO_BUFFER words = {0};
	cw_finding_line(&words, finding,
		&(struct cw_finding_line){.begin = refused ? CW_MARK_BAD : CW_MARK_WARN, .end = CW_MARK_END});
	line(ret, "  ", 4, "%s", cw_buffer_string(&words));
	ret->failed |= words.failed;
	/* What the page shows is known word for word for these (the Expressway troubleshooting guide; cisco.com 200641). */
	if ((finding->code == CW_NOT_PEM || finding->code == CW_REQUEST_NAMES_DIFFER) && refused)
		line(ret, "    The box shows: ", 6, "%s", cw_finding_row(finding->code)->vendor_text);
	remedy(ret, question, gate, finding);
}

static const char *place_of(const struct cw_gate_question *question, const struct cw_cert *cert)
{
	return cert ? cw_pool_path(question->pool, cert) : NULL;
}

static void ask_for_issuer(struct cw_buffer *ret, const char *prefix, const struct cw_finding *finding,
	const char *store, const struct cw_cert *leaf)
{
	const struct cw_strings *urls = cw_cert_issuer_urls(leaf);
	AUTO_BUFFER text = {0};
	cw_buffer_printf(&text, "append %s to %s: not among your files, ask the CA for it",
		finding->subject ? finding->subject : "the issuer", store);
	if (urls->count)
		cw_buffer_printf(&text, ", or take it from %s", urls->items[0]);
	line(ret, prefix, 7, "%s", cw_buffer_string(&text));
	ret->failed |= text.failed;
}

/* The Expressway troubleshooting guide: "Before you upload a server certificate, the server must trust all CA certificates in the chain."
 * Root first, as its certification path shows them. */
static void first_upload(
	struct cw_buffer *ret, const struct cw_gate_question *question, const struct cw_gate *gate)
{
	size_t step = 0;
	for (unsigned depth = CW_PATH_DEPTH_MAX; depth-- > 0;) {
		for (size_t i = 0; i < gate->findings.count; i++) {
			const struct cw_finding *finding = &gate->findings.items[i];
			if (finding->depth != depth ||
				(finding->code != CW_ISSUER_MISSING && finding->code != CW_ROOT_MISSING))
				continue;
			const char *noted = place_of(question, finding->cert);
			AUTO(free)
			char *path = noted ? cw_node_files_typed_path(question->deployment, noted) : NULL;
			const char *store =
				cw_node_store_name(cw_upload_store(question->node, question->kind));
			AUTO_BUFFER prefix = {0};
			if (!step)
				line(ret, "  ", 2,
					"Before you upload it, %s must trust all CA certificates in the "
					"chain:",
					question->node->fqdn);
			cw_buffer_printf(&prefix, "    %zu. ", ++step);
			if (path)
				line(ret, cw_buffer_string(&prefix), 7,
					"causeway trust append -d %s %s:%s %s --only %.16s (%s)",
					question->deployment->path, question->node->fqdn, store, path,
					cw_cert_sha256_text(finding->cert),
					finding->subject ? finding->subject : "");
			else
				ask_for_issuer(ret, cw_buffer_string(&prefix), finding, store, gate->leaf);
			ret->failed |= prefix.failed;
		}
	}
	if (step)
		line(ret, "    then ", 9, "the certificate itself");
}

static void key_text(
	struct cw_buffer *ret, const struct cw_gate_question *question, const struct cw_gate *gate)
{
	switch (gate->key) {
	case CW_GATE_KEY_PENDING:
		line(ret, "  Key: ", 7, "that of the request in progress");
		break;
	case CW_GATE_KEY_GIVEN:
		line(ret, "  Key: ", 7, "%s", question->key_path);
		break;
	case CW_GATE_KEY_PRESENT:
		line(ret, "  Key: ", 7, "the one in use, %s", question->files->key);
		break;
	case CW_GATE_KEY_UNKNOWN:
		line(ret, "  Key: ", 7,
			"not compared: no request is in progress here and there is no key file; the box "
			"itself can tell");
		break;
	case CW_GATE_KEY_NONE:
		break;
	}
}

void cw_gate_report_text(
	struct cw_buffer *ret, const struct cw_gate_question *question, const struct cw_gate *gate)
{
	char date[CW_TIME_TEXT_SIZE];
	const char *outcome = gate->refused ? CW_MARK_BAD "refused" : CW_MARK_GOOD "accepted";
	line(ret, "", 2, "%s %s: %s" CW_MARK_END, question->node->fqdn, cw_node_identity_name(question->kind),
		outcome);
	if (gate->leaf)
		line(ret, "  ", 4, "%s, until %s, signed by %s", cw_cert_subject_text(gate->leaf),
			cw_time_format_date(cw_cert_not_after(gate->leaf), date),
			cw_cert_issuer_text(gate->leaf));
	key_text(ret, question, gate);
	for (size_t i = 0; i < gate->findings.count; i++)
		if (gate->findings.items[i].severity == CW_SEVERITY_REFUSED)
			finding_text(ret, question, gate, &gate->findings.items[i]);
	for (size_t i = 0; i < gate->findings.count; i++)
		if (gate->findings.items[i].severity != CW_SEVERITY_REFUSED)
			finding_text(ret, question, gate, &gate->findings.items[i]);
	if (gate->leaf)
		first_upload(ret, question, gate);
}

json_t *cw_gate_report_json(const struct cw_gate_question *question, const struct cw_gate *gate)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	json_t *findings = json_array();
	for (size_t i = 0; i < gate->findings.count; i++)
		cw_json_add(&json, findings, cw_report_json_finding(&gate->findings.items[i], NULL));
	cw_json_put(&json, object, "causeway", json_integer(1));
	cw_json_put(&json, object, "node", cw_json_text(question->node->fqdn));
	cw_json_put(&json, object, "identity", cw_json_text(cw_node_identity_name(question->kind)));
	cw_json_put(&json, object, "file", cw_json_text(question->path));
	cw_json_put(&json, object, "accepted", json_boolean(!gate->refused));
	cw_json_put(&json, object, "findings", findings);
	return json.failed ? NULL : TAKE(object);
}

static void consequence_text(
	struct cw_buffer *ret, const struct cw_gate_question *question, const struct cw_consequence *item)
{
	AUTO(free)
	char *from = item->from ? cw_node_files_typed_path(question->deployment, item->from) : NULL;
	if (item->missing && from)
		line(ret, "    - ", 6, "%s: append %s: causeway trust append -d %s %s:%s %s --only %.16s",
			item->judge, cw_cert_label(item->missing), question->deployment->path, item->judge,
			item->store, from, cw_cert_sha256_text(item->missing));
	else
		line(ret, "    - ", 6, "%s (%s): %s: %s", item->judge, item->link_kind,
			cw_finding_code_name(item->code), item->detail ? item->detail : "");
	ret->failed |= item->from && !from;
}

/* Of a certificate that is refused anyway only this is worth knowing: who does not trust its CA. What its own
 * box lacks has been said. */
static bool is_told(const struct cw_gate_question *question, const struct cw_gate *gate,
	const struct cw_consequence *item)
{
	return item->judge_node != question->node && (!gate->refused || item->lacks);
}

/* What can be said where nobody has to do anything before it is installed. */
static void tell_state(struct cw_buffer *ret, const struct cw_consequences *consequences)
{
	size_t refused = consequences->refused;
	if (consequences->installed && !refused)
		line(ret, "  ", 2, "It is installed already, and everybody who meets it trusts it.");
	else if (consequences->installed)
		line(ret, "  ", 2,
			"It is installed already, and %zu %s refused now (causeway fix tells what ends that).",
			refused,
			refused == 1 ? "link on which it is shown is" : "links on which it is shown are");
	else if (!refused)
		line(ret, "  ", 2, "Everybody who meets this certificate trusts it: no link gets worse.");
	else
		line(ret, "  ", 2,
			"No link gets worse, but %zu %s refused now and with it as well (causeway fix tells what ends "
			"that).",
			refused,
			refused == 1 ? "link on which it is shown is" : "links on which it is shown are");
}

static const char *what_now(const struct cw_consequences *consequences, bool installed)
{
	if (consequences->installed)
		return "refused now; it is installed already. Who must do what";
	return installed ? "got worse. Who must do what now"
			 : "would get worse. Who must do what before you install";
}

void cw_gate_report_consequences(struct cw_buffer *ret, const struct cw_gate_question *question,
	const struct cw_gate *gate, const struct cw_consequences *consequences, bool installed)
{
	size_t told = 0;
	for (size_t i = 0; i < consequences->count; i++)
		told += is_told(question, gate, &consequences->items[i]);
	if (!told && !gate->refused)
		tell_state(ret, consequences);
	if (told)
		line(ret, "  ", 2, "%zu %s %s:", consequences->worse,
			consequences->worse == 1 ? "link" : "links", what_now(consequences, installed));
	for (size_t i = 0; i < consequences->count; i++)
		if (is_told(question, gate, &consequences->items[i]))
			consequence_text(ret, question, &consequences->items[i]);
}

static enum cw_told told_of(const struct cw_node *node)
{
	if (node->kind == CW_NODE_FRONT)
		return CW_TOLD_FRONT;
	return node->kind == CW_NODE_EXPRESSWAY_C || node->kind == CW_NODE_EXPRESSWAY_E ? CW_TOLD_EXPRESSWAY
											: CW_TOLD_UC;
}

static void former(struct cw_buffer *ret, const char *path)
{
	if (path)
		cw_buffer_printf(ret, "; the former one is %s", path);
}

void cw_gate_report_installed(struct cw_buffer *ret, const struct cw_gate_question *question,
	const struct cw_gate *gate, const struct cw_installed *installed)
{
	const struct cw_node *node = question->node;
	AUTO_BUFFER certificate = {0}, key = {0};
	cw_buffer_printf(&certificate, "Installed as %s", question->files->certificate);
	former(&certificate, installed->former);
	line(ret, "  ", 4, "%s", cw_buffer_string(&certificate));
	cw_buffer_printf(&key, "Its key is %s (0600)", question->files->key);
	former(&key, installed->former_key);
	if (installed->key_written)
		line(ret, "  ", 4, "%s", cw_buffer_string(&key));
	ret->failed |= certificate.failed || key.failed;
	const struct cw_remedy_words *words =
		cw_remedy_words_find(told_of(node), CW_ACTION_REISSUE, cw_node_identity_name(question->kind));
	if (words && words->then)
		line(ret, "  Restart: ", 4, "%s", words->then);
	/* The MRA certificates guide, steps 3 and 4: certificate and key go to each other peer. */
	bool peers = node->group && node->group->count > 1 && gate->key != CW_GATE_KEY_UNKNOWN;
	for (size_t i = 0; peers && i < node->group->count; i++) {
		const struct cw_node *peer = node->group->nodes[i];
		const struct cw_sans *sans = cw_cert_sans(gate->leaf);
		bool has_it = peer->identities[question->kind].leaf &&
			cw_cert_same(peer->identities[question->kind].leaf, gate->leaf);
		for (size_t k = 0; peer != node && !has_it && k < sans->count; k++)
			if (strcmp(sans->items[k].text, peer->fqdn) == 0)
				line(ret, "  ", 4,
					"It bears the name of the peer %s too: causeway cert accept %s %s "
					"%s --key %s --install",
					peer->fqdn, question->deployment->path, peer->fqdn, question->path,
					question->files->key);
	}
}
