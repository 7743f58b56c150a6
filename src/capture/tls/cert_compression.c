#include "capture/tls/cert_compression.h"

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

enum algorithm { ZLIB = 1, BROTLI = 2, ZSTD = 3 };

bool cw_cert_compression_undo(
	unsigned algorithm, const uint8_t *compressed, size_t compressed_length, uint8_t *out, size_t length)
{
	switch ((enum algorithm)algorithm) {
	case ZLIB: {
		uLongf got = length;
		return uncompress(out, &got, compressed, compressed_length) == Z_OK && got == length;
	}
	case BROTLI: {
		size_t got = length;
		return BrotliDecoderDecompress(compressed_length, compressed, &got, out) ==
			BROTLI_DECODER_RESULT_SUCCESS &&
			got == length;
	}
	case ZSTD:
		return ZSTD_decompress(out, length, compressed, compressed_length) == length;
	}
	return false;
}
