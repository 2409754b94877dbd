/*
 * option_tables.c - what is done with a whole table: find a row, fill in defaults, free
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "wirecensus/error.h"
#include "wirecensus/options.h"

/* What stands between two words of a name, and whether a word begins with a capital. */
static const struct {
	char between;
	bool capital;
} spellings[WC_SPELLINGS] = {
	[WC_SPELLING_DASHED] = {'-', false},
	[WC_SPELLING_SNAKE] = {'_', false},
	[WC_SPELLING_CAMEL] = {'\0', true},
};

const char *wc_option_spell(const struct wc_option *option, enum wc_spelling spelling,
			    char name[static WC_OPTION_NAME])
{
	bool first = true;
	size_t length = 0;

	for (const char *c = option->name; *c && length < WC_OPTION_NAME - 1; c++) {
		if (*c == '_') {
			if (spellings[spelling].between)
				name[length++] = spellings[spelling].between;
			first = true;
			continue;
		}
		name[length] = *c;
		if (first && spellings[spelling].capital)
			name[length] = (char)toupper((unsigned char)*c);
		length++;
		first = false;
	}
	name[length] = '\0';
	return name;
}

static bool spells(const char *name, const struct wc_option *option)
{
	char spelled[WC_OPTION_NAME];

	for (int spelling = 0; spelling < WC_SPELLINGS; spelling++)
		if (!strcmp(name, wc_option_spell(option, (enum wc_spelling)spelling, spelled)))
			return true;
	return false;
}

const struct wc_option *wc_option_find_in(const struct wc_option *table, const char *name,
					  unsigned scope)
{
	for (const struct wc_option *option = table; option->name; option++)
		if ((option->scope & scope) && spells(name, option))
			return option;
	return NULL;
}

/* What each type needs, as rows of a table. */
static const struct {
	size_t size;
	bool list, number;
} kinds[] = {
	[WC_OPTION_FLAG] = {.size = sizeof(bool)},
	[WC_OPTION_NUMBER] = {.size = sizeof(uint64_t), .number = true},
	[WC_OPTION_SIZE] = {.size = sizeof(uint64_t), .number = true},
	[WC_OPTION_SECONDS] = {.size = sizeof(uint64_t), .number = true},
	[WC_OPTION_CHOICE] = {.size = sizeof(int)},
	[WC_OPTION_TEXT] = {.size = sizeof(char *)},
	[WC_OPTION_PATH] = {.size = sizeof(char *)},
	[WC_OPTION_TEXTS] = {.size = sizeof(struct wc_texts), .list = true},
	[WC_OPTION_ADDRESS] = {.size = sizeof(struct wc_address)},
	[WC_OPTION_ADDRESSES] = {.size = sizeof(struct wc_addresses), .list = true},
	[WC_OPTION_NETWORKS] = {.size = sizeof(struct wc_networks), .list = true},
	[WC_OPTION_SERVICES] = {.size = sizeof(struct wc_services), .list = true},
};

bool wc_option_repeats(const struct wc_option *option)
{
	return kinds[option->type].list;
}

/* Makes the field what it is before anything is given, whatever bytes it has. */
static void blank(void *fields, const struct wc_option *option)
{
	void *field = (char *)fields + option->offset;

	memset(field, 0, kinds[option->type].size);
	if (kinds[option->type].number && !option->fallback)
		*(uint64_t *)field = option->unset;
}

int wc_option_defaults(void *fields, const struct wc_option *table, struct wc_error *error)
{
	int status = WC_OK;

	for (const struct wc_option *option = table; option->name; option++)
		blank(fields, option);
	for (const struct wc_option *option = table; option->name && !status; option++)
		if (option->fallback)
			status = wc_option_set(fields, option, option->name, option->fallback,
					       error);
	if (status)
		wc_option_clear(fields, table);
	return status;
}

static void free_field(enum wc_option_type type, void *field)
{
	switch (type) {
	case WC_OPTION_TEXT:
	case WC_OPTION_PATH:
		free(*(char **)field);
		break;
	case WC_OPTION_TEXTS:
		wc_texts_free(field);
		break;
	case WC_OPTION_ADDRESSES:
		wc_addresses_free(field);
		break;
	case WC_OPTION_NETWORKS:
		wc_networks_free(field);
		break;
	case WC_OPTION_SERVICES:
		wc_services_free(field);
		break;
	default: /* a plain value */
		break;
	}
}

void wc_option_clear(void *fields, const struct wc_option *table)
{
	for (const struct wc_option *option = table; option->name; option++) {
		void *field = (char *)fields + option->offset;

		free_field(option->type, field);
		memset(field, 0, kinds[option->type].size);
	}
}
