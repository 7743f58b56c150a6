#include "node/admin/admin_backoff.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

static void name_of(char kind, const char *whose, char ret[66])
{
	snprintf(ret, 66, "%c%.64s", kind, whose);
}

static struct cw_admin_backoff_entry *find(
	const struct cw_admin_backoff *backoff, char kind, const char *whose)
{
	char name[66];
	name_of(kind, whose, name);
	for (size_t i = 0; i < CW_ADMIN_BACKOFF_MAX; i++)
		if (strcmp(backoff->items[i].name, name) == 0)
			return (struct cw_admin_backoff_entry *)(uintptr_t)&backoff->items[i];
	return NULL;
}

static uint64_t wait_of(const struct cw_admin_backoff *backoff, char kind, const char *whose, uint64_t now)
{
	const struct cw_admin_backoff_entry *entry = find(backoff, kind, whose);
	return entry && entry->until > now ? entry->until - now : 0;
}

uint64_t cw_admin_backoff_wait(
	const struct cw_admin_backoff *backoff, const char *user, const char *address, uint64_t now)
{
	uint64_t first = wait_of(backoff, 'u', user, now), second = wait_of(backoff, 'a', address, now);
	return first > second ? first : second;
}

static void fail(struct cw_admin_backoff *backoff, char kind, const char *whose, uint64_t now)
{
	struct cw_admin_backoff_entry *entry = find(backoff, kind, whose);
	uint64_t most = kind == 'u' ? CW_ADMIN_BACKOFF_USER : CW_ADMIN_BACKOFF_ADDRESS, wait = 0;
	if (!entry) {
		entry = &backoff->items[0];
		for (size_t i = 1; i < CW_ADMIN_BACKOFF_MAX; i++)
			if (backoff->items[i].last < entry->last)
				entry = &backoff->items[i];
		*entry = (struct cw_admin_backoff_entry){0};
		name_of(kind, whose, entry->name);
	}
	if (now - entry->last > CW_ADMIN_BACKOFF_FORGOTTEN)
		entry->failures = 0;
	entry->failures++;
	if (entry->failures > CW_ADMIN_BACKOFF_FREE) {
		unsigned power = entry->failures - CW_ADMIN_BACKOFF_FREE - 1;
		wait = power < 10 ? 2ULL << power : most;
	}
	entry->last = now;
	entry->until = now + (wait < most ? wait : most);
}

void cw_admin_backoff_failed(
	struct cw_admin_backoff *backoff, const char *user, const char *address, uint64_t now)
{
	fail(backoff, 'u', user, now);
	fail(backoff, 'a', address, now);
}

/* Of an address the failure that was counted before this one was found right. */
void cw_admin_backoff_worked(struct cw_admin_backoff *backoff, const char *user, const char *address)
{
	struct cw_admin_backoff_entry *entry;
	if ((entry = find(backoff, 'u', user)))
		*entry = (struct cw_admin_backoff_entry){0};
	entry = find(backoff, 'a', address);
	if (!entry)
		return;
	entry->until = 0;
	if (entry->failures)
		entry->failures--;
}
