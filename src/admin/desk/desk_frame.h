/**
 * What the desk and the process of one session say to each other over a socket: one request, one answer, in turn.
 *
 *     request   kind (4 bytes), length of the name (4), length of the data (4), name, data
 *     answer    status (4 bytes), length of what was put out (4), length of what was told (4), both
 *
 * Numbers are big endian. The desk reads an answer as a stranger's: the process reads what anybody dropped.
 */
#ifndef CW_ADMIN_DESK_DESK_FRAME_H
#define CW_ADMIN_DESK_DESK_FRAME_H

#include <stdint.h>

#define CW_DESK_FRAME_HEAD 12

/* Names are paths below the session's folder. */
enum cw_desk_frame_kind {
	CW_DESK_FRAME_PUT, /* a file: name and bytes */
	CW_DESK_FRAME_RUN, /* a verb of this program: its words, a NUL behind each; its exit status, out and err */
	CW_DESK_FRAME_GET,    /* a file's bytes */
	CW_DESK_FRAME_LIST,   /* the files below a folder, a line each, in order */
	CW_DESK_FRAME_PACK,   /* a folder as .tar.gz */
	CW_DESK_FRAME_REMOVE, /* a file or a folder */
	CW_DESK_FRAME_KIND_COUNT
};

/* Against a name or words that are none. */
#define CW_DESK_FRAME_NAME_MAX 65536
/* One dropped file: six archives of 200 MB fit into a session one after the other. */
#define CW_DESK_FRAME_DATA_MAX (256U * 1024 * 1024)
/* What a verb puts out: the page of the largest lab has 4 MB. */
#define CW_DESK_FRAME_OUT_MAX (64U * 1024 * 1024)

struct cw_desk_frame_head {
	uint32_t first, second, third;
};

static inline void cw_desk_frame_put(unsigned char ret[CW_DESK_FRAME_HEAD], struct cw_desk_frame_head head)
{
	const uint32_t numbers[] = {head.first, head.second, head.third};
	for (unsigned i = 0; i < CW_DESK_FRAME_HEAD; i++)
		ret[i] = (unsigned char)(numbers[i / 4] >> (24 - 8 * (i % 4)));
}

static inline struct cw_desk_frame_head cw_desk_frame_get(const unsigned char bytes[CW_DESK_FRAME_HEAD])
{
	uint32_t numbers[3] = {0};
	for (unsigned i = 0; i < CW_DESK_FRAME_HEAD; i++)
		numbers[i / 4] = numbers[i / 4] << 8 | bytes[i];
	return (struct cw_desk_frame_head){numbers[0], numbers[1], numbers[2]};
}

#endif
