# One entry of ctest for every suite of a GoogleTest program: ROOM.Suite, with the label ROOM. A
# process each, not one per test: a program with LibTorch takes about a second to start.
#   distillar_suites(models)

# Those that take more than about 5 s; they have the label slow, too.
set(DISTILLAR_SLOW_SUITES Contrastive EveryCommand/Help FeaturesCommand Fuse FuseCommand Info
  Interrupt Mistaken PrecisionOption RunFaults SimulateCommand StudyCommand TeacherView Usage)

function(distillar_suites room)
  set(script ${CMAKE_CURRENT_BINARY_DIR}/suites-${room}.cmake)
  file(GENERATE OUTPUT ${script} CONTENT "set(room ${room})
set(program $<TARGET_FILE:test-${room}>)
set(list ${CMAKE_CURRENT_BINARY_DIR}/suites-${room}.txt)
set(slow ${DISTILLAR_SLOW_SUITES})
include(${CMAKE_SOURCE_DIR}/cmake/SuitesOfProgram.cmake)
")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${script})
endfunction()
