using Fovea.Images;

namespace Fovea.Data.Augment;

/// <summary>What 8-bit samples v become: (v/255 − mean) / std, channel by channel, in float32 and in this order of rounding.</summary>
/// <remarks>torchvision: <c>ToTensor</c> and <c>Normalize(mean, std)</c>, bit for bit.</remarks>
internal static class SampleTables
{
    /// <summary>256 values for the first channel, then for the next; pinned.</summary>
    public static float[] Of(Preprocessing input)
    {
        var tables = GC.AllocateUninitializedArray<float>(256 * input.Channels, pinned: true);
        for (var c = 0; c < input.Channels; c++)
            for (var i = 0; i < 256; i++)
                tables[(256 * c) + i] = ((i / 255f) - (float)input.Mean[c]) / (float)input.Std[c];
        return tables;
    }
}
