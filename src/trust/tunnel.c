#include "trust/tunnel.h"

#include <string.h>

/*
 * Which private keys in PEM OpenSSH 9.2 loads, tried with `ssh-keygen -y`: RSA and the three NIST curves;
 * Ed25519 (PKCS#8), RSA-PSS and other curves are "invalid format". RequiredRSASize is 1024 by default.
 */
static bool ssh_can_use(const struct cw_key_info *key)
{
	static const char *const curves[] = {"prime256v1", "secp384r1", "secp521r1"};
	if (key->kind == CW_KEY_RSA)
		return key->bits >= 1024;
	if (key->kind != CW_KEY_EC || !key->curve)
		return false;
	for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++)
		if (strcmp(key->curve, curves[i]) == 0)
			return true;
	return false;
}

void cw_tunnel_check_key(struct cw_cert *leaf, struct cw_findings *findings)
{
	const struct cw_key_info *key = cw_cert_key(leaf);
	if (ssh_can_use(key))
		return;
	char text[CW_KEY_TEXT_SIZE];
	struct cw_finding *finding = cw_findings_add(findings, CW_TUNNEL_KEY_UNFIT, 0, leaf);
	cw_finding_detail(findings, finding,
		"%s has a key of %s; SSH can use RSA from 1024 bits on and EC P-256, P-384 and P-521",
		cw_cert_label(leaf), cw_cert_key_text(key, text));
}
