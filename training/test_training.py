"""Self-test: `python -m unittest discover -s training` (half a minute, and as much to compile the kernels at first)."""

from __future__ import annotations

import itertools
import json
import math
import shutil
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import torch
from safetensors import safe_open
from safetensors.torch import load_file
from torch import Tensor, nn

import amplifiers
import average
import data
import evaluate
import model as net
import noise
import train
from chip import MARGIN, Chip
from flat import Flat
from schedule import learning_rate
from signals import LAYERS, Ranges, Signal, crest, magnitude

SHIPPED = Path(__file__).parents[1] / "models" / "mobilenet_v3_small_cifar10.safetensors"


def images(count: int, seed: int) -> Tensor:
    """Records of random images in CIFAR-10's layout."""
    rng = torch.Generator().manual_seed(seed)
    records = torch.randint(0, 256, (count, data.RECORD), generator=rng, dtype=torch.uint8)
    records[:, 0] %= 10
    return records


def convolved(x: Tensor, weight: Tensor, bias: Tensor, chip: Chip) -> Tensor:
    """The output of one convolution on a chip; `x` may reach 4, the output 10."""
    ranges = Ranges(torch.zeros(LAYERS))
    ranges.values[0] = 10.0
    return noise.Circuit(chip, ranges).product(Signal(x, torch.tensor(4.0)), weight, bias).values


class Run(unittest.TestCase):
    """A run over a handful of images."""

    def setUp(self) -> None:
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        images(96, 0).numpy().tofile(self.folder / "data_batch_1.bin")

    def trainer(self, name: str, *flags: str) -> train.Trainer:
        out = str(self.folder / name)
        line = ["train.py", "--data", str(self.folder), "--out", out, "--workers", "1", "--engine", "torch"]
        with mock.patch.object(sys, "argv", [*line, "--batch", "32", *flags]), mock.patch("builtins.print"):
            return train.Trainer(0, train.arguments())

    def finish(self, trainer: train.Trainer, epochs: int = 99) -> Tensor:
        with mock.patch("builtins.print"):
            while epochs and trainer.epoch():
                epochs -= 1
        return torch.cat([trainer.mean, trainer.mean_buffers, trainer.flat.values])

    def test_a_resumed_run_ends_with_the_same_bits(self) -> None:
        flags = ["--epochs", "3", "--skip-easy", "0.5", "--small-until", "0.4", "--program-error", "0.05",
                 "--images", "64", "--percentile", "99", "--offset", "1e-4", "--outliers", "0.1"]
        whole = self.finish(self.trainer("whole", *flags))
        self.finish(self.trainer("cut", *flags), epochs=1)
        again = self.trainer("cut", *flags)
        self.assertEqual(again.epochs, 1)
        self.assertTrue(torch.equal(whole, self.finish(again)))
        self.assertEqual(len((self.folder / "cut.run" / "log.jsonl").read_text().splitlines()), 3)

    def test_the_seed_fixes_the_weights(self) -> None:
        runs = [self.finish(self.trainer(f"{k}", "--epochs", "1", "--seed", seed)) for k, seed in enumerate("778")]
        self.assertTrue(torch.equal(runs[0], runs[1]))
        self.assertFalse(torch.equal(runs[0], runs[2]))

    def test_weights_are_there_after_every_epoch_and_ranges_with_them(self) -> None:
        trainer = self.trainer("weights", "--epochs", "3", "--noise-from", "0.5", "--op-amp-noise", "1e-4")
        self.finish(trainer, epochs=1)
        self.assertTrue((self.folder / "weights").exists())
        self.assertEqual(trainer.ranges.values.sum().item(), 0.0, "before the chip errs")
        self.finish(trainer, epochs=2)
        self.assertEqual((trainer.ranges.values > 0).sum().item(), 80)

    def test_an_epoch_of_fewer_images_has_other_ones_each_time(self) -> None:
        trainer = self.trainer("few", "--images", "40")
        orders = [trainer.choose(torch.Generator().manual_seed(k))[0] for k in range(2)]
        self.assertEqual([len(order) for order in orders], [40, 40])
        self.assertNotEqual(set(orders[0].tolist()), set(orders[1].tolist()))

    def test_a_teacher_changes_what_is_learnt(self) -> None:
        flags = ["--epochs", "1", "--seed", "7", "--init", str(SHIPPED)]
        alone = self.finish(self.trainer("alone", *flags))
        taught = self.finish(self.trainer("taught", *flags, "--teacher", str(SHIPPED), str(SHIPPED)))
        deaf = self.finish(self.trainer("deaf", *flags, "--teacher", str(SHIPPED), "--teaching", "0"))
        self.assertTrue(torch.equal(alone, deaf))
        self.assertFalse(torch.equal(alone, taught))

    def test_a_wide_network_learns_and_teaches(self) -> None:
        trainer = self.trainer("wide", "--network", "wide", "--epochs", "2")
        self.finish(trainer)
        file = self.folder / "wide.safetensors"
        net.export(trainer.averaged(), file)
        loaded = net.build("wide")
        net.load(loaded, file)
        x = torch.randn(4, 3, 32, 32)
        self.assertTrue(torch.equal(trainer.averaged()(x), loaded.eval()(x)))
        answer = net.teacher("torch", file, "cpu")(x.permute(0, 2, 3, 1))
        torch.testing.assert_close(answer.sum(1), torch.ones(4))

    def test_whitened_patches_are_uncorrelated(self) -> None:
        batch = images(64, 1)[:, 1:].view(-1, 32, 32, 3)
        model = net.build("wide")
        model.whiten(batch)
        y = nn.functional.conv2d(data.normalise(batch).permute(0, 3, 1, 2), model.filters[:12]).permute(0, 2, 3, 1)
        y = y.reshape(-1, 12)
        torch.testing.assert_close(y.T @ y / len(y), torch.eye(12), atol=0.01, rtol=0)
        self.assertTrue(torch.equal(model.filters[:12], -model.filters[12:]))

    def test_a_run_by_the_clock_ends_in_time_with_a_rate_of_nought(self) -> None:
        ticks = itertools.count(0, 0.25)
        with mock.patch("time.time", lambda: float(next(ticks))):  # as seconds, on a machine however busy
            trainer = self.trainer("clock", "--hours", str(3 / 3600))
            self.finish(trainer)
        self.assertGreater(trainer.epochs, 1)
        self.assertEqual((trainer.done, trainer.finished), (1.0, True))
        self.assertAlmostEqual(learning_rate(trainer.args, 1.0), 0.0)
        self.assertAlmostEqual(learning_rate(trainer.args, trainer.args.warm_up), trainer.args.lr)

    def test_an_exported_file_gives_the_same_logits(self) -> None:
        trainer = self.trainer("out", "--epochs", "1")
        self.finish(trainer)
        model = trainer.averaged()
        file = self.folder / "weights.safetensors"
        net.export(model, file)
        loaded = net.build()
        net.load(loaded, file)
        x = torch.randn(4, 3, 32, 32)
        self.assertTrue(torch.equal(model(x), loaded.eval()(x)))
        with safe_open(file, "pt") as ours, safe_open(SHIPPED, "pt") as shipped:
            self.assertEqual(ours.metadata(), shipped.metadata())
            shapes = [{name: f.get_slice(name).get_shape() for name in sorted(f.keys())} for f in (ours, shipped)]
        self.assertEqual(*shapes)

    def test_a_mean_has_statistics_of_its_own(self) -> None:
        out = self.folder / "mean.safetensors"
        line = ["average.py", str(SHIPPED), str(SHIPPED), "--data", str(self.folder), "--out", str(out)]
        with mock.patch.object(sys, "argv", line):
            average.main()
        mean, shipped = load_file(out), load_file(SHIPPED)
        changed = {name for name in mean if not torch.equal(mean[name], shipped[name])}
        self.assertEqual(changed, {name for name in mean if "running" in name})
        stem = net.build()
        net.load(stem, SHIPPED)
        x, _ = data.read([self.folder / "data_batch_1.bin"])
        rng = torch.Generator().manual_seed(0)
        index = torch.randperm(len(x), generator=rng)
        y = stem.features[0][0](data.augment(data.pad(x), index, rng).permute(0, 3, 1, 2))
        torch.testing.assert_close(mean["features.0.1.running_mean"], y.mean((0, 2, 3)), atol=1e-5, rtol=1e-4)

    def test_a_cut_file_of_images_is_refused(self) -> None:
        (self.folder / "data_batch_2.bin").write_bytes(b"x" * 100)
        with self.assertRaisesRegex(ValueError, "whole number of 3073-byte records"):
            self.trainer("bad")

    def test_evaluation_reports_a_chip_that_errs(self) -> None:
        test = str(self.folder / "data_batch_1.bin")
        line = ["evaluate.py", str(SHIPPED), "--test", test, "--chips", "2", "--program-error", "0.05",
                "--offset", "1e-4", "--percentile", "99.9", "--calibration", test]
        with mock.patch.object(sys, "argv", line), mock.patch("builtins.print") as printed:
            evaluate.main()
        result = json.loads(printed.call_args.args[0])
        self.assertEqual(len(result["chips"]), 2)
        self.assertTrue(all(0 <= score <= 100 for score in [result["ideal"], *result["chips"]]))


class Steps(unittest.TestCase):
    """The parts of a step, against PyTorch's own."""

    def test_descent_is_that_of_torch(self) -> None:
        torch.manual_seed(0)
        model = nn.Sequential(nn.Linear(5, 4), nn.BatchNorm1d(4), nn.Linear(4, 3))
        other = nn.Sequential(nn.Linear(5, 4), nn.BatchNorm1d(4), nn.Linear(4, 3))
        other.load_state_dict(model.state_dict())
        groups = [{"params": [p for p in other.parameters() if p.ndim > 1], "weight_decay": 0.1},
                  {"params": [p for p in other.parameters() if p.ndim == 1]}]
        sgd = torch.optim.SGD(groups, lr=0.3, momentum=0.9, nesterov=True)
        flat = Flat(model)
        velocity = torch.zeros_like(flat.values)
        for _ in range(3):
            x = torch.randn(8, 5)
            flat.zero(), sgd.zero_grad()
            model(x).square().sum().backward(), other(x).square().sum().backward()
            flat.descend(velocity, 0.3, 0.9, 0.1), sgd.step()
        expected = torch.cat([p.detach().flatten() for p in other.parameters()])
        torch.testing.assert_close(flat.values, expected)

    def test_cut_mix_pastes_its_partner(self) -> None:
        x = torch.arange(4.0)[:, None, None, None].expand(4, 8, 8, 3).contiguous()
        mixed, partner, own = data.cut_mix(x, torch.Generator().manual_seed(3))
        for image, of, before in zip(mixed, partner, x, strict=True):
            self.assertTrue(torch.isin(image, torch.stack([before[0, 0, 0], of.float()])).all())
            if of != before[0, 0, 0]:
                self.assertAlmostEqual((image == before).float().mean().item(), own, places=6)

    def test_an_augmented_image_is_the_image(self) -> None:
        pixels = images(3, 1)[:, 1:].reshape(3, 3, 32, 32).permute(0, 2, 3, 1).contiguous()
        padded, plain = data.pad(pixels), data.normalise(pixels)
        centre = mock.Mock(wraps=torch.randint, side_effect=lambda low, high, size, generator: torch.full(
            size, data.PAD if high == 2 * data.PAD + 1 else 1000))
        with mock.patch("torch.randint", centre):
            out = data.augment(padded, torch.arange(3), torch.Generator().manual_seed(0), jitter=0.0)
        for got, image in zip(out, plain, strict=True):
            self.assertTrue(torch.equal(got, image) or torch.equal(got, image.flip(1)))

    def test_a_distorted_image_keeps_its_colours_and_a_still_one_is_left(self) -> None:
        x = torch.randn(40, 32, 32, 3)
        still = data.distort(x, torch.Generator().manual_seed(0), 1e-9)
        torch.testing.assert_close(still, x, rtol=0, atol=1e-4)
        grey = torch.full((40, 32, 32, 3), 0.7)
        torch.testing.assert_close(data.distort(grey, torch.Generator().manual_seed(0), 1.0), grey)
        turned = data.distort(x, torch.Generator().manual_seed(0), 1.0)
        self.assertTrue(turned.isfinite().all() and turned.is_contiguous())
        self.assertGreater((turned - x).abs().mean().item(), 0.1)

    def test_teachers_give_probabilities_and_are_listened_to(self) -> None:
        x = torch.randn(6, 32, 32, 3)
        answer = net.teacher("torch", SHIPPED, "cpu")(x)
        torch.testing.assert_close(answer.sum(1), torch.ones(6))
        self.assertTrue(torch.equal(answer, net.teacher("torch", SHIPPED, "cpu")(x)), "no dropout")

    @unittest.skipUnless(shutil.which("c++"), "needs a C++ compiler")
    def test_the_fast_engine_is_the_network(self) -> None:
        torch.manual_seed(0)
        slow, fast = net.build(), net.build()
        for model in (slow, fast):
            net.load(model, SHIPPED)
            model.classifier[2].p = 0.0
        # Smooth images of one class, so that their gradients add up and bfloat16's rounding does not.
        x = nn.functional.interpolate(torch.randn(32, 3, 4, 4), size=32, mode="bicubic").permute(0, 2, 3, 1).contiguous()
        y = torch.zeros(32, dtype=torch.int64)
        logits = slow(x.permute(0, 3, 1, 2)), net.engine("fast", fast, "cpu")(x)
        for out in logits:
            nn.functional.cross_entropy(out, y).backward()
        self.assertLess((logits[0] - logits[1]).norm() / logits[0].norm(), 0.05)
        for (name, p), q in zip(slow.named_parameters(), fast.parameters(), strict=True):
            if p.grad.norm() > 1e-3:  # a bias before a batch norm has no gradient but rounding
                cosine = nn.functional.cosine_similarity(p.grad.flatten(), q.grad.flatten(), 0)
                self.assertGreater(cosine, 0.97, name)


class Noise(unittest.TestCase):
    """Errors of the chip, against their formulas."""

    def setUp(self) -> None:
        torch.manual_seed(0)
        self.rows = torch.randn(64, 640)

    def errors(self, **chip: float) -> Tensor:
        return noise.made(self.rows, Chip(**chip))[0] - self.rows

    def test_an_ideal_chip_holds_the_network(self) -> None:
        model = net.build()
        net.load(model, SHIPPED)
        x = torch.randn(4, 32, 32, 3)
        torch.testing.assert_close(noise.forward(model.eval(), x, Chip()), model(x.permute(0, 3, 1, 2)),
                                   rtol=1e-4, atol=1e-4)

    def test_tiles_are_cut_as_memloom_cuts_them(self) -> None:
        self.assertEqual(amplifiers.sizes(64, 64), [64])
        self.assertEqual(sorted(set(amplifiers.sizes(577, 64))), [57, 58])
        self.assertEqual(len(amplifiers.sizes(577, 64)), 10)

    def test_placing_uses_the_range_and_gives_the_weights_back(self) -> None:
        chip, rows = Chip(), self.rows[:, :64].clone()
        rows[0, 0] = 0.0
        target, scale = noise.place(rows, chip)
        torch.testing.assert_close((target[0] - target[1]) * scale, rows)
        self.assertEqual(target[:, 0, 0].tolist(), [0.0, 0.0])
        torch.testing.assert_close(target.amax((0, 2)), torch.full((64,), chip.g_max))
        self.assertGreaterEqual(target[target > 0].min().item(), chip.g_min * (1 - 1e-6))

    def test_relative_error_grows_with_the_weight(self) -> None:
        large = self.rows.abs() > 0.5  # one cell
        spread = (self.errors(program_error=0.05) / self.rows)[large].std().item()
        self.assertAlmostEqual(spread, 0.05, delta=0.001)

    def test_absolute_error_is_the_same_for_every_cell(self) -> None:
        target, scale = noise.place(self.rows[:, :64], Chip())
        cells = (target > 0).sum(0)
        error = noise.made(self.rows[:, :64], Chip(program_error_abs=1e-6, g_min=1e-6))[0] - self.rows[:, :64]
        far = (target.amax(0) > 5e-6) & (cells == 1)
        self.assertAlmostEqual((error / scale)[far].std().item(), 1e-6, delta=3e-8)

    def test_levels_are_hit(self) -> None:
        chip = Chip(levels=16)
        target, _ = noise.place(self.rows[:, :64], chip)
        level = (noise.make(target, chip)[target > 0] - chip.g_min) / ((chip.g_max - chip.g_min) / 15)
        torch.testing.assert_close(level, level.round(), rtol=0, atol=1e-4)
        self.assertEqual(level.round().unique().numel(), 16)

    def test_shares_of_faulty_cells(self) -> None:
        chip = Chip(stuck_low=0.02, stuck_high=0.05, open=0.1)
        target = torch.full((1, 400, 1000), 5e-5)
        g = noise.make(target, chip)
        for value, share in ((chip.g_min, 0.02), (chip.g_max, 0.05), (0.0, 0.1), (5e-5, 0.83)):
            self.assertAlmostEqual((g == torch.tensor(value)).float().mean().item(), share, delta=0.002)
        self.assertEqual(noise.make(torch.zeros(1, 50, 50), chip).sum().item(), 0.0)

    def test_a_repaired_chip_has_no_weight_that_is_stuck_high(self) -> None:
        chip = Chip(stuck_high=0.05, repair=True)
        target, _ = noise.place(self.rows[:, :64], chip)
        torch.manual_seed(1)
        stuck = noise.faults(target, chip)
        torch.manual_seed(1)  # the same faults again
        g = noise.make(target, chip)
        off = ((g[0] - g[1]) - (target[0] - target[1])).abs()
        sound = stuck.isnan().sum(0)
        self.assertGreater((off[sound == 0] > chip.g_min).sum().item(), 0)
        self.assertLess(off[sound == 1].max().item(), 1.01 * chip.g_min)
        self.assertEqual(off[sound == 2].max().item(), 0.0)

    def test_read_noise_has_the_variance_of_its_cells(self) -> None:
        chip, x = Chip(read_noise=0.1), torch.rand(1, 16, 1, 1).expand(4000, 16, 1, 1)
        weight, bias = torch.randn(8, 16, 1, 1), torch.zeros(8)
        y = convolved(x, weight, bias, chip).flatten(1)
        expected = (x[0].flatten() ** 2 * (0.1 * weight.flatten(1)) ** 2).sum(1).sqrt()
        torch.testing.assert_close(y.std(0), expected, rtol=0.06, atol=0)

    def test_the_gradient_goes_straight_through(self) -> None:
        weight = torch.randn(8, 16, 1, 1, requires_grad=True)
        x, bias, chip = torch.randn(4, 16, 1, 1), torch.randn(8), Chip(program_error=0.1, stuck_low=0.1)
        convolved(x, weight, bias, chip).sum().backward()
        torch.testing.assert_close(weight.grad, x.sum(0, keepdim=True).expand(8, 16, 1, 1))

    def test_a_converter_has_its_codes(self) -> None:
        y = noise.convert(torch.linspace(-1, 1, 10001), 4)
        self.assertLessEqual(y.unique().numel(), 16)
        self.assertLessEqual((y - torch.linspace(-1, 1, 10001)).abs().max().item(), MARGIN / 15 + 1e-6)
        self.assertTrue(math.isclose(noise.convert(torch.ones(1), 0).item(), 1.0))


class Amplifiers(unittest.TestCase):
    """How large op-amps' errors are in a layer's values, against the circuit as cells and resistors."""

    UNIT_IN, UNIT_OUT = 0.03, 0.07  # volts per 1.0

    def setUp(self) -> None:
        torch.manual_seed(0)
        self.chip = Chip()
        self.x, self.y = torch.tensor(1 / self.UNIT_IN), torch.tensor(1 / self.UNIT_OUT)

    def noise_gains(self, weights: Tensor) -> Tensor:
        """1 + R_f sum(G) of each bitline [2, outputs] that holds a tile's weights."""
        target, scale = noise.place(weights, self.chip)
        r_f = scale[:, 0] * self.UNIT_OUT / self.UNIT_IN
        return 1 + r_f * target.sum(2)

    def test_an_offset_comes_out_times_the_noise_gain(self) -> None:
        weights = torch.randn(6, 40) ** 5  # some are too small for one cell
        target, _ = noise.place(weights, self.chip)
        self.assertGreater((target > 0).all(0).sum().item(), 0)
        both = self.noise_gains(weights).sum(0) - 1  # one bitline for both signs
        drivers = weights.square().sum(1) + 4 * weights.clamp_min(0).square().sum(1)
        expected = ((both / self.UNIT_OUT).square() + drivers / self.UNIT_IN**2).sqrt()
        got = amplifiers.columns(weights, torch.zeros(6), self.chip, self.x, self.y)
        torch.testing.assert_close(got, expected, rtol=1e-4, atol=0)

    def test_a_pair_of_bitlines_has_two_amplifiers(self) -> None:
        weights = torch.rand(6, 9).sub(0.5).sign() * torch.rand(6, 9).add(0.1)
        plus, minus = self.noise_gains(weights) / self.UNIT_OUT
        expected = (plus.square() + (minus + self.y).square() + (weights / self.UNIT_IN).square().sum(1)).sqrt()
        got = amplifiers.pairs(weights, torch.zeros(6), self.chip, self.x, self.y)
        torch.testing.assert_close(got, expected, rtol=1e-4, atol=0)

    def test_partial_sums_have_an_amplifier_each_and_one_that_adds_them(self) -> None:
        weights = torch.full((1, 127), 0.5)  # with the bias two tiles of 64
        gain = torch.tensor([64 * 0.5, 63 * 0.5]) / self.UNIT_IN
        part = gain.max() * self.chip.v_read / self.chip.swing
        drivers = 127 * 5 * (0.5 / self.UNIT_IN) ** 2
        expected = ((part + gain).square().sum() + (self.y + 2 * part).square() + drivers).sqrt()
        got = amplifiers.columns(weights, torch.zeros(1), self.chip, self.x, self.y)
        self.assertAlmostEqual((got / expected).item(), 1, places=5)

    def test_a_bias_cell_is_on_the_lowest_rail_that_fits(self) -> None:
        bias = self.chip.v_read * torch.tensor([0.0, 4.0, 1.0, 0.2, 1e-4])
        got = amplifiers.bias_cells(bias, torch.ones(5), self.chip)
        torch.testing.assert_close(got, torch.tensor([0.0, 4.0, 1.0, 0.8, 16e-4]), atol=1e-8, rtol=1e-5)

    def test_a_small_bias_is_not_lost_between_levels(self) -> None:
        weight, bias = torch.ones(1, 4, 1, 1), torch.tensor([0.01])
        _, held, _ = noise.cells(weight, bias, torch.tensor(1.0), Chip(levels=16))
        self.assertAlmostEqual(held.item(), 0.01, delta=0.0021)  # 0.16 of the largest weight, on a rail of a 16th

    def test_poolings_and_sums(self) -> None:
        one, three = torch.tensor(1.0), torch.tensor(3.0)
        self.assertEqual(amplifiers.pooling(64, self.chip, one, three).item(), 4.0)
        part = (8 * (0.25 + 1 / 8) ** 2 + (3 + 8 * 0.25) ** 2) ** 0.5
        self.assertAlmostEqual(amplifiers.pooling(1024, self.chip, one, three).item(), part, places=4)
        self.assertAlmostEqual(amplifiers.adder(self.chip, one, three, one).item(), 29**0.5, places=5)

    def test_offsets_are_a_chips_and_noise_is_each_images(self) -> None:
        x, weight, bias = torch.zeros(400, 16, 1, 1), torch.randn(500, 16, 1, 1), torch.zeros(500)
        per_volt = amplifiers.columns(weight.flatten(1), bias, self.chip, torch.tensor(4 / 0.2), torch.tensor(10 / 0.2))
        y = convolved(x, weight, bias, Chip(offset=2e-3))
        self.assertTrue(torch.equal(y[0], y[-1]))
        self.assertAlmostEqual((y[0].flatten() / per_volt).std().item(), 2e-3, delta=2e-4)
        y = convolved(x, weight, bias, Chip(op_amp_noise=2e-3))
        torch.testing.assert_close(y.flatten(1).std(0) / per_volt, torch.full((500,), 2e-3), rtol=0.2, atol=0)

    def test_the_gradient_knows_that_weights_make_offsets_larger(self) -> None:
        weight = torch.ones(1, 4, 1, 1, requires_grad=True)
        y = convolved(torch.zeros(1, 4, 1, 1), weight, torch.zeros(1), Chip(offset=1e-3))
        y.abs().sum().backward()
        self.assertGreater(weight.grad.min().item(), 0)

    def test_resistors_and_activations_differ_from_channel_to_channel(self) -> None:
        ones = torch.ones(2, 2000, 1, 1)
        circuit = noise.Circuit(Chip(resistor_error=0.01), Ranges(torch.zeros(LAYERS)))
        y = circuit.amplified(ones, torch.tensor(1.0))
        self.assertTrue(torch.equal(y[0], y[1]))
        self.assertAlmostEqual(y[0].std().item(), 0.01, delta=0.001)
        circuit = noise.Circuit(Chip(activation_gain=0.03, activation_offset=0.02), Ranges(torch.zeros(LAYERS)))
        y = circuit.behaved(ones, torch.tensor(2.0))
        self.assertAlmostEqual(y[0].std().item(), 0.05, delta=0.004)


class Signals(unittest.TestCase):
    """Ranges, and what is beyond them."""

    def test_a_percentile_is_read_off(self) -> None:
        x = torch.linspace(-1, 1, 200_000)[torch.randperm(200_000, generator=torch.Generator().manual_seed(0))]
        x = x.view(2, 10, 100, 100)
        self.assertAlmostEqual(magnitude(x, 99.0, 1 << 20).item(), 0.99, delta=0.002)
        self.assertAlmostEqual(magnitude(x, 90.0, 1 << 14).item(), 0.9, delta=0.02)
        self.assertAlmostEqual(magnitude(x, 100.0, 1).item(), MARGIN, places=5)

    def test_values_beyond_the_range_saturate_and_teach_nothing(self) -> None:
        ranges = Ranges(torch.ones(LAYERS))
        x = torch.tensor([[-3.0, 0.5, 2.0]])[:, :, None, None].requires_grad_()
        y = noise.Circuit(Chip(percentile=99), ranges).limit(x)
        self.assertEqual((y.values.flatten().tolist(), y.range.item()), ([-1.0, 0.5, 1.0], 1.0))
        y.values.sum().backward()
        self.assertEqual(x.grad.flatten().tolist(), [0.0, 1.0, 0.0])

    def test_running_ranges_follow(self) -> None:
        ranges = Ranges(torch.zeros(LAYERS), keep=0.75)
        for value in (4.0, 8.0):
            ranges.see(3, torch.full((1, 1, 2, 2), value), 50.0)
        self.assertEqual(ranges.values[2:5].tolist(), [0.0, 5.0, 0.0])

    def test_outliers_stand_out(self) -> None:
        normal = torch.randn(8, 16, 32, 32, generator=torch.Generator().manual_seed(0))
        self.assertAlmostEqual(crest(normal, torch.tensor(3.0)).item(), 105 ** (1 / 8), delta=0.03)
        self.assertAlmostEqual(crest(torch.full((4, 2, 2, 2), 7.0), torch.tensor(1.0)).item(), 1.0, places=4)
        x = torch.cat([torch.ones(1, 1, 1, 9), torch.full((1, 1, 1, 1), 5.0)], 3).requires_grad_()
        crest(x, torch.tensor(1.0)).backward()
        self.assertGreater(x.grad.flatten()[-1].item(), 0, "less of the outlier")
        self.assertLess(x.grad.flatten()[:-1].max().item(), 0, "more of the rest")

    def test_images_without_errors_are_measured(self) -> None:
        model = net.build().eval()
        net.load(model, SHIPPED)
        x = torch.randn(4, 32, 32, 3)
        ranges = noise.measure(model, x, Chip(offset=1.0))
        self.assertAlmostEqual(ranges.values[0].item(), x.abs().max().item() * MARGIN, places=5)
        self.assertEqual((ranges.values > 0).sum().item(), 80)


if __name__ == "__main__":
    unittest.main()
