using Fovea.Graphs;
using Fovea.Passes;

namespace Fovea.Sources;

/// <summary>The forms of a graph that a file holds, which is all that there is to know of the model.</summary>
internal static class GraphForms
{
    /// <summary>A graph in another form, by passes.</summary>
    /// <exception cref="GraphException">It cannot be had in this form.</exception>
    internal static Graph In(this Graph graph, GraphForm form)
    {
        var images = graph.Variable(Formats.Artefact.FoveaModel.InputName).Shape;
        if ((images.H, images.W) != (form.Height, form.Width)) graph = new ResizeImages(form.Height, form.Width).Apply(graph);
        if (form.Classes is { } classes) graph = new ReplaceClassifier(classes).Apply(graph);
        return images.N == form.Batch ? graph : new Rebatch(form.Batch).Apply(graph);
    }
}
