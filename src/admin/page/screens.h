/**
 * All pages: one row each, found by the name in its address, and rendered out of the answer of the row's operation.
 *
 * A server of pages does this: GET /NAME finds the row, asks the row's operation with the keys of the address that the row names,
 * and renders. POST /do/OPERATION checks `csrf`, asks the operation with the form's fields (screen_forms.h), and renders either the
 * page `effect` (something was tried: effect_screen.h), or the page that the form's row names, with what happened in the
 * information bar (outcome.h). Errors of an operation are the page `refusal`.
 *
 * "/style.css" is cw_page_style of the reports and then cw_screens_style; "/script.js" is cw_screens_script. Pages carry no script
 * and no style of their own (CW_SCREEN_POLICY).
 */
#ifndef CW_ADMIN_PAGE_SCREENS_H
#define CW_ADMIN_PAGE_SCREENS_H

#include "admin/page/screen.h"

/* src/admin/page/page.css and page.js, built in by cmake/embed.cmake. */
extern const char cw_screens_style[];
extern const char cw_screens_script[];

/** Appends the whole of "/style.css". */
void cw_screens_style_sheet(struct cw_buffer *ret);

/** The row by its name in an address, without "/"; "" is the overview, or the lab's front page. NULL: there is none here. */
const struct cw_screen_row *cw_screens_find(const char *name, unsigned role);
/** Row by number, in the order of the menu; NULL behind the last. */
const struct cw_screen_row *cw_screens_at(size_t index);

/**
 * What goes `with` the row's operation, out of the keys of an address (an object of texts; NULL: none), for json_decref. Each row
 * names its keys with a comma between: "name"; "identity=server" (what it is where the address has none); "sha256[]" (a list);
 * "find{column.how.text}" (an object of three). Other keys of the address go nowhere. NULL: no memory.
 */
json_t *cw_screens_with(const struct cw_screen_row *row, const json_t *address);

/* What a page is made of. All borrowed; what is NULL is not there. */
struct cw_screens_given {
	const json_t *answer;		       /* of the row's operation, with "page"; or {"page","error"} */
	const json_t *sent;		       /* what was posted, or keys of the address */
	const char *operation;		       /* that was posted to */
	const struct cw_screen_notice *notice; /* for the information bar */
	const struct cw_buffer *made;	       /* the map, for the lab's front page */
};

/** Appends the page. False: no memory, or a mistake in the page's code (html.h). */
CW_MUST_USE bool cw_screens_render(const struct cw_screen_row *row, const struct cw_screens_given *given,
	struct cw_buffer *ret, struct cw_error *error);

#endif
