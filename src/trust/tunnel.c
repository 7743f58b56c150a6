#include "trust/tunnel.h"

#include <string.h>

/*
 * The X.509v3 key algorithms of an Expressway's tunnels ("xConfiguration Ciphers sshd_pfwd_pubkeyalgorithms"):
 * x509v3-rsa2048-sha256, which wants 2048 bits (RFC 6187 §3.3), and x509v3-ecdsa-sha2-nistp256, 384 and 521.
 */
static bool ssh_can_use(const struct cw_key_info *key)
{
	static const char *const curves[] = {"prime256v1", "secp384r1", "secp521r1"};
	if (key->kind == CW_KEY_RSA)
		return key->bits >= 2048;
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
		"%s has a key of %s; SSH can use RSA from 2048 bits on and EC P-256, P-384 and P-521",
		cw_cert_label(leaf), cw_cert_key_text(key, text));
}
