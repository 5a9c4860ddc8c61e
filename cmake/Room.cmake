# A room is a folder under src/: one static library, all *.cpp in it and in its
# subfolders, the rooms it may use.
#   distillar_room(geometry USES base LIBRARIES geometry_headers)
set(DISTILLAR_WARNINGS -Wall -Wextra -Wconversion -Wshadow -Werror)
if(DISTILLAR_SANITIZER)
  add_compile_options(-fsanitize=${DISTILLAR_SANITIZER} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${DISTILLAR_SANITIZER})
endif()

function(distillar_room name)
  cmake_parse_arguments(ROOM "" "PRECOMPILED" "USES;LIBRARIES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  if(NOT sources)
    add_library(${name} INTERFACE)
    set(scope INTERFACE)
  else()
    add_library(${name} STATIC ${sources})
    target_compile_options(${name} PRIVATE ${DISTILLAR_WARNINGS})
    set(scope PUBLIC)
  endif()
  target_include_directories(${name} ${scope} ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(${name} ${scope} ${ROOM_USES} ${ROOM_LIBRARIES})
  if(sources AND ROOM_PRECOMPILED)
    target_precompile_headers(${name} REUSE_FROM ${ROOM_PRECOMPILED})
  endif()
endfunction()

# A precompiled header that others reuse: what most files include, parsed once.
#   distillar_precompiled(plain_pch HEADERS <vector> LIBRARIES fmt::fmt)
function(distillar_precompiled name)
  cmake_parse_arguments(PCH "" "" "HEADERS;LIBRARIES" ${ARGN})
  if(NOT EXISTS ${CMAKE_BINARY_DIR}/${name}.cpp)
    file(WRITE ${CMAKE_BINARY_DIR}/${name}.cpp "")
  endif()
  add_library(${name} STATIC ${CMAKE_BINARY_DIR}/${name}.cpp)
  target_compile_options(${name} PRIVATE ${DISTILLAR_WARNINGS} -fPIC)  # not -fPIE, in programs either
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(${name} PUBLIC ${PCH_LIBRARIES})
  target_precompile_headers(${name} PRIVATE ${PCH_HEADERS})
endfunction()

# Files that see torch are compiled a few at a time: most of a file's time is torch's, not its own.
function(distillar_together)
  set_target_properties(${ARGN} PROPERTIES
    UNITY_BUILD ${DISTILLAR_UNITY} UNITY_BUILD_BATCH_SIZE 6)
  if(DISTILLAR_UNITY)  # a type of a file's own is not the other files' business; GCC cannot tell
    foreach(target ${ARGN})
      target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
    endforeach()
  endif()
endfunction()

# Rooms that see torch share one precompiled header: a torch header costs about 30 s a file.
function(distillar_torch_room name)
  distillar_room(${name} PRECOMPILED torch_pch ${ARGN})
  distillar_together(${name})
endfunction()
