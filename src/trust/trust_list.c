#include "trust/trust_list.h"

#include <string.h>

void cw_trust_list_finish(struct cw_trust_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		cw_cert_free(list->entries[i].cert);
		free(list->entries[i].path);
	}
	free(list->entries);
	*list = (struct cw_trust_list){0};
}

bool cw_trust_list_add(struct cw_trust_list *list, struct cw_cert *cert, const char *path, size_t number)
{
	if (!cw_memory_grow(&list->entries, &list->capacity, list->count, sizeof *list->entries))
		return false;
	char *copy = strdup(path);
	if (!copy)
		return false;
	list->entries[list->count++] = (struct cw_trust_entry){cw_cert_ref(cert), copy, number};
	return true;
}

bool cw_trust_list_add_bundle(struct cw_trust_list *list, const struct cw_bundle *bundle)
{
	for (size_t i = 0; i < bundle->count; i++)
		if (!cw_trust_list_add(
			    list, bundle->entries[i].cert, bundle->path, bundle->entries[i].number))
			return false;
	return true;
}

size_t cw_trust_list_search(const struct cw_trust_list *list, const struct cw_name *name, size_t from)
{
	for (size_t i = from; i < list->count; i++)
		if (cw_name_equal(cw_cert_subject(list->entries[i].cert), name))
			return i;
	return list->count;
}

void cw_trust_list_call(const struct cw_trust_list *list, size_t place, struct cw_buffer *ret)
{
	if (list->unordered)
		cw_buffer_printf(ret, "an entry of the list (%s)", list->entries[place - 1].path);
	else
		cw_buffer_printf(ret, "entry %zu of the list", place);
}

size_t cw_trust_list_find(const struct cw_trust_list *list, const struct cw_cert *cert)
{
	for (size_t i = 0; i < list->count; i++)
		if (cw_cert_same(list->entries[i].cert, cert))
			return i;
	return list->count;
}
