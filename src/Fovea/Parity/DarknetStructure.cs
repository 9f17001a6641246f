using System.Globalization;
using Fovea.Darknet;
using Fovea.Darknet.Layers;
using Fovea.Data.Parity;
using Fovea.Training.Parity;

namespace Fovea.Parity;

/// <summary>What follows from a cfg alone: shapes, work, and the table that Darknet prints.</summary>
internal sealed class DarknetStructure(FixtureNode root, DarknetNetwork network)
{
    private const double BFlopsLimit = 1e-6;

    private bool IsOriginal => root["oracle"]["repo"].Text().Contains("pjreddie", StringComparison.Ordinal);

    internal IEnumerable<ComponentResult> Compare()
    {
        foreach (var (_, value) in root["oracle"].Fields) value.Text();
        foreach (var (_, value) in root["source"].Fields) value.Text();
        yield return new("net", Net(root["net"]));
        yield return new("layers", Layers(root["layers"].Items));
        yield return new("table", Table(root["printed_layer_table"].Items));
        yield return new("total", Total(root["bflops_total_printed"]));
        var (trained, kept) = (network.Tensors.Where(tensor => tensor.IsTrained), network.Tensors.Where(tensor => !tensor.IsTrained));
        yield return Equal("params", trained.Sum(tensor => tensor.Shape.Elements), (long)root["params"].Number());
        yield return Equal("running_stats", kept.Sum(tensor => tensor.Shape.Elements), (long)root["running_stats"].Number());
    }

    private static ComponentResult Equal<T>(string id, T ours, T theirs) =>
        new(id, EqualityComparer<T>.Default.Equals(ours, theirs) ? null : string.Create(CultureInfo.InvariantCulture, $"is {ours}; wanted {theirs}"));

    private string? Net(FixtureNode net)
    {
        var (ours, theirs) = ($"{network.Input}, {network.Outputs}", new LayerShape(
            net["width"].Integer(), net["height"].Integer(), net["channels"].Integer(), 0) + $", {net["outputs"].Integer()}");
        return ours == theirs ? null : $"is {ours}; wanted {theirs}";
    }

    private string? Layers(IReadOnlyList<FixtureNode> theirs)
    {
        if (theirs.Count != network.Layers.Count) return $"are {network.Layers.Count}; wanted {theirs.Count}";
        string?[] problems = [.. network.Layers.Zip(theirs, Layer)];
        return Array.Find(problems, problem => problem is not null);
    }

    private string? Layer(DarknetLayer ours, FixtureNode theirs)
    {
        var problem = Facts(ours).Select(fact => Fact(ours, fact.Name, fact.Is, theirs.Find(fact.Name))).FirstOrDefault(wrong => wrong is not null);
        var bflops = theirs["bflops"].Number();
        var isCounted = !(IsOriginal && bflops == 0);
        if (isCounted && Math.Abs(ours.BFlops - bflops) > BFlopsLimit * bflops) problem ??= $"layer {ours.Index} bflops: {ours.BFlops}; wanted {bflops}";
        theirs.Close();
        return problem;
    }

    private static string? Fact(DarknetLayer layer, string name, object ours, FixtureNode? theirs)
    {
        if (theirs is null) return null;
        var wanted = theirs.IsText ? theirs.Text() : theirs.Number().ToString(CultureInfo.InvariantCulture);
        var is_ = Convert.ToString(ours, CultureInfo.InvariantCulture);
        return is_ == wanted ? null : $"layer {layer.Index} {name}: {is_}; wanted {wanted}";
    }

    private static IEnumerable<(string Name, object Is)> Facts(DarknetLayer layer)
    {
        yield return ("i", layer.Index);
        yield return ("type", layer.Kind);
        yield return ("inputs", (layer is RouteLayer or ScaleChannelsLayer ? layer.Output : layer.Input).Elements);
        yield return ("outputs", layer.Output.Elements);
        if (layer is MaxPoolLayer pool)
        {
            yield return ("size", pool.Size);
            yield return ("stride", pool.StrideX);
            yield return ("pad", pool.Padding);
        }

        if (layer is ConnectedLayer connected)
        {
            yield return ("batch_normalize", connected.IsNormalised ? 1 : 0);
            yield return ("activation", connected.Activation.Name);
            yield return ("nweights", (long)connected.Outputs * connected.Input.Elements);
        }

        if (layer is not ConvolutionalLayer conv) yield break;
        yield return ("filters", conv.Filters);
        yield return ("size", conv.Size);
        yield return ("stride", conv.StrideX);
        yield return ("pad", conv.Padding);
        yield return ("groups", conv.Groups);
        yield return ("batch_normalize", conv.IsNormalised ? 1 : 0);
        yield return ("activation", conv.Activation.Name);
        yield return ("nweights", conv.WeightCount);
    }

    /// <summary>Of each layer the first line; a table of AlexeyAB's program stands for that of a network that only pjreddie's runs.</summary>
    private string? Table(IReadOnlyList<FixtureNode> theirs)
    {
        var style = IsOriginal && root.Find("table_note") is null ? TableStyle.Original : TableStyle.AlexeyAB;
        string[] ours = [.. network.Layers.Select(layer => LayerTable.Of(layer, style).Split('\n')[0].TrimEnd())];
        string[] wanted = [.. theirs.Select(line => line.Text().TrimEnd())];
        if (ours.Length != wanted.Length) return $"has {ours.Length} lines; wanted {wanted.Length}";
        var wrong = Enumerable.Range(0, ours.Length).Where(i => ours[i] != wanted[i]).ToArray();
        return wrong.Length == 0 ? null : $"{wrong.Length} lines differ, the first is '{ours[wrong[0]]}'; wanted '{wanted[wrong[0]]}'";
    }

    private string? Total(FixtureNode theirs)
    {
        if (theirs.IsNull) return null;
        var wanted = $"Total BFLOPS {theirs.Number().ToString("F3", CultureInfo.InvariantCulture).PadLeft(5)}";
        var ours = LayerTable.Total(network).Split('\n')[0].TrimEnd();
        return ours == wanted ? null : $"is '{ours}'; wanted '{wanted}'";
    }
}
