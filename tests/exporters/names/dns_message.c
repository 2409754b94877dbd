#include "dns_message.h"

#include <string.h>

void dns_put(struct dns_message *message, const void *bytes, size_t count)
{
	memcpy(message->bytes + message->length, bytes, count);
	message->length += count;
}

void dns_put16(struct dns_message *message, unsigned value)
{
	dns_put(message, (uint8_t[]){(uint8_t)(value >> 8), (uint8_t)value}, 2);
}

static void put32(struct dns_message *message, uint32_t value)
{
	dns_put16(message, value >> 16);
	dns_put16(message, value & 0xffff);
}

void dns_put_name(struct dns_message *message, const char *name)
{
	while (*name) {
		size_t length = strcspn(name, ".");

		dns_put(message, (uint8_t[]){(uint8_t)length}, 1);
		dns_put(message, name, length);
		name += length + (name[length] == '.');
	}
	dns_put(message, "", 1);
}

void dns_set_count(struct dns_message *message, enum dns_section section, unsigned count)
{
	message->bytes[section] = (uint8_t)(count >> 8);
	message->bytes[section + 1] = (uint8_t)count;
}

void dns_ask(struct dns_message *message, uint16_t id, const char *name)
{
	message->length = 0;
	dns_put16(message, id);
	dns_put(message, "\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00", 10);
	dns_put_name(message, name);
	dns_put16(message, DNS_PTR);
	dns_put16(message, 1);
}

void dns_answer(struct dns_message *message, const uint8_t *query, size_t length, unsigned rcode)
{
	message->length = 0;
	dns_put(message, query, length);
	message->bytes[2] = DNS_QR | 0x01;
	message->bytes[3] = (uint8_t)(0x80 | rcode);
}

void dns_record(struct dns_message *message, enum dns_section section, unsigned type, uint32_t ttl,
		const void *data, size_t length)
{
	unsigned count = (unsigned)message->bytes[section] << 8 | message->bytes[section + 1];

	dns_put16(message, DNS_QUESTION_POINTER);
	dns_put16(message, type);
	dns_put16(message, 1);
	put32(message, ttl);
	dns_put16(message, (unsigned)length);
	dns_put(message, data, length);
	dns_set_count(message, section, count + 1);
}

static void put_target(struct dns_message *message, unsigned type, const char *name, uint32_t ttl)
{
	struct dns_message data = {.length = 0};

	dns_put_name(&data, name);
	dns_record(message, DNS_ANSWERS, type, ttl, data.bytes, data.length);
}

void dns_ptr(struct dns_message *message, const char *name, uint32_t ttl)
{
	put_target(message, DNS_PTR, name, ttl);
}

void dns_cname(struct dns_message *message, const char *name, uint32_t ttl)
{
	put_target(message, DNS_CNAME, name, ttl);
}

void dns_soa(struct dns_message *message, const char *name, uint32_t ttl)
{
	struct dns_message data = {.length = 0};

	dns_put_name(&data, name);
	dns_put_name(&data, "hostmaster.example.net");
	for (uint32_t field = 1; field <= 5; field++)
		put32(&data, field);
	dns_record(message, DNS_AUTHORITY, DNS_SOA, ttl, data.bytes, data.length);
}

void dns_ptr_label(struct dns_message *message, const void *label, size_t length)
{
	struct dns_message data = {.length = 0};

	dns_put(&data, (uint8_t[]){(uint8_t)length}, 1);
	dns_put(&data, label, length);
	dns_put_name(&data, "example");
	dns_record(message, DNS_ANSWERS, DNS_PTR, 600, data.bytes, data.length);
}
