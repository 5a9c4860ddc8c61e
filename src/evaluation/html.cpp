#include "evaluation/html.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <span>

namespace distillar::evaluation {

namespace {

/// --s0 to --s7 are the colours of series; chart texts and lines take the page's.
constexpr std::string_view chart_style = R"css(
:root{color-scheme:light dark;--page:#fff;--ink:#1d2126;--soft:#626973;--line:#dfe2e7;
--panel:#f6f7f9;--accent:#2c6ec8;--s0:#2c6ec8;--s1:#d9651b;--s2:#2b8a4b;--s3:#c23a4b;--s4:#7d52b5;
--s5:#8a6a4f;--s6:#c4579e;--s7:#69727d}
@media (prefers-color-scheme:dark){:root{--page:#14171b;--ink:#e4e7eb;--soft:#9aa2ad;--line:#30353c;
--panel:#1c2025;--accent:#6ea8f0;--s0:#6ea8f0;--s1:#f0955a;--s2:#62c285;--s3:#ee7684;--s4:#b392e6;
--s5:#c2a083;--s6:#ec8fcb;--s7:#a2abb6}}
svg text{fill:var(--ink);font-size:12.5px}
svg .soft{fill:var(--soft)}
svg .grid{stroke:var(--line);stroke-width:1}
svg .axis{stroke:var(--soft);stroke-width:1}
svg .whisker{stroke:var(--ink);stroke-width:1.2}
svg .curve{fill:none;stroke-width:1.7;stroke-linejoin:round}
svg .cell{fill:var(--accent)}
svg .on{fill:var(--page)}
)css";

constexpr std::string_view page_style = R"css(
*{box-sizing:border-box}
body{margin:0 auto;max-width:60rem;padding:1.5rem 1rem 4rem;background:var(--page);color:var(--ink);
font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 1rem;overflow-wrap:anywhere}
h2{font-size:1.15rem;margin:2.5rem 0 .75rem;padding-top:.75rem;border-top:1px solid var(--line)}
p{max-width:42rem;margin:.5rem 0}
a{color:var(--accent)}
dl{display:grid;grid-template-columns:minmax(7rem,max-content) 1fr;gap:.2rem 1.25rem;margin:0}
dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
@media (max-width:34rem){dl{display:block}dd{margin-bottom:.4rem}}
.tiles{display:flex;flex-wrap:wrap;gap:.75rem;margin:1rem 0}
.tiles div{flex:1 1 8rem;background:var(--panel);border-radius:.5rem;padding:.7rem .9rem}
.tiles b{display:block;font-size:1.6rem;font-weight:600;line-height:1.2}
.tiles span{color:var(--soft);font-size:.85rem}
.wide{overflow-x:auto}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.92rem;margin:.5rem 0}
th,td{padding:.3rem .75rem;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}
th:first-child,td:first-child{text-align:left;padding-left:0}
th{color:var(--soft);font-weight:500}
figure{margin:1.25rem 0}
figcaption{color:var(--soft);font-size:.88rem;margin-top:.35rem}
.row{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(24rem,100%),1fr));gap:0 1rem}
img{display:block;max-width:100%;height:auto;border-radius:.35rem}
svg{display:block;width:100%;min-width:30rem;max-width:46rem;height:auto}
details{margin:1rem 0}
summary{cursor:pointer;color:var(--accent)}
pre{overflow-x:auto;background:var(--panel);border-radius:.5rem;padding:.9rem;font-size:.82rem;
line-height:1.45}
)css";

std::string base64(std::span<const std::byte> bytes) {
    constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t three = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            three = three << 8 |
                    (i + k < bytes.size() ? std::to_integer<std::uint32_t>(bytes[i + k]) : 0);
        }
        for (std::size_t k = 0; k < 4; ++k) {
            text += i + k <= bytes.size() ? letters[three >> (18 - 6 * k) & 63] : '=';
        }
    }
    return text;
}

std::string picture(const char* type, std::span<const std::byte> bytes, const formats::Image& image,
                    const std::string& caption) {
    const auto text = escape_html(caption);
    return fmt::format(
        "<figure><img alt=\"{}\" width=\"{}\" height=\"{}\" src=\"data:image/{};base64,{}\">"
        "<figcaption>{}</figcaption></figure>\n",
        text, image.width, image.height, type, base64(bytes), text);
}

}  // namespace

std::string escape_html(std::string_view text) {
    std::string result;
    for (const char letter : text) {
        switch (letter) {
            case '&':
                result += "&amp;";
                break;
            case '<':
                result += "&lt;";
                break;
            case '>':
                result += "&gt;";
                break;
            case '"':
                result += "&quot;";
                break;
            case '\'':
                result += "&#39;";
                break;
            default: {
                const auto code = static_cast<unsigned char>(letter);
                result += (code < 0x20 && letter != '\n') || code == 0x7F ? ' ' : letter;
            }
        }
    }
    return result;
}

std::string html_page(const std::string& title, const std::string& body) {
    const auto text = escape_html(title);
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<title>{}</title>\n<style>{}{}</style>\n</head>\n<body>\n<h1>{}</h1>\n{}</body>\n</"
        "html>\n",
        text, chart_style, page_style, text, body);
}

std::string svg_file(const std::vector<std::string>& charts) {
    constexpr std::size_t width = 640, height = 300, gap = 24;
    const std::string_view tag = "<svg ";
    std::string cells;
    for (std::size_t i = 0; i < charts.size(); ++i) {
        cells += fmt::format("{}x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" {}\n", tag,
                             gap + i % 2 * (width + gap), gap + i / 2 * (height + gap), width,
                             height, charts[i].substr(tag.size()));
    }
    return fmt::format(
        "{}xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" font-family=\"sans-serif\">\n"
        "<style>{}</style>\n<rect width=\"100%\" height=\"100%\" "
        "fill=\"var(--page)\"/>\n{}</svg>\n",
        tag, gap + 2 * (width + gap), gap + (charts.size() + 1) / 2 * (height + gap), chart_style,
        cells);
}

std::string html_heading(const std::string& text) {
    return fmt::format("<h2>{}</h2>\n", escape_html(text));
}

std::string html_paragraph(const std::string& text) {
    return fmt::format("<p>{}</p>\n", escape_html(text));
}

std::string html_link(const std::string& address, const std::string& text) {
    return fmt::format("<a href=\"{}\">{}</a>", escape_html(address), escape_html(text));
}

std::string html_facts(const Facts& facts) {
    std::string rows;
    for (const auto& [name, value] : facts) {
        if (!value.empty()) {
            rows += fmt::format("<dt>{}</dt><dd>{}</dd>\n", escape_html(name), escape_html(value));
        }
    }
    return "<dl>\n" + rows + "</dl>\n";
}

std::string html_tiles(const Facts& tiles) {
    std::string html;
    for (const auto& [name, value] : tiles) {
        html += fmt::format("<div><b>{}</b><span>{}</span></div>\n", escape_html(value),
                            escape_html(name));
    }
    return "<div class=\"tiles\">\n" + html + "</div>\n";
}

std::string html_table(const std::vector<std::vector<std::string>>& html_rows) {
    std::string html;
    for (std::size_t row = 0; row < html_rows.size(); ++row) {
        const char* cell = row == 0 ? "th" : "td";
        html += "<tr>";
        for (const auto& text : html_rows[row]) {
            html += fmt::format("<{0}>{1}</{0}>", cell, text);
        }
        html += "</tr>\n";
    }
    return "<div class=\"wide\"><table>\n" + html + "</table></div>\n";
}

std::string html_figure(const std::string& html, const std::string& caption) {
    return fmt::format("<figure><div class=\"wide\">{}</div><figcaption>{}</figcaption></figure>\n",
                       html, escape_html(caption));
}

std::string html_row(const std::string& html) {
    return "<div class=\"row\">\n" + html + "</div>\n";
}

std::string html_folded(const std::string& summary, const std::string& text) {
    return fmt::format("<details><summary>{}</summary><pre>{}</pre></details>\n",
                       escape_html(summary), escape_html(text));
}

std::string html_drawing(const formats::Image& image, const std::string& caption) {
    return picture("png", formats::png_bytes(image), image, caption);
}

std::string html_photo(const formats::Image& image, const std::string& caption) {
    return picture("jpeg", formats::jpeg_bytes(image, 85), image, caption);
}

}  // namespace distillar::evaluation
