#include "signin/signin_status.h"

#include <strings.h>

#define GUIDE "Mobile and Remote Access Through Cisco Expressway, X12.5, Troubleshooting"
#define TC "Collaboration Edge TC-based Endpoints Configuration Example"
#define MAINTENANCE "Mobile and Remote Access Through Cisco Expressway, X14.3, Maintenance"

/* In this order: the first that fits. */
static const struct cw_signin_status rows[] = {
	{502, "Next Hop Connection Failed", CW_SIGN_IN_TUNNEL,
		"Expressway-E has no SSH tunnel to Expressway-C: the zone may be active all the same",
		"Status > Unified Communications > SSH tunnels status on either Expressway; the tunnel links of "
		"`causeway check`, or `causeway explain tunnels`",
		GUIDE},
	{502, NULL, CW_SIGN_IN_TOMCAT, "Expressway-C cannot reach Unified CM, or refuses its certificate",
		"the tomcat and tftp links of `causeway check`: the CA of Unified CM's certificate belongs into "
		"Expressway-C's list, and the name that was added on Expressway-C into the certificate",
		"Apache Traffic Server, which both Expressways run: \"connect failed\""},
	{403, NULL, CW_SIGN_IN_CONFIG,
		"refused: the domain is not enabled for Mobile and Remote Access, the server is not on the allow list, "
		"or the clocks of Expressway-C and Expressway-E differ",
		"Configuration > Domains and Configuration > Unified Communications > HTTP allow list on "
		"Expressway-C; NTP on both",
		GUIDE},
	{401, NULL, CW_SIGN_IN_CONFIG,
		"the user or the password is wrong, or no cluster knows the user: no certificate's fault",
		"do not try again with the same password: accounts are locked and addresses banned for that",
		TC},
	{429, NULL, CW_SIGN_IN_CONFIG, "too many authorisations of this user in a short time",
		"wait, and look for a client that keeps trying with an old password", MAINTENANCE},
	{503, NULL, CW_SIGN_IN_CONFIG, "the Expressway is in maintenance mode, or overloaded",
		"Maintenance > Maintenance mode on the peers; another peer may answer", MAINTENANCE},
};

/* Not found behind the edge: Unified CM itself says so. */
static const struct cw_signin_status relayed_rows[] = {
	{404, NULL, CW_SIGN_IN_UDS, "Unified CM does not have what was asked for", NULL, "RFC 9110 15.5.5"},
};

static const struct cw_signin_status *find_in(
	const struct cw_signin_status *table, size_t count, unsigned status, const char *phrase)
{
	for (size_t i = 0; i < count; i++)
		if (table[i].status == status &&
			(!table[i].phrase || (phrase && strcasecmp(phrase, table[i].phrase) == 0)))
			return &table[i];
	return NULL;
}

const struct cw_signin_status *cw_signin_status_find(unsigned status, const char *phrase, bool relayed)
{
	const struct cw_signin_status *found = NULL;
	if (relayed)
		found = find_in(relayed_rows, sizeof relayed_rows / sizeof *relayed_rows, status, phrase);
	return found ? found : find_in(rows, sizeof rows / sizeof *rows, status, phrase);
}
