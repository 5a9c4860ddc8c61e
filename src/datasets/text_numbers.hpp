#pragma once
/// Private to datasets: text files of numbers, a line at a time: a file of bare line ends must not
/// take many times its size.
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace distillar::datasets {

/// Calls `use` with every line's number, from 1, and content; lines of blanks are left out.
void for_filled_lines(std::string_view text,
                      const std::function<void(std::size_t, std::string_view)>& use);

/// The numbers of a line, blanks between them.
/// @param where  what stands before the message: "FILE: line 3".
/// @throws base::Error with the word that is no finite number.
std::vector<double> finite_numbers(std::string_view line, const std::string& where);

}  // namespace distillar::datasets
