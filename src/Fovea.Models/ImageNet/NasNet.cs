using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.ImageNet;

/// <summary>NASNet-A large, 6 @ 4032 (Zoph et al. 2017, arXiv:1707.07012 fig. 4); names and initialisers follow timm.</summary>
internal static class NasNet
{
    private const int Width = 168;
    private const int CellsPerStage = 6;

    internal static IReadOnlyList<ModelRow> Rows { get; } =
        [InceptionRow.Of("nasnetalarge", "nasnet", Build, "arXiv:1707.07012", crop: 0.911, size: 331)];

    /// <summary>Each cell reads the result of the one before and of the one before that.</summary>
    private static Value Build(Scope s, Value x, ModelOptions options)
    {
        var stem = NasParts.Stem(s["conv0"], x);
        var first = s["cell_stem_0"];
        var before = Reduction(first, NasParts.Project(first["conv_1x1"], stem, Width / 4), stem);
        var second = s["cell_stem_1"];
        x = Reduction(second, NasParts.Project(second["conv_1x1"], before, Width / 2), NasParts.Factorised(second, stem, Width / 2));
        for (var stage = 0; stage < 3; stage++)
        {
            var width = Width << stage;
            if (stage > 0)
            {
                var reduction = s[$"reduction_cell_{stage - 1}"];
                var left = NasParts.Project(reduction["conv_prev_1x1"], before, width);
                x = Reduction(reduction, NasParts.Project(reduction["conv_1x1"], x, width), left);
            }

            for (var i = 0; i < CellsPerStage; i++)
            {
                var cell = s[$"cell_{(stage * CellsPerStage) + i}"];
                (x, before) = (i == 0 ? AfterReduction(cell, x, before, width) : Normal(cell, x, before, width), x);
            }
        }

        return x.Relu().Classifier(s["last_linear"], options);
    }

    /// <summary>The result before the last is twice as large as the last one.</summary>
    private static Value AfterReduction(Scope s, Value last, Value before, int width)
    {
        var right = NasParts.Project(s["conv_1x1"], last, width);
        return Combined(s, right, NasParts.Factorised(s, before, width));
    }

    private static Value Normal(Scope s, Value last, Value before, int width)
    {
        var left = NasParts.Project(s["conv_prev_1x1"], before, width);
        return Combined(s, NasParts.Project(s["conv_1x1"], last, width), left);
    }

    private static Value Combined(Scope s, Value h, Value p)
    {
        var first = NasParts.Separable(s["comb_iter_0_left"], h, kernel: 5).Plus(NasParts.Separable(s["comb_iter_0_right"], p, kernel: 3));
        var second = NasParts.Separable(s["comb_iter_1_left"], p, kernel: 5).Plus(NasParts.Separable(s["comb_iter_1_right"], p, kernel: 3));
        var third = NasParts.AvgPool(h, stride: 1).Plus(p);
        var fourth = NasParts.AvgPool(p, stride: 1).Times(2);
        var fifth = NasParts.Separable(s["comb_iter_4_left"], h, kernel: 3).Plus(h);
        return p.Concat(axis: 1, first, second, third, fourth, fifth);
    }

    /// <summary>Half as large as h and p, with four times the channels of h.</summary>
    private static Value Reduction(Scope s, Value h, Value p)
    {
        var width = h.Shape.C;
        var first = NasParts.Separable(s["comb_iter_0_left"], h, kernel: 5, stride: 2).Plus(Right("comb_iter_0_right", kernel: 7));
        var second = NasParts.MaxPool(h, stride: 2).Plus(Right("comb_iter_1_right", kernel: 7));
        var third = NasParts.AvgPool(h, stride: 2).Plus(Right("comb_iter_2_right", kernel: 5));
        var fourth = NasParts.AvgPool(first, stride: 1).Plus(second);
        var fifth = NasParts.Separable(s["comb_iter_4_left"], first, kernel: 3).Plus(NasParts.MaxPool(h, stride: 2));
        return second.Concat(axis: 1, third, fourth, fifth);

        Value Right(string name, int kernel) => NasParts.Separable(s[name], p, kernel, stride: 2, width);
    }
}
