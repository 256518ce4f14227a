# Third-party code, compiled unedited from .deps/ (see tools/setup.mjs). System headers, so that our warnings stay ours.

set(FLATC ${AFTERSENSE_DEPS}/flatbuffers/bin/flatc)
add_library(flatbuffers INTERFACE)
target_include_directories(flatbuffers SYSTEM INTERFACE ${AFTERSENSE_DEPS}/flatbuffers/include)

# flatbuffers_header(target file.fbs [DEPENDS files] [FLAGS flags]): generates file_generated.h and adds its folder to the target's includes.
function(flatbuffers_header target schema)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "DEPENDS;FLAGS")
  cmake_path(GET schema STEM stem)
  set(folder ${CMAKE_BINARY_DIR}/generated)
  set(header ${folder}/${stem}_generated.h)
  add_custom_command(
    OUTPUT ${header}
    COMMAND ${FLATC} --cpp --gen-object-api ${arg_FLAGS} -I ${CMAKE_SOURCE_DIR}/src/tasks -o ${folder} ${schema}
    DEPENDS ${schema} ${arg_DEPENDS}
    VERBATIM)
  add_custom_target(${target}_${stem} DEPENDS ${header})
  add_dependencies(${target} ${target}_${stem})
  target_sources(${target} PRIVATE ${header})
  target_include_directories(${target} SYSTEM PUBLIC ${folder})
  target_link_libraries(${target} PUBLIC flatbuffers)
endfunction()

set(SENTENCEPIECE ${AFTERSENSE_DEPS}/sentencepiece/sentencepiece)
add_library(sentencepiece_lite STATIC ${SENTENCEPIECE}/lite/sentencepiece_lite.cc)
flatbuffers_header(sentencepiece_lite ${SENTENCEPIECE}/lite/sentencepiece_lite.fbs)
target_include_directories(sentencepiece_lite SYSTEM PUBLIC ${SENTENCEPIECE}/lite)
target_include_directories(sentencepiece_lite SYSTEM PRIVATE
  ${SENTENCEPIECE} ${SENTENCEPIECE}/.. ${SENTENCEPIECE}/third_party/darts_clone ${SENTENCEPIECE}/third_party/rapidhash)
target_compile_options(sentencepiece_lite PRIVATE -w)

if(AFTERSENSE_TESTS)
  add_library(catch2 STATIC ${AFTERSENSE_DEPS}/catch2/catch_amalgamated.cpp)
  target_include_directories(catch2 SYSTEM PUBLIC ${AFTERSENSE_DEPS}/catch2)
  target_compile_options(catch2 PRIVATE -w)
  if(EMSCRIPTEN)
    target_compile_options(catch2 PUBLIC -fwasm-exceptions)
    target_link_options(catch2 PUBLIC -fwasm-exceptions)
  endif()
endif()
