/*
 * reading: what the parser makes of connections. Standard input: records of a 4-byte length in network order
 * and as many bytes, each what a client sent on one connection. Standard output: a line of JSON for each.
 *
 *     {"reason": "bare-lf", "requests": [{"method": "GET", "target": "HEX", "host": "HEX", "body": "HEX",
 * "fields": [["HEX", "HEX"]]}]}
 */
#include "http/http_reader.h"

#include "base/buffer.h"

#include <stdio.h>

#define RECORD_MAX ((size_t)1024 * 1024)

static void print_hex(const char *before, struct cw_http_text text)
{
	fputs(before, stdout);
	for (size_t i = 0; i < text.length; i++)
		printf("%02x", (uint8_t)text.at[i]);
}

static void print_request(const struct cw_http_head *head, const struct cw_buffer *body, size_t index)
{
	struct cw_http_text host = {0};
	(void)cw_http_head_known(head, CW_HTTP_FIELD_HOST, &host);
	printf("%s{\"method\": \"%s\", ", index ? ", " : "", cw_http_head_method_name(head->start.method));
	print_hex("\"target\": \"", head->start.target_text);
	print_hex("\", \"host\": \"", host);
	print_hex("\", \"body\": \"", (struct cw_http_text){body->data, body->length});
	fputs("\", \"fields\": [", stdout);
	for (size_t i = 0; i < head->field_count; i++) {
		struct cw_http_field field = cw_http_head_field(head, i);
		fputs(i ? ", " : "", stdout);
		print_hex("[\"", field.name);
		print_hex("\", \"", field.value);
		fputs("\"]", stdout);
	}
	fputs("]}", stdout);
}

static void read_connection(struct cw_http_text input)
{
	AUTO(cw_http_reader_free)
	struct cw_http_reader *reader = cw_http_reader_new(CW_HTTP_REQUEST, RECORD_MAX);
	AUTO_BUFFER body = {0};
	struct cw_http_text piece;
	size_t count = 0;
	enum cw_http_read step = CW_HTTP_READ_HEAD;
	if (!reader)
		exit(2);
	fputs("{\"requests\": [", stdout);
	while (step != CW_HTTP_READ_REFUSED && step != CW_HTTP_READ_MORE) {
		step = cw_http_reader_read(reader, &input, &piece);
		if (step == CW_HTTP_READ_MORE)
			step = cw_http_reader_close(reader);
		if (piece.length)
			cw_buffer_append(&body, piece.at, piece.length);
		if (step != CW_HTTP_READ_END)
			continue;
		print_request(cw_http_reader_head(reader), &body, count++);
		body.length = 0;
		cw_http_reader_next(reader);
	}
	printf("], \"reason\": \"%s\"}\n", cw_http_reason_name(cw_http_reader_reason(reader)));
}

int main(void)
{
	uint8_t prefix[4];
	while (fread(prefix, 1, sizeof prefix, stdin) == sizeof prefix) {
		size_t length = (size_t)prefix[0] << 24 | (size_t)prefix[1] << 16 | (size_t)prefix[2] << 8 |
			prefix[3];
		AUTO(free) char *bytes = length < RECORD_MAX ? malloc(length + 1) : NULL;
		if (!bytes || fread(bytes, 1, length, stdin) != length) {
			fprintf(stderr, "reading: a record that is too long or cut short\n");
			return 2;
		}
		read_connection((struct cw_http_text){bytes, length});
	}
	return 0;
}
