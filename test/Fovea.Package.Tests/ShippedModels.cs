using Fovea.Data.Decoding;
using Fovea.Formats.Artefact;
using Fovea.Graphs;
using Fovea.Models;
using Fovea.Models.Building;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Package.Tests;

/// <summary>Small models with weights as after training, and pictures.</summary>
internal static class ShippedModels
{
    internal const int Size = 32;

    private const int Classes = 5;

    internal static Graph Graph(string name, int batch)
    {
        var options = new ModelOptions { Classes = Classes, ImageSize = Size };
        if (ModelCatalog.Find(name).IsFreeForm) options = options with { NumBlocks = [1, 2, 1, 1], WidthMultiplier = [0.25, 0.25, 0.25, 0.5] };
        return ModelCatalog.Build(name, options, batch);
    }

    internal static Dictionary<string, HostTensor> Weights(Graph graph)
    {
        var weights = new Dictionary<string, HostTensor>(StringComparer.Ordinal);
        foreach (var variable in graph.Variables.Select(value => value.Variable!).Where(variable => variable.Kind != VariableKind.Input))
        {
            var (tensor, draws) = (new HostTensor(variable.Type), new Philox(4, Philox.Hash(variable.Label)));
            var shape = variable.Type.Shape;
            var bound = shape.Rank > 1 ? Math.Sqrt(6.0 * shape[0] / shape.Elements) : 0.1;
            var centre = shape.Rank > 1
                || !(variable.Label.EndsWith("weight", StringComparison.Ordinal) || variable.Label.EndsWith("var", StringComparison.Ordinal))
                ? 0
                : 1;
            for (var i = 0; i < tensor.Floats.Length; i++) tensor.Floats[i] = (float)(centre + (bound * ((2 * draws.Uniform((ulong)i)) - 1)));
            weights.Add(variable.Label, tensor);
        }

        return weights;
    }

    /// <summary>The folded model with its preprocessing: shorter side to 40, middle 32.</summary>
    internal static FoveaModel Model(string name = "repvgg")
    {
        var graph = Graph(name, batch: 1);
        var form = Deploy.Fold(graph, Weights(graph));
        var card = new ModelCard
        {
            Model = name,
            Classes = ["ant", "bee", "cat", "dog", "eel"],
            Input = new() { Height = Size, Width = Size, CropFraction = 0.8 },
        };
        return new() { Card = card, Graph = form.Graph, Weights = form.Weights };
    }

    /// <summary>A picture with colours and shapes that follow from its number, as PNG.</summary>
    internal static byte[] Picture(int number) => PngEncoder.Encode(Pixels(number));

    internal static RgbImage Pixels(int number)
    {
        var (image, draws) = (new RgbImage(50 + number, 44), new Philox(5, (ulong)number));
        for (var y = 0; y < image.Height; y++)
            for (var x = 0; x < image.Width; x++)
                for (var c = 0; c < 3; c++) image.Row(y)[(3 * x) + c] = (byte)draws.Integer((ulong)((((y / 11 * 8) + (x / 11)) * 3) + c), 256);
        return image;
    }
}
