/*
 * tree.h - the format `tree`: connections as paths of empty files
 *
 * in/, out/ or else/, then tcp/ or udp/, then CLIENT-PORT-SERVER-PORT: what a person who
 * writes firewall rules looks at with ls(1). The client's port is the word PORT, and a
 * far end outside the local networks is INTERNET, unless told otherwise. A message is
 * one path.
 */
#ifndef WC_TREE_H
#define WC_TREE_H

#include "format.h"

extern const struct wc_format wc_format_tree;

#endif /* WC_TREE_H */
