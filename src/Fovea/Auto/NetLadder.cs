using Fovea.Sources;
using Fovea.Training.Optimizers;
using Fovea.Training.Recipes;

namespace Fovea.Auto;

/// <summary>The nets that recipes are chosen from: plain and residual nets of 3×3 convolutions, which are fast on CPUs.</summary>
internal static class NetLadder
{
    /// <summary>The largest side of images that are small.</summary>
    internal const int SmallSide = 40;

    private const int LeastPhoto = 48;
    private const int LargestInput = 224;
    private const int InputStep = 16;

    private static readonly int[] s_sizes = [48, 64, 96, 128, 160, 192, 224];

    private static readonly ModelChoice[] s_small =
        [new() { Name = "airbench94_w32", Whiten = true }, new() { Name = "airbench94", Whiten = true }, new() { Name = "cifar_resnet18" }];

    private static readonly ModelChoice s_thin =
        new() { Name = "repvgg", NumBlocks = [1, 2, 3, 1], WidthMultiplier = [0.5, 0.5, 0.5, 1] };

    private static readonly (ModelChoice Model, int LeastSize)[] s_photo =
    [
        (s_thin, 48), (new() { Name = "repvgg_m0" }, 64), (new() { Name = "repvgg_a0" }, 64), (new() { Name = "resnet18" }, 64),
        (new() { Name = "resnet34" }, 128),
    ];

    /// <summary>The input size for images: theirs where they are small, otherwise a multiple of 16 up to 224.</summary>
    /// <param name="side">The usual shorter side of the images.</param>
    internal static int SizeFor(int side) => side switch
    {
        < 28 => 32,
        <= SmallSide => side / 4 * 4,
        _ => Math.Clamp((side + (InputStep / 2)) / InputStep * InputStep, LeastPhoto, LargestInput),
    };

    /// <summary>The nets for images of a usual side, from the least work to the most.</summary>
    /// <param name="side">The usual shorter side of the images.</param>
    /// <param name="size">The input size; 0 for any that suits.</param>
    internal static IReadOnlyList<NetChoice> For(int side, int size)
    {
        var full = size > 0 ? size : SizeFor(side);
        var nets = full <= SmallSide
            ? s_small.Select(model => new NetChoice(model, full, OptimizerFor(model)))
            : from fitting in size > 0 ? [size] : s_sizes.Where(small => small < full).Append(full)
              from net in s_photo
              where fitting >= net.LeastSize || net.Model == s_thin
              select new NetChoice(net.Model, fitting, OptimizerFor(net.Model));
        return [.. nets.Where(net => net.IsPossible).OrderBy(net => net.Work)];
    }

    /// <summary>
    /// A net that is given, at the sizes that suit images of a usual side, from the least work to the most: its own where it is made for small images, and a
    /// larger one where it would halve them to nothing.
    /// </summary>
    internal static IReadOnlyList<NetChoice> Of(ModelChoice model, int side, int size)
    {
        NetChoice At(int fitting) => new(model, fitting, OptimizerFor(model));
        if (size > 0) return At(size) is { IsPossible: true } given ? [given] : [];
        if (NetChoice.HasWeights(model)) return [At(OwnSize(model))];
        var full = SizeFor(side);
        if (OwnSize(model) is <= SmallSide and var own && own <= full) return [At(own)];
        List<NetChoice> seeing = [.. (full <= SmallSide ? [full] : s_sizes.Where(small => small < full).Append(full)).Select(At).Where(net => net.Sees)];
        if (seeing.Count > 0) return seeing;
        IEnumerable<int> larger = [2 * full, 3 * full, 4 * full, LargestInput];
        return [.. larger.Select(At).Where(net => net.Sees).Take(1)];
    }

    private static int OwnSize(ModelChoice model) => new TrainRecipe { Model = model }.OpenModel().Preprocessing.Height;

    /// <summary>
    /// Rates that follow the batch: of SGD in proportion (Goyal et al. 2017, arXiv:1706.02677), of AdamW by the root (Malladi et al. 2022, arXiv:2205.10287).
    /// </summary>
    private static Func<int, OptimizerOptions> OptimizerFor(ModelChoice model)
    {
        const int usual = 128;
        bool IsCalled(string name) => model.Name?.StartsWith(name, StringComparison.Ordinal) == true;
        if (NetChoice.HasWeights(model)) return _ => new SgdOptions { LearningRate = 0.02, Nesterov = true, WeightDecay = 1e-4, LinearRuleBatch = usual };
        if (IsCalled("airbench"))
            return _ => new SgdOptions
            {
                LearningRate = 0.19, Momentum = 0.85, Nesterov = true, WeightDecay = 1.33e-3, BiasRate = 64, LinearRuleBatch = usual,
            };
        if (IsCalled("repvgg"))
            return batch => new AdamWOptions { LearningRate = Math.Round(0.005 * Math.Sqrt((double)batch / usual), 5), WeightDecay = 0.05 };
        return _ => new SgdOptions { LearningRate = 0.1, Nesterov = true, LinearRuleBatch = usual };
    }
}
