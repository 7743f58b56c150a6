#include "workbench/list/list_report.h"

#include "report/remedy_text.h"
#include "report/text/layout.h"

#define INDENT 6

void cw_list_report_cert(struct cw_buffer *ret, const struct cw_cert *cert)
{
	const char *subject = cw_cert_subject_text(cert);
	cw_buffer_printf(ret, "%s (sha256 %.*s...)", *subject ? subject : cw_cert_label(cert),
		CW_SHA256_SHOWN, cw_cert_sha256_text(cert));
}

/* The MRA certificates guide: the search "stops once it finds one with a subject that matches". CUCM and clients try them all.
 */
static bool first_subject_decides(const struct cw_list *list)
{
	return !list->node
		? !list->unordered
		: list->node->kind == CW_NODE_EXPRESSWAY_C || list->node->kind == CW_NODE_EXPRESSWAY_E;
}

/* Of files without an order neither stands above the other. */
static bool unordered_remark(
	const struct cw_list *list, size_t place, size_t same, size_t upper, struct cw_strings *ret)
{
	if (same < place)
		return cw_strings_addf(ret, "the same certificate as in %s",
			list->files[cw_list_at(list, same)->file].shown);
	if (upper >= place || cw_cert_same_key(cw_list_at(list, upper)->cert, cw_list_at(list, place)->cert))
		return true;
	const char *other = list->files[cw_list_at(list, upper)->file].shown;
	if (list->node && !cw_node_is_expressway(list->node))
		return cw_strings_addf(ret, "has the subject of that in %s", other);
	return cw_strings_addf(ret,
		"has the subject of that in %s: an Expressway finds the upper one alone, and which that is these files "
		"do not tell (numbers in front of their names do, or order.txt)",
		other);
}

static void put_place(struct cw_buffer *ret, const struct cw_list *list, size_t place)
{
	if (list->unordered)
		cw_buffer_text(ret, "   -  ");
	else
		cw_buffer_printf(ret, "%4zu  ", place);
}

bool cw_list_report_remarks(const struct cw_list *list, size_t place, cw_time at, struct cw_strings *ret)
{
	const struct cw_cert *cert = cw_list_at(list, place)->cert;
	size_t same = cw_list_place(list, cert), upper = cw_list_subject(list, cert, 1);
	char date[CW_TIME_TEXT_SIZE];
	bool good = true;
	if (list->unordered)
		good = unordered_remark(list, place, same, upper, ret);
	else if (same < place)
		good = cw_strings_addf(ret, "the same certificate as entry %zu", same);
	else if (upper < place && first_subject_decides(list))
		good = cw_strings_addf(ret,
			"has the subject of entry %zu, and the search stops there: this one is never found",
			upper);
	else if (upper < place)
		good = cw_strings_addf(ret, "has the subject of entry %zu", upper);
	if (good && cw_cert_not_after(cert) < at)
		good = cw_strings_addf(
			ret, "expired on %s", cw_time_format_date(cw_cert_not_after(cert), date));
	if (good && cw_cert_not_before(cert) > at)
		good = cw_strings_addf(
			ret, "not valid before %s", cw_time_format_date(cw_cert_not_before(cert), date));
	if (good && !cw_cert_is_ca(cert) && !cw_cert_self_signed(cert))
		good = cw_strings_add(ret, "no CA certificate, and not self-signed: it vouches for nobody");
	return good;
}

static void entry_text(struct cw_buffer *ret, const struct cw_list *list, size_t place, cw_time at)
{
	const struct cw_list_item *item = cw_list_at(list, place);
	char key[CW_KEY_TEXT_SIZE], date[CW_TIME_TEXT_SIZE];
	AUTO_BUFFER line = {0};
	AUTO_STRINGS remarks = {0};
	put_place(ret, list, place);
	cw_buffer_printf(ret, CW_MARK_BOLD "%s" CW_MARK_END "\n", cw_cert_subject_text(item->cert));
	if (cw_cert_self_signed(item->cert))
		cw_buffer_text(&line, cw_cert_is_ca(item->cert) ? "root CA" : "self-signed");
	else
		cw_buffer_printf(&line, "signed by %s", cw_cert_issuer_text(item->cert));
	cw_buffer_printf(&line, ", %s, until %s, sha256 %.*s..., %s",
		cw_cert_key_text(cw_cert_key(item->cert), key),
		cw_time_format_date(cw_cert_not_after(item->cert), date), CW_SHA256_SHOWN,
		cw_cert_sha256_text(item->cert), list->files[item->file].shown);
	if (item->line)
		cw_buffer_printf(&line, " line %zu", item->line);
	cw_layout_wrap(ret, "      ", INDENT, cw_buffer_string(&line));
	ret->failed |= line.failed || !cw_list_report_remarks(list, place, at, &remarks);
	for (size_t i = 0; i < remarks.count; i++) {
		AUTO_BUFFER remark = {0};
		cw_buffer_printf(&remark, CW_MARK_WARN "%s" CW_MARK_END, remarks.items[i]);
		cw_layout_wrap(ret, "      ! ", INDENT + 2, cw_buffer_string(&remark));
		ret->failed |= remark.failed;
	}
}

void cw_list_report_text(struct cw_buffer *ret, const struct cw_list *list, cw_time at)
{
	size_t certs = cw_list_certs(list), others = list->count - certs;
	cw_buffer_printf(ret, "%s: %zu certificate%s", list->shown, certs, certs == 1 ? "" : "s");
	if (others)
		cw_buffer_printf(ret, ", and %zu revocation list%s", others, others == 1 ? "" : "s");
	cw_buffer_text(ret, list->unordered ? ", in no order that is known\n" : "\n");
	for (size_t place = 1; place <= certs; place++)
		entry_text(ret, list, place, at);
	for (size_t i = 0; i < list->notes.count; i++)
		cw_layout_wrap(ret, "note: ", 2, list->notes.items[i]);
}

static json_t *entry_json(const struct cw_list *list, size_t place, cw_time at)
{
	const struct cw_list_item *item = cw_list_at(list, place);
	struct cw_json json = {0};
	AUTO_STRINGS remarks = {0};
	AUTO(json_decref) json_t *object = json_object();
	if (!cw_list_report_remarks(list, place, at, &remarks))
		return NULL;
	cw_json_put(&json, object, "place", list->unordered ? json_null() : cw_json_count(place));
	cw_json_put(&json, object, "subject", cw_json_text(cw_cert_subject_text(item->cert)));
	cw_json_put(&json, object, "issuer", cw_json_text(cw_cert_issuer_text(item->cert)));
	cw_json_put(&json, object, "self_signed", json_boolean(cw_cert_self_signed(item->cert)));
	cw_json_put(&json, object, "ca", json_boolean(cw_cert_is_ca(item->cert)));
	cw_json_put(&json, object, "not_after", cw_json_time(cw_cert_not_after(item->cert)));
	cw_json_put(&json, object, "sha256", cw_json_text(cw_cert_sha256_text(item->cert)));
	cw_json_put(&json, object, "file", cw_json_text(list->files[item->file].shown));
	cw_json_put(&json, object, "line", item->line ? cw_json_count(item->line) : json_null());
	cw_json_put(&json, object, "remarks", cw_json_texts(&remarks));
	return json.failed ? NULL : TAKE(object);
}

json_t *cw_list_report_json(const struct cw_list *list, cw_time at)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	json_t *entries = json_array();
	for (size_t place = 1; place <= cw_list_certs(list); place++)
		cw_json_add(&json, entries, entry_json(list, place, at));
	cw_json_put(&json, object, "causeway", json_integer(1));
	cw_json_put(&json, object, "list", cw_json_text(list->shown));
	cw_json_put(&json, object, "entries", entries);
	cw_json_put(&json, object, "ordered", json_boolean(!list->unordered));
	cw_json_put(&json, object, "notes", cw_json_texts(&list->notes));
	return json.failed ? NULL : TAKE(object);
}
