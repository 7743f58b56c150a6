/**
 * Between trying and doing: what the gate finds, which links a change ends and begins, and the button that does it.
 *
 * The answer is that of the operation that tried ("refused", "page_text", "findings", "consequences", "trust_first", "added",
 * "already", "rows", "removed", "warnings", EFFECT); `screen->sent` is what was posted to it, and is sent again unchanged, but not
 * `csrf`, `try`, `confirm`. A private key and passwords are never in a page: they are asked for again where they were sent.
 *
 * A refused upload has no button that does it all the same: the boxes have none either.
 */
#ifndef CW_ADMIN_PAGE_EFFECT_SCREEN_H
#define CW_ADMIN_PAGE_EFFECT_SCREEN_H

#include "admin/page/screen.h"

struct cw_effect_screen_row {
	const char *tried; /* the operation that was asked */
	const char *does;  /* the one that does it */
	const char *back;  /* the page that it belongs to */
	const char *what;  /* "upload", "change", "removal": in sentences */
	enum cw_vendor_word button;
	bool danger; /* takes something away */
	bool upload; /* may carry a private key: multipart */
};

/** The row of an operation that tried (with "try": true, or "…/try"); NULL: none. */
const struct cw_effect_screen_row *cw_effect_screen_find(const char *tried);

/** The body; `screen->operation` is the one that tried. */
void cw_effect_screen(struct cw_screen *screen);

#endif
