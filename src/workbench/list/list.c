#include "workbench/list/list.h"

#include "base/file.h"
#include "base/folder.h"
#include "pki/bundle/pem_write.h"
#include "workbench/list/list_parts.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Fewer digits of a SHA-256 are a place or a slip of the hand. */
#define SHA256_DIGITS_MIN 8

void cw_list_finish(struct cw_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		cw_cert_free(list->items[i].cert);
		cw_buffer_finish(&list->items[i].text);
	}
	for (size_t i = 0; i < list->file_count; i++) {
		free(list->files[i].path);
		free(list->files[i].shown);
		cw_buffer_finish(&list->files[i].tail);
	}
	cw_strings_finish(&list->notes);
	free(list->items);
	free(list->files);
	free(list->folder);
	free(list->shown);
	*list = (struct cw_list){0};
}

size_t cw_list_certs(const struct cw_list *list)
{
	size_t certs = 0;
	for (size_t i = 0; i < list->count; i++)
		certs += list->items[i].cert != NULL;
	return certs;
}

/* The index of the certificate at `place`; `count` where there is none. */
static size_t index_of(const struct cw_list *list, size_t place)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].cert && --place == 0)
			return i;
	return list->count;
}

const struct cw_list_item *cw_list_at(const struct cw_list *list, size_t place)
{
	size_t index = place ? index_of(list, place) : list->count;
	return index < list->count ? &list->items[index] : NULL;
}

size_t cw_list_subject(const struct cw_list *list, const struct cw_cert *cert, size_t from)
{
	size_t place = 0;
	for (size_t i = 0; i < list->count; i++) {
		if (!list->items[i].cert || ++place < from)
			continue;
		if (cw_name_equal(cw_cert_subject(list->items[i].cert), cw_cert_subject(cert)))
			return place;
	}
	return 0;
}

size_t cw_list_place(const struct cw_list *list, const struct cw_cert *cert)
{
	size_t place = 0;
	for (size_t i = 0; i < list->count; i++) {
		if (!list->items[i].cert)
			continue;
		place++;
		if (cw_cert_same(list->items[i].cert, cert))
			return place;
	}
	return 0;
}

/* The hexadecimal digits of `which` without colons and spaces; empty where something else stands in it. */
static bool digits_of(const char *which, struct cw_buffer *ret)
{
	for (; *which; which++) {
		if (*which == ':' || *which == ' ')
			continue;
		if (!isxdigit((unsigned char)*which))
			return false;
		cw_buffer_char(ret, (char)tolower((unsigned char)*which));
	}
	return ret->length >= SHA256_DIGITS_MIN && ret->length < CW_SHA256_TEXT_SIZE;
}

static bool is_meant(const struct cw_cert *cert, const char *which, const char *digits)
{
	const char *common_name = cw_cert_common_name(cert);
	if (digits && strncmp(cw_cert_sha256_text(cert), digits, strlen(digits)) == 0)
		return true;
	return strcasecmp(cw_cert_subject_text(cert), which) == 0 ||
		(common_name && strcasecmp(common_name, which) == 0);
}

static bool choose_number(
	const struct cw_list *list, const char *which, size_t *ret, bool *is_number, struct cw_error *error)
{
	char *end;
	unsigned long number = strtoul(which, &end, 10);
	*is_number =
		end != which && !*end && isdigit((unsigned char)*which) && strlen(which) < SHA256_DIGITS_MIN;
	if (!*is_number)
		return true;
	size_t certs = cw_list_certs(list);
	if (number < 1 || number > certs)
		return cw_error_set(error, CW_E_USAGE,
			"%s: there is no place %lu; it holds %zu certificate%s", list->shown, number, certs,
			certs == 1 ? "" : "s");
	*ret = number;
	return true;
}

static bool refuse_several(
	const struct cw_list *list, const char *which, const struct cw_buffer *places, struct cw_error *error)
{
	return cw_error_set(error, CW_E_USAGE,
		"%s: \"%s\" fits more than one entry (%s); name the place or the SHA-256", list->shown, which,
		cw_buffer_string(places));
}

bool cw_list_choose(const struct cw_list *list, const char *which, size_t *ret, struct cw_error *error)
{
	bool is_number;
	AUTO_BUFFER digits = {0}, places = {0};
	if (!choose_number(list, which, ret, &is_number, error))
		return false;
	if (is_number)
		return true;
	bool hex = digits_of(which, &digits);
	size_t found = 0, hits = 0;
	size_t certs = cw_list_certs(list);
	for (size_t place = 1; place <= certs; place++) {
		if (!is_meant(cw_list_at(list, place)->cert, which, hex ? cw_buffer_string(&digits) : NULL))
			continue;
		cw_buffer_printf(&places, "%s%zu", hits++ ? ", " : "", place);
		found = found ? found : place;
	}
	if (!cw_buffer_ok(&digits, error) || !cw_buffer_ok(&places, error))
		return false;
	if (hits > 1)
		return refuse_several(list, which, &places, error);
	if (!hits)
		return cw_error_set(error, CW_E_USAGE,
			"%s: no entry is \"%s\"; wanted a place, a subject, a CN or digits of a SHA-256, as "
			"\"causeway trust list\" shows them",
			list->shown, which);
	*ret = found;
	return true;
}

/* The file that a new entry goes to: beside its neighbour, else the last, else one of its own. */
static bool file_for(
	struct cw_list *list, const struct cw_cert *cert, size_t index, size_t *ret, struct cw_error *error)
{
	if (index < list->count && !list->folder) {
		*ret = list->items[index].file;
		return true;
	}
	if (list->folder)
		return cw_list_new_file(list, cert, ret, error);
	*ret = list->file_count - 1;
	return true;
}

bool cw_list_insert(struct cw_list *list, struct cw_cert *cert, size_t before, struct cw_error *error)
{
	size_t index = before ? index_of(list, before) : list->count;
	size_t file;
	AUTO_BUFFER text = {0};
	if (!cw_pem_write_cert(&text, cert, error) || !file_for(list, cert, index, &file, error))
		return false;
	if (!cw_memory_grow(&list->items, &list->capacity, list->count, sizeof *list->items))
		return cw_error_memory(error);
	memmove(list->items + index + 1, list->items + index, (list->count - index) * sizeof *list->items);
	list->items[index] = (struct cw_list_item){cw_cert_ref(cert), text, file, 0};
	text = (struct cw_buffer){0};
	list->count++;
	list->files[file].changed = true;
	return true;
}

void cw_list_remove(struct cw_list *list, size_t place)
{
	size_t index = index_of(list, place);
	if (index == list->count)
		return;
	list->files[list->items[index].file].changed = true;
	cw_cert_free(list->items[index].cert);
	cw_buffer_finish(&list->items[index].text);
	list->count--;
	memmove(list->items + index, list->items + index + 1, (list->count - index) * sizeof *list->items);
}

bool cw_list_move(struct cw_list *list, size_t place, size_t to, struct cw_error *error)
{
	size_t from = index_of(list, place), target = index_of(list, to);
	if (from == list->count || target == list->count)
		return cw_error_set(error, CW_E_USAGE, "%s: there is no such place", list->shown);
	if (list->items[from].file != list->items[target].file)
		return cw_error_set(error, CW_E_USAGE,
			"%s: entry %zu stands in %s and entry %zu in %s; entries move within one file",
			list->shown, place, list->files[list->items[from].file].shown, to,
			list->files[list->items[target].file].shown);
	if (from == target)
		return true;
	struct cw_list_item item = list->items[from];
	if (from < target)
		memmove(list->items + from, list->items + from + 1, (target - from) * sizeof item);
	else
		memmove(list->items + target + 1, list->items + target, (from - target) * sizeof item);
	list->items[target] = item;
	list->files[item.file].changed = true;
	return true;
}

static bool is_empty(const struct cw_list *list, size_t file)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].file == file)
			return false;
	return !list->files[file].tail.length;
}

static bool compose(const struct cw_list *list, size_t index, struct cw_buffer *ret, struct cw_error *error)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].file == index)
			cw_buffer_append(
				ret, cw_buffer_string(&list->items[i].text), list->items[i].text.length);
	const struct cw_buffer *tail = &list->files[index].tail;
	cw_buffer_append(ret, cw_buffer_string(tail), tail->length);
	return cw_buffer_ok(ret, error);
}

/* The certificates that are read are those that were meant, in their order. */
static bool is_meant_text(const struct cw_list *list, size_t index, const struct cw_bundle *read)
{
	size_t place = 0;
	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i].file != index || !list->items[i].cert)
			continue;
		if (place == read->count || !cw_cert_same(read->entries[place].cert, list->items[i].cert))
			return false;
		place++;
	}
	return place == read->count;
}

static bool check_text(
	const struct cw_list *list, size_t index, const struct cw_buffer *text, struct cw_error *error)
{
	const struct cw_list_file *file = &list->files[index];
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUNDLE bundle = {0};
	struct cw_error why;
	const struct cw_bundle_file content = {cw_buffer_string(text), text->length, file->shown};
	if (!pool)
		return cw_error_memory(error);
	if (!cw_bundle_parse(&content, NULL, pool, &bundle, &why)) {
		if (why.code == CW_E_MEMORY)
			return cw_error_memory(error);
		return cw_error_set(error, CW_E_FORMAT,
			"%s: what would be left is no list that could be read again, so nothing is changed; take the text "
			"that is no certificate out of it first (%s)",
			file->shown, why.message);
	}
	if (!is_meant_text(list, index, &bundle))
		return cw_error_set(error, CW_E_FORMAT,
			"%s: what would be written does not read as the list that was meant, so nothing is changed; take "
			"what is no certificate out of it first",
			file->shown);
	return true;
}

/* A folder of single files: the file is the entry. */
static bool goes_away(const struct cw_list *list, size_t index)
{
	return list->folder && is_empty(list, index);
}

static bool check_file(const struct cw_list *list, size_t index, struct cw_error *error)
{
	AUTO_BUFFER text = {0};
	if (list->files[index].has_key && list->files[index].format != CW_FORMAT_PEM)
		return cw_error_set(error, CW_E_USAGE,
			"%s: holds a private key; a trust list that does cannot be edited here",
			list->files[index].shown);
	return goes_away(list, index) ||
		(compose(list, index, &text, error) && check_text(list, index, &text, error));
}

static bool write_file(const struct cw_list *list, size_t index, struct cw_error *error)
{
	const struct cw_list_file *file = &list->files[index];
	AUTO_BUFFER text = {0};
	if (goes_away(list, index))
		return cw_file_remove(file->path, error);
	return compose(list, index, &text, error) &&
		cw_file_write(file->path, cw_buffer_string(&text), text.length, file->mode, error);
}

/* The files in the order of their entries. */
static bool update_order(const struct cw_list *list, struct cw_error *error)
{
	AUTO_STRINGS order = {0};
	for (size_t i = 0; i < list->count; i++) {
		size_t file = list->items[i].file;
		if (list->items[i].cert && (!i || list->items[i - 1].file != file) &&
			!cw_strings_add(&order, list->files[file].shown))
			return cw_error_memory(error);
	}
	return cw_folder_order_update(list->folder, &order, list->numbered, error);
}

bool cw_list_write(struct cw_list *list, struct cw_error *error)
{
	for (size_t i = 0; i < list->file_count; i++)
		if (list->files[i].changed && !check_file(list, i, error))
			return false;
	for (size_t i = 0; i < list->file_count; i++) {
		if (!list->files[i].changed)
			continue;
		if (!write_file(list, i, error))
			return false;
		list->files[i].changed = false;
	}
	return !list->folder || update_order(list, error);
}
