#include "import/imported.h"

#include <string.h>
#include <strings.h>

static void values_finish(struct cw_imported_values *values)
{
	for (size_t i = 0; i < values->count; i++)
		free(values->items[i].text);
	free(values->items);
}

static void certs_finish(struct cw_imported_certs *certs)
{
	for (size_t i = 0; i < certs->count; i++)
		cw_cert_free(certs->items[i]);
	free(certs->items);
}

static void zone_finish(struct cw_imported_zone *zone)
{
	free(zone->name.text);
	free(zone->port.text);
	free(zone->user.text);
	free(zone->verify_name.text);
	values_finish(&zone->peers);
}

static void box_finish(struct cw_imported_box *box)
{
	free(box->fqdn);
	free(box->name.text);
	free(box->reached.text);
	values_finish(&box->addresses);
	for (size_t i = 0; i < CW_IMPORTED_IDENTITIES; i++)
		certs_finish(&box->identities[i]);
	for (size_t i = 0; i < CW_IMPORTED_STORES; i++)
		certs_finish(&box->stores[i]);
	for (size_t i = 0; i < box->crls.count; i++)
		cw_crl_free(box->crls.items[i]);
	free(box->crls.items);
	for (size_t i = 0; i < CW_FACT_KEY_COUNT; i++)
		free(box->settings[i].text);
	for (size_t i = 0; i < box->zone_count; i++)
		zone_finish(&box->zones[i]);
	free(box->zones);
	values_finish(&box->cluster_peers);
	values_finish(&box->domains);
	values_finish(&box->federation_domains);
	values_finish(&box->listed);
	values_finish(&box->profiles);
}

static void told_finish(struct cw_imported *imported)
{
	for (size_t i = 0; i < imported->question_count; i++)
		cw_imported_question_finish(&imported->questions[i]);
	for (size_t i = 0; i < imported->conflict_count; i++) {
		free(imported->conflicts[i].key);
		free(imported->conflicts[i].taken);
		free(imported->conflicts[i].left);
		free(imported->conflicts[i].taken_at);
		free(imported->conflicts[i].left_at);
	}
	for (size_t i = 0; i < imported->not_placed.count; i++) {
		free(imported->not_placed.items[i].file);
		free(imported->not_placed.items[i].text);
	}
	free(imported->questions);
	free(imported->conflicts);
	free(imported->not_placed.items);
}

void cw_imported_finish(struct cw_imported *imported)
{
	for (size_t i = 0; i < imported->box_count; i++)
		box_finish(&imported->boxes[i]);
	for (size_t i = 0; i < imported->group_count; i++) {
		free(imported->groups[i].name);
		free(imported->groups[i].cluster.text);
	}
	free(imported->boxes);
	free(imported->groups);
	free(imported->links);
	free(imported->source_box);
	values_finish(&imported->domains);
	values_finish(&imported->federation_domains);
	values_finish(&imported->phone_profiles);
	values_finish(&imported->endpoints);
	free(imported->secure_registration.text);
	free(imported->cucm_verify.text);
	told_finish(imported);
	*imported = (struct cw_imported){0};
}

const char *cw_imported_role_key(enum cw_imported_role role)
{
	static const char *const keys[] = {"", "expressway-c", "expressway-e", "cucm", "imp", "unity"};
	return keys[role];
}

static const char *const identity_keys[] = {
	"server", "client", "tomcat", "tomcat-ecdsa", "callmanager", "callmanager-ecdsa"};
static const char *const store_keys[] = {"trusted-ca", "tomcat-trust", "callmanager-trust"};

const char *cw_imported_identity_key(enum cw_imported_identity identity)
{
	return identity_keys[identity];
}

const char *cw_imported_store_key(enum cw_imported_store store)
{
	return store_keys[store];
}

bool cw_imported_identity_find(const char *service, enum cw_imported_identity *ret)
{
	for (unsigned i = 0; i < CW_IMPORTED_IDENTITIES; i++)
		if (service && strcasecmp(service, identity_keys[i]) == 0) {
			*ret = i;
			return true;
		}
	return false;
}

bool cw_imported_store_find(const char *service, enum cw_imported_store *ret)
{
	for (unsigned i = 0; i < CW_IMPORTED_STORES; i++)
		if (service && strcasecmp(service, store_keys[i]) == 0) {
			*ret = i;
			return true;
		}
	return false;
}

bool cw_imported_add_box(struct cw_imported *imported, size_t *ret, struct cw_error *error)
{
	if (!cw_memory_grow(
		    &imported->boxes, &imported->box_capacity, imported->box_count, sizeof *imported->boxes))
		return cw_error_memory(error);
	*ret = imported->box_count;
	imported->boxes[imported->box_count++] = (struct cw_imported_box){.group = CW_IMPORTED_NONE};
	return true;
}

static bool same_host(const char *fqdn, const char *name)
{
	if (strcasecmp(fqdn, name) == 0)
		return true;
	/* One of them without its domain. */
	size_t length = strcspn(name, ".");
	size_t label = strcspn(fqdn, ".");
	return (!name[length] || !fqdn[label]) && length == label && strncasecmp(fqdn, name, length) == 0;
}

size_t cw_imported_box_find(const struct cw_imported *imported, const char *name)
{
	size_t found = CW_IMPORTED_NONE;
	for (size_t i = 0; i < imported->box_count; i++) {
		const struct cw_imported_box *box = &imported->boxes[i];
		if (box->fqdn && strcasecmp(box->fqdn, name) == 0)
			return i;
		if (cw_imported_values_contain(&box->addresses, name) ||
			(box->fqdn && same_host(box->fqdn, name))) {
			if (found != CW_IMPORTED_NONE)
				return CW_IMPORTED_NONE;
			found = i;
		}
	}
	return found;
}

bool cw_imported_peer_is_open(const struct cw_imported *imported, const struct cw_imported_link *link,
	const struct cw_imported_value *peer)
{
	size_t boxes = 0;
	for (size_t i = 0; i < imported->box_count; i++)
		boxes += imported->boxes[i].group == link->e;
	return boxes > 1 && cw_imported_box_find(imported, peer->text) == CW_IMPORTED_NONE;
}

bool cw_imported_value_set(
	struct cw_imported_value *value, const char *text, size_t source, size_t line, struct cw_error *error)
{
	char *copy = strdup(text);
	if (!copy)
		return cw_error_memory(error);
	free(value->text);
	*value = (struct cw_imported_value){copy, source, line};
	return true;
}

bool cw_imported_values_contain(const struct cw_imported_values *values, const char *text)
{
	for (size_t i = 0; i < values->count; i++)
		if (strcasecmp(values->items[i].text, text) == 0)
			return true;
	return false;
}

bool cw_imported_values_add(struct cw_imported_values *values, const char *text, size_t source, size_t line,
	struct cw_error *error)
{
	if (cw_imported_values_contain(values, text))
		return true;
	if (!cw_memory_grow(&values->items, &values->capacity, values->count, sizeof *values->items))
		return cw_error_memory(error);
	values->items[values->count] = (struct cw_imported_value){0};
	if (!cw_imported_value_set(&values->items[values->count], text, source, line, error))
		return false;
	values->count++;
	return true;
}

bool cw_imported_certs_add(struct cw_imported_certs *certs, struct cw_cert *cert, struct cw_error *error)
{
	if (!cw_memory_grow(&certs->items, &certs->capacity, certs->count, sizeof *certs->items))
		return cw_error_memory(error);
	certs->items[certs->count++] = cw_cert_ref(cert);
	return true;
}

bool cw_imported_not_placed(
	struct cw_imported *imported, size_t source, const char *why, struct cw_error *error)
{
	struct cw_evidence_notes *notes = &imported->not_placed;
	const char *shown = imported->evidence->sources[source].shown;
	for (size_t i = 0; i < notes->count; i++)
		if (strcmp(notes->items[i].file, shown) == 0 && strcmp(notes->items[i].text, why) == 0)
			return true;
	if (!cw_memory_grow(&notes->items, &notes->capacity, notes->count, sizeof *notes->items))
		return cw_error_memory(error);
	struct cw_evidence_note *note = &notes->items[notes->count++];
	*note = (struct cw_evidence_note){strdup(shown), 0, strdup(why)};
	return note->file && note->text ? true : cw_error_memory(error);
}

void cw_imported_place(const struct cw_imported *imported, size_t source, size_t line, struct cw_buffer *ret)
{
	if (source == CW_IMPORTED_NONE)
		return;
	cw_buffer_text(ret, imported->evidence->sources[source].shown);
	if (line)
		cw_buffer_printf(ret, ":%zu", line);
}

static char *place_and_time(const struct cw_imported *imported, const struct cw_imported_value *value)
{
	AUTO_BUFFER text = {0};
	char time[CW_TIME_TEXT_SIZE];
	cw_imported_place(imported, value->source, value->line, &text);
	if (value->source != CW_IMPORTED_NONE && imported->evidence->sources[value->source].time)
		cw_buffer_printf(&text, " (%s)",
			cw_time_format(imported->evidence->sources[value->source].time, time));
	cw_buffer_text(&text, "");
	return cw_buffer_steal(&text);
}

bool cw_imported_conflict_add(struct cw_imported *imported, const char *key,
	const struct cw_imported_value *taken, const struct cw_imported_value *left, struct cw_error *error)
{
	if (strcmp(taken->text, left->text) == 0)
		return true;
	for (size_t i = 0; i < imported->conflict_count; i++)
		if (strcmp(imported->conflicts[i].key, key) == 0 &&
			strcmp(imported->conflicts[i].left, left->text) == 0)
			return true;
	if (!cw_memory_grow(&imported->conflicts, &imported->conflict_capacity, imported->conflict_count,
		    sizeof *imported->conflicts))
		return cw_error_memory(error);
	struct cw_imported_conflict *conflict = &imported->conflicts[imported->conflict_count++];
	*conflict = (struct cw_imported_conflict){
		.key = strdup(key),
		.taken = strdup(taken->text),
		.left = strdup(left->text),
		.taken_at = place_and_time(imported, taken),
		.left_at = place_and_time(imported, left),
	};
	if (!conflict->key || !conflict->taken || !conflict->left || !conflict->taken_at ||
		!conflict->left_at)
		return cw_error_memory(error);
	return true;
}

void cw_imported_question_finish(struct cw_imported_question *question)
{
	free(question->key);
	free(question->sentence);
	free(question->names);
	free(question->text);
	free(question->where);
	*question = (struct cw_imported_question){0};
}

bool cw_imported_ask_again(struct cw_imported_question *question, const char *names)
{
	AUTO_BUFFER text = {0};
	size_t length = strcspn(question->sentence, "@");
	cw_buffer_append(&text, question->sentence, length);
	if (question->sentence[length])
		cw_buffer_printf(&text, "%s%s", names, question->sentence + length + 1);
	char *copy = strdup(names);
	if (!copy || text.failed) {
		free(copy);
		return false;
	}
	free(question->names);
	free(question->text);
	question->names = copy;
	question->text = cw_buffer_steal(&text);
	return true;
}

bool cw_imported_ask(struct cw_imported *imported, const char *key, const char *sentence, const char *names,
	const char *where, struct cw_error *error)
{
	if (!cw_memory_grow(&imported->questions, &imported->question_capacity, imported->question_count,
		    sizeof *imported->questions))
		return cw_error_memory(error);
	struct cw_imported_question *question = &imported->questions[imported->question_count++];
	*question = (struct cw_imported_question){
		.key = strdup(key), .sentence = strdup(sentence), .where = strdup(where)};
	if (!question->key || !question->sentence || !question->where)
		return cw_error_memory(error);
	return cw_imported_ask_again(question, names ? names : "") || cw_error_memory(error);
}
