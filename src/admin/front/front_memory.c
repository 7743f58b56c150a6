#include "admin/front/front_memory.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static void hash_session(
	const struct cw_front_memory *memory, const char *session, unsigned char ret[CW_FRONT_MEMORY_HASH])
{
	crypto_generichash(ret, CW_FRONT_MEMORY_HASH, (const unsigned char *)session, strlen(session),
		memory->key, sizeof memory->key);
}

/* False: no memory. */
static bool hash_change(const struct cw_front_memory *memory, const char *const words[2], const json_t *with,
	unsigned char ret[CW_FRONT_MEMORY_HASH])
{
	static const char *const apart[] = {"password", "key_file", "key_password", "try", "confirm"};
	crypto_generichash_state state;
	json_t *kept = with ? json_copy((json_t *)(uintptr_t)with) : json_object();
	for (size_t i = 0; i < sizeof apart / sizeof apart[0]; i++)
		json_object_del(kept, apart[i]);
	char *text = json_dumps(kept, JSON_SORT_KEYS | JSON_COMPACT);
	json_decref(kept);
	if (!text)
		return false;
	crypto_generichash_init(&state, memory->key, sizeof memory->key, CW_FRONT_MEMORY_HASH);
	for (size_t i = 0; i < 2; i++)
		crypto_generichash_update(&state, (const unsigned char *)words[i], strlen(words[i]) + 1);
	crypto_generichash_update(&state, (const unsigned char *)text, strlen(text));
	crypto_generichash_final(&state, ret, CW_FRONT_MEMORY_HASH);
	free(text);
	return true;
}

void cw_front_memory_try(struct cw_front_memory *memory, const char *session, const char *operation,
	const json_t *with, uint64_t now)
{
	const char *const words[2] = {session, operation};
	struct cw_front_memory_tried *oldest = &memory->tried[0];
	unsigned char hash[CW_FRONT_MEMORY_HASH];
	if (!hash_change(memory, words, with, hash))
		return;
	for (size_t i = 1; i < CW_FRONT_MEMORY_TRIED_MAX; i++)
		if (memory->tried[i].until < oldest->until)
			oldest = &memory->tried[i];
	memcpy(oldest->hash, hash, sizeof hash);
	oldest->until = now + CW_FRONT_MEMORY_SECONDS;
}

bool cw_front_memory_was_tried(struct cw_front_memory *memory, const char *session, const char *operation,
	const json_t *with, uint64_t now)
{
	const char *const words[2] = {session, operation};
	unsigned char hash[CW_FRONT_MEMORY_HASH];
	if (!hash_change(memory, words, with, hash))
		return false;
	for (size_t i = 0; i < CW_FRONT_MEMORY_TRIED_MAX; i++) {
		struct cw_front_memory_tried *tried = &memory->tried[i];
		if (now >= tried->until || sodium_memcmp(tried->hash, hash, sizeof hash) != 0)
			continue;
		*tried = (struct cw_front_memory_tried){0};
		return true;
	}
	return false;
}

void cw_front_memory_say(struct cw_front_memory *memory, const char *session,
	const struct cw_front_memory_said *said, uint64_t now)
{
	struct cw_front_memory_said *oldest = &memory->said[0];
	for (size_t i = 1; i < CW_FRONT_MEMORY_SAID_MAX; i++)
		if (memory->said[i].until < oldest->until)
			oldest = &memory->said[i];
	*oldest = *said;
	oldest->until = now + CW_FRONT_MEMORY_SECONDS;
	hash_session(memory, session, oldest->session);
}

bool cw_front_memory_said(
	struct cw_front_memory *memory, const char *session, uint64_t now, struct cw_front_memory_said *ret)
{
	unsigned char hash[CW_FRONT_MEMORY_HASH];
	hash_session(memory, session, hash);
	for (size_t i = 0; i < CW_FRONT_MEMORY_SAID_MAX; i++) {
		struct cw_front_memory_said *said = &memory->said[i];
		if (now >= said->until || sodium_memcmp(said->session, hash, sizeof hash) != 0)
			continue;
		*ret = *said;
		*said = (struct cw_front_memory_said){0};
		return true;
	}
	return false;
}
