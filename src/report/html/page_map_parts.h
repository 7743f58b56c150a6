/**
 * Drawing the map: boxes and arrows at places that somebody else chose. For html_map*.c only.
 */
#ifndef CW_REPORT_HTML_PAGE_MAP_PARTS_H
#define CW_REPORT_HTML_PAGE_MAP_PARTS_H

#include "report/html/page_parts.h"

/* In user units of the drawing; text of 13 units is about 7.5 wide a character. */
#define MAP_ROW 46  /* from one arrow to the next */
#define MAP_LINE 20 /* from one line of a box to the next */
#define MAP_HEAD 52 /* the title of a box */
#define MAP_FOOT 12 /* under its last line */
#define MAP_BOX_GAP 24

struct map_rect {
	int x, y, width, height;
};

/** One arrow: where it leaves the left and the right box, and the height at which its label stands. */
struct map_arrow {
	const struct cw_map_bundle *bundle;
	size_t number; /* of the bundle */
	int left, right;
	int left_y, right_y, y;
	bool client_left;
};

/** How many lines the box has under its title. */
size_t cw_page_map_box_lines(const struct cw_page *page, const struct cw_map_box *box);
/** The box with its title and lines; `top` is where its content begins. */
void cw_page_map_draw_box(
	struct cw_page *page, const struct cw_map_box *box, const struct map_rect *rect, int top);
void cw_page_map_draw_arrow(struct cw_page *page, const struct map_arrow *arrow);

#endif
