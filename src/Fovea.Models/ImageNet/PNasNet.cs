using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.ImageNet;

/// <summary>PNASNet-5 large (Liu et al. 2017, arXiv:1712.00559 fig. 1); names and initialisers follow timm.</summary>
internal static class PNasNet
{
    private const int Width = 216;
    private const int CellsPerStage = 4;

    internal static IReadOnlyList<ModelRow> Rows { get; } =
        [InceptionRow.Of("pnasnet5large", "pnasnet", Build, "arXiv:1712.00559", crop: 0.911, size: 331)];

    /// <summary>Each cell reads the result of the one before and of the one before that.</summary>
    private static Value Build(Scope s, Value x, ModelOptions options)
    {
        var before = NasParts.Stem(s["conv_0"], x);
        x = FirstCell(s["cell_stem_0"], before);
        (x, before) = (Cell(s["cell_stem_1"], before, x, Width / 2, stride: 2, isBeforeLarger: true), x);
        for (var i = 0; i < 3 * CellsPerStage; i++)
        {
            var stride = i > 0 && i % CellsPerStage == 0 ? 2 : 1;
            var isBeforeLarger = i == 0 || (i > CellsPerStage && i % CellsPerStage == 1);
            (x, before) = (Cell(s[$"cell_{i}"], before, x, Width << (i / CellsPerStage), stride, isBeforeLarger), x);
        }

        return x.Relu().Classifier(s["last_linear"], options);
    }

    /// <summary>The first cell has one input; its left branches bring that to the width of the cell themselves.</summary>
    private static Value FirstCell(Scope s, Value left)
    {
        const int Channels = Width / 4;
        var right = NasParts.Project(s["conv_1x1"], left, Channels);
        var first = NasParts.Separable(s["comb_iter_0_left"], left, kernel: 5, stride: 2, Channels);
        var pooled = NasParts.MaxPool(left, stride: 2).TorchConv(s["comb_iter_0_right"]["conv"], Channels, kernel: 1);
        first = first.Plus(NasParts.Norm(s["comb_iter_0_right"]["bn"], pooled));
        return Combined(s, left, right, first, stride: 2);
    }

    private static Value Cell(Scope s, Value before, Value last, int width, int stride, bool isBeforeLarger)
    {
        var left = isBeforeLarger ? NasParts.Factorised(s["conv_prev_1x1"], before, width) : NasParts.Project(s["conv_prev_1x1"], before, width);
        var right = NasParts.Project(s["conv_1x1"], last, width);
        var first = NasParts.Separable(s["comb_iter_0_left"], left, kernel: 5, stride).Plus(NasParts.MaxPool(left, stride));
        return Combined(s, left, right, first, stride);
    }

    /// <summary>What all cells have in common behind the first pair.</summary>
    private static Value Combined(Scope s, Value left, Value right, Value first, int stride)
    {
        var second = NasParts.Separable(s["comb_iter_1_left"], right, kernel: 7, stride).Plus(NasParts.MaxPool(right, stride));
        var third = NasParts.Separable(s["comb_iter_2_left"], right, kernel: 5, stride);
        third = third.Plus(NasParts.Separable(s["comb_iter_2_right"], right, kernel: 3, stride));
        var fourth = NasParts.Separable(s["comb_iter_3_left"], third, kernel: 3).Plus(NasParts.MaxPool(right, stride));
        var fifth = NasParts.Separable(s["comb_iter_4_left"], left, kernel: 3, stride, right.Shape.C);
        fifth = fifth.Plus(stride > 1 ? NasParts.Project(s["comb_iter_4_right"], right, right.Shape.C, stride) : right);
        return first.Concat(axis: 1, second, third, fourth, fifth);
    }
}
