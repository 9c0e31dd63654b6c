// Depthwise convolution, batch norm with its activation, and channel gates for bfloat16 tensors laid out NHWC.
//
// One thread, vectors of 16 (or 8) channels, sums in float32: training runs one process per core instead of threads.
// PyTorch's own bfloat16 depthwise gradients are some 30 times slower on CPUs, and its batch norm and activation walk
// the tensors five times more often. Channel counts must be multiples of 8.
#include <torch/extension.h>

#include <cmath>
#include <tuple>
#include <vector>

#include "lanes.h"

namespace {

using at::Tensor;

const bf16* in(const Tensor& t) {
  TORCH_CHECK(t.is_contiguous() && t.scalar_type() == at::kBFloat16, "expected a contiguous bfloat16 tensor");
  TORCH_CHECK(t.size(-1) % 8 == 0, "channels must be a multiple of 8, got ", t.size(-1));
  return reinterpret_cast<const bf16*>(t.data_ptr());
}
bf16* out(Tensor& t) { return reinterpret_cast<bf16*>(t.data_ptr()); }
const float* f32(const Tensor& t) {
  TORCH_CHECK(t.is_contiguous() && t.scalar_type() == at::kFloat, "expected a contiguous float32 tensor");
  return t.data_ptr<float>();
}

// ---- depthwise convolution: x [B, H, W, C], w [K * K, C], padding (K - 1) / 2 ----

// Copies L channels of one image into a zeroed frame of width `wp`, `spread` apart, from pixel (pad, pad) on.
template <int L>
void frame(const bf16* x, int64_t h, int64_t w, int64_t c, int64_t wp, int64_t pad, int64_t spread, float* to) {
  for (int64_t i = 0; i < h; ++i)
    for (int64_t j = 0; j < w; ++j)
      storef<L>(to + ((i * spread + pad) * wp + j * spread + pad) * L, load<L>(x + (i * w + j) * c));
}

// y[i, j] = sum of x[i s + a, j s + b] w[a, b] over a frame with its padding.
template <int K, int L, bool FLIP>
void correlate(const float* x, int64_t wp, const float* w, int64_t c, int64_t ho, int64_t wo, int64_t s, bf16* y) {
  F<L> taps[K * K];
  for (int t = 0; t < K * K; ++t) taps[t] = loadf<L>(w + (FLIP ? K * K - 1 - t : t) * c);
  constexpr int U = 4;
  for (int64_t i = 0; i < ho; ++i)
    for (int64_t j = 0; j < wo; j += U) {
      const int n = int(std::min<int64_t>(U, wo - j));
      F<L> acc[U] = {};
      const float* at = x + (i * s * wp + j * s) * L;
      if (n == U) {
#pragma GCC unroll 5
        for (int a = 0; a < K; ++a)
#pragma GCC unroll 5
          for (int b = 0; b < K; ++b)
#pragma GCC unroll 4
            for (int u = 0; u < U; ++u) acc[u] += loadf<L>(at + (a * wp + b + u * s) * L) * taps[a * K + b];
      } else {
        for (int u = 0; u < n; ++u)
          for (int a = 0; a < K; ++a)
            for (int b = 0; b < K; ++b) acc[u] += loadf<L>(at + (a * wp + b + u * s) * L) * taps[a * K + b];
      }
      for (int u = 0; u < n; ++u) store<L>(y + (i * wo + j + u) * c, acc[u]);
    }
}

template <int K> Tensor dw_forward(const Tensor& x, const Tensor& w, int64_t s) {
  const auto B = x.size(0), H = x.size(1), W = x.size(2), C = x.size(3);
  const int64_t P = K / 2, wp = W + 2 * P, hp = H + 2 * P, ho = (H - 1) / s + 1, wo = (W - 1) / s + 1;
  auto y = at::empty({B, ho, wo, C}, x.options());
  std::vector<float> scratch(hp * wp * 16);
  const bf16* xp = in(x);
  bf16* yp = out(y);
  const float* taps = f32(w);
  for (int64_t b = 0; b < B; ++b) {
    int frames = 0;  // of how many lanes the frame is: its border stays zero while that is the same
    each_block(C, [&](auto lanes, int64_t c) {
      constexpr int L = decltype(lanes)::value;
      if (frames != L) std::fill(scratch.begin(), scratch.end(), 0.f), frames = L;
      frame<L>(xp + b * H * W * C + c, H, W, C, wp, P, 1, scratch.data());
      correlate<K, L, false>(scratch.data(), wp, taps + c, C, ho, wo, s, yp + b * ho * wo * C + c);
    });
  }
  return y;
}

template <int K> std::tuple<Tensor, Tensor> dw_backward(const Tensor& g, const Tensor& x, const Tensor& w, int64_t s) {
  const auto B = x.size(0), H = x.size(1), W = x.size(2), C = x.size(3), ho = g.size(1), wo = g.size(2);
  const int64_t P = K / 2, wp = W + 2 * P, hp = H + 2 * P;
  auto gx = at::empty_like(x);
  auto gw = at::zeros({K * K, C}, w.options());
  std::vector<float> xs(hp * wp * 16), gs(hp * wp * 16);
  const bf16 *xp = in(x), *gp = in(g);
  const float* taps = f32(w);
  float* gwp = gw.template data_ptr<float>();
  bf16* gxp = out(gx);
  for (int64_t b = 0; b < B; ++b) {
    int frames = 0;
    each_block(C, [&](auto lanes, int64_t c) {
      constexpr int L = decltype(lanes)::value;
      if (frames != L) {
        std::fill(xs.begin(), xs.end(), 0.f), std::fill(gs.begin(), gs.end(), 0.f);
        frames = L;
      }
      const bf16* gb = gp + b * ho * wo * C + c;
      frame<L>(xp + b * H * W * C + c, H, W, C, wp, P, 1, xs.data());
      frame<L>(gb, ho, wo, C, wp, P, s, gs.data());
      correlate<K, L, true>(gs.data(), wp, taps + c, C, H, W, 1, gxp + b * H * W * C + c);
      F<L> sum[K * K];
      for (int t = 0; t < K * K; ++t) sum[t] = loadf<L>(gwp + t * C + c);
      for (int64_t i = 0; i < ho; ++i)
        for (int64_t j = 0; j < wo; ++j) {
          const F<L> v = loadf<L>(gs.data() + ((i * s + P) * wp + j * s + P) * L);
          const float* at = xs.data() + (i * s * wp + j * s) * L;
#pragma GCC unroll 5
          for (int a = 0; a < K; ++a)
#pragma GCC unroll 5
            for (int q = 0; q < K; ++q) sum[a * K + q] += v * loadf<L>(at + (a * wp + q) * L);
        }
      for (int t = 0; t < K * K; ++t) storef<L>(gwp + t * C + c, sum[t]);
    });
  }
  return {gx, gw};
}

// ---- batch norm and activation: x [N, C] ----

constexpr int64_t CHUNK = 1 << 17;  // bytes of a tensor that are summed before moving on: they stay in the cache

// Sums over rows in double, chunk by chunk: term(lanes, row, c, s0, s1) adds one row's share.
template <class Fn> void column_sums(int64_t n, int64_t C, std::vector<double>& s0, std::vector<double>& s1, Fn term) {
  s0.assign(C, 0), s1.assign(C, 0);
  const int64_t rows = std::max<int64_t>(1, CHUNK / (2 * C));
  for (int64_t r0 = 0; r0 < n; r0 += rows)
    each_block(C, [&](auto lanes, int64_t c) {
      constexpr int L = decltype(lanes)::value;
      F<L> a{}, b{};
      for (int64_t r = r0; r < std::min(n, r0 + rows); ++r) term(lanes, r, c, a, b);
      for (int l = 0; l < L; ++l) s0[c + l] += a[l], s1[c + l] += b[l];
    });
}

template <int A>
std::tuple<Tensor, Tensor, Tensor> bn_forward(const Tensor& x, const Tensor& gamma, const Tensor& beta, double eps) {
  const auto C = x.size(-1), n = x.numel() / C;
  const bf16* xp = in(x);
  std::vector<double> s0, s1;
  column_sums(n, C, s0, s1, [&](auto lanes, int64_t r, int64_t c, auto& a, auto& b) {
    const auto v = load<decltype(lanes)::value>(xp + r * C + c);
    a += v, b += v * v;
  });
  auto y = at::empty_like(x), mean = at::empty({C}, gamma.options()), var = at::empty({C}, gamma.options());
  std::vector<float> scale(C), shift(C);
  for (int64_t c = 0; c < C; ++c) {
    const double m = s0[c] / n, v = std::max(0., s1[c] / n - m * m);
    mean.data_ptr<float>()[c] = float(m), var.data_ptr<float>()[c] = float(v);
    scale[c] = float(f32(gamma)[c] / std::sqrt(v + eps)), shift[c] = float(f32(beta)[c] - m * scale[c]);
  }
  bf16* yp = out(y);
  for (int64_t r = 0; r < n; ++r)
    each_block(C, [&](auto lanes, int64_t c) {
      constexpr int L = decltype(lanes)::value;
      store<L>(yp + r * C + c, act<A, L>(load<L>(xp + r * C + c) * loadf<L>(&scale[c]) + loadf<L>(&shift[c])));
    });
  return {y, mean, var};
}

template <int A>
std::tuple<Tensor, Tensor, Tensor> bn_backward(const Tensor& g, const Tensor& x, const Tensor& mean, const Tensor& var,
                                               const Tensor& gamma, const Tensor& beta, double eps) {
  const auto C = x.size(-1), n = x.numel() / C;
  const bf16 *xp = in(x), *gp = in(g);
  const float* mp = f32(mean);
  std::vector<float> scale(C), shift(C), k0(C), k1(C);
  for (int64_t c = 0; c < C; ++c) {
    scale[c] = float(f32(gamma)[c] / std::sqrt(f32(var)[c] + eps));
    shift[c] = f32(beta)[c] - f32(mean)[c] * scale[c];
  }
  const auto grad = [&](auto lanes, int64_t r, int64_t c) {  // before the activation
    constexpr int L = decltype(lanes)::value;
    return load<L>(gp + r * C + c) *
           act_grad<A, L>(load<L>(xp + r * C + c) * loadf<L>(&scale[c]) + loadf<L>(&shift[c]));
  };
  std::vector<double> s0, s1;
  column_sums(n, C, s0, s1, [&](auto lanes, int64_t r, int64_t c, auto& a, auto& b) {
    constexpr int L = decltype(lanes)::value;
    const F<L> z = grad(lanes, r, c);
    a += z, b += z * (load<L>(xp + r * C + c) - loadf<L>(mp + c));
  });
  auto gx = at::empty_like(x), ggamma = at::empty({C}, gamma.options()), gbeta = at::empty({C}, gamma.options());
  for (int64_t c = 0; c < C; ++c) {
    const double rstd = 1 / std::sqrt(f32(var)[c] + eps);
    ggamma.data_ptr<float>()[c] = float(s1[c] * rstd), gbeta.data_ptr<float>()[c] = float(s0[c]);
    k1[c] = float(-scale[c] * s1[c] * rstd * rstd / n), k0[c] = float(-scale[c] * s0[c] / n - k1[c] * f32(mean)[c]);
  }
  bf16* op = out(gx);
  for (int64_t r = 0; r < n; ++r)
    each_block(C, [&](auto lanes, int64_t c) {
      constexpr int L = decltype(lanes)::value;
      store<L>(op + r * C + c, grad(lanes, r, c) * loadf<L>(&scale[c]) + load<L>(xp + r * C + c) * loadf<L>(&k1[c]) +
                                   loadf<L>(&k0[c]));
    });
  return {gx, ggamma, gbeta};
}

// ---- gates: x [B, H, W, C], s [B, C] ----

Tensor plane_sum(const Tensor& x, const std::optional<Tensor>& g) {  // sum of x, or of x g, over each plane
  const auto B = x.size(0), C = x.size(-1), n = x.numel() / (B * C);
  auto y = at::empty({B, C}, x.options().dtype(at::kFloat));
  const bf16 *xp = in(x), *gp = g ? in(*g) : nullptr;
  for (int64_t b = 0; b < B; ++b)
    each_block(C, [&](auto lanes, int64_t c) {
      constexpr int L = decltype(lanes)::value;
      F<L> a{};
      for (int64_t r = b * n; r < (b + 1) * n; ++r)
        a += gp ? load<L>(xp + r * C + c) * load<L>(gp + r * C + c) : load<L>(xp + r * C + c);
      storef<L>(y.data_ptr<float>() + b * C + c, a);
    });
  return y;
}

}  // namespace

#define BY_KERNEL(f, ...) (k == 3 ? f<3>(__VA_ARGS__) : k == 5 ? f<5>(__VA_ARGS__) : throw std::invalid_argument("kernel must be 3 or 5"))
#define BY_ACT(f, ...) (a == NONE ? f<NONE>(__VA_ARGS__) : a == RELU ? f<RELU>(__VA_ARGS__) : f<HARD_SWISH>(__VA_ARGS__))

PYBIND11_MODULE(TORCH_EXTENSION_NAME, m) {
  m.def("dw_forward", [](const Tensor& x, const Tensor& w, int64_t s, int64_t k) { return BY_KERNEL(dw_forward, x, w, s); });
  m.def("dw_backward", [](const Tensor& g, const Tensor& x, const Tensor& w, int64_t s, int64_t k) {
    return BY_KERNEL(dw_backward, g, x, w, s);
  });
  m.def("bn_forward", [](const Tensor& x, const Tensor& gamma, const Tensor& beta, double eps, int a) {
    return BY_ACT(bn_forward, x, gamma, beta, eps);
  });
  m.def("bn_backward", [](const Tensor& g, const Tensor& x, const Tensor& mean, const Tensor& var, const Tensor& gamma,
                          const Tensor& beta, double eps, int a) {
    return BY_ACT(bn_backward, g, x, mean, var, gamma, beta, eps);
  });
  m.def("plane_sum", &plane_sum);
}
