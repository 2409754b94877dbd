#include "delivery.h"

#include "kinds.h"
#include "place.h"
#include "wirecensus/error.h"

/* NULL: not in this build. */
static wc_delivery_maker *const makers[WC_PLACE_KINDS] = {
	[WC_PLACE_UDP] = wc_datagram_new,      [WC_PLACE_TCP] = wc_stream_new,
	[WC_PLACE_TLS] = wc_stream_new,        [WC_PLACE_RELP] = wc_stream_new,
	[WC_PLACE_RELPS] = wc_stream_new,      [WC_PLACE_UNIX] = wc_stream_new,
	[WC_PLACE_UNIXGRAM] = wc_datagram_new, [WC_PLACE_FILE] = wc_file_new,
	[WC_PLACE_TREE] = wc_tree_new,
#ifdef WC_HAVE_JOURNALD
	[WC_PLACE_JOURNALD] = wc_journald_new,
#endif
};

int wc_delivery_new(struct wc_delivery **delivery, const struct wc_place *place,
		    const struct wc_delivery_settings *settings, struct wc_error *error)
{
	struct wc_place copy;
	int status = wc_place_parse(&copy, place->text, error);

	*delivery = NULL;
	if (status)
		return status;
	if (makers[copy.kind])
		status = makers[copy.kind](delivery, &copy, settings, error);
	else
		status = wc_error_set(error, WC_INVALID,
				      "%s: this build has no %s; choose another kind of address",
				      copy.text, wc_place_kind_name(copy.kind));
	if (status)
		wc_place_free(&copy);
	return status;
}

void wc_delivery_free(struct wc_delivery *delivery)
{
	if (!delivery)
		return;
	delivery->ops->close(delivery);
	delivery->ops->free(delivery);
}

int wc_delivery_failed(const struct wc_place *place, struct wc_error *error)
{
	struct wc_error reason = {""};

	if (error)
		reason = *error;
	return wc_error_set(error, WC_FAILED, "%s: %s", place->text, reason.text);
}

int wc_delivery_too_long(const struct wc_delivery *delivery, const struct wc_place *place,
			 size_t length, struct wc_error *error)
{
	return wc_error_set(error, WC_FAILED, "%s: a message of %zu bytes is longer than %zu",
			    place->text, length, delivery->longest);
}
