#include "heard.h"

#include <stddef.h>

uint64_t wc_heard_conversations(const struct wc_snapshot *snapshot)
{
	uint64_t heard = 0;

	for (size_t i = 0; i < snapshot->conversation_rows; i++) {
		const struct wc_conversation_row *row = &snapshot->conversations[i];

		heard += !row->other && wc_heard_conversation(row);
	}
	return heard;
}

uint64_t wc_heard_hosts(const struct wc_snapshot *snapshot)
{
	uint64_t heard = 0;

	for (size_t i = 0; i < snapshot->host_rows; i++)
		heard += !snapshot->hosts[i].other && wc_heard_host(&snapshot->hosts[i]);
	return heard;
}
