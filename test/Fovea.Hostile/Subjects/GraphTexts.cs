using System.Text;
using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Hostile.Subjects;

/// <summary>Graphs as text; those that can be read are compiled and run.</summary>
public class GraphTexts : Subject
{
    /// <inheritdoc/>
    public override string Name => "graph";

    /// <inheritdoc/>
    public override byte[] Make(Choices choices) => Encoding.UTF8.GetBytes(new GraphMaker(choices).Text());

    /// <inheritdoc/>
    public override void Read(byte[] file)
    {
        var graph = GraphParser.Parse(Encoding.UTF8.GetString(file));
        Verifier.Verify(graph);
        var printed = GraphPrinter.Print(graph);
        if (GraphPrinter.Print(GraphParser.Parse(printed)) != printed) throw new HostileException("the graph prints otherwise when it was read again");
        Runs.Run(graph);
    }

    /// <inheritdoc/>
    public override bool Refuses(Exception failure) => failure is GraphException;
}
