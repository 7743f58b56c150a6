/**
 * Frames between the admin process and the core: four bytes of length (big endian), then one JSON object of so many
 * bytes.
 *
 *     admin to core  {"id":7,"connection":3,"session":"TOKEN","do":"trust","with":{...}}
 *     core to admin  {"id":7,"status":200,"answer":{...}} or {"id":7,"status":403,"error":{"text":"...","next":"..."}}
 *
 * The admin process reads what strangers send, so the core reads its frames as a stranger's.
 */
#ifndef CW_NODE_ADMIN_ADMIN_FRAME_H
#define CW_NODE_ADMIN_ADMIN_FRAME_H

#include "base/buffer.h"

#include <jansson.h>

/* Against a frame that fills the memory: an upload of 2 MB in base64 fits. */
#define CW_ADMIN_FRAME_MAX ((size_t)4 * 1024 * 1024)

enum cw_admin_frame_step { CW_ADMIN_FRAME_MORE, CW_ADMIN_FRAME_WHOLE, CW_ADMIN_FRAME_BROKEN };

/** Takes a whole frame from the front of `in`. WHOLE: `*ret` is for json_decref. BROKEN: longer than the bound, empty, no
 * JSON object, or with the same key twice: whoever sent it is of no more use. */
enum cw_admin_frame_step cw_admin_frame_take(struct cw_buffer *in, json_t **ret);

/** Appends a frame. CW_E_LIMIT where it would be longer than the bound. */
CW_MUST_USE bool cw_admin_frame_write(const json_t *object, struct cw_buffer *out, struct cw_error *error);

#endif
