using System.Buffers;
using Fovea.Data.Augment.Pixels;
using Fovea.Options;

namespace Fovea.Data.Augment;

/// <summary>
/// AugMix (arXiv:1912.02781): the image and a mean of chains of operations on it, weighted at random. timm: <c>augmix</c>; its sections are keys here.
/// </summary>
public sealed record AugMix : Transform
{
    private const int MostDrawn = 3;

    /// <inheritdoc/>
    public override string Kind => "aug_mix";

    /// <summary>The largest magnitude of the operations, which is uniform up to it; 0 to 10. Default 3.</summary>
    public double Severity { get; init; } = 3;

    /// <summary>How many chains there are; 1 to 16. Default 3.</summary>
    public int Width { get; init; } = 3;

    /// <summary>How many operations a chain has; 1 to 16, or 0 (the default) for 1 to 3 at random.</summary>
    public int Depth { get; init; }

    /// <summary>α of the weights: of the chains by a Dirichlet distribution, of the image by a beta distribution; above 0, at most 1000. Default 1.</summary>
    public double Alpha { get; init; } = 1;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        checks.Within(Severity, 0, 10);
        checks.Within(Width, 1, 16);
        checks.Within(Depth, 0, 16);
        checks.Positive(Alpha, 1000);
    }

    /// <inheritdoc/>
    public override void Apply(Canvas canvas, ref Draws draws)
    {
        Span<double> weights = stackalloc double[Width];
        var total = 0.0;
        foreach (ref var weight in weights) total += weight = draws.Gamma(Alpha);
        var share = (float)draws.Beta(Alpha, Alpha);
        var length = canvas.Edit().Pixels.Length;
        var original = ArrayPool<byte>.Shared.Rent(length);
        var mixed = ArrayPool<float>.Shared.Rent(length);
        canvas.Edit().Pixels.CopyTo(original);
        mixed.AsSpan(0, length).Clear();
        foreach (var weight in weights)
        {
            original.AsSpan(0, length).CopyTo(canvas.Edit().Pixels);
            Chain(canvas, ref draws);
            var (part, pixels) = ((float)(total > 0 ? weight / total : 1.0 / Width), canvas.Edit());
            for (var i = 0; i < length; i++) mixed[i] += part * pixels.Pixels[i];
        }

        var result = canvas.Edit().Pixels;
        for (var i = 0; i < length; i++) result[i] = Enhancements.Blend(original[i], (byte)Math.Clamp(mixed[i], 0, 255), share);
        ArrayPool<byte>.Shared.Return(original);
        ArrayPool<float>.Shared.Return(mixed);
    }

    private void Chain(Canvas canvas, ref Draws draws)
    {
        var depth = Depth > 0 ? Depth : 1 + draws.Integer(MostDrawn);
        for (var i = 0; i < depth; i++)
            LevelOperation.Mixing[draws.Integer(LevelOperation.Mixing.Count)].Apply(canvas, Severity, double.PositiveInfinity, 10, ref draws);
    }
}
