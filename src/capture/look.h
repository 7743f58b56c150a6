/**
 * Finds where TLS begins in a stream of bytes, by content alone: on any port, and after whatever was said in
 * clear before (STARTTLS, a proxy's CONNECT, PostgreSQL's request).
 */
#ifndef CW_CAPTURE_LOOK_H
#define CW_CAPTURE_LOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes kept while looking: what a decision needs (16), and 64 in which STARTTLS is recognised. */
#define CW_LOOK_WINDOW 80
#define CW_LOOK_AHEAD 16

enum cw_look_kind { CW_LOOK_NOTHING, CW_LOOK_RECORD, CW_LOOK_V2_CLIENT, CW_LOOK_V2_SERVER };

/**
 * The first place where TLS begins. `at_start`: data[0] is the first byte of the stream, where a hello may be
 * split over the smallest records. With CW_LOOK_NOTHING, the last CW_LOOK_AHEAD bytes are undecided: look
 * again with more behind them.
 */
enum cw_look_kind cw_look(const uint8_t *data, size_t length, bool at_start, size_t *offset);

/**
 * After a hole: whether records go on at data[0]. `*sure` false: the header alone says so; the next one must
 * be good too.
 */
bool cw_look_record(const uint8_t *data, size_t length, bool *sure);

/** Five bytes that can be the header of a record. */
bool cw_look_header(const uint8_t header[5]);

/** The protocol that a client's last plain bytes speak of ("smtp"), "other"; NULL for no bytes. */
const char *cw_look_starttls(const uint8_t *data, size_t length);

#endif
