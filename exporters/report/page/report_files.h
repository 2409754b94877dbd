/*
 * report_files.h - the files that the page loads, compiled in
 */
#ifndef WC_REPORT_FILES_H
#define WC_REPORT_FILES_H

extern const char wc_report_css[], wc_report_js[], wc_report_svg[];

#endif /* WC_REPORT_FILES_H */
