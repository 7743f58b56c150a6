/**
 * main() for a fuzz target without libFuzzer: replays files and folders of inputs, each as it is and in some
 * mutations, the same ones in every run. What is found here is found again.
 */
#include "base/buffer.h"
#include "base/file.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define INPUT_MAX ((size_t)16 * 1024 * 1024)
#ifndef MUTATIONS
#define MUTATIONS 60
#endif
#define MUTATED_MAX 65536 /* longer inputs are replayed as they are */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint32_t draw(uint32_t *seed)
{
	*seed = *seed * 1664525U + 1013904223U;
	return *seed >> 8;
}

/* An exact copy on the heap, so that a sanitizer sees the first byte past the end. */
static void try_one(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);
	if (!copy)
		return;
	if (size)
		memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static void mutate(uint8_t *data, size_t *size, uint32_t *seed)
{
	static const uint8_t edges[] = {0, 1, 0x7f, 0x80, 0xff};
	for (uint32_t i = draw(seed) % 4; i < 4 && *size; i++) {
		size_t at = draw(seed) % *size;
		switch (draw(seed) % 4) {
		case 0:
			data[at] ^= (uint8_t)(1U << draw(seed) % 8);
			break;
		case 1:
			data[at] = edges[draw(seed) % sizeof edges];
			break;
		case 2:
			memmove(data + at, data + at + 1, *size - at - 1);
			(*size)--;
			break;
		case 3:
			if (draw(seed) % 8 == 0)
				*size = at;
			break;
		}
	}
}

static void replay_file(const char *path)
{
	AUTO_BUFFER bytes = {0};
	struct cw_error error;
	if (!cw_file_read(path, INPUT_MAX, &bytes, &error)) {
		fprintf(stderr, "%s\n", error.message);
		exit(1);
	}
	try_one((const uint8_t *)cw_buffer_string(&bytes), bytes.length);
	uint32_t seed = (uint32_t)bytes.length;
	for (int i = 0; i < MUTATIONS && bytes.length && bytes.length <= MUTATED_MAX; i++) {
		uint8_t *copy = malloc(bytes.length);
		size_t size = bytes.length;
		if (!copy)
			return;
		memcpy(copy, bytes.data, size);
		mutate(copy, &size, &seed);
		try_one(copy, size);
		free(copy);
	}
}

static size_t replay_folder(const char *path, DIR *folder)
{
	size_t count = 0;
	for (struct dirent *entry; (entry = readdir(folder));) {
		if (entry->d_name[0] == '.')
			continue;
		AUTO(free) char *file = cw_file_path(path, entry->d_name);
		if (!file)
			exit(1);
		replay_file(file);
		count++;
	}
	return count;
}

int main(int argc, char **argv)
{
	size_t count = 0;
	for (int i = 1; i < argc; i++) {
		DIR *folder = opendir(argv[i]);
		if (folder) {
			count += replay_folder(argv[i], folder);
			closedir(folder);
		}
	}
	printf("%zu inputs, each with %d mutations\n", count, MUTATIONS);
	return count ? 0 : 1;
}
