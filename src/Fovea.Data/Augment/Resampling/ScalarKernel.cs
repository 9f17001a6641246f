namespace Fovea.Data.Augment.Resampling;

/// <summary>Plain loops: what the other kernels are compared with.</summary>
internal sealed unsafe class ScalarKernel : ResampleKernel
{
    public override string Name => "scalar";

    public override void Horizontal(byte* source, nint sourceStride, byte* target, nint targetStride, int rows, Taps taps)
    {
        for (var y = 0; y < rows; y++)
        {
            var row = source + (y * sourceStride);
            var write = target + (y * targetStride);
            for (var x = 0; x < taps.Count; x++)
                for (var c = 0; c < 3; c++) *write++ = Sum(row + (3 * taps.First[x]) + c, 3, taps, x);
        }
    }

    public override void Vertical(byte* source, nint sourceStride, byte* target, nint targetStride, int rowBytes, Taps taps)
    {
        for (var y = 0; y < taps.Count; y++)
            for (var i = 0; i < rowBytes; i++)
                target[(y * targetStride) + i] = Sum(source + (taps.First[y] * sourceStride) + i, sourceStride, taps, y);
    }

    private static byte Sum(byte* samples, nint step, Taps taps, int output)
    {
        var sum = Half;
        for (var k = 0; k < taps.Length[output]; k++) sum += samples[k * step] * taps.Weights[(output * taps.Step) + k];
        return (byte)Math.Clamp(sum >> Taps.FractionBits, 0, 255);
    }
}
