using System.Text;

namespace Fovea.Hostile.Subjects;

/// <summary>Graphs of one operation each, with attributes and operands on the edge of what it takes: what is accepted has to run on both backends.</summary>
public sealed class Operations : GraphTexts
{
    /// <inheritdoc/>
    public override string Name => "operation";

    /// <inheritdoc/>
    public override byte[] Make(Choices choices) => Encoding.UTF8.GetBytes(new GraphMaker(choices).Operation());
}
