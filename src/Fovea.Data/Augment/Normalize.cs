using System.Globalization;

namespace Fovea.Data.Augment;

/// <summary>Turns 8-bit samples v into (v/255 − mean) / std, channel by channel, in float32 and in this order of rounding.</summary>
/// <param name="Mean">What is taken off, on the scale 0 to 1: one number for grey, three for red, green and blue.</param>
/// <param name="Std">What the rest is divided by; above 0, as many as means.</param>
/// <remarks>torchvision: <c>ToTensor</c> and <c>Normalize(mean, std)</c>, bit for bit.</remarks>
public sealed record Normalize(IReadOnlyList<double> Mean, IReadOnlyList<double> Std)
{
    /// <summary>The mean and deviation of ImageNet, which most published weights assume.</summary>
    public static Normalize ImageNet { get; } = new([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);

    /// <summary>The mean and deviation of CIFAR-10's training images.</summary>
    public static Normalize Cifar10 { get; } = new([0.4914, 0.4822, 0.4465], [0.2470, 0.2435, 0.2616]);

    /// <summary>Samples as fractions of 255.</summary>
    public static Normalize None { get; } = new([0, 0, 0], [1, 1, 1]);

    /// <summary>Throws if there is not one number for grey or three for RGB, or one cannot be used.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A deviation is not above 0, a value is not finite in float32, or there are too few or too many.
    /// </exception>
    public void Validate()
    {
        if (Mean.Count is not (1 or 3) || Std.Count != Mean.Count)
            throw new ArgumentOutOfRangeException(nameof(Mean), $"mean is {Text(Mean)} and std {Text(Std)}; wanted one number each, for grey, or three");
        if (!Std.All(std => (float)std > 0 && float.IsFinite((float)std)))
            throw new ArgumentOutOfRangeException(nameof(Std), $"std is {Text(Std)}; wanted values above 0");
        if (!Mean.All(mean => float.IsFinite((float)mean))) throw new ArgumentOutOfRangeException(nameof(Mean), $"mean is {Text(Mean)}; wanted finite values");
    }

    /// <summary>Whether both are equal, number by number.</summary>
    public bool Equals(Normalize? other) => other is not null && Mean.SequenceEqual(other.Mean) && Std.SequenceEqual(other.Std);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Mean.Count, Mean.Sum(), Std.Sum());

    /// <summary>For example <c>Normalize { Mean = [0.5], Std = [0.25] }</c>.</summary>
    public override string ToString() => $"Normalize {{ Mean = {Text(Mean)}, Std = {Text(Std)} }}";

    /// <summary>What each sample value becomes: 256 values for the first channel, then for the next.</summary>
    internal float[] Tables()
    {
        var tables = GC.AllocateUninitializedArray<float>(256 * Mean.Count, pinned: true);
        for (var c = 0; c < Mean.Count; c++)
            for (var i = 0; i < 256; i++)
                tables[(256 * c) + i] = ((i / 255f) - (float)Mean[c]) / (float)Std[c];
        return tables;
    }

    private static string Text(IReadOnlyList<double> values) => $"[{string.Join(", ", values.Select(value => value.ToString(CultureInfo.InvariantCulture)))}]";
}
