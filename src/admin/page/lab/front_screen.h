/**
 * The front page of a running lab: its nodes with states and links to their pages, the map with live states, what a user of each
 * endpoint sees.
 *
 *     {"page":{"node":"acme","role":"lab","user","user_role","csrf"},"folder","more",
 *      "nodes":[{"node","role","address":"https://…","state":"running","zone":"Active","zone_code","tunnel","tunnel_code",
 *                "restarts":0,"alarms":0}],
 *      "endpoints":[{"name","kind","user","state":"works"|"prompts"|"degraded"|"dead"|"unknown","link","code","domain","server",
 *                    "sees","why","signed_in":null or {"state","step" ("": it came to its end),"asked","answer","means"}}],
 *      "link":null or {"node","user","address"} (at which its administrator sets a password, once),
 *      "exercise":null or {"number","task"}}
 *
 * Posts `endpoint` and `domain` to lab/sign-in, `node` to lab/link.
 * `sees` is what stands on the endpoint's own screen; where it is not said, it is found by the other keys (endpoint_words.h). The map is markup that
 * the report made (screen->made): cw_report_html_map.
 */
#ifndef CW_ADMIN_PAGE_FRONT_SCREEN_H
#define CW_ADMIN_PAGE_FRONT_SCREEN_H

#include "admin/page/screen.h"

void cw_front_screen(struct cw_screen *screen);

#endif
