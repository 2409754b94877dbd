/* seed_decode.c FOLDER - writes one frame of each stack of headers, for fuzz_decode to begin with
 */

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "recipe.h"
#include "stacks.h"

/* The first bytes choose the link type, the origin, and how much longer the frame was. */
static void save(const char *folder, const struct stack *stack)
{
	const uint8_t choices[3] = {stack->link, 0, 0};
	struct recipe recipe;
	char path[4096];
	FILE *file;

	recipe_build(&recipe, stack->recipe);
	snprintf(path, sizeof(path), "%s/%s", folder, stack->name);
	file = fopen(path, "wb");
	if (!file || fwrite(choices, 1, sizeof(choices), file) != sizeof(choices) ||
	    fwrite(recipe.frame.bytes, 1, recipe.captured, file) != recipe.captured ||
	    fclose(file) != 0) {
		perror(path);
		exit(EXIT_FAILURE);
	}
}

int main(int count, char **arguments)
{
	if (count != 2)
		return EXIT_FAILURE;
	mkdir(arguments[1], 0777);
	for (size_t i = 0; i < stack_count; i++)
		save(arguments[1], &stacks[i]);
	return EXIT_SUCCESS;
}
