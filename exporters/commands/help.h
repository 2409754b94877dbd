/*
 * help.h - what --help prints, made of the tables of commands and of options
 */
#ifndef WC_HELP_H
#define WC_HELP_H

struct wc_buffer;  /* buffer.h */
struct wc_command; /* command.h */

/* Adds the list of commands. */
void wc_help_overview(struct wc_buffer *buffer);

/* Adds how @command is used, and its options with their defaults. */
void wc_help_command(struct wc_buffer *buffer, const struct wc_command *command);

#endif /* WC_HELP_H */
