# Every third-party package of the project. scripts/setup.sh installs them all.
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(PNG REQUIRED)
find_package(libjpeg-turbo REQUIRED)
find_package(liblzf REQUIRED)
find_path(XXHASH_INCLUDE xxhash.h REQUIRED)  # a header is all that is used of it
if(DISTILLAR_SIMULATION)
  find_package(embree 3 REQUIRED)
endif()

find_path(EIGEN3_INCLUDE Eigen/Core PATH_SUFFIXES eigen3 REQUIRED)
add_library(geometry_headers INTERFACE)
target_include_directories(geometry_headers SYSTEM INTERFACE ${EIGEN3_INCLUDE})

# Vector loops: Google Highway, for plain x86-64, SSE4, AVX2, AVX-512 (on ARM: NEON). Targets left
# out save time to compile; SVE has no fixed size, which arrays of vectors need.
find_path(HIGHWAY_INCLUDE hwy/highway.h REQUIRED)
find_library(HIGHWAY_LIBRARY hwy REQUIRED)
add_library(highway INTERFACE)
target_include_directories(highway SYSTEM INTERFACE ${HIGHWAY_INCLUDE})
target_link_libraries(highway INTERFACE ${HIGHWAY_LIBRARY})
target_compile_definitions(highway INTERFACE
  "HWY_DISABLED_TARGETS=HWY_SSSE3|HWY_AVX3_DL|HWY_SVE|HWY_SVE2|HWY_SVE_256|HWY_SVE2_128")

# Matrix products: oneDNN. Debian's CMake package of it asks for OpenCL's headers, which nothing
# here needs. It runs on OpenMP, whose library (not the compiler's pragmas) tells it to use one thread.
find_path(DNNL_INCLUDE dnnl.h REQUIRED)
find_library(DNNL_LIBRARY dnnl REQUIRED)
find_package(OpenMP REQUIRED COMPONENTS CXX)
add_library(dnnl_library INTERFACE)
target_include_directories(dnnl_library SYSTEM INTERFACE ${DNNL_INCLUDE})
target_link_libraries(dnnl_library INTERFACE ${DNNL_LIBRARY} ${OpenMP_CXX_LIBRARIES})

if(DISTILLAR_TRAINING)
  find_package(Torch REQUIRED)
  # A LibTorch 2.x beside the system brings copies of fmt and oneDNN that would hide the system's:
  # only its own headers are seen.
  if(TORCH_INSTALL_PREFIX AND NOT TORCH_INSTALL_PREFIX STREQUAL "/usr")
    set(own ${CMAKE_BINARY_DIR}/torch_include)
    file(MAKE_DIRECTORY ${own})
    foreach(folder ATen c10 caffe2 torch)
      file(CREATE_LINK ${TORCH_INSTALL_PREFIX}/include/${folder} ${own}/${folder} SYMBOLIC)
    endforeach()
    set(TORCH_INCLUDE_DIRS ${own} ${own}/torch/csrc/api/include)
    # It exports parts of a C++ library of its own, too. Where they are found first, removing a
    # folder crashes and oneDNN's products fail: the system's are looked up before LibTorch.
    add_link_options("SHELL:-Wl,--no-as-needed -lstdc++ ${DNNL_LIBRARY} -Wl,--as-needed")
    foreach(library torch torch_cpu torch_cuda c10 c10_cuda torch_library)
      if(TARGET ${library})
        set_target_properties(${library} PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "")
      endif()
    endforeach()
  endif()
  add_library(torch_headers INTERFACE)
  target_include_directories(torch_headers SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
  target_link_libraries(torch_headers INTERFACE ${TORCH_LIBRARIES})
endif()

if(DISTILLAR_TESTS)
  find_package(GTest REQUIRED)
endif()

# Fresh pages are dear; tcmalloc keeps them and holds less memory (docs/performance.md).
if(DISTILLAR_TRAINING AND NOT DISTILLAR_SANITIZER)
  find_library(DISTILLAR_MALLOC tcmalloc_minimal REQUIRED)
endif()
