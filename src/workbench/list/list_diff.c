#include "workbench/list/list_diff.h"

#include "report/text/layout.h"
#include "workbench/list/list_report.h"

static size_t copies(const struct cw_list *list, const struct cw_cert *cert)
{
	size_t count = 0;
	for (size_t i = 0; i < list->count; i++)
		count += list->items[i].cert && cw_cert_same(list->items[i].cert, cert);
	return count;
}

static bool holds_all(const struct cw_list *a, const struct cw_list *b)
{
	for (size_t place = 1; place <= cw_list_certs(a); place++)
		if (copies(a, cw_list_at(a, place)->cert) != copies(b, cw_list_at(a, place)->cert))
			return false;
	return true;
}

/* The next certificate of `a` behind `place` that `b` holds too; 0: none. */
static size_t next_common(const struct cw_list *a, const struct cw_list *b, size_t place)
{
	for (place++; place <= cw_list_certs(a); place++)
		if (cw_list_place(b, cw_list_at(a, place)->cert) &&
			cw_list_place(a, cw_list_at(a, place)->cert) == place)
			return place;
	return 0;
}

struct cw_list_diff cw_list_diff(const struct cw_list *a, const struct cw_list *b)
{
	struct cw_list_diff diff = {.content = !holds_all(a, b) || !holds_all(b, a)};
	size_t upper = 0;
	if (a->unordered || b->unordered)
		return diff; /* by content alone */
	for (size_t place = next_common(a, b, 0); place; place = next_common(a, b, place)) {
		size_t there = cw_list_place(b, cw_list_at(a, place)->cert);
		diff.order |= there < upper;
		upper = there > upper ? there : upper;
		const struct cw_cert *first_a =
			cw_list_at(a, cw_list_subject(a, cw_list_at(a, place)->cert, 1))->cert;
		const struct cw_cert *first_b =
			cw_list_at(b, cw_list_subject(b, cw_list_at(a, place)->cert, 1))->cert;
		diff.decides |= !cw_cert_same(first_a, first_b);
	}
	return diff;
}

static void only_text(struct cw_buffer *ret, const struct cw_list *a, const struct cw_list *b, char sign)
{
	for (size_t place = 1; place <= cw_list_certs(a); place++) {
		const struct cw_cert *cert = cw_list_at(a, place)->cert;
		AUTO_BUFFER line = {0};
		size_t here = copies(a, cert), there = copies(b, cert);
		if (here <= there || cw_list_place(a, cert) != place)
			continue;
		if (a->unordered)
			cw_buffer_printf(&line, "%c ", sign);
		else
			cw_buffer_printf(&line, "%c %zu  ", sign, place);
		cw_list_report_cert(&line, cert);
		if (there)
			cw_buffer_printf(&line, " stands here %zu times, there %zu", here, there);
		cw_layout_wrap(ret, "  ", 6, cw_buffer_string(&line));
		ret->failed |= line.failed;
	}
}

static void order_text(struct cw_buffer *ret, const struct cw_list *a, const struct cw_list *b)
{
	size_t upper = 0;
	for (size_t place = next_common(a, b, 0); place; place = next_common(a, b, place)) {
		const struct cw_cert *cert = cw_list_at(a, place)->cert;
		size_t there = cw_list_place(b, cert);
		AUTO_BUFFER line = {0};
		if (there < upper) {
			cw_buffer_printf(&line, "~ %zu  ", place);
			cw_list_report_cert(&line, cert);
			cw_buffer_printf(
				&line, " is entry %zu there, before what stands above it here", there);
			cw_layout_wrap(ret, "  ", 6, cw_buffer_string(&line));
			ret->failed |= line.failed;
		}
		upper = there > upper ? there : upper;
	}
}

void cw_list_diff_text(struct cw_buffer *ret, const struct cw_list *a, const struct cw_list *b)
{
	struct cw_list_diff diff = cw_list_diff(a, b);
	if (!diff.content && !diff.order) {
		const char *order =
			a->unordered || b->unordered ? "; their order is not known" : " in the same order";
		cw_buffer_printf(ret, "%s and %s are the same: %zu certificate%s%s\n", a->shown, b->shown,
			cw_list_certs(a), cw_list_certs(a) == 1 ? "" : "s", order);
		return;
	}
	cw_buffer_printf(
		ret, "- %s (%zu)\n+ %s (%zu)\n", a->shown, cw_list_certs(a), b->shown, cw_list_certs(b));
	only_text(ret, a, b, '-');
	only_text(ret, b, a, '+');
	if (diff.order)
		order_text(ret, a, b);
	if (diff.decides)
		cw_layout_wrap(ret, "  ! ", 4,
			"Entries of one subject stand in another order or are different ones: the first of "
			"them decides, so the two boxes may judge the same certificate differently");
	else if (!diff.content)
		cw_layout_wrap(ret, "  ", 2,
			"Only the order differs, and no two entries share a subject: nothing is judged "
			"differently");
}

static json_t *only_json(const struct cw_list *a, const struct cw_list *b)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	for (size_t place = 1; place <= cw_list_certs(a); place++) {
		const struct cw_cert *cert = cw_list_at(a, place)->cert;
		if (copies(a, cert) <= copies(b, cert) || cw_list_place(a, cert) != place)
			continue;
		json_t *object = json_object();
		cw_json_put(&json, object, "place", cw_json_count(place));
		cw_json_put(&json, object, "subject", cw_json_text(cw_cert_subject_text(cert)));
		cw_json_put(&json, object, "sha256", cw_json_text(cw_cert_sha256_text(cert)));
		cw_json_add(&json, array, object);
	}
	return json.failed ? NULL : TAKE(array);
}

json_t *cw_list_diff_json(const struct cw_list *a, const struct cw_list *b)
{
	struct cw_list_diff diff = cw_list_diff(a, b);
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	cw_json_put(&json, object, "causeway", json_integer(1));
	cw_json_put(&json, object, "same", json_boolean(!diff.content && !diff.order));
	cw_json_put(&json, object, "order_differs", json_boolean(diff.order));
	cw_json_put(&json, object, "first_of_subject_differs", json_boolean(diff.decides));
	cw_json_put(&json, object, "only_first", only_json(a, b));
	cw_json_put(&json, object, "only_second", only_json(b, a));
	return json.failed ? NULL : TAKE(object);
}
