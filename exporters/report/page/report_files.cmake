# Makes a C file of the page's files: cmake -DFOLDER=... -DOUT=report_files.c -P report_files.cmake
file(WRITE ${OUT} "#include \"report_files.h\"\n")
foreach(kind css js svg)
  file(READ ${FOLDER}/report.${kind} text)
  string(REPLACE "\\" "\\\\" text "${text}")
  string(REPLACE "\"" "\\\"" text "${text}")
  string(REPLACE "\n" "\\n\"\n\t\"" text "${text}")
  file(APPEND ${OUT} "\nconst char wc_report_${kind}[] =\n\t\"${text}\";\n")
endforeach()
