"""The parts of base.fit_embedding that need no trained encoder."""

import pytest

pytest.importorskip("torch", reason="the training extras bring torch")

import torch

from base.fit_embedding import blend, fold_scale, ridge


def test_ridge_finds_the_linear_map_behind_the_rows() -> None:
    torch.manual_seed(0)
    x, weight, bias = torch.randn(500, 6), torch.randn(4, 6), torch.randn(4)
    x -= x.mean(0)
    layer = ridge(x, x @ weight.T + bias, 1e-3)
    assert torch.allclose(layer.weight, weight, atol=1e-4) and torch.allclose(layer.bias, bias, atol=1e-4)
    assert ridge(x, x @ weight.T, 1e3).weight.norm() < layer.weight.norm()


def test_a_folded_scale_gives_the_same_for_features_as_they_come() -> None:
    torch.manual_seed(1)
    layer, x = torch.nn.Linear(6, 4), 3 * torch.randn(20, 6) + 5
    mean, deviation = x.mean(0), x.std(0).mean()
    folded = torch.nn.Linear(6, 4)
    folded.load_state_dict(fold_scale(layer, mean, deviation))
    assert torch.allclose(folded(x), layer((x - mean) / deviation), atol=1e-5)


def test_blended_layers_weigh_by_their_shares_whatever_their_scale() -> None:
    torch.manual_seed(2)
    x, a, b = torch.randn(50, 6), torch.nn.Linear(6, 4).state_dict(), torch.nn.Linear(6, 4).state_dict()
    louder = {name: 100 * values for name, values in a.items()}
    blended, same = blend([(0.3, a), (0.7, b)], x), blend([(0.3, louder), (0.7, b)], x)
    assert all(torch.allclose(blended[name], same[name], atol=1e-5) for name in blended)
    alone = torch.nn.functional.linear(x, **blend([(1.0, a)], x))
    assert alone.norm(dim=1).mean().item() == pytest.approx(1, abs=1e-5)
