using Fovea.Formats.Artefact;

namespace Fovea.Sources;

/// <summary>A file that <c>fovea deploy</c> wrote.</summary>
public sealed record FoveaSource : ModelSource
{
    /// <inheritdoc/>
    public override string What => $"a model that 'fovea deploy' wrote ({FoveaFile.Extension})";

    /// <inheritdoc/>
    public override bool Takes(string place) => EndsIn(place, FoveaFile.Extension);

    /// <inheritdoc/>
    public override LoadedModel Load(string place, LoadOptions? options = null)
    {
        CheckFile(place);
        var model = FoveaFile.Read(place);
        var blocks = model.Proof?.Blocks.Count ?? 0;
        return new LoadedModel
        {
            Name = model.Card.Model,
            Origin = place,
            Build = form => model.Graph.In(form),
            Tensors = [.. model.Weights.Select(weight => (weight.Key, weight.Value))],
            ClassCount = model.Card.Classes.Count,
            Classes = model.Card.Classes,
            Split = model.Card.Split,
            Preprocessing = model.Card.Input,
            Notes = blocks > 0 ? [FoldedNorms.Note(place, blocks)] : FoldedNorms.Of(place, model.Graph),
        }.Prepared(options?.Images);
    }
}
