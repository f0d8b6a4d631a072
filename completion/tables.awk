# tables.awk -- reads options.def and the tables of words that options take (format.def, warning.def), for other scripts:
# after rows.awk, before them. A row that is not understood stops the build.
#
#   maybe[i]                                                   what --name= may be given, "" for others
#   options, letter[i], name[i], takes[i], shown[i], says[i]   as options.def describes them; a letter is "" where there is none
#   words[table], word[table, i], word_says[table, i]          table: FORMATS, FILE_FORMATS, WARNINGS
#   word_of[table, i]                                          what alone can be printed so, "" for anything

function fail(what) {
  print FILENAME ":" FNR ": " what > "/dev/stderr"
  failed = 1
  exit 1
}

function add_option(cell) {
  sub(/^(WHOLE|NUMBER) \(.*\)$/, "TEXT", cell[4])
  maybe[options + 1] = cell[4] == "MAYBE" ? said(cell[5]) : ""
  # Where nothing has to be given nothing is completed.
  if (cell[4] == "MAYBE") { cell[4] = "NOTHING"; cell[5] = "NULL" }
  if (cell[4] !~ /^(NOTHING|TEXT|FILE|NAMES|INPUT|TARGET|WORDS|FORMATS|FILE_FORMATS|WARNINGS)$/) fail("an option cannot take " cell[4])
  if ((cell[4] == "NOTHING") != (cell[5] == "NULL")) fail("what is taken and what is shown differ")
  options++
  letter[options] = cell[2] == "0" ? "" : substr(cell[2], 2, 1)
  name[options] = said(cell[3])
  takes[options] = cell[4]
  shown[options] = cell[5] == "NULL" ? "" : said(cell[5])
  says[options] = said(cell[10])
}

function add_word(table, cell, count) {
  words[table]++
  word[table, words[table]] = said(cell[2])
  word_of[table, words[table]] = count == 3 || cell[4] == "ANYTHING" ? "" : tolower(cell[4])
  word_says[table, words[table]] = said(cell[count])
}

function take_row(row,    cell, count) {
  count = split_row(row, cell)
  if (row ~ /^OPTION / && count == 10) add_option(cell)
  else if (row ~ /^FORMAT / && count == 5) add_word("FORMATS", cell, count)
  else if (row ~ /^FILE_FORMAT / && count == 3) add_word("FILE_FORMATS", cell, count)
  else if (row ~ /^WARNING / && count == 3) add_word("WARNINGS", cell, count)
  else if (row !~ /^GROUP /) fail("this row is not understood")
}

# A row ends at the end of a line.
FILENAME ~ /\.def$/ && (row != "" || /^[A-Z_]+ \(/) {
  line = $0
  sub(/^ +/, "", line)
  row = row (row == "" ? "" : " ") line
  if (line ~ /\)$/) {
    take_row(row)
    row = ""
  }
}
FILENAME ~ /\.def$/ { next }
