#pragma once
/// DISTILLAR_MULTIVERSION compiles a function for plain x86-64, AVX2 and AVX-512; the loader picks.
/// What such a function calls in its inner loops must be DISTILLAR_INLINE to be compiled with it.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define DISTILLAR_MULTIVERSION \
    __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define DISTILLAR_MULTIVERSION
#endif

#define DISTILLAR_INLINE [[gnu::always_inline]] inline
