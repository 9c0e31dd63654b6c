"""Self-test: `python -m unittest discover -s training` (half a minute, and as much to compile the kernels at first)."""

from __future__ import annotations

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

import average
import data
import evaluate
import model as net
import noise
import train
from flat import Flat
from schedule import learning_rate

SHIPPED = Path(__file__).parents[1] / "models" / "mobilenet_v3_small_cifar10.safetensors"


def images(count: int, seed: int) -> Tensor:
    """Records of random images in CIFAR-10's layout."""
    rng = torch.Generator().manual_seed(seed)
    records = torch.randint(0, 256, (count, data.RECORD), generator=rng, dtype=torch.uint8)
    records[:, 0] %= 10
    return records


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
        flags = ["--epochs", "3", "--skip-easy", "0.5", "--small-until", "0.4", "--program-error", "0.05"]
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
        line = ["evaluate.py", str(SHIPPED), "--test", test, "--chips", "2", "--program-error", "0.05"]
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
        return noise.made(self.rows, noise.Chip(**chip))[0] - self.rows

    def test_an_ideal_chip_holds_the_network(self) -> None:
        model = net.build()
        net.load(model, SHIPPED)
        x = torch.randn(4, 32, 32, 3)
        torch.testing.assert_close(noise.forward(model.eval(), x, noise.Chip()), model(x.permute(0, 3, 1, 2)),
                                   rtol=1e-4, atol=1e-4)

    def test_tiles_are_cut_as_memloom_cuts_them(self) -> None:
        self.assertEqual(noise.tiles(64, 64), [64])
        self.assertEqual(sorted(set(noise.tiles(577, 64))), [57, 58])
        self.assertEqual(len(noise.tiles(577, 64)), 10)

    def test_placing_uses_the_range_and_gives_the_weights_back(self) -> None:
        chip, rows = noise.Chip(), self.rows[:, :64].clone()
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
        target, scale = noise.place(self.rows[:, :64], noise.Chip())
        cells = (target > 0).sum(0)
        error = noise.made(self.rows[:, :64], noise.Chip(program_error_abs=1e-6, g_min=1e-6))[0] - self.rows[:, :64]
        far = (target.amax(0) > 5e-6) & (cells == 1)
        self.assertAlmostEqual((error / scale)[far].std().item(), 1e-6, delta=3e-8)

    def test_levels_are_hit(self) -> None:
        chip = noise.Chip(levels=16)
        target, _ = noise.place(self.rows[:, :64], chip)
        level = (noise.make(target, chip)[target > 0] - chip.g_min) / ((chip.g_max - chip.g_min) / 15)
        torch.testing.assert_close(level, level.round(), rtol=0, atol=1e-4)
        self.assertEqual(level.round().unique().numel(), 16)

    def test_shares_of_faulty_cells(self) -> None:
        chip = noise.Chip(stuck_low=0.02, stuck_high=0.05, open=0.1)
        target = torch.full((1, 400, 1000), 5e-5)
        g = noise.make(target, chip)
        for value, share in ((chip.g_min, 0.02), (chip.g_max, 0.05), (0.0, 0.1), (5e-5, 0.83)):
            self.assertAlmostEqual((g == torch.tensor(value)).float().mean().item(), share, delta=0.002)
        self.assertEqual(noise.make(torch.zeros(1, 50, 50), chip).sum().item(), 0.0)

    def test_a_repaired_chip_has_no_weight_that_is_stuck_high(self) -> None:
        chip = noise.Chip(stuck_high=0.05, repair=True)
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
        chip, x = noise.Chip(read_noise=0.1), torch.rand(1, 16, 1, 1).expand(4000, 16, 1, 1)
        weight, bias = torch.randn(8, 16, 1, 1), torch.zeros(8)
        y = noise.product(x, weight, bias, chip).flatten(1)
        expected = (x[0].flatten() ** 2 * (0.1 * weight.flatten(1)) ** 2).sum(1).sqrt()
        torch.testing.assert_close(y.std(0), expected, rtol=0.06, atol=0)

    def test_the_gradient_goes_straight_through(self) -> None:
        weight = torch.randn(8, 16, 1, 1, requires_grad=True)
        x, bias, chip = torch.randn(4, 16, 1, 1), torch.randn(8), noise.Chip(program_error=0.1, stuck_low=0.1)
        noise.product(x, weight, bias, chip).sum().backward()
        torch.testing.assert_close(weight.grad, x.sum(0, keepdim=True).expand(8, 16, 1, 1))

    def test_a_converter_has_its_codes(self) -> None:
        y = noise.convert(torch.linspace(-1, 1, 10001), 4)
        self.assertLessEqual(y.unique().numel(), 16)
        self.assertLessEqual((y - torch.linspace(-1, 1, 10001)).abs().max().item(), noise.MARGIN / 15 + 1e-6)
        self.assertTrue(math.isclose(noise.convert(torch.ones(1), 0).item(), 1.0))


if __name__ == "__main__":
    unittest.main()
