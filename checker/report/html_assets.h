/*
 * Style sheet and script of the HTML report, html.css and html.js as they stand in this folder.
 */
#ifndef PAWL_REPORT_HTML_ASSETS_H
#define PAWL_REPORT_HTML_ASSETS_H

extern const char html_style[];
extern const char html_script[];

#endif
