using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Fovea.Analysis;
using Fovea.Cli.Output;
using Fovea.Cli.Usage;
using Fovea.Darknet;
using Fovea.Graphs;
using Fovea.Models;
using Fovea.Passes;
using Fovea.Sources;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea cost</c>: parameters, work and memory of models for one image.</summary>
internal static class CostCommand
{
    private const string MemoryConvention =
        "Max memory: of one layer on an int8 accelerator, its weights and biases, its output as int32 and again as int8; KiB of 1024 bytes. " +
        "Flops as published: what the table of small RepVGG variants prints, a counter's mistake; compare MACs instead.";

    private static readonly Argument<string[]> s_models = new("MODEL") { Description = $"{ModelFlags.Description}; several", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<bool> s_deploy = new("--deploy") { Description = "Count the re-parameterised form, with norms folded into convolutions" };
    private static readonly Option<bool> s_layers = new("--layers") { Description = "Count each layer, too" };

    private sealed record Counted(string Model, Graph Graph, ModelCost Cost, IReadOnlyList<LayerMemory> Layers)
    {
        internal LayerMemory Largest { get; } = OnChipMemory.Largest(Graph);

        internal long PublishedFlops { get; } = Analysis.PublishedFlops.Of(Graph);

        /// <summary>The network of a cfg, whose table and total are Darknet's; null for other models.</summary>
        internal DarknetNetwork? Darknet { get; init; }
    }

    internal static Command Create() => new Command("cost", "Count parameters, multiply-accumulates and memory")
        .With(s_models).With(ModelFlags.Choices).With(s_deploy, s_layers).Runs(Run);

    private static int Run(Invocation call)
    {
        var all = call.Value(s_models)!.Select(name => Count(call, name)).ToList();
        Summary(call.Report, all);
        if (call.Value(s_layers))
            foreach (var counted in all) Layers(call.Report, counted);
        foreach (var counted in all) DarknetTable(call, counted);
        call.Report.Line(CostAnalysis.Convention);
        call.Report.Line(MemoryConvention);
        call.Report.Object(json =>
        {
            json.WriteStartArray("models");
            foreach (var counted in all) Write(json, counted, call);
            json.WriteEndArray();
        });
        return ExitCodes.Ok;
    }

    private static Counted Count(Invocation call, string name)
    {
        var graph = ModelFlags.Build(call, name, batch: 1);
        if (call.Value(s_deploy)) graph = Deploy.Structure(graph, ModelCatalog.TryFind(name) is { } row ? row.DeployName : null);
        return new(name, graph, CostAnalysis.Of(graph), OnChipMemory.Of(graph))
        {
            Darknet = new DarknetSource().Takes(name) ? NetworkOf(name, graph) : null,
        };
    }

    /// <summary>The network of a cfg for images of the size that is counted.</summary>
    private static DarknetNetwork NetworkOf(string cfg, Graph counted) =>
        DarknetNetwork.Read(cfg).WithSize(counted.Find("input")!.Shape.W, counted.Find("input")!.Shape.H);

    private static void Summary(Report report, IReadOnlyList<Counted> all)
    {
        var table =
            new TextTable(
                "model", ">params", ">with BN statistics", ">MACs", ">FLOPs", ">activations KiB", ">max memory KiB", "in layer", ">flops as published");
        foreach (var counted in all)
        {
            var cost = counted.Cost;
            table.Row(counted.Model, CountFormat.Short(cost.Params), CountFormat.Short(cost.ParamsWithStatistics),
                CountFormat.Short(cost.Macs), CountFormat.Short(cost.Flops), Kibibytes(cost.ActivationBytes),
                counted.Largest.Kibibytes.ToString(CultureInfo.InvariantCulture),
                counted.Largest.Path, CountFormat.Short(counted.PublishedFlops));
        }

        report.Table(table);
    }

    private static void Layers(Report report, Counted counted)
    {
        var memory = Memory(counted);
        var table = new TextTable("layer", "op", "output", ">params", ">MACs", ">activations KiB", ">memory KiB");
        foreach (var node in counted.Cost.Nodes)
            table.Row(node.Path, node.Op, node.Output.ToString(), node.Params.ToString(CultureInfo.InvariantCulture),
                node.Macs.ToString(CultureInfo.InvariantCulture), Kibibytes(node.ActivationBytes),
                memory(node)?.Kibibytes.ToString(CultureInfo.InvariantCulture) ?? "");
        report.Line();
        report.Line(counted.Model);
        report.Table(table);
    }

    /// <summary>What Darknet prints of a network of its own: with <c>--layers</c> the whole table, otherwise the total.</summary>
    private static void DarknetTable(Invocation call, Counted counted)
    {
        if (counted.Darknet is not { } network) return;
        call.Report.Line();
        call.Report.Line($"{counted.Model}, as Darknet counts, two operations for each multiply-accumulate of convolutions:");
        call.Report.Text(call.Value(s_layers) ? LayerTable.Of(network) : LayerTable.Total(network));
    }

    /// <summary>The memory of the node that is a layer; a module's other nodes have none.</summary>
    private static Func<NodeCost, LayerMemory?> Memory(Counted counted)
    {
        var layers = counted.Layers.ToLookup(layer => layer.Path);
        return node => node.Op is "conv2d" or "matmul" ? layers[node.Path].FirstOrDefault() : null;
    }

    private static void Write(Utf8JsonWriter json, Counted counted, Invocation call)
    {
        var (cost, input) = (counted.Cost, counted.Graph.Find("input")!.Shape);
        json.WriteStartObject();
        json.WriteString("model", counted.Model);
        json.WriteNumber("classes", counted.Graph.Output("logits").Shape[1]);
        json.WriteNumber("image_size", input.H);
        json.WriteBoolean("deploy", call.Value(s_deploy));
        json.WriteNumber("params", cost.Params);
        json.WriteNumber("params_with_bn_statistics", cost.ParamsWithStatistics);
        json.WriteNumber("macs", cost.Macs);
        json.WriteNumber("flops", cost.Flops);
        json.WriteNumber("activation_bytes", cost.ActivationBytes);
        json.WriteNumber("max_memory_kib", counted.Largest.Kibibytes);
        json.WriteString("max_memory_layer", counted.Largest.Path);
        json.WriteNumber("flops_as_published", counted.PublishedFlops);
        if (counted.Darknet is { } network)
        {
            json.WriteNumber("bflops", network.BFlops);
            json.WriteNumber("avg_outputs", network.AverageOutputs);
        }

        if (call.Value(s_layers)) WriteLayers(json, counted);
        json.WriteEndObject();
    }

    private static void WriteLayers(Utf8JsonWriter json, Counted counted)
    {
        var memory = Memory(counted);
        json.WriteStartArray("layers");
        foreach (var node in counted.Cost.Nodes)
        {
            json.WriteStartObject();
            json.WriteString("path", node.Path);
            json.WriteString("op", node.Op);
            json.WriteString("output", node.Output.ToString());
            json.WriteNumber("params", node.Params);
            json.WriteNumber("macs", node.Macs);
            json.WriteNumber("flops", node.Flops);
            json.WriteNumber("activation_bytes", node.ActivationBytes);
            if (memory(node) is { } layer) json.WriteNumber("memory_kib", layer.Kibibytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Kibibytes(long bytes) => (bytes / 1024.0).ToString("F1", CultureInfo.InvariantCulture);
}
