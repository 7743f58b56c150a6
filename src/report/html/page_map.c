#include "report/html/page_map_parts.h"

#include <string.h>

/* Columns and what lies between them; five of them (a front) stand closer, so that the text stays readable.
 */
#define WIDE_BOX 180
#define WIDE_GAP 224
#define FIVE_BOX 172
#define FIVE_GAP 182
#define NARROW_WIDTH 360
#define EDGE 2 /* room for the outline of a box */

/* Where everything stands. Links inside one box, or between boxes that are no neighbours, are drawn in the
 * client's box. */
struct layout {
	struct cw_page *page;
	struct map_rect *rects;		  /* by box */
	struct map_arrow *arrows;	  /* by bundle */
	int columns[CW_MAP_COLUMN_COUNT]; /* which one from the left; -1: there is no such box */
	int column_count;
	int height;
};

static void layout_finish(struct layout *layout)
{
	free(layout->rects);
	free(layout->arrows);
}

#define AUTO_LAYOUT __attribute__((cleanup(layout_finish))) struct layout

static int column_of(const struct layout *layout, size_t box)
{
	return layout->columns[layout->page->map.boxes[box].column];
}

/* The gap in which the bundle is drawn, by the column left of it; -1: inside the client's box. */
static int gap_of(const struct layout *layout, const struct cw_map_bundle *bundle)
{
	int client = column_of(layout, bundle->client_box), server = column_of(layout, bundle->server_box);
	if (client + 1 == server)
		return client;
	return server + 1 == client ? server : -1;
}

static size_t left_box(const struct layout *layout, const struct cw_map_bundle *bundle)
{
	return column_of(layout, bundle->client_box) <= column_of(layout, bundle->server_box)
		? bundle->client_box
		: bundle->server_box;
}

static size_t right_box(const struct layout *layout, const struct cw_map_bundle *bundle)
{
	return left_box(layout, bundle) == bundle->client_box ? bundle->server_box : bundle->client_box;
}

static bool prepare(struct layout *layout)
{
	const struct cw_map *map = &layout->page->map;
	layout->rects = calloc(map->box_count + 1, sizeof *layout->rects);
	layout->arrows = calloc(map->bundle_count + 1, sizeof *layout->arrows);
	if (!layout->rects || !layout->arrows)
		return false;
	memset(layout->columns, -1, sizeof layout->columns);
	for (size_t i = 0; i < map->box_count; i++)
		if (layout->columns[map->boxes[i].column] < 0)
			layout->columns[map->boxes[i].column] = layout->column_count++;
	for (size_t i = 0; i < map->bundle_count; i++) {
		struct map_arrow *arrow = &layout->arrows[i];
		arrow->bundle = &map->bundles[i];
		arrow->number = i;
		arrow->client_left = left_box(layout, arrow->bundle) == arrow->bundle->client_box;
	}
	return true;
}

static int inner_count(const struct layout *layout, size_t box)
{
	int count = 0;
	for (size_t i = 0; i < layout->page->map.bundle_count; i++) {
		const struct cw_map_bundle *bundle = &layout->page->map.bundles[i];
		count += bundle->client_box == box && gap_of(layout, bundle) < 0;
	}
	return count;
}

static int content_height(const struct layout *layout, size_t box)
{
	int lines = (int)cw_page_map_box_lines(layout->page, &layout->page->map.boxes[box]);
	return MAP_HEAD + lines * MAP_LINE + inner_count(layout, box) * MAP_ROW + MAP_FOOT;
}

/* Arrows that leave the box to the left (or to the right). */
static int port_count(const struct layout *layout, size_t box, bool left)
{
	int count = 0;
	for (size_t i = 0; i < layout->page->map.bundle_count; i++) {
		const struct cw_map_bundle *bundle = &layout->page->map.bundles[i];
		size_t mine = left ? right_box(layout, bundle) : left_box(layout, bundle);
		count += mine == box && gap_of(layout, bundle) >= 0;
	}
	return count;
}

static int larger(int a, int b)
{
	return a > b ? a : b;
}

static int gap_count(const struct layout *layout, int gap)
{
	int count = 0;
	for (size_t i = 0; i < layout->page->map.bundle_count; i++)
		count += gap_of(layout, &layout->page->map.bundles[i]) == gap;
	return count;
}

/* The inner arrows of a box, under its lines. */
static void place_inner(struct layout *layout, size_t box, int top)
{
	const struct map_rect *rect = &layout->rects[box];
	int lines = (int)cw_page_map_box_lines(layout->page, &layout->page->map.boxes[box]);
	int y = top + MAP_HEAD + lines * MAP_LINE + MAP_ROW / 2 + 2;
	for (size_t i = 0; i < layout->page->map.bundle_count; i++) {
		struct map_arrow *arrow = &layout->arrows[i];
		if (arrow->bundle->client_box != box || gap_of(layout, arrow->bundle) >= 0)
			continue;
		arrow->client_left = true;
		arrow->left = rect->x + 4;
		arrow->right = rect->x + rect->width - 4;
		arrow->left_y = arrow->right_y = arrow->y = y;
		y += MAP_ROW;
	}
}

/* Taller than a window: what stands in the middle of a column would not be seen with the map's beginning. */
#define TALL 760

static int content_top(const struct layout *layout, size_t box)
{
	const struct map_rect *rect = &layout->rects[box];
	if (layout->height > TALL)
		return rect->y;
	return rect->y + (rect->height - content_height(layout, box)) / 2;
}

static void draw(struct layout *layout)
{
	for (size_t i = 0; i < layout->page->map.box_count; i++) {
		int top = content_top(layout, i);
		place_inner(layout, i, top);
		cw_page_map_draw_box(layout->page, &layout->page->map.boxes[i], &layout->rects[i], top);
	}
	for (size_t i = 0; i < layout->page->map.bundle_count; i++)
		cw_page_map_draw_arrow(layout->page, &layout->arrows[i]);
}

/* Wide: columns beside each other. */

static int wide_box_height(const struct layout *layout, size_t box)
{
	int ports = larger(port_count(layout, box, true), port_count(layout, box, false));
	return larger(content_height(layout, box), ports * MAP_ROW + 12);
}

static int column_height(const struct layout *layout, int column)
{
	int height = 0;
	for (size_t i = 0; i < layout->page->map.box_count; i++)
		if (column_of(layout, i) == column)
			height += (height ? MAP_BOX_GAP : 0) + wide_box_height(layout, i);
	return height;
}

static int box_width(const struct layout *layout)
{
	return layout->column_count < CW_MAP_COLUMN_COUNT ? WIDE_BOX : FIVE_BOX;
}

static int gap_width(const struct layout *layout)
{
	return layout->column_count < CW_MAP_COLUMN_COUNT ? WIDE_GAP : FIVE_GAP;
}

static void place_columns(struct layout *layout)
{
	for (int column = 0; column < layout->column_count; column++) {
		layout->height = larger(layout->height, column_height(layout, column));
		layout->height = larger(layout->height, gap_count(layout, column) * MAP_ROW);
	}
	for (int column = 0; column < layout->column_count; column++) {
		int slack = layout->height > TALL ? 0 : layout->height - column_height(layout, column);
		int y = EDGE + slack / 2;
		for (size_t i = 0; i < layout->page->map.box_count; i++) {
			if (column_of(layout, i) != column)
				continue;
			layout->rects[i] =
				(struct map_rect){EDGE + column * (box_width(layout) + gap_width(layout)), y,
					box_width(layout), wide_box_height(layout, i)};
			y += layout->rects[i].height + MAP_BOX_GAP;
		}
	}
	layout->height += 2 * EDGE;
}

/* The place of the `index`th of `count` arrows at a box. */
static int port_y(const struct map_rect *rect, int index, int count)
{
	return rect->y + rect->height / 2 + (2 * index - count + 1) * MAP_ROW / 2;
}

static int boxes_in(const struct layout *layout, int column)
{
	int count = 0;
	for (size_t i = 0; i < layout->page->map.box_count; i++)
		count += column_of(layout, i) == column;
	return count;
}

/* Arrows of one gap from top to bottom: by the boxes that they join, so that few of them cross. Labels stand
 * level with the ends at the column of more boxes, whose ends are never closer than a row. */
static void place_gap(struct layout *layout, int gap)
{
	const struct cw_map *map = &layout->page->map;
	bool right_leads = boxes_in(layout, gap + 1) >= boxes_in(layout, gap);
	AUTO(free) int *ports = calloc(map->box_count + 1, sizeof *ports);
	if (!ports) {
		layout->page->out.failed = true;
		return;
	}
	for (size_t pair = 0; pair < map->box_count * map->box_count; pair++) {
		size_t lead = pair / map->box_count, other = pair % map->box_count;
		size_t left = right_leads ? other : lead;
		size_t right = right_leads ? lead : other;
		for (size_t i = 0; i < map->bundle_count; i++) {
			struct map_arrow *arrow = &layout->arrows[i];
			if (gap_of(layout, arrow->bundle) != gap || left_box(layout, arrow->bundle) != left ||
				right_box(layout, arrow->bundle) != right)
				continue;
			const struct map_rect *from = &layout->rects[left], *to = &layout->rects[right];
			arrow->left = from->x + from->width;
			arrow->right = to->x;
			arrow->left_y = port_y(from, ports[left]++, port_count(layout, left, false));
			arrow->right_y = port_y(to, ports[right]++, port_count(layout, right, true));
			arrow->y = right_leads ? arrow->right_y : arrow->left_y;
		}
	}
}

static void draw_wide(struct layout *layout)
{
	place_columns(layout);
	for (int gap = 0; gap + 1 < layout->column_count; gap++)
		place_gap(layout, gap);
	int width =
		layout->column_count * (box_width(layout) + gap_width(layout)) - gap_width(layout) + 2 * EDGE;
	cw_buffer_printf(&layout->page->out,
		"<svg class=\"map wide\" viewBox=\"0 0 %d %d\" width=\"%d\" role=\"group\" "
		"aria-label=\"map of the deployment\">\n",
		width, layout->height, width);
	draw(layout);
	cw_buffer_text(&layout->page->out, "</svg>\n");
}

/* Narrow: boxes one under the other, the arrows of a gap between them. */

/* The arrows that come to this box from the column before it. */
static int place_strip(struct layout *layout, size_t box, int y)
{
	for (size_t i = 0; i < layout->page->map.bundle_count; i++) {
		struct map_arrow *arrow = &layout->arrows[i];
		if (gap_of(layout, arrow->bundle) < 0 || right_box(layout, arrow->bundle) != box)
			continue;
		arrow->client_left = true;
		arrow->left = EDGE + 16;
		arrow->right = NARROW_WIDTH - EDGE - 16;
		arrow->left_y = arrow->right_y = arrow->y = y + MAP_ROW / 2;
		y += MAP_ROW;
	}
	return y;
}

static void draw_narrow(struct layout *layout)
{
	int y = EDGE;
	for (size_t i = 0; i < layout->page->map.box_count; i++) {
		y = place_strip(layout, i, y) + 6;
		layout->rects[i] =
			(struct map_rect){EDGE, y, NARROW_WIDTH - 2 * EDGE, content_height(layout, i)};
		y += layout->rects[i].height + 6;
	}
	cw_buffer_printf(&layout->page->out,
		"<svg class=\"map narrow\" viewBox=\"0 0 %d %d\" role=\"group\" aria-label=\"map of the "
		"deployment\">\n",
		NARROW_WIDTH, y);
	draw(layout);
	cw_buffer_text(&layout->page->out, "</svg>\n");
}

static void legend(struct cw_page *page)
{
	cw_buffer_text(&page->out, "<p class=\"legend\">");
	for (int verdict = CW_VERDICT_PASS; verdict <= CW_VERDICT_REFUSED; verdict++) {
		cw_page_sign(page, (enum cw_verdict)verdict);
		cw_buffer_printf(
			&page->out, "<span>%s</span> ", cw_finding_verdict_name((enum cw_verdict)verdict));
	}
	cw_buffer_text(&page->out,
		"<span>An arrow goes from who connects to who is connected to. The sign at each end is what "
		"that end says of the other's certificate; a faint one is not reached, a dot asks for "
		"nothing. Signs in a box are what the box has by itself; those of endpoints say whether they "
		"sign in. Click an arrow for its chain and handshake.</span></p>\n");
}

void cw_page_map(struct cw_page *page)
{
	AUTO_LAYOUT wide = {.page = page};
	AUTO_LAYOUT narrow = {.page = page};
	if (!page->map.bundle_count)
		return;
	if (!prepare(&wide) || !prepare(&narrow)) {
		page->out.failed = true;
		return;
	}
	cw_buffer_text(&page->out, "<section class=\"picture\"><h2>Map</h2>\n");
	draw_wide(&wide);
	draw_narrow(&narrow);
	legend(page);
	cw_buffer_text(&page->out, "</section>\n");
}
