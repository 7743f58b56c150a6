/*
 * Faults of certificates: dates, signatures, keys, key purposes, and CAs that may not sign what they signed.
 */
#include "lab/lab_faults.h"

static struct cw_lab_plan_cert *voice(struct cw_lab_plan *plan, size_t place, enum cw_identity_kind kind)
{
	struct cw_lab_plan_cert *cert = cw_lab_plan_node(plan, CW_NODE_CUCM, place)->identities[kind].cert;
	return cert ? cert : &plan->scratch_cert;
}

/* A CA of its own for one certificate, a sister of the CA that signed it; lists will hold it. */
static struct cw_lab_plan_cert *own_ca(
	struct cw_lab_plan *plan, struct cw_lab_plan_cert *leaf, const char *id, const char *subject)
{
	struct cw_lab_plan_cert *root = leaf->issuer ? leaf->issuer->issuer : NULL;
	leaf->issuer = cw_lab_plan_add_ca(plan, id, subject, root);
	return leaf->issuer;
}

static void break_signature(struct cw_lab_plan *plan)
{
	voice(plan, 0, CW_IDENTITY_TOMCAT)->spec.corrupt_signature = true;
}

static void let_e_expire(struct cw_lab_plan *plan)
{
	struct cw_issue_spec *spec = &cw_lab_fault_server(plan, CW_NODE_EXPRESSWAY_E, 0)->spec;
	spec->not_before = plan->at - 366 * CW_DAY;
	spec->not_after = plan->at - CW_DAY;
}

static void start_e_tomorrow(struct cw_lab_plan *plan)
{
	struct cw_issue_spec *spec = &cw_lab_fault_server(plan, CW_NODE_EXPRESSWAY_E, 0)->spec;
	spec->not_before = plan->at + CW_DAY;
	spec->not_after = plan->at + 366 * CW_DAY;
}

static void let_e_run_out_soon(struct cw_lab_plan *plan)
{
	struct cw_issue_spec *spec = &cw_lab_fault_server(plan, CW_NODE_EXPRESSWAY_E, 0)->spec;
	spec->not_before = plan->at - 345 * CW_DAY;
	spec->not_after = plan->at + 20 * CW_DAY;
}

static void name_another_issuer(struct cw_lab_plan *plan)
{
	voice(plan, 0, CW_IDENTITY_TOMCAT)->spec.authority_key_id = CW_ISSUE_KEY_ID_WRONG;
}

static void write_end_without_seconds(struct cw_lab_plan *plan)
{
	voice(plan, 1, CW_IDENTITY_TOMCAT)->spec.end_lacks_seconds = true;
}

static void take_server_purpose(struct cw_lab_plan *plan)
{
	voice(plan, 1, CW_IDENTITY_TOMCAT)->spec.eku = "client";
}

static void take_client_purpose(struct cw_lab_plan *plan)
{
	cw_lab_fault_server(plan, CW_NODE_EXPRESSWAY_C, 0)->spec.eku = "server";
}

static void sign_with_crl_ca(struct cw_lab_plan *plan)
{
	own_ca(plan, voice(plan, 1, CW_IDENTITY_CALLMANAGER), "crl-only", "C=US, O=Acme, CN=Acme CRL CA")
		->spec.key_usage = KU_CRL_SIGN;
}

static void sign_with_no_ca(struct cw_lab_plan *plan)
{
	struct cw_issue_spec *spec = &own_ca(plan, voice(plan, 0, CW_IDENTITY_CALLMANAGER), "no-ca",
		"C=US, O=Acme, CN=Acme Signing Server")
					      ->spec;
	spec->constraints = CW_ISSUE_END_ENTITY;
	spec->path_limited = false;
}

static void sign_one_level_too_deep(struct cw_lab_plan *plan)
{
	struct cw_lab_plan_cert *leaf = voice(plan, 1, CW_IDENTITY_TOMCAT);
	leaf->issuer =
		cw_lab_plan_add_ca(plan, "too-deep", "C=US, O=Acme, CN=Acme Department CA", leaf->issuer);
}

static void sign_with_constrained_ca(struct cw_lab_plan *plan)
{
	own_ca(plan, voice(plan, 0, CW_IDENTITY_TOMCAT), "constrained", "C=US, O=Acme, CN=Acme Branch CA")
		->spec.permitted_dns = "branch.test";
}

static void add_critical_extension(struct cw_lab_plan *plan)
{
	voice(plan, 0, CW_IDENTITY_TOMCAT)->spec.unknown_critical = true;
}

static void make_small_key(struct cw_lab_plan *plan)
{
	voice(plan, 1, CW_IDENTITY_TOMCAT)->key_kind = "rsa:1024";
}

static void sign_with_sha1(struct cw_lab_plan *plan)
{
	voice(plan, 1, CW_IDENTITY_CALLMANAGER)->spec.digest = "SHA1";
}

static void make_bitcoin_key(struct cw_lab_plan *plan)
{
	voice(plan, 0, CW_IDENTITY_CALLMANAGER)->key_kind = "ec:secp256k1";
}

static void make_key_that_ssh_lacks(struct cw_lab_plan *plan)
{
	cw_lab_fault_server(plan, CW_NODE_EXPRESSWAY_E, 0)->key_kind = "ed448";
}

static void add_unknown_oid(struct cw_lab_plan *plan)
{
	struct cw_lab_plan_cert *cert = cw_lab_fault_server(plan, CW_NODE_EXPRESSWAY_E, 0);
	cert->subject = cw_lab_plan_text(
		plan, "1.3.6.1.4.1.6449.1.2.1.5.1=lab, %s", cert->subject ? cert->subject : "");
}

static const struct cw_lab_fault_row rows[] = {
	{{"signature-invalid", "The signature of the CUCM publisher's tomcat certificate is broken.",
		 "tomcat to the publisher", "", false},
		break_signature, NULL},
	{{"key-identifier-differs",
		 "The authority key identifier of the CUCM publisher's tomcat certificate names another CA "
		 "certificate than the one that signed it.",
		 "tomcat to the publisher", "", false},
		name_another_issuer, NULL},
	{{"date-unfit",
		 "The end of the first CUCM subscriber's tomcat certificate is written without seconds.",
		 "tomcat to the subscriber", "", false},
		write_end_without_seconds, NULL},
	{{"expired", "e1's certificate ran out yesterday.",
		 "traversal, tunnel, edge-https and edge-sip to e1", "traversal-refused", false},
		let_e_expire, NULL},
	{{"not-yet-valid", "e1's certificate is valid from tomorrow on.",
		 "traversal, tunnel, edge-https and edge-sip to e1", "traversal-refused", false},
		start_e_tomorrow, NULL},
	{{"expires-soon", "e1's certificate runs out in 20 days.", "node: e1", "", false}, let_e_run_out_soon,
		NULL},
	{{"server-auth-missing", "The tomcat certificate of the first CUCM subscriber is for clients only.",
		 "tomcat to the subscriber", "", false},
		take_server_purpose, NULL},
	{{"client-auth-missing", "c1's certificate is for servers only, as public CAs issue them now.",
		 "traversal, tunnel and sip-out refused; tomcat and tftp warn; node: c1", "traversal-refused",
		 false},
		take_client_purpose, NULL},
	{{"key-usage-unfit",
		 "The first CUCM subscriber's CallManager was signed by a CA whose key may sign CRLs only.",
		 "tftp, sip-out and sip-in with the subscriber", "", false},
		sign_with_crl_ca, NULL},
	{{"not-a-ca", "The CUCM publisher's CallManager was signed by a certificate that is no CA.",
		 "tftp, sip-out and sip-in with the publisher", "", false},
		sign_with_no_ca, NULL},
	{{"path-too-long",
		 "The first CUCM subscriber's tomcat was signed by a CA below one that may have none below "
		 "it.",
		 "tomcat to the subscriber", "", false},
		sign_one_level_too_deep, NULL},
	{{"name-constraint",
		 "The CUCM publisher's tomcat was signed by a CA that is confined to branch.test.",
		 "tomcat to the publisher", "", false},
		sign_with_constrained_ca, NULL},
	{{"critical-extension",
		 "The CUCM publisher's tomcat certificate has a critical extension that nobody knows.",
		 "tomcat to the publisher", "", false},
		add_critical_extension, NULL},
	{{"weak-key", "The first CUCM subscriber's tomcat key is RSA with 1024 bits.",
		 "tomcat to the subscriber (warns)", "", false},
		make_small_key, NULL},
	{{"weak-digest", "The first CUCM subscriber's CallManager certificate is signed with SHA-1.",
		 "tftp, sip-out and sip-in with the subscriber (warns)", "", false},
		sign_with_sha1, NULL},
	{{"tls-unusable",
		 "The CUCM publisher's CallManager key is on the curve secp256k1, which TLS does not use.",
		 "tftp, sip-out and sip-in with the publisher", "", false},
		make_bitcoin_key, NULL},
	{{"tunnel-key-unfit", "e1 has an Ed448 key: TLS takes it, SSH does not.", "tunnel to e1", "", false},
		make_key_that_ssh_lacks, NULL},
	{{"unknown-oid-in-name", "e1's subject holds an attribute that has a number and no name.",
		 "tunnel to e1 refused; traversal, edge-https and edge-sip warn", "", false},
		add_unknown_oid, NULL},
};

const struct cw_lab_fault_table cw_lab_leaf_faults = {rows, sizeof rows / sizeof rows[0]};
