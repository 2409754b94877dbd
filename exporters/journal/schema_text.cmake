# Makes a C file of schema.sql: cmake -DIN=schema.sql -DOUT=schema_text.c -P schema_text.cmake
file(READ ${IN} text)
string(REPLACE "\\" "\\\\" text "${text}")
string(REPLACE "\"" "\\\"" text "${text}")
string(REPLACE "\n" "\\n\"\n\t\"" text "${text}")
file(WRITE ${OUT} "#include \"schema.h\"\n\nconst char wc_schema_text[] =\n\t\"${text}\";\n")
