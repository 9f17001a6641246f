using System.Globalization;
using Fovea.Analysis;
using Fovea.Darknet;
using Fovea.Darknet.Cfg;
using Fovea.Data.Sources;
using Fovea.Formats;
using Fovea.Graphs;
using Fovea.Naming;
using Fovea.Tensors;
using Fovea.Training.State;
using Fovea.Training.Weights;

namespace Fovea.Sources;

/// <summary>
/// A network of Darknet: a cfg, with a file of weights that is named or stands beside it under the same name (<c>tiny.cfg</c>, <c>tiny.weights</c>), or without
/// one. Names of classes are those of a file beside it (<c>tiny.names</c>).
/// </summary>
public sealed record DarknetSource : ModelSource
{
    private const string NamesExtension = ".names";
    private const int MostBytesOfNames = 16 << 20;

    /// <summary>How files of weights are called; the second by pjreddie's program, while it trains.</summary>
    private static readonly string[] s_extensions = [DarknetWeights.Extension, ".backup"];

    /// <inheritdoc/>
    public override string What => $"a network of Darknet ({CfgFile.Extension})";

    /// <inheritdoc/>
    public override bool TakesWeights => true;

    /// <inheritdoc/>
    public override bool Takes(string place) => EndsIn(place, CfgFile.Extension);

    /// <inheritdoc/>
    public override LoadedModel Load(string place, LoadOptions? options = null)
    {
        CheckFile(place);
        options ??= new();
        var network = DarknetNetwork.Read(place);
        CheckImages(network);
        foreach (var note in network.Notes) options.Note?.Invoke($"{place}: {note}");
        var name = Path.GetFileNameWithoutExtension(place);
        var weights = options.Weights.Length > 0 ? options.Weights : options.TakesBeside ? Beside(place, DarknetWeights.Extension) : null;
        if (options.Weights.Length == 0 && weights is not null) options.Note?.Invoke($"{place}: the weights are those beside it, {weights}");
        var graph = DarknetGraph.Build(network, 1, name);
        var (tensors, header) = weights is null ? ([], null) : WeightsOf(network, graph, weights, options);
        return new LoadedModel
        {
            Name = name,
            Origin = weights is null ? place : $"{place} with {weights}",
            Build = form => Build(network, form, name),
            Tensors = tensors,
            DarknetHeader = header,
            ClassCount = network.Outputs,
            Darknet = network,
            MakesFeatures = network.Softmax is null && FeatureOutput.Is(graph.Output(Formats.Artefact.FoveaModel.OutputName)),
            Classes = options.TakesBeside ? ClassesOf(place, network.Outputs, options.Note) : null,
            Preprocessing = DarknetImages.Of(network),
        }.Prepared(options.Images);
    }

    private static void CheckImages(DarknetNetwork network)
    {
        var (file, input) = (network.Cfg.Name, network.Input);
        if (input is not { IsImage: true, Channels: 1 or 3 })
            throw new ModelFormatException(
                file, "[net]", input.IsImage ? $"takes {Amount.Of(input.Channels, "channel")}; wanted 1 (grey) or 3 (red, green, blue)"
                    : $"takes {Amount.Of(input.Elements, "number")}, not images; wanted width, height and channels");
        if (network.Softmax is { Groups: > 1 } softmax)
            throw new ModelFormatException(
                file, $"line {softmax.Line}", $"[softmax] has {softmax.Groups} groups, each with probabilities of its own; wanted a classifier, which has one");
    }

    private static Graph Build(DarknetNetwork network, GraphForm form, string name)
    {
        network = network.WithSize(form.Width, form.Height);
        return DarknetGraph.Build(form.Classes is { } classes ? network.WithClasses(classes) : network, form.Batch, name);
    }

    private static (IReadOnlyList<(string Name, HostTensor Tensor)> Tensors, WeightsHeader? Header) WeightsOf(DarknetNetwork network, Graph graph, string path, LoadOptions options)
    {
        var layers = LayersOf(path);
        if (layers is null && !s_extensions.Any(extension => EndsIn(path, extension))) return (Matched(graph, path, options), null);
        if (options.WeightsKey.Length > 0)
            throw new ModelSourceException($"{path}: Darknet's weights have no parts; wanted no key beside them");
        if (!File.Exists(path)) throw new ModelSourceException($"{path}: there is no such file; wanted Darknet's weights");
        var read = WeightsReader.Read(path, network, layers);
        FiniteNumbers.Check(path, read.Tensors);
        var given = read.Tensors.ToDictionary(entry => entry.Name, entry => entry.Tensor, StringComparer.Ordinal);
        string[] fresh = [.. network.Tensors.Where(tensor => !given.ContainsKey(tensor.Name)).Select(tensor => tensor.Name)];
        if (fresh.Length == 0 && network.Layers.Any(layer => layer.Settings.DontLoad || layer.Settings.DontLoadScales))
            options.Note?.Invoke($"{path}: has all layers of the cfg, also those that it says not to load; all are taken");
        if (fresh.Length > 0)
            options.Note?.Invoke(
                $"{path}: {Amount.Of(fresh.Length, "tensor is new", "tensors are new")} ("
                + $"{(layers is null ? "dontload in the cfg" : $"the file has the first {Amount.Of(layers.Value, "layer")}")}): {string.Join(", ", fresh)}");
        return (
            [.. network.Tensors.Select(tensor => (tensor.Name, given.GetValueOrDefault(tensor.Name) ?? tensor.Initial.Make(tensor.Shape, tensor.Name, seed: 0)))],
            read.Header);
    }

    /// <summary>How many layers a file has of which the name says it, as <c>darknet53.conv.74</c> and <c>resnet50.65</c>; null for others.</summary>
    private static int? LayersOf(string path) =>
        Path.GetFileName(path).Split('.') is [_, .., var count] && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var layers)
            ? layers
            : null;

    /// <summary>Weights of another format, whose tensors are named as those of the graph.</summary>
    private static IReadOnlyList<(string Name, HostTensor Tensor)> Matched(Graph graph, string path, LoadOptions options)
    {
        var match = WeightMatch.Of(graph, WeightLoading.Read(path, options.WeightsKey, options.Note));
        try
        {
            match.ThrowUnlessComplete(path, graph.Name);
        }
        catch (TrainingException e)
        {
            throw new ModelSourceException($"{e.Message}. Wanted Darknet's {DarknetWeights.Extension}, or tensors named as 0.weights, 0.biases", e);
        }

        FiniteNumbers.Check(path, match.Taken);
        return match.Taken;
    }

    private static string[]? ClassesOf(string place, int count, Action<string>? note)
    {
        if (Beside(place, NamesExtension) is not { } path) return null;
        string[] names = [.. TextFile.Lines(path, MostBytesOfNames).Select(line => line.Trim()).Where(line => line.Length > 0)];
        var different = names.Distinct(StringComparer.Ordinal).Count();
        if (names.Length != count || different != count)
            throw new ModelFormatException(
                path, "", $"has {Amount.Of(names.Length, "name")}, {different} of them different; the network of {place} has {Amount.Of(count, "class")}");
        note?.Invoke($"{place}: the names of the classes are those beside it, {path}");
        return names;
    }

    private static string? Beside(string place, string extension) =>
        Path.ChangeExtension(place, extension) is var path && File.Exists(path) ? path : null;
}
