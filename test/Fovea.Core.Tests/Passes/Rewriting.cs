using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;

namespace Fovea.Core.Tests.Passes;

/// <summary>Passes from text to text.</summary>
internal static class Rewriting
{
    /// <summary>The text of a graph after passes; the source is verified and must stay as it is.</summary>
    internal static string Of(string before, params Pass[] passes)
    {
        var graph = GraphParser.Parse(before);
        Verifier.Verify(graph);
        var after = GraphPrinter.Print(new PassDriver().Run(graph, passes));
        Assert.Equal(before, GraphPrinter.Print(graph));
        return after;
    }
}
