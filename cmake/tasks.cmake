# What there is to run: `cmake --build build --target tasks` lists it.

# wc_task(NAME SUMMARY COMMAND...): a target that runs something, and its line in the list.
function(wc_task name summary)
  add_custom_target(${name} COMMAND ${ARGN} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    USES_TERMINAL VERBATIM)
  wc_task_line(${name} "${summary}")
endfunction()

# wc_task_line(NAME SUMMARY): a line in the list for a target that stands already.
function(wc_task_line name summary)
  string(LENGTH "${name}" length)
  math(EXPR pad "14 - ${length}")
  string(REPEAT " " ${pad} spaces)
  set_property(GLOBAL APPEND PROPERTY WC_TASKS "  ${name}${spaces}${summary}")
endfunction()

# Call once, when all tasks are known.
function(wc_task_list)
  get_property(lines GLOBAL PROPERTY WC_TASKS)
  set(commands COMMAND ${CMAKE_COMMAND} -E echo "Targets of this build (cmake --build DIR --target NAME):")
  foreach(line ${lines})
    list(APPEND commands COMMAND ${CMAKE_COMMAND} -E echo "${line}")
  endforeach()
  list(APPEND commands
    COMMAND ${CMAKE_COMMAND} -E echo "Other builds (cmake --preset NAME, cmake --build --preset NAME, ctest --preset NAME):"
    COMMAND ${CMAKE_COMMAND} --list-presets=configure)
  add_custom_target(tasks ${commands} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} VERBATIM)
endfunction()
