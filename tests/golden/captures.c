/* captures.c FOLDER - writes the captures of the golden rows, frame by frame */

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "capture.h"
#include "cases.h"
#include "recipe.h"
#include "stacks.h"

#define COUNT(table) (sizeof(table) / sizeof(*(table)))
#define START        1700000000 /* 2023-11-14T22:13:20Z */

static void save(struct capture *capture, const char *folder, const char *name)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	capture_save(capture, path, capture->size);
	capture_free(capture);
}

/* Every stack of headers, on an interface of its link type each: one file, big-endian. */
static void write_stacks(const char *folder)
{
	static const struct {
		uint8_t link;
		uint16_t dlt;
	} interfaces[] = {
		{WC_LINK_ETHERNET, 1},      {WC_LINK_SLL, 113},  {WC_LINK_SLL2, 276},
		{WC_LINK_RAW, 101},         {WC_LINK_RAW4, 228}, {WC_LINK_RAW6, 229},
		{WC_LINK_UNSUPPORTED, 105}, {WC_LINK_NULL, 0},
	};
	struct capture capture = {.big = true};

	capture_section(&capture);
	for (size_t i = 0; i < COUNT(interfaces); i++)
		capture_interface(&capture, interfaces[i].dlt, 0);
	for (size_t i = 0; i < stack_count; i++) {
		struct recipe recipe;
		uint32_t interface = 0;

		while (interfaces[interface].link != stacks[i].link)
			interface++;
		recipe_build(&recipe, stacks[i].recipe);
		capture_enhanced(&capture, interface, (START + i) * 1000000, recipe.length,
				 recipe.frame.bytes, recipe.captured);
	}
	save(&capture, folder, "stacks.pcapng");
}

static void write_frames(const char *folder, const char *name, const char *const *recipes,
			 size_t count)
{
	struct capture capture = {.big = false};

	capture_pcap(&capture, CAPTURE_MICROSECONDS, 4, 1);
	for (size_t i = 0; i < count; i++) {
		struct recipe recipe;

		recipe_build(&recipe, recipes[i]);
		capture_record(&capture, (uint32_t)(START + i), 250000, recipe.captured,
			       recipe.length, recipe.frame.bytes, recipe.captured);
	}
	save(&capture, folder, name);
}

/* Attempts that are accepted, refused and not answered, to this host and from it. */
static const char *const attempts[] = {
	V4_IN "6 / tcp 40000 80 S 100",
	V4_OUT "6 / tcp 80 40000 SA 200",
	V4_IN "6 / tcp 40000 80 A 101",
	V4_IN "6 / tcp 40000 80 PA 101 / zeros 400",
	V4_OUT "6 / tcp 80 40000 FA 201",
	V6_IN "6 / tcp 40001 80 SEC 100",
	V6_OUT "6 / tcp 80 40001 SAE 200",
	V6_IN "6 / tcp 40001 80 R 101",
	V4_OUT "6 / tcp 50000 443 S 100",
	V4_OUT "6 / tcp 50000 443 S 100",
	V4_OUT "6 / tcp 50000 443 S 100",
	V4_IN "6 / tcp 443 50000 SA 200",
	V6_OUT "6 / tcp 50001 22 S 100",
	V6_IN "6 / tcp 22 50001 RA 0",
	V4_IN "6 / tcp 41000 23 S 100",
	V4_OUT "6 / tcp 23 41000 RA 0",
	V4_IN "6 / tcp 41001 23 SF 100",
	V4_IN "6 / tcp 443 50000 RA 500",
	V4_LOCAL "6 / tcp 42000 8080 S 1",
	"eth 0800 / ip4 192.0.2.2 192.0.2.1 6 / tcp 8080 42000 SA 1",
	V6_TRANSIT "6 / tcp 42000 25 S 1",
	"eth 86dd / ip6 2001:db8:e::7 2001:db8:f::9 6 / tcp 25 42000 RA 0",
	V4_OUT "17 / udp 50002 53 / zeros 30",
	V4_IN "1 / icmp 3 3 / quote / ip4 192.0.2.1 198.51.100.9 17 / udp 50002 53 / zeros 30",
	V6_IN "17 / udp 40002 123 / zeros 48",
	V6_OUT "58 / icmp 1 4 / quote / ip6 2001:db8:f::9 2001:db8::1 17 / udp 40002 123",
	V6_IN "58 / icmp 1 1 / quote / ip6 2001:db8::1 2001:db8:f::9 17 / udp 50003 53",
};

/* Broadcast, multicast, ARP and the like, as a file tells them. */
static const char *const directions[] = {
	"eth 0800 / ip4 0.0.0.0 255.255.255.255 17 / udp 68 67 / zeros 240",
	"eth 0800 / ip4 192.0.2.1 255.255.255.255 17 / udp 67 68 / zeros 240",
	"eth 0800 / ip4 192.0.2.1 224.0.0.251 17 / udp 5353 5353",
	"eth 0800 / ip4 192.0.2.9 224.0.0.251 17 / udp 5353 5353",
	"eth 86dd / ip6 2001:db8::1 ff02::16 0 / extension 58 8 / icmp 143 0",
	"eth 86dd / ip6 fe80::9 ff02::1 58 / icmp 134 0",
	"eth 0800 / ip4 127.0.0.1 127.0.0.1 1 / icmp 8 0",
	"eth 0800 / ip4 10.0.0.7 192.0.2.1 1 / icmp 8 0",
	"eth 0800 / ip4 192.0.2.1 10.0.0.7 1 / icmp 0 0",
	"eth 0806 / zeros 46",
	"eth 8100 / tag 0806 / zeros 42",
	"eth 88cc / zeros 60",
	"eth 0026 / bytes 424203 / zeros 43",
	"eth 0800 / zeros 10",
	V4_IN "6 / tcp 40000 80 S 1 / cut 47",
	V4_IN "17 / fragment4 185 0 / zeros 500",
	V6_OUT "44 / fragment6 17 181 0 / zeros 500",
	"eth 0800 / ip4 198.51.100.9 192.0.2.1 17 / udp 9 9 / wire 4294967295",
};

int main(int count, char **arguments)
{
	if (count != 2)
		return EXIT_FAILURE;
	mkdir(arguments[1], 0777);
	write_stacks(arguments[1]);
	write_frames(arguments[1], "attempts.pcap", attempts, COUNT(attempts));
	write_frames(arguments[1], "directions.pcap", directions, COUNT(directions));
	return EXIT_SUCCESS;
}
