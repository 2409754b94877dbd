/*
 * storm_decode.c - very many frames through the decoder, with the checks of fuzz_decode.c
 *
 * Each is one of the stacks of headers, with some bytes changed and perhaps cut short. Their number
 * is WC_FUZZ_FRAMES of the environment, or two million; prints how many a second there were.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "recipe.h"
#include "stacks.h"

#define FRAMES  2000000
#define CHOICES 3 /* bytes before a frame: fuzz_decode.c says which */
#define ROOM    4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* xorshift64*: the same frames each time. */
static uint64_t random_number(void)
{
	static uint64_t state = UINT64_C(0x9e3779b97f4a7c15);

	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * UINT64_C(2685821657736338717);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Mostly in the headers, where it matters. */
static void change(uint8_t *frame, size_t size, uint64_t random)
{
	for (unsigned count = random & 3; count && size; count--) {
		uint64_t next = random_number();
		size_t most = next & 7 ? size : CHOICES + 14;

		frame[(next >> 8) % (most < size ? most : size)] = (uint8_t)(next >> 56);
	}
}

/* The frame ends where the memory does, so that a byte too far is noticed. */
static void decode_one(const struct recipe *recipe, uint8_t link, uint8_t *memory)
{
	uint64_t random = random_number();
	size_t size = CHOICES + recipe->captured;
	uint8_t *frame;

	if (!(random & 0x70))
		size = CHOICES + (random >> 32) % (recipe->captured + 1U);
	frame = memory + ROOM - size;
	frame[0] = link;
	frame[1] = (uint8_t)(random >> 8);
	frame[2] = (uint8_t)(random >> 16);
	memcpy(frame + CHOICES, recipe->frame.bytes, size - CHOICES);
	change(frame, size, random);
	LLVMFuzzerTestOneInput(frame, size);
}

int main(void)
{
	const char *wanted = getenv("WC_FUZZ_FRAMES");
	unsigned long long frames = wanted ? strtoull(wanted, NULL, 10) : FRAMES;
	struct recipe *recipes = calloc(stack_count, sizeof(*recipes));
	uint8_t *memory = malloc(ROOM);
	double begun, took;

	if (!recipes || !memory)
		return EXIT_FAILURE;
	for (size_t i = 0; i < stack_count; i++) {
		recipe_build(&recipes[i], stacks[i].recipe);
		if (recipes[i].captured > ROOM - CHOICES)
			recipes[i].captured = ROOM - CHOICES;
	}
	begun = now();
	for (unsigned long long i = 0; i < frames; i++)
		decode_one(&recipes[i % stack_count], stacks[i % stack_count].link, memory);
	took = now() - begun;
	printf("figure: inputs: frames through the decoder: %llu, %.0f a second\n", frames,
	       (double)frames / took);
	free(memory);
	free(recipes);
	return EXIT_SUCCESS;
}
