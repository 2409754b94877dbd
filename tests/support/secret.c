/*
 * secret.c - in place of the library's getrandom(): secrets are the same in each run
 *
 * Linked into a test, or a library to preload. By its secret one UDP target of a scanner in
 * 20,000 is mistaken for another, and hosts are estimated (scan.h, sketch.h): with one by
 * chance, a count that is expected is missed now and then.
 */
#include <stdint.h>
#include <sys/random.h>

ssize_t getrandom(void *buffer, size_t length, unsigned flags)
{
	uint64_t state = 0x2545f4914f6cdd1d;
	uint8_t *bytes = buffer;

	(void)flags;
	for (size_t i = 0; i < length; i++) {
		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		bytes[i] = (uint8_t)(state >> 32);
	}
	return (ssize_t)length;
}
