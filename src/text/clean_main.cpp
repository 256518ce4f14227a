// aftersense_clean: the cleaner as a filter, so that training reads what the product reads.
//   aftersense_clean < texts > cleaned       one text a line in, one cleaned text a line out
// A cleaned text's line feeds are written as spaces: the models take both for white space.

#include <algorithm>
#include <iostream>
#include <string>

#include "text/clean.h"

int main() {
  std::ios::sync_with_stdio(false);
  for (std::string line; std::getline(std::cin, line);) {
    std::string text = aftersense::clean(line).text;
    std::replace(text.begin(), text.end(), '\n', ' ');
    std::cout << text << '\n';
  }
  return std::cout.flush() ? 0 : 1;
}
