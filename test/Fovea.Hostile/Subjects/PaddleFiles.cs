using Fovea.Formats;
using Fovea.Formats.Weights;

namespace Fovea.Hostile.Subjects;

/// <summary>Pickles of numpy arrays, as Paddle's state dicts are.</summary>
public sealed class PaddleFiles : Subject
{
    /// <inheritdoc/>
    public override string Name => "paddle";

    /// <inheritdoc/>
    public override byte[] Make(Choices choices) => new ArrayPickleMaker(choices).Make();

    /// <inheritdoc/>
    public override void Read(byte[] file) => WeightFile.Read(new MemoryStream(file, writable: false), "hostile.pdparams");

    /// <inheritdoc/>
    public override bool Refuses(Exception failure) => failure is ModelFormatException;

    /// <inheritdoc/>
    public override long Bytes(byte[] file) => (4L << 20) + (96L * file.Length);
}
