#include "admin/page/screens.h"

#include "admin/page/administrators_screen.h"
#include "admin/page/cucm/certificates_screen.h"
#include "admin/page/cucm/cucm_forms_screen.h"
#include "admin/page/effect_screen.h"
#include "admin/page/events_screen.h"
#include "admin/page/expressway/cba_screen.h"
#include "admin/page/expressway/client_test_screen.h"
#include "admin/page/expressway/crl_screen.h"
#include "admin/page/expressway/cucm_servers_screen.h"
#include "admin/page/expressway/domains_screen.h"
#include "admin/page/expressway/identity_screen.h"
#include "admin/page/expressway/request_screen.h"
#include "admin/page/expressway/traversal_test_screen.h"
#include "admin/page/expressway/trust_screen.h"
#include "admin/page/expressway/tunnels_screen.h"
#include "admin/page/expressway/uc_screen.h"
#include "admin/page/expressway/zones_screen.h"
#include "admin/page/lab/ca_screen.h"
#include "admin/page/lab/exercise_screen.h"
#include "admin/page/lab/front_screen.h"
#include "admin/page/overview_screen.h"
#include "admin/page/refusal_screen.h"
#include "admin/page/restart_screen.h"
#include "admin/page/sign_in_screen.h"
#include "report/html/page_style.h"

#include <string.h>

#define C CW_SCREEN_ROLE_C
#define X CW_SCREEN_ROLE_EXPRESSWAY
#define U CW_SCREEN_ROLE_CUCM
#define NODE CW_SCREEN_ROLE_NODE
#define LAB CW_SCREEN_ROLE_LAB
#define ANY CW_SCREEN_ROLE_ANY

#define STATUS "Status"
#define UC_STATUS "Status > Unified Communications"
#define UC "Configuration > Unified Communications"
#define SECURITY "Maintenance > Security"
#define OS_SECURITY "Cisco Unified OS Administration > Security"

/* In the order of the menu; what stands in one place of it stands together. */
static const struct cw_screen_row rows[] = {
	{"login", CW_WORD_TITLE_LOG_IN, "", NULL, NULL, ANY, false, cw_sign_in_screen},
	{"firstpassword", CW_WORD_TITLE_FIRST_PASSWORD, "", NULL, "token", ANY, false,
		cw_sign_in_screen_first},
	{"effect", CW_WORD_TITLE_EFFECT, "", NULL, NULL, ANY, false, cw_effect_screen},
	{"refusal", CW_WORD_TITLE_REFUSAL, "", NULL, NULL, ANY, false, cw_refusal_screen},

	{"overview", CW_WORD_TITLE_OVERVIEW, STATUS, "overview", NULL, NODE, true, cw_overview_screen},
	{"alarms", CW_WORD_TITLE_ALARMS, STATUS, "overview", NULL, NODE, true, cw_overview_screen_alarms},
	{"edge", CW_WORD_TITLE_UC, UC_STATUS, "uc", NULL, X, true, cw_uc_screen},
	{"provisioningsessions", CW_WORD_TITLE_SESSIONS, UC_STATUS, "sessions", NULL, C, true,
		cw_uc_screen_sessions},
	{"sshtunnels", CW_WORD_TITLE_TUNNELS, UC_STATUS, "tunnels", NULL, X, true, cw_tunnels_screen},
	{"eventlog", CW_WORD_TITLE_EVENT_LOG, "Status > Logs", "events", "from,count,kind", NODE, true,
		cw_events_screen},

	{"zones", CW_WORD_TITLE_ZONES, "Configuration > Zones", "zones", NULL, X, true, cw_zones_screen},
	{"editzone", CW_WORD_TITLE_EDIT_ZONE, "Configuration > Zones", "zone", "name", X, false,
		cw_zones_screen_edit},
	{"cucmservers", CW_WORD_TITLE_CUCM_SERVERS, UC, "cucm-servers", NULL, C, true,
		cw_cucm_servers_screen},
	{"domains", CW_WORD_TITLE_DOMAINS, "Configuration", "domains", NULL, X, true, cw_domains_screen},

	{"trustedcacertificate", CW_WORD_TITLE_TRUSTED_CA, SECURITY, "trust", "store=trusted-ca", X, true,
		cw_trust_screen},
	{"servercertificate", CW_WORD_TITLE_SERVER_CERTIFICATE, SECURITY, "identity", "identity=server", X,
		true, cw_identity_screen},
	{"clientcertificate", CW_WORD_TITLE_CLIENT_CERTIFICATE, SECURITY, "identity", "identity=client", X,
		false, cw_identity_screen},
	{"generatecsr", CW_WORD_TITLE_GENERATE_CSR, SECURITY, "identity", "identity=server", X, false,
		cw_request_screen},
	{"viewcert", CW_WORD_TITLE_VIEW_CERTIFICATE, SECURITY, "trust", "store=trusted-ca,sha256[]", X, false,
		cw_trust_screen_entry},
	{"crlupdater", CW_WORD_TITLE_CRL, SECURITY, "crl", NULL, X, true, cw_crl_screen},
	{"certificatetesting", CW_WORD_TITLE_CLIENT_TEST, SECURITY, "cba", NULL, X, true,
		cw_client_test_screen},
	{"cbaconfig", CW_WORD_TITLE_CBA, SECURITY, "cba", NULL, X, true, cw_cba_screen},
	{"traversaltest", CW_WORD_TITLE_TRAVERSAL_TEST, SECURITY, NULL, NULL, C, true,
		cw_traversal_test_screen},

	{"cmplatform/certificateFindList.do", CW_WORD_TITLE_CERTIFICATE_LIST, OS_SECURITY, "certificates",
		"find{column.how.text}", U, true, cw_certificates_screen},
	{"cmplatform/certificateUpload.do", CW_WORD_TITLE_CUCM_UPLOAD, OS_SECURITY, NULL, NULL, U, true,
		cw_cucm_forms_screen_upload},
	{"cmplatform/certificateGenerateNewCsr.do", CW_WORD_TITLE_CUCM_CSR, OS_SECURITY, "identity",
		"identity=tomcat", U, true, cw_cucm_forms_screen_request},
	{"cmplatform/certificateDownloadCsr.do", CW_WORD_TITLE_CUCM_DOWNLOAD_CSR, OS_SECURITY, "certificates",
		NULL, U, true, cw_cucm_forms_screen_download},
	{"cmplatform/certificateEdit.do", CW_WORD_TITLE_CERTIFICATE_POPUP, OS_SECURITY, "certificates", NULL,
		U, false, cw_certificates_screen_popup},

	{"restart", CW_WORD_TITLE_RESTART, "Maintenance", "overview", NULL, NODE, true, cw_restart_screen},
	{"administrators", CW_WORD_TITLE_ADMINISTRATORS, "Users", "administrators", NULL, NODE, true,
		cw_administrators_screen},

	{"lab", CW_WORD_TITLE_LAB, "Lab", "lab/front", NULL, LAB, true, cw_front_screen},
	{"certsrv", CW_WORD_TITLE_CA, "Lab", "ca", NULL, LAB, true, cw_ca_screen},
	{"exercise", CW_WORD_TITLE_EXERCISE, "Lab", "exercise", NULL, LAB, true, cw_exercise_screen},
};
#define ROW_COUNT (sizeof rows / sizeof *rows)

const struct cw_screen_row *cw_screens_at(size_t index)
{
	return index < ROW_COUNT ? &rows[index] : NULL;
}

const struct cw_screen_row *cw_screens_find(const char *name, unsigned role)
{
	if (!*name)
		name = role & CW_SCREEN_ROLE_LAB ? "lab" : "overview";
	for (size_t i = 0; i < ROW_COUNT; i++)
		if (strcmp(rows[i].name, name) == 0 && rows[i].roles & role)
			return &rows[i];
	return NULL;
}

/* The keys of an object, a dot between; nothing where the address has none of them. */
static json_t *object_of(const json_t *address, const char *keys)
{
	json_t *made = json_object();
	while (*keys && *keys != '}') { /* ends: each turn takes a key */
		size_t length = strcspn(keys, ".}");
		const json_t *value = json_object_getn(address, keys, length);
		if (value)
			json_object_setn(made, keys, length, (json_t *)value);
		keys += length;
		keys += *keys == '.';
	}
	return made;
}

/* One key with what stands behind its name; NULL: it is not there. */
static json_t *value_of(const json_t *address, const char *key, size_t length, const char *more)
{
	json_t *given = json_object_getn(address, key, length);
	if (*more == '{') {
		json_t *made = object_of(address, more + 1);
		if (json_object_size(made))
			return made;
		json_decref(made);
		return NULL;
	}
	if (!given)
		return *more == '=' ? json_stringn(more + 1, strcspn(more + 1, ",")) : NULL;
	return *more == '[' && !json_is_array(given) ? json_pack("[O]", given) : json_incref(given);
}

json_t *cw_screens_with(const struct cw_screen_row *row, const json_t *address)
{
	json_t *with = json_object();
	const char *at = row->with ? row->with : "";
	while (*at) { /* ends: each turn takes a key and what is behind it */
		size_t length = strcspn(at, "=[{,");
		json_t *value = value_of(address, at, length, at + length);
		if (value)
			json_object_setn_new(with, at, length, value);
		at += strcspn(at, ",");
		at += *at == ',';
	}
	return with;
}

void cw_screens_style_sheet(struct cw_buffer *ret)
{
	cw_buffer_text(ret, cw_page_style);
	cw_buffer_text(ret, cw_screens_style);
}

bool cw_screens_render(const struct cw_screen_row *row, const struct cw_screens_given *given,
	struct cw_buffer *ret, struct cw_error *error)
{
	AUTO_BUFFER out = {0};
	struct cw_screen screen = {.html.out = &out,
		.row = row,
		.answer = given->answer,
		.page = json_object_get(given->answer, "page"),
		.operation = given->operation ? given->operation : "",
		.sent = given->sent,
		.notice = given->notice,
		.made = given->made};
	cw_screen_begin(&screen, rows, ROW_COUNT);
	row->body(&screen);
	cw_screen_end(&screen);
	if (!cw_buffer_ok(&out, error))
		return false;
	cw_buffer_append(ret, out.data, out.length);
	return cw_buffer_ok(ret, error);
}
