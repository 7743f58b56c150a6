#include "capture/packet/input.h"
#include "base/unopened.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#define CHUNK ((size_t)256 * 1024)

enum compression { COMPRESSION_NONE, COMPRESSION_GZIP, COMPRESSION_ZSTD };

struct cw_input {
	char *name;
	int file; /* -1: memory */
	const volatile sig_atomic_t *stop;
	enum compression compression;
	uint8_t *data; /* plain bytes: [begin, end) are not read yet */
	size_t begin, end, capacity;
	uint8_t *compressed; /* as read from a compressed file */
	size_t compressed_begin, compressed_end;
	uint64_t offset, read, size;
	bool ended;	 /* no more bytes will come into `data` */
	bool file_ended; /* no more bytes will come from the file */
	bool cut;
	bool inside; /* a gzip member or zstd frame has begun and is not over */
	z_stream gzip;
	ZSTD_DStream *zstd;
};

void cw_input_free(struct cw_input *input)
{
	if (!input)
		return;
	if (input->file > STDIN_FILENO)
		close(input->file);
	if (input->compression == COMPRESSION_GZIP)
		inflateEnd(&input->gzip);
	ZSTD_freeDStream(input->zstd);
	free(input->compressed);
	free(input->data);
	free(input->name);
	free(input);
}

static bool refuse(struct cw_input *input, enum cw_error_code code, const char *what, struct cw_error *error)
{
	return cw_error_set(error, code, "%s: %s", input->name, what);
}

/* Reads from the file into `at`; 0 at its end or when the user wants to stop. */
static bool read_file(struct cw_input *input, uint8_t *at, size_t room, size_t *got, struct cw_error *error)
{
	for (;;) { /* ends: only an interrupted read comes back here */
		if (input->stop && *input->stop)
			break;
		ssize_t count = read(input->file, at, room);
		if (count > 0) {
			*got = (size_t)count;
			input->read += *got;
			return true;
		}
		if (count == 0)
			break;
		if (errno != EINTR)
			return refuse(input, CW_E_IO, strerror(errno), error);
	}
	input->file_ended = true;
	*got = 0;
	return true;
}

/* Makes room behind the bytes that were not read yet: at least `wanted` in all. */
static bool make_room(struct cw_input *input, size_t wanted, struct cw_error *error)
{
	if (input->begin) {
		memmove(input->data, input->data + input->begin, input->end - input->begin);
		input->end -= input->begin;
		input->begin = 0;
	}
	if (wanted <= input->capacity && input->end < input->capacity)
		return true;
	size_t capacity = wanted > CHUNK ? wanted + CHUNK : CHUNK;
	uint8_t *data = realloc(input->data, capacity);
	if (!data)
		return cw_error_memory(error);
	input->data = data;
	input->capacity = capacity;
	return true;
}

static bool inflate_some(struct cw_input *input, struct cw_error *error)
{
	z_stream *gzip = &input->gzip;
	if (!input->inside)
		inflateReset(gzip);
	input->inside = true;
	gzip->next_in = input->compressed + input->compressed_begin;
	gzip->avail_in = (uInt)(input->compressed_end - input->compressed_begin);
	gzip->next_out = input->data + input->end;
	gzip->avail_out = (uInt)(input->capacity - input->end);
	int result = inflate(gzip, Z_NO_FLUSH);
	input->compressed_begin = input->compressed_end - gzip->avail_in;
	input->end = input->capacity - gzip->avail_out;
	if (result == Z_STREAM_END)
		input->inside = false; /* another member may follow */
	else if (result != Z_OK && result != Z_BUF_ERROR)
		return refuse(input, CW_E_FORMAT, "broken gzip data", error);
	return true;
}

static bool unzstd_some(struct cw_input *input, struct cw_error *error)
{
	ZSTD_inBuffer in = {input->compressed, input->compressed_end, input->compressed_begin};
	ZSTD_outBuffer out = {input->data, input->capacity, input->end};
	size_t result = ZSTD_decompressStream(input->zstd, &out, &in);
	if (ZSTD_isError(result))
		return refuse(input, CW_E_FORMAT, "broken zstd data", error);
	input->inside = result != 0;
	input->compressed_begin = in.pos;
	input->end = out.pos;
	return true;
}

static bool decompress_some(struct cw_input *input, struct cw_error *error)
{
	if (input->compressed_begin == input->compressed_end && !input->file_ended) {
		input->compressed_begin = 0;
		if (!read_file(input, input->compressed, CHUNK, &input->compressed_end, error))
			return false;
	}
	size_t before = input->end;
	bool dry = input->compressed_begin == input->compressed_end;
	if (dry && !input->inside) {
		input->ended = true;
		return true;
	}
	if (input->compression == COMPRESSION_GZIP ? !inflate_some(input, error) : !unzstd_some(input, error))
		return false;
	if (dry && input->end == before) {
		input->ended = true;
		input->cut = input->inside;
	}
	return true;
}

static bool fill(struct cw_input *input, size_t wanted, struct cw_error *error)
{
	/* ends: each turn adds bytes, or takes packed ones, or ends the input */
	while (input->end - input->begin < wanted && !input->ended) {
		if (!make_room(input, wanted, error))
			return false;
		if (input->compression != COMPRESSION_NONE) {
			if (!decompress_some(input, error))
				return false;
			continue;
		}
		size_t got = 0;
		if (input->file >= 0 &&
			!read_file(
				input, input->data + input->end, input->capacity - input->end, &got, error))
			return false;
		input->end += got;
		input->ended = got == 0;
	}
	return true;
}

bool cw_input_peek(struct cw_input *input, size_t wanted, const uint8_t **data, size_t *available,
	struct cw_error *error)
{
	if (input->end - input->begin < wanted && !fill(input, wanted, error))
		return false;
	*data = input->data + input->begin;
	*available = input->end - input->begin;
	return true;
}

void cw_input_advance(struct cw_input *input, size_t length)
{
	input->begin += length;
	input->offset += length;
}

/* Gzip and zstd are known by their first bytes (RFC 1952 §2.3.1, RFC 8878 §3.1.1). */
static bool tell_compression(struct cw_input *input, struct cw_error *error)
{
	static const uint8_t gzip[] = {0x1f, 0x8b, 0x08}, zstd[] = {0x28, 0xb5, 0x2f, 0xfd};
	if (!fill(input, 4, error))
		return false;
	bool is_gzip = input->end >= 3 && memcmp(input->data, gzip, 3) == 0;
	if (!is_gzip && (input->end < 4 || memcmp(input->data, zstd, 4) != 0))
		return true;
	size_t room = input->end > CHUNK ? input->end : CHUNK;
	input->compressed = malloc(room);
	if (!input->compressed)
		return cw_error_memory(error);
	memcpy(input->compressed, input->data, input->end);
	input->compressed_end = input->end;
	input->file_ended = input->file_ended || input->file < 0;
	input->end = 0;
	input->ended = false;
	if (!is_gzip && !(input->zstd = ZSTD_createDStream()))
		return cw_error_memory(error);
	if (is_gzip && inflateInit2(&input->gzip, 15 + 16) != Z_OK)
		return cw_error_memory(error);
	input->compression = is_gzip ? COMPRESSION_GZIP : COMPRESSION_ZSTD;
	return true;
}

bool cw_input_open(
	const char *path, const volatile sig_atomic_t *stop, struct cw_input **ret, struct cw_error *error)
{
	AUTO(cw_input_free) struct cw_input *input = calloc(1, sizeof *input);
	if (!input)
		return cw_error_memory(error);
	bool standard = strcmp(path, "-") == 0;
	input->file = -1;
	input->stop = stop;
	input->name = strdup(standard ? "standard input" : path);
	if (!input->name)
		return cw_error_memory(error);
	input->file = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;
	if (input->file < 0 || fstat(input->file, &status) != 0)
		return cw_unopened_error(error, input->name);
	if (S_ISDIR(status.st_mode))
		return refuse(input, CW_E_IO, "is a folder; wanted a capture file", error);
	input->size = S_ISREG(status.st_mode) ? (uint64_t)status.st_size : 0;
	if (!tell_compression(input, error))
		return false;
	*ret = TAKE(input);
	return true;
}

bool cw_input_memory(const void *data, size_t length, struct cw_input **ret, struct cw_error *error)
{
	AUTO(cw_input_free) struct cw_input *input = calloc(1, sizeof *input);
	if (!input)
		return cw_error_memory(error);
	input->file = -1;
	input->name = strdup("(memory)");
	input->data = malloc(length + 1);
	if (!input->name || !input->data)
		return cw_error_memory(error);
	if (length)
		memcpy(input->data, data, length);
	input->end = length;
	input->capacity = length + 1;
	if (!tell_compression(input, error))
		return false;
	*ret = TAKE(input);
	return true;
}

const char *cw_input_name(const struct cw_input *input)
{
	return input->name;
}

uint64_t cw_input_offset(const struct cw_input *input)
{
	return input->offset;
}

void cw_input_progress(const struct cw_input *input, uint64_t *read, uint64_t *size)
{
	*read = input->read;
	*size = input->size;
}

bool cw_input_cut(const struct cw_input *input)
{
	return input->cut;
}
