using Fovea.Darknet.Cfg;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Darknet.Tests;

/// <summary>Small networks, computed in double.</summary>
internal static class Nets
{
    /// <summary>A network of so many channels, columns and rows with these layers.</summary>
    internal static DarknetNetwork Of(string layers, int channels = 3, int width = 6, int height = 5) =>
        DarknetNetwork.Of(CfgFile.Parse($"[net]\nwidth={width}\nheight={height}\nchannels={channels}\n{layers}", "test.cfg"));

    /// <summary>A number for each place of a tensor, without pattern, between −1 and 1.</summary>
    internal static double Number(string name, int index) =>
        ((Philox.Hash($"{name}/{index}") >> 40) * (2.0 / (1 << 24))) - 1;

    internal static double[] Numbers(string name, long count) => [.. Enumerable.Range(0, (int)count).Select(i => (double)(float)Number(name, i))];

    /// <summary>What a layer makes of the input <c>Numbers("input")</c> with weights <c>Numbers(name)</c>; variances lie between 0.5 and 1.5.</summary>
    internal static double[] Run(DarknetNetwork network, int layer)
    {
        var graph = DarknetGraph.BuildLayers(network, 1);
        var found = Interpreter.Run(graph, variable => OracleTensor.From(Filled(variable)));
        return found[graph.Output(DarknetGraph.LayerName(layer))].Elements;
    }

    internal static double Weight(string name, int index) => (float)(name.EndsWith("variance", StringComparison.Ordinal) ? 1 + (Number(name, index) / 2) : Number(name, index));

    private static HostTensor Filled(Variable variable)
    {
        var tensor = new HostTensor(variable.Type);
        for (var i = 0; i < tensor.Floats.Length; i++) tensor.Floats[i] = (float)Weight(variable.Label, i);
        return tensor;
    }

    internal static void Near(IReadOnlyList<double> wanted, IReadOnlyList<double> found, double tolerance = 1e-6)
    {
        Assert.Equal(wanted.Count, found.Count);
        for (var i = 0; i < wanted.Count; i++)
            Assert.True(Math.Abs(wanted[i] - found[i]) <= tolerance * Math.Max(1, Math.Abs(wanted[i])), $"[{i}] is {found[i]}; wanted {wanted[i]}");
    }
}
