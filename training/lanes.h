// Vectors of 16 or 8 channels: bfloat16 in memory, float32 in registers; loads, stores and activations.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

using bf16 = std::uint16_t;  // bit pattern of c10::BFloat16

template <int L> struct Lanes;
template <> struct Lanes<16> {
  typedef float F __attribute__((vector_size(64)));
  typedef std::uint32_t U __attribute__((vector_size(64)));
  typedef std::uint16_t H __attribute__((vector_size(32)));
};
template <> struct Lanes<8> {
  typedef float F __attribute__((vector_size(32)));
  typedef std::uint32_t U __attribute__((vector_size(32)));
  typedef std::uint16_t H __attribute__((vector_size(16)));
};
template <int L> using F = typename Lanes<L>::F;

template <int L> inline F<L> load(const bf16* p) {
#ifdef __AVX512F__
  if constexpr (L == 16)
    return (F<L>)_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i*)p)), 16);
  else
    return (F<L>)_mm256_slli_epi32(_mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i*)p)), 16);
#endif
  typename Lanes<L>::H h;
  std::memcpy(&h, p, sizeof h);
  typename Lanes<L>::U u = __builtin_convertvector(h, typename Lanes<L>::U) << 16;
  return (F<L>)u;
}
template <int L> inline void store(bf16* p, F<L> v) {  // rounds to nearest, ties to even
#ifdef __AVX512BF16__
  if constexpr (L == 16)
    return _mm256_storeu_si256((__m256i*)p, (__m256i)_mm512_cvtneps_pbh((__m512)v));
  else
    return _mm_storeu_si128((__m128i*)p, (__m128i)_mm256_cvtneps_pbh((__m256)v));
#endif
  auto u = (typename Lanes<L>::U)v;
  u = (u + 0x7fffu + ((u >> 16) & 1u)) >> 16;
  auto h = __builtin_convertvector(u, typename Lanes<L>::H);
  std::memcpy(p, &h, sizeof h);
}
template <int L> inline F<L> loadf(const float* p) {
  F<L> v;
  std::memcpy(&v, p, sizeof v);
  return v;
}
template <int L> inline void storef(float* p, F<L> v) { std::memcpy(p, &v, sizeof v); }

// ---- activations and their derivatives ----

enum Act { NONE = 0, RELU = 1, HARD_SWISH = 2 };

template <int L> inline F<L> clamp(F<L> v, float lo, float hi) {
  v = v < lo ? F<L>{} + lo : v;
  return v > hi ? F<L>{} + hi : v;
}
template <int A, int L> inline F<L> act(F<L> z) {
  if (A == RELU) return z > 0.f ? z : F<L>{};
  if (A == HARD_SWISH) return z * clamp<L>(z * (1.f / 6) + .5f, 0.f, 1.f);
  return z;
}
template <int A, int L> inline F<L> act_grad(F<L> z) {
  const F<L> zero{}, one = F<L>{} + 1.f;
  if (A == RELU) return z > 0.f ? one : zero;
  if (A == HARD_SWISH) return z < -3.f ? zero : (z > 3.f ? one : z * (1.f / 3) + .5f);
  return one;
}

// Calls f(integral_constant<lanes>, first channel) for each vector of channels.
template <class Fn> void each_block(int64_t channels, Fn f) {
  int64_t c = 0;
  for (; c + 16 <= channels; c += 16) f(std::integral_constant<int, 16>(), c);
  if (c < channels) f(std::integral_constant<int, 8>(), c);
}
