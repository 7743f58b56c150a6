#include "check/list_index.h"

#include <string.h>

void cw_list_index_finish(struct cw_list_index *index)
{
	free(index->by_cert);
	free(index->by_subject);
	*index = (struct cw_list_index){0};
}

static size_t cert_slot(const struct cw_list_index *index, const struct cw_cert *cert)
{
	size_t hash;
	memcpy(&hash, cw_cert_sha256(cert), sizeof hash); /* uniform already */
	size_t slot = hash & (index->slots - 1);
	while (index->by_cert[slot] &&
		!cw_cert_same(index->list->entries[index->by_cert[slot] - 1].cert, cert))
		slot = (slot + 1) & (index->slots - 1);
	return slot;
}

static size_t subject_slot(const struct cw_list_index *index, const struct cw_name *subject)
{
	size_t slot = subject->hash & (index->slots - 1);
	while (index->by_subject[slot] &&
		!cw_name_equal(
			cw_cert_subject(index->list->entries[index->by_subject[slot] - 1].cert), subject))
		slot = (slot + 1) & (index->slots - 1);
	return slot;
}

bool cw_list_index_make(const struct cw_trust_list *list, struct cw_list_index *ret)
{
	AUTO_LIST_INDEX index = {.list = list, .slots = 16};
	while (index.slots < list->count * 2)
		index.slots *= 2;
	index.by_cert = calloc(index.slots, sizeof *index.by_cert);
	index.by_subject = calloc(index.slots, sizeof *index.by_subject);
	if (!index.by_cert || !index.by_subject)
		return false;
	for (size_t i = 0; i < list->count; i++) {
		size_t *cert = &index.by_cert[cert_slot(&index, list->entries[i].cert)];
		size_t *subject =
			&index.by_subject[subject_slot(&index, cw_cert_subject(list->entries[i].cert))];
		*cert = *cert ? *cert : i + 1;
		*subject = *subject ? *subject : i + 1;
	}
	*ret = index;
	index = (struct cw_list_index){0};
	return true;
}

size_t cw_list_index_find(const struct cw_list_index *index, const struct cw_cert *cert)
{
	size_t number = index->by_cert[cert_slot(index, cert)];
	return number ? number - 1 : index->list->count;
}

size_t cw_list_index_search(const struct cw_list_index *index, const struct cw_name *subject)
{
	size_t number = index->by_subject[subject_slot(index, subject)];
	return number ? number - 1 : index->list->count;
}
