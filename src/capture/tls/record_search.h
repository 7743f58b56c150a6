/**
 * Finds where TLS begins in a stream of bytes, by content alone: on any port, and after whatever was said in
 * clear before (STARTTLS, a proxy's CONNECT, PostgreSQL's request).
 */
#ifndef CW_CAPTURE_TLS_RECORD_SEARCH_H
#define CW_CAPTURE_TLS_RECORD_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes kept while searching: what a decision needs (16), and 64 in which STARTTLS is recognised. */
#define CW_RECORD_SEARCH_WINDOW 80
#define CW_RECORD_SEARCH_AHEAD 16

enum cw_record_search_kind {
	CW_RECORD_SEARCH_NOTHING,
	CW_RECORD_SEARCH_RECORD,
	CW_RECORD_SEARCH_V2_CLIENT,
	CW_RECORD_SEARCH_V2_SERVER
};

/**
 * The first place where TLS begins. `at_start`: data[0] is the first byte of the stream, where a hello may be
 * split over the smallest records. With CW_RECORD_SEARCH_NOTHING, the last CW_RECORD_SEARCH_AHEAD bytes are undecided:
 * search again with more behind them.
 */
enum cw_record_search_kind cw_record_search(
	const uint8_t *data, size_t length, bool at_start, size_t *offset);

/**
 * After a hole: whether records go on at data[0]. `*sure` false: the header alone says so; the next one must
 * be good too.
 */
bool cw_record_search_resume(const uint8_t *data, size_t length, bool *sure);

/** Five bytes that can be the header of a record. */
bool cw_record_search_header(const uint8_t header[5]);

/** The protocol that a client's last plain bytes speak of ("smtp"), "other"; NULL for no bytes. */
const char *cw_record_search_starttls(const uint8_t *data, size_t length);

#endif
