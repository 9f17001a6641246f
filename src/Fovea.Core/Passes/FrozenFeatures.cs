using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Passes;

/// <summary>
/// Divides a training graph where what is the same for an image in every step ends: what frozen parts make of it, without randomness. The one part makes
/// features of images, the other trains on features.
/// </summary>
public sealed class FrozenFeatures
{
    /// <summary>The output of <see cref="Before"/>.</summary>
    public const string Output = "features";

    private readonly Graph _training;
    private readonly Variable _images;
    private readonly bool[] _same;
    private readonly bool[] _ofImages;

    private FrozenFeatures(Graph training, Value images, IReadOnlySet<string> frozen)
    {
        (_training, _images) = (training, images.Variable!);
        (_same, _ofImages) = (new bool[training.Nodes.Count], new bool[training.Nodes.Count]);
        foreach (var node in training.Nodes)
        {
            _ofImages[node.Index] = node == images.Node || node.Inputs.Any(input => _ofImages[input.Node.Index]);
            _same[node.Index] = node.Op is Variable variable
                ? node == images.Node || frozen.Contains(variable.Label)
                : node.Op is not BatchNormTraining && node.Inputs.All(input => _same[input.Node.Index]);
        }

        Features = images;
    }

    /// <summary>What crosses, [N, …] in float32.</summary>
    public Value Features { get; private set; }

    /// <summary>How many numbers an image has there.</summary>
    public long Length => Features.Shape.Elements / Features.Shape[0];

    /// <summary>The division of a training graph; null where no single value for each image crosses, or the images themselves do.</summary>
    /// <param name="training">What <see cref="EnterTraining"/> made.</param>
    /// <param name="images">The input of images.</param>
    /// <param name="frozen">The labels of variables that stay as they are.</param>
    public static FrozenFeatures? Of(Graph training, string images, IReadOnlySet<string> frozen)
    {
        var input = training.Variable(images);
        var division = new FrozenFeatures(training, input, frozen);
        var crossing = training.Nodes.Where(node => !division._same[node.Index]).SelectMany(node => node.Inputs)
            .Concat(training.Outputs.Select(output => output.Value)).Concat(training.Auxiliaries.Select(auxiliary => auxiliary.Value))
            .Where(value => division._ofImages[value.Node.Index] && division._same[value.Node.Index]).Distinct().ToArray();
        if (crossing is not [{ Variable: null } features] || features.Node.Results.Count > 1) return null;
        if (features.Shape.Rank < 2 || features.Shape[0] != input.Shape[0] || features.Type.DType != input.Type.DType) return null;
        division.Features = features;
        return division;
    }

    /// <summary>The first part: the images → <see cref="Output"/>.</summary>
    public Graph Before()
    {
        var to = new Remap(_training);
        foreach (var node in _training.Nodes)
            if (_same[node.Index]) to.Copy(node);
        to.Graph.Output(Output, to[Features]);
        return new EliminateDeadNodes().Apply(to.Graph);
    }

    /// <summary>The second part: the training graph with features in the place of images, under their name. It has all variables.</summary>
    public Graph After()
    {
        var to = new Remap(_training);
        foreach (var node in _training.Nodes)
        {
            if (node == Features.Node) to.Set(node, [to.Graph.Declare(_images with { Type = Features.Type })]);
            else if (!(_same[node.Index] && _ofImages[node.Index])) to.Copy(node);
        }

        to.Finish();
        return to.Graph;
    }
}
