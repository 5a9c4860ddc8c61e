#pragma once
/// Pages that need nothing beside themselves: styles, charts and pictures are part of the file.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "formats/image.hpp"

namespace distillar::evaluation {

/// Text from anywhere, fit for HTML and for attributes in double quotes.
std::string escape_html(std::string_view text);

/// A whole page, light or dark as the reader has it, readable on a telephone.
/// @param title  plain text; also the heading.
/// @param body   HTML.
std::string html_page(const std::string& title, const std::string& body);

/// Charts of svg_lines(), two a row, as an SVG file that needs no page.
std::string svg_file(const std::vector<std::string>& charts);

// Parts of a body. Their texts are plain and escaped here; `html` arguments are not.
// ---------------
std::string html_heading(const std::string& text);
std::string html_paragraph(const std::string& text);
std::string html_link(const std::string& address, const std::string& text);

/// Names with their values, one a line. Empty values are left out.
using Facts = std::vector<std::pair<std::string, std::string>>;
std::string html_facts(const Facts& facts);

/// The few numbers that matter, large: value over name.
std::string html_tiles(const Facts& tiles);

/// Rows of cells of HTML; the first row is the head, the first column text, the others numbers.
std::string html_table(const std::vector<std::vector<std::string>>& html_rows);

/// A chart with a caption beneath.
std::string html_figure(const std::string& html, const std::string& caption);

/// Figures beside one another where there is room.
std::string html_row(const std::string& html);

/// Text in lines of its own, folded away under a summary.
std::string html_folded(const std::string& summary, const std::string& text);

/// A drawing, without loss (PNG); a photograph (JPEG).
std::string html_drawing(const formats::Image& image, const std::string& caption);
std::string html_photo(const formats::Image& image, const std::string& caption);

}  // namespace distillar::evaluation
