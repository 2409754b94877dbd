#include "recipe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX 1024
#define WORDS    6 /* a header's name and arguments, and an end */

static unsigned long number(const char *word, int base)
{
	char *end;
	unsigned long value = strtoul(word, &end, base);

	if (end == word || *end) {
		fprintf(stderr, "recipe: '%s' is not a number\n", word);
		abort();
	}
	return value;
}

static uint32_t decimal(const char *word)
{
	return (uint32_t)number(word, 10);
}

static uint16_t hex16(const char *word)
{
	return (uint16_t)number(word, 16);
}

/* Writes the bytes that @word spells, two digits each, to @at. Returns how many. */
static size_t spelled(uint8_t *at, const char *word)
{
	size_t count = strlen(word) / 2;

	for (size_t i = 0; i < count; i++) {
		const char digits[3] = {word[2 * i], word[2 * i + 1], '\0'};

		at[i] = (uint8_t)number(digits, 16);
	}
	return count;
}

static void eth(struct recipe *recipe, char **arg)
{
	frame_ethernet(&recipe->frame, hex16(arg[0]));
}

static void tag(struct recipe *recipe, char **arg)
{
	frame_tag(&recipe->frame, 5, hex16(arg[0]));
}

static void sll(struct recipe *recipe, char **arg)
{
	frame_sll(&recipe->frame, (uint16_t)decimal(arg[0]), hex16(arg[1]));
}

static void sll2(struct recipe *recipe, char **arg)
{
	frame_sll2(&recipe->frame, (uint8_t)decimal(arg[0]), hex16(arg[1]));
}

static void null(struct recipe *recipe, char **arg)
{
	frame_null(&recipe->frame, (uint32_t)number(arg[0], 16));
}

static void ip4(struct recipe *recipe, char **arg)
{
	frame_ipv4(&recipe->frame, arg[0], arg[1], (uint8_t)decimal(arg[2]));
}

static void options(struct recipe *recipe, char **arg)
{
	size_t size = decimal(arg[0]);

	memset(frame_append(&recipe->frame, size), 1, size); /* No Operation */
	recipe->frame.bytes[recipe->frame.ip] += (uint8_t)(size / 4);
}

static void fragment4(struct recipe *recipe, char **arg)
{
	frame_fragment4(&recipe->frame, (uint16_t)decimal(arg[0]), decimal(arg[1]) != 0);
}

static void ip6(struct recipe *recipe, char **arg)
{
	frame_ipv6(&recipe->frame, arg[0], arg[1], (uint8_t)decimal(arg[2]));
}

static void extension(struct recipe *recipe, char **arg)
{
	frame_extension(&recipe->frame, (uint8_t)decimal(arg[0]), decimal(arg[1]));
}

/* Destination options, each behind the other; the last names NEXT. */
static void chain(struct recipe *recipe, char **arg)
{
	for (uint32_t left = decimal(arg[1]); left; left--)
		frame_extension(&recipe->frame, left > 1 ? 60 : (uint8_t)decimal(arg[0]), 8);
}

/* WORDS as its length field has it: four bytes each, less two. */
static void ah(struct recipe *recipe, char **arg)
{
	uint32_t words = decimal(arg[1]);
	uint8_t *at = frame_append(&recipe->frame, (words + 2) * 4);

	at[0] = (uint8_t)decimal(arg[0]);
	at[1] = (uint8_t)words;
}

static void fragment6(struct recipe *recipe, char **arg)
{
	frame_fragment6(&recipe->frame, (uint8_t)decimal(arg[0]), (uint16_t)decimal(arg[1]),
			decimal(arg[2]) != 0);
}

static void tcp(struct recipe *recipe, char **arg)
{
	static const char letters[] = "FSRPAUEC";
	uint8_t flags = 0;

	for (const char *letter = arg[2]; *letter && *letter != '-'; letter++) {
		const char *found = strchr(letters, *letter);

		if (!found)
			abort();
		flags |= (uint8_t)(1 << (found - letters));
	}
	frame_tcp(&recipe->frame, (uint16_t)decimal(arg[0]), (uint16_t)decimal(arg[1]), flags,
		  decimal(arg[3]));
}

static void udp(struct recipe *recipe, char **arg)
{
	frame_udp(&recipe->frame, (uint16_t)decimal(arg[0]), (uint16_t)decimal(arg[1]));
}

static void icmp(struct recipe *recipe, char **arg)
{
	frame_icmp(&recipe->frame, (uint8_t)decimal(arg[0]), (uint8_t)decimal(arg[1]));
}

static void zeros(struct recipe *recipe, char **arg)
{
	frame_append(&recipe->frame, decimal(arg[0]));
}

static void bytes(struct recipe *recipe, char **arg)
{
	spelled(frame_append(&recipe->frame, strlen(arg[0]) / 2), arg[0]);
}

static void ip(struct recipe *recipe, char **arg)
{
	spelled(recipe->frame.bytes + recipe->frame.ip + decimal(arg[0]), arg[1]);
}

static void cut(struct recipe *recipe, char **arg)
{
	recipe->captured = decimal(arg[0]);
}

static void wire(struct recipe *recipe, char **arg)
{
	recipe->length = decimal(arg[0]);
}

static const struct word {
	const char *name;
	int arguments;
	void (*cook)(struct recipe *recipe, char **arg);
	bool alters; /* a frame that is finished */
} words[] = {
	{"eth", 1, eth, false},
	{"tag", 1, tag, false},
	{"sll", 2, sll, false},
	{"sll2", 2, sll2, false},
	{"null", 1, null, false},
	{"ip4", 3, ip4, false},
	{"options", 1, options, false},
	{"fragment4", 2, fragment4, false},
	{"ip6", 3, ip6, false},
	{"extension", 2, extension, false},
	{"chain", 2, chain, false},
	{"ah", 2, ah, false},
	{"fragment6", 3, fragment6, false},
	{"tcp", 4, tcp, false},
	{"udp", 2, udp, false},
	{"icmp", 2, icmp, false},
	{"zeros", 1, zeros, false},
	{"bytes", 1, bytes, false},
	{"ip", 2, ip, true},
	{"cut", 1, cut, true},
	{"wire", 1, wire, true},
	{NULL, 0, NULL, false},
};

static const struct word *word_named(const char *name, int arguments)
{
	const struct word *word = words;

	while (word->name && strcmp(word->name, name) != 0)
		word++;
	if (!word->name || word->arguments != arguments) {
		fprintf(stderr, "recipe: no header '%s' with %d arguments\n", name, arguments);
		abort();
	}
	return word;
}

/* Splits @header at its spaces; returns how many arguments stand behind its name. */
static int split(char *header, char *arg[static WORDS])
{
	int count = 0;

	for (char *word = strtok(header, " "); word && count < WORDS; word = strtok(NULL, " "))
		arg[count++] = word;
	return count - 1;
}

static void finish(struct recipe *recipe)
{
	frame_finish(&recipe->frame);
	recipe->captured = recipe->length = (uint32_t)recipe->frame.size;
}

static void quote(struct recipe *recipe, const char *text)
{
	struct recipe quoted;

	recipe_build(&quoted, text);
	quoted.frame.size = quoted.captured;
	frame_quote(&recipe->frame, &quoted.frame);
}

void recipe_build(struct recipe *recipe, const char *text)
{
	bool finished = false;

	frame_start(&recipe->frame);
	while (text && *text) {
		const char *next = strstr(text, " / ");
		size_t size = next ? (size_t)(next - text) : strlen(text);
		char header[TEXT_MAX], *arg[WORDS];
		const struct word *word;

		next = next ? next + 3 : NULL;
		snprintf(header, sizeof(header), "%.*s", (int)size, text);
		if (strcmp(header, "quote") == 0) {
			quote(recipe, next);
			break;
		}
		word = word_named(header, split(header, arg));
		if (word->alters && !finished) {
			finish(recipe);
			finished = true;
		}
		word->cook(recipe, arg + 1);
		text = next;
	}
	if (!finished)
		finish(recipe);
}
