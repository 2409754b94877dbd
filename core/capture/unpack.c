#include "unpack.h"

#include "cursor.h"

#ifdef WC_HAVE_GZIP
#define GZIP &wc_unpack_gzip
#else
#define GZIP NULL
#endif

#ifdef WC_HAVE_ZSTD
#define ZSTD &wc_unpack_zstd
#else
#define ZSTD NULL
#endif

static const struct wc_packing packings[] = {
	{"gzip", 0x1f8b0000, 0xffff0000, GZIP}, {"zstd", 0x28b52ffd, 0xffffffff, ZSTD},
	{"zstd", 0x502a4d18, 0xf0ffffff, ZSTD}, /* a skippable frame comes first */
	{"xz", 0xfd377a58, 0xffffffff, NULL},   {"bzip2", 0x425a6800, 0xffffff00, NULL},
	{"lz4", 0x04224d18, 0xffffffff, NULL},
};

const struct wc_packing *wc_packing_find(const uint8_t first[static 4])
{
	uint32_t magic = wc_load_be32(first);

	for (size_t i = 0; i < sizeof(packings) / sizeof(packings[0]); i++) {
		if ((magic & packings[i].mask) == packings[i].magic)
			return &packings[i];
	}
	return NULL;
}
