# What every target of this project is compiled with.

add_library(wc_flags INTERFACE)
target_compile_definitions(wc_flags INTERFACE _GNU_SOURCE)
target_compile_options(wc_flags INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Wundef -Wformat=2 -Wstrict-prototypes
  -Wmissing-prototypes -Wpointer-arith -Wvla -Wwrite-strings
  -fno-strict-aliasing -fno-common)
if(WC_WERROR)
  target_compile_options(wc_flags INTERFACE -Werror)
endif()

if(WC_SANITIZE)
  target_compile_options(wc_flags INTERFACE -fsanitize=${WC_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  target_link_options(wc_flags INTERFACE -fsanitize=${WC_SANITIZE})
else()
  target_compile_options(wc_flags INTERFACE -fstack-protector-strong -fstack-clash-protection)
  target_compile_definitions(wc_flags INTERFACE $<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=2>)
endif()
target_link_options(wc_flags INTERFACE -Wl,-z,relro,-z,now)

# wc_layer(NAME SOURCES... ): a static library whose own folder is its include path, so that
# a layer sees its own headers and those of the layers it links, and no others.
function(wc_layer name)
  add_library(${name} STATIC ${ARGN})
  target_include_directories(${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE wc_flags)
endfunction()
