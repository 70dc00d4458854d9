# Helpers shared by every room: one library `spoor_<room>` and one test `<room>_test` each.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(GTest REQUIRED)

add_library(spoor_options INTERFACE)
target_include_directories(spoor_options INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_options(spoor_options INTERFACE
  -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wcast-qual
  -Wunused -Woverloaded-virtual -Wimplicit-fallthrough -fno-strict-aliasing)
target_link_libraries(spoor_options INTERFACE Threads::Threads)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports overlap inside std::string's own operator+ (GCC bug 105651).
  target_compile_options(spoor_options INTERFACE -Wno-restrict)
endif()
if(SPOOR_WERROR)
  target_compile_options(spoor_options INTERFACE -Werror)
endif()
if(SPOOR_SANITIZE)
  target_compile_options(spoor_options INTERFACE -fsanitize=${SPOOR_SANITIZE} -fno-sanitize-recover=all)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # What the sanitizers insert hides from GCC 12 what is initialised; the release build has the warning.
    target_compile_options(spoor_options INTERFACE -Wno-maybe-uninitialized)
  endif()
  target_link_options(spoor_options INTERFACE -fsanitize=${SPOOR_SANITIZE})
endif()
if(SPOOR_FUZZ)
  target_compile_options(spoor_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# spoor_room(<name> SOURCES <files> DEPS <rooms> PRIVATE_LIBS <targets> TESTS <files>)
function(spoor_room name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;PRIVATE_LIBS;TESTS" ${ARGN})
  if(ARG_SOURCES)
    add_library(spoor_${name} STATIC ${ARG_SOURCES})
    target_link_libraries(spoor_${name} PUBLIC spoor_options PRIVATE ${ARG_PRIVATE_LIBS})
    set(scope PUBLIC)
  else()
    add_library(spoor_${name} INTERFACE)
    target_link_libraries(spoor_${name} INTERFACE spoor_options ${ARG_PRIVATE_LIBS})
    set(scope INTERFACE)
  endif()
  foreach(dep ${ARG_DEPS})
    target_link_libraries(spoor_${name} ${scope} spoor_${dep})
  endforeach()
  if(ARG_TESTS)
    add_executable(${name}_test ${ARG_TESTS})
    target_link_libraries(${name}_test PRIVATE spoor_${name} GTest::gtest_main ${ARG_PRIVATE_LIBS})
    # The tests' own code runs once: optimising it takes longer than it takes to run.
    target_compile_options(${name}_test PRIVATE $<$<CONFIG:Debug>:-O0>)
    if(SPOOR_FUZZ)
      target_compile_options(${name}_test PRIVATE -fno-sanitize=fuzzer-no-link)
    endif()
    add_test(NAME ${name}_test COMMAND ${name}_test WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    # The longest of all tests: with several jobs they begin first.
    set_tests_properties(${name}_test PROPERTIES COST 100)
  endif()
endfunction()

# spoor_fuzz(<name> SOURCE <file> LIBS <targets>): target fuzz_<name>.
# With SPOOR_FUZZ the target is a libFuzzer program; without, it is a plain program that replays the
# files of fuzz/corpus/<name>, so that ctest runs every seed under every preset.
function(spoor_fuzz name)
  cmake_parse_arguments(ARG "" "SOURCE" "LIBS" ${ARGN})
  if(SPOOR_FUZZ)
    add_executable(fuzz_${name} ${ARG_SOURCE})
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    add_test(NAME fuzz_${name}_replay
      COMMAND fuzz_${name} -runs=0 ${CMAKE_SOURCE_DIR}/fuzz/corpus/${name})
  else()
    add_executable(fuzz_${name} ${ARG_SOURCE} ${CMAKE_SOURCE_DIR}/fuzz/replay_main.cpp)
    add_test(NAME fuzz_${name}_replay
      COMMAND fuzz_${name} ${CMAKE_SOURCE_DIR}/fuzz/corpus/${name})
  endif()
  target_link_libraries(fuzz_${name} PRIVATE spoor_options ${ARG_LIBS})
endfunction()
