/*
 * config_print.h - a value as the configuration writes it
 */
#ifndef WC_CONFIG_PRINT_H
#define WC_CONFIG_PRINT_H

struct wc_buffer; /* buffer.h */
struct wc_option; /* wirecensus/options.h */

/* Appends the value that @option has in the struct at @fields; "" for none. */
void wc_config_print_value(struct wc_buffer *out, const struct wc_option *option,
			   const void *fields);

#endif /* WC_CONFIG_PRINT_H */
