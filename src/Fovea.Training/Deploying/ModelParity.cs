using Fovea.Execution;
using Fovea.Formats.Artefact;
using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Training.Deploying;

/// <summary>Whether two models with their weights are the same function.</summary>
public static class ModelParity
{
    /// <summary>Runs both on the same drawn images and compares the logits.</summary>
    /// <param name="expected">The one whose logits are right, for as many images at a time as the options say.</param>
    /// <param name="actual">The other, for as many.</param>
    /// <param name="backend">What runs both.</param>
    /// <param name="options">How many images, and what passes.</param>
    /// <exception cref="NonFiniteException">The first computes NaN or infinity.</exception>
    /// <exception cref="GraphException">A weight is missing.</exception>
    public static ExportParity Compare(
        (Graph Graph, IReadOnlyDictionary<string, HostTensor> Weights) expected, (Graph Graph, IReadOnlyDictionary<string, HostTensor> Weights) actual,
        IBackend backend, OnnxExportOptions options)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(options);
        var images = DrawnImages.Of(expected.Graph.Variable(FoveaModel.InputName).Shape, options.Seed);
        using var right = new WeightedPlans(backend, expected.Weights, expected.Graph);
        using var other = new WeightedPlans(backend, actual.Weights, actual.Graph);
        right.Run(images.Floats, FoveaModel.InputName);
        other.Run(images.Floats, FoveaModel.InputName);
        var wanted = right.Rows(0, FoveaModel.OutputName, options.Images, options.Images);
        var given = other.Rows(0, FoveaModel.OutputName, options.Images, options.Images);
        NonFiniteException.Check(expected.Graph.Name, FoveaModel.OutputName, wanted, wanted.Length / options.Images);
        var meter = new DifferenceMeter();
        meter.Add(wanted, given);
        return new()
        {
            Backend = backend.Name,
            Images = options.Images,
            Tolerance = options.Tolerance,
            Logits = meter.Read(),
            ChangedTop1 = Logits.ChangedTop1(wanted, given, options.Images),
        };
    }
}
