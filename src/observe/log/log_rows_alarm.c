/*
 * Alarms, by their number or title. Titles are those of X15.0; upper and lower case of "raised" differ by
 * release. Alarms that are about no certificate are no row here: the box's own page tells them.
 */
#include "observe/log/log_rows.h"

#define SOURCE "Admin guide X15.0, Reference Material, alarms"
#define RAISED "Event=\"[ ]*Alarm [Rr]aised\".*"
#define LITERALS \
	{ \
		"Event=\"Alarm Raised\"", "Event=\"Alarm raised\"", "Event=\" Alarm Raised", \
			"Event=\" Alarm raised" \
	}
#define EXAMPLE(id, severity, detail) \
	"2026-11-20T12:00:00+01:00 expe alarm: Level=\"WARN\" Event=\"Alarm Raised\" Id=\"" id \
	"\" UUID=\"d1d2d3d4-0000-4000-8000-000000000001\" Severity=\"" severity "\" Detail=\"" detail \
	"\" UTCTime=\"2026-11-20 11:00:00,100\""

static const struct cw_log_row table[] = {
	{.name = "alarm-expired",
		.component = "alarm",
		.code = CW_EXPIRED,
		.literals = LITERALS,
		.pattern = RAISED "(Id=\"[ ]*40068\"|[Ss]erver certificate.*(has expired|expires today))",
		.means = "This box's own server certificate has expired or expires today (alarm 40068).",
		.source = SOURCE,
		.example = EXAMPLE(
			"40068", "critical", "Server certificate validity: Server certificate has expired")},
	{.name = "alarm-expires-soon",
		.component = "alarm",
		.code = CW_EXPIRES_SOON,
		.literals = LITERALS,
		.pattern = RAISED "(Id=\"[ ]*40069\"|[Ss]erver certificate expires in)",
		.means = "This box's own server certificate expires soon (alarm 40069). Entries of the "
			 "trusted CA "
			 "list that expire raise no alarm.",
		.source = SOURCE,
		.example = EXAMPLE("40069", "alert",
			"Server certificate validity: Server certificate expires in 12 days")},
	{.name = "alarm-common-name",
		.component = "alarm",
		.code = CW_COMMON_NAME_MISSING,
		.literals = LITERALS,
		.pattern = RAISED "(Id=\"[ ]*40052\"|does not have a Common Name)",
		.means = "This box's server certificate has no common name; services fail without one (alarm "
			 "40052).",
		.source = SOURCE,
		.example = EXAMPLE("40052", "warning",
			"Certificate error: Server certificate does not have a Common Name (CN) attribute")},
	{.name = "alarm-cms-name",
		.component = "alarm",
		.code = CW_LOG_NO_CODE,
		.literals = LITERALS,
		.pattern = RAISED "(Id=\"[ ]*40051\"|CMS not [Ii]dentified by [Ss]erver [Cc]ertificate)",
		.means = "The meeting server's address is not among the names of Expressway-E's certificate "
			 "(alarm "
			 "40051). It concerns the web proxy for meetings, not Mobile and Remote Access.",
		.next = "Have the certificate re-issued with that address as SAN, if the web proxy is in "
			"use.",
		.source = SOURCE,
		.example = EXAMPLE("40051", "warning", "CMS not Identified by Server Certificate")},
	{.name = "alarm-zone-tls-verify",
		.component = "alarm",
		.kind = CW_LOG_OTHER,
		.code = CW_LOG_NO_CODE,
		.literals = LITERALS,
		.pattern = RAISED "(Id=\"[ ]*(40038|40039|40040)\"|TLS verify mode is not enabled)",
		.means = "TLS verify mode is off on a traversal zone that Unified Communications needs it on "
			 "(alarms 40038 to 40040).",
		.misleads = "It is a setting; no certificate is at fault, though one may be once it is on.",
		.next = "Switch TLS verify mode on: Configuration > Zones > Zones.",
		.source = SOURCE,
		.example = EXAMPLE("40040", "warning",
			"Unified Communications configuration error: TLS verify mode is not enabled on a "
			"traversal "
			"zone configured for Unified Communications services")},
	{.name = "alarm-media-encryption",
		.component = "alarm",
		.kind = CW_LOG_OTHER,
		.code = CW_LOG_NO_CODE,
		.literals = LITERALS,
		.pattern = RAISED "(Id=\"[ ]*40043\"|[Mm]edia encryption is not enforced)",
		.means = "Media encryption is not enforced on the Unified Communications traversal zone "
			 "(alarm "
			 "40043).",
		.misleads = "It is a setting; no certificate is at fault.",
		.next = "Set media encryption mode to Force encrypted: Configuration > Zones > Zones.",
		.source = SOURCE,
		.example = EXAMPLE("40043", "warning",
			"Unified Communications configuration error: Media encryption is not enforced on a "
			"traversal zone configured for Unified Communications services")},
	{.name = "alarm-sip-tls",
		.component = "alarm",
		.kind = CW_LOG_OTHER,
		.code = CW_LOG_NO_CODE,
		.literals = LITERALS,
		.pattern = RAISED "(Id=\"[ ]*40048\"|SIP TLS is disabled)",
		.means = "Unified Communications is on and SIP TLS is off (alarm 40048).",
		.misleads = "It is a setting; no certificate is at fault.",
		.next = "Switch TLS mode on: Configuration > Protocols > SIP.",
		.source = SOURCE,
		.example = EXAMPLE("40048", "warning",
			"Unified Communications services are enabled but SIP TLS is disabled")},
	{.name = "alarm-cluster-permissive",
		.component = "alarm",
		.kind = CW_LOG_OTHER,
		.code = CW_LOG_NO_CODE,
		.literals = LITERALS,
		.pattern = RAISED "(Id=\"[ ]*40049\"|[Cc]luster TLS (permissive|verification mode permits))",
		.means = "Cluster TLS verification is permissive: peers with bad certificates get on all the "
			 "same "
			 "(alarm 40049).",
		.misleads = "Nothing is refused now; it says that nothing would be.",
		.next = "`causeway check` says whether the peers would still accept each other with Enforce.",
		.source = SOURCE,
		.example = EXAMPLE("40049", "notice",
			"Cluster TLS permissive: Cluster TLS verification mode permits invalid "
			"certificates")},
	{.name = "alarm-https-client-certificates",
		.component = "alarm",
		.kind = CW_LOG_OTHER,
		.code = CW_LOG_NO_CODE,
		.literals = LITERALS,
		.pattern = RAISED "(Id=\"[ ]*40013\"|HTTPS client certificate validation disabled)",
		.means = "Administrators' client certificates are not asked for (alarm 40013). It concerns "
			 "the web "
			 "page alone.",
		.misleads = "It has nothing to do with the traversal zone or with users.",
		.source = SOURCE,
		.example = EXAMPLE("40013", "warning", "HTTPS client certificate validation disabled")},
	{.name = "alarm-acme",
		.component = "alarm",
		.code = CW_LOG_NO_CODE,
		.literals = LITERALS,
		.pattern = RAISED "(Id=\"[ ]*4006[1-4]\"|ACME auto-(sign|deploy) failure)",
		.means = "The automatic renewal of a certificate failed (alarms 40061 to 40064); the old one "
			 "is in "
			 "use until it expires.",
		.next = "Maintenance > Security > Server certificate, ACME: sign and deploy by hand, read "
			"its log.",
		.source = SOURCE,
		.example = EXAMPLE("40061", "warning", "ACME auto-sign failure")},
	{.name = "alarm-hybrid",
		.component = "alarm",
		.code = CW_LOG_NO_CODE,
		.literals = LITERALS,
		.pattern = RAISED "Id=\"[ ]*600(5[5-9]|60)\"",
		.means = "The connection to the hybrid services' cloud failed on a certificate (alarms 60055 "
			 "to "
			 "60060). Mobile and Remote Access does not hang on it.",
		.next = "Let Expressway-C manage the cloud's CA certificates, or append them.",
		.source = SOURCE,
		.example = EXAMPLE("60058", "error",
			"Connection error: CA certificate of the cloud service was not found in the trust "
			"list")},
};

const struct cw_log_rows cw_log_rows_alarm = CW_LOG_ROWS(table);
