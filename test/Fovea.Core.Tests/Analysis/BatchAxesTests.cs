using Fovea.Analysis;
using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Core.Tests.Analysis;

public sealed class BatchAxesTests
{
    private static readonly Dictionary<Type, string> s_exempt = new()
    {
        [typeof(Variable)] = "declared, not applied",
        [typeof(Constant)] = "no image reaches it",
        [typeof(AvgPoolGradient)] = "training",
        [typeof(BatchNormGradient)] = "training",
        [typeof(BatchNormTraining)] = "training; mixes images by its nature",
        [typeof(Blend)] = "training",
        [typeof(Conv2dInputGradient)] = "training",
        [typeof(Conv2dWeightGradient)] = "training",
        [typeof(LayerNormGradient)] = "training",
        [typeof(MaxPoolGradient)] = "training",
        [typeof(PointwiseGradient)] = "training",
        [typeof(RandomDropout)] = "training",
        [typeof(RandomScale)] = "training",
        [typeof(ResizeGradient)] = "training",
        [typeof(SliceGradient)] = "training",
        [typeof(SoftmaxCrossEntropy)] = "training",
        [typeof(SoftmaxCrossEntropyGradient)] = "training",
        [typeof(SoftmaxGradient)] = "training",
        [typeof(SquaredNorm)] = "training",
        [typeof(TakeGradient)] = "training",
    };

    [Fact]
    public void Images_can_be_followed_through_every_operation_that_is_not_exempt()
    {
        var ops = typeof(Op).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Op)) && !type.IsAbstract).ToArray();
        Assert.Empty(ops.Where(op => !BatchAxes.Follows(op) && !s_exempt.ContainsKey(op)).Select(op => op.Name));
        Assert.Empty(s_exempt.Keys.Where(op => BatchAxes.Follows(op) || !ops.Contains(op)).Select(op => op.Name));
    }
}
