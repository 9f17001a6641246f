namespace Fovea.Data.Augment;

/// <summary>Turns 8-bit samples v into (v/255 − mean) / std, channel by channel, in float32 and in this order of rounding.</summary>
/// <param name="Mean">What is taken off, on the scale 0 to 1.</param>
/// <param name="Std">What the rest is divided by; above 0.</param>
/// <remarks>torchvision: <c>ToTensor</c> and <c>Normalize(mean, std)</c>, bit for bit.</remarks>
public sealed record Normalize(ChannelValues Mean, ChannelValues Std)
{
    /// <summary>The mean and deviation of ImageNet, which most published weights assume.</summary>
    public static Normalize ImageNet { get; } = new(new(0.485f, 0.456f, 0.406f), new(0.229f, 0.224f, 0.225f));

    /// <summary>The mean and deviation of CIFAR-10's training images.</summary>
    public static Normalize Cifar10 { get; } = new(new(0.4914f, 0.4822f, 0.4465f), new(0.2470f, 0.2435f, 0.2616f));

    /// <summary>Samples as fractions of 255.</summary>
    public static Normalize None { get; } = new(new(0, 0, 0), new(1, 1, 1));

    /// <summary>The largest value that a mean or a deviation can have as a share of white; above it stand those of the scale 0 to 255.</summary>
    public const double LargestShare = 2;

    /// <summary>Throws if a deviation is not above 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A deviation is not above 0, a value is not finite, or values are on the scale 0 to 255 (above <see cref="LargestShare"/>).
    /// </exception>
    public void Validate()
    {
        if (!(Std.Red > 0 && Std.Green > 0 && Std.Blue > 0)) throw new ArgumentOutOfRangeException(nameof(Std), $"std is {Std}; wanted values above 0");
        if (!float.IsFinite(Mean.Red + Mean.Green + Mean.Blue)) throw new ArgumentOutOfRangeException(nameof(Mean), $"mean is {Mean}; wanted finite values");
        CheckScale(nameof(Mean), Mean);
        CheckScale(nameof(Std), Std);
    }

    private static void CheckScale(string name, ChannelValues values)
    {
        if (Math.Max(Math.Abs(values.Red), Math.Max(Math.Abs(values.Green), Math.Abs(values.Blue))) <= LargestShare) return;
        var meant = new ChannelValues(values.Red / 255, values.Green / 255, values.Blue / 255);
        throw new ArgumentOutOfRangeException(name, $"{name.ToLowerInvariant()} is {values}, on the scale 0 to 255; wanted shares of white, 0 to 1: {meant}");
    }

    /// <summary>What each sample value becomes: 256 values for red, then green, then blue.</summary>
    internal float[] Tables()
    {
        var tables = GC.AllocateUninitializedArray<float>(768, pinned: true);
        for (var i = 0; i < 256; i++)
        {
            var fraction = i / 255f;
            tables[i] = (fraction - Mean.Red) / Std.Red;
            tables[256 + i] = (fraction - Mean.Green) / Std.Green;
            tables[512 + i] = (fraction - Mean.Blue) / Std.Blue;
        }

        return tables;
    }
}
