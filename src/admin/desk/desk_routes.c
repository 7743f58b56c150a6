#include "admin/desk/desk_parts.h"

const struct cw_web_route cw_desk_routes[] = {
	{CW_HTTP_METHOD_GET, "/", 0, CW_WEB_BODY_NONE, 0, cw_desk_drop_page, NULL},
	{CW_HTTP_METHOD_POST, "/drop", 0, CW_WEB_BODY_MULTIPART, CW_DESK_FORM_MAX, cw_desk_drop_form, NULL},
	{CW_HTTP_METHOD_PUT, "/drop/{}", 0, CW_WEB_BODY_BYTES, CW_DESK_FORM_MAX, cw_desk_drop_file, NULL},
	{CW_HTTP_METHOD_POST, "/import", 0, CW_WEB_BODY_FORM, 4096, cw_desk_drop_import, NULL},
	{CW_HTTP_METHOD_GET, "/site", 0, CW_WEB_BODY_NONE, 0, cw_desk_report_site, NULL},
	{CW_HTTP_METHOD_POST, "/answer", 0, CW_WEB_BODY_MULTIPART, 16 * 1024 * 1024, cw_desk_answers_take,
		NULL},
	{CW_HTTP_METHOD_GET, "/report", 0, CW_WEB_BODY_NONE, 0, cw_desk_report_page, NULL},
	{CW_HTTP_METHOD_GET, "/report/page", 0, CW_WEB_BODY_NONE, 0, cw_desk_report_frame, NULL},
	{CW_HTTP_METHOD_GET, "/plan", 0, CW_WEB_BODY_NONE, 0, cw_desk_report_plan, NULL},
	{CW_HTTP_METHOD_GET, "/pem/{}", 0, CW_WEB_BODY_NONE, 0, cw_desk_take_pem, NULL},
	{CW_HTTP_METHOD_GET, "/renew", 0, CW_WEB_BODY_NONE, 0, cw_desk_renew_page, NULL},
	{CW_HTTP_METHOD_POST, "/renew", 0, CW_WEB_BODY_MULTIPART, 8 * 1024 * 1024, cw_desk_renew_try, NULL},
	{CW_HTTP_METHOD_GET, "/log", 0, CW_WEB_BODY_NONE, 0, cw_desk_log_page, NULL},
	{CW_HTTP_METHOD_POST, "/log", 0, CW_WEB_BODY_MULTIPART, CW_DESK_FORM_MAX, cw_desk_log_explain, NULL},
	{CW_HTTP_METHOD_GET, "/download/{}", 0, CW_WEB_BODY_NONE, 0, cw_desk_take_file, NULL},
	{CW_HTTP_METHOD_GET, "/login", CW_DESK_OPEN, CW_WEB_BODY_NONE, 0, cw_desk_login_page, NULL},
	{CW_HTTP_METHOD_POST, "/login", CW_DESK_OPEN, CW_WEB_BODY_FORM, 4096, cw_desk_login_begin, NULL},
	{CW_HTTP_METHOD_POST, "/logout", 0, CW_WEB_BODY_FORM, 4096, cw_desk_login_end, NULL},
	{CW_HTTP_METHOD_POST, "/forget", 0, CW_WEB_BODY_FORM, 4096, cw_desk_drop_forget, NULL},
};

const size_t cw_desk_route_count = sizeof cw_desk_routes / sizeof *cw_desk_routes;
