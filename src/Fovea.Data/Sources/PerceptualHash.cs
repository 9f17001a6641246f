using System.Numerics;
using System.Runtime.CompilerServices;
using Fovea.Data.Decoding;

namespace Fovea.Data.Sources;

/// <summary>
/// What an image looks like from afar: the difference hash (dHash; Krawetz, «Kind of Like That», hackerfactor.com 2013) and the grey image under it.
/// </summary>
/// <remarks>
/// The image is averaged over areas to 9 × 8 grey values; bit (x, y) says whether value (x + 1, y) is larger than value (x, y). Two images are near if few
/// bits differ and the grey values do not differ much either: the hash alone takes images without structure for one another.
/// </remarks>
internal readonly struct PerceptualHash
{
    /// <summary>The most bits in which near images differ.</summary>
    public const int MostBits = 6;

    /// <summary>The most that the grey values of near images differ by on average, of 255.</summary>
    public const double MostDifference = 5;

    private const int Width = 9;
    private const int Height = 8;

    // Below this range of grey values there is nothing to compare.
    private const int LeastContrast = 10;

    private readonly Greys _greys;

    private PerceptualHash(Greys greys)
    {
        _greys = greys;
        var (low, high) = (255, 0);
        for (var y = 0; y < Height; y++)
            for (var x = 0; x < Width; x++)
            {
                var grey = greys[(y * Width) + x];
                (low, high) = (Math.Min(low, grey), Math.Max(high, grey));
                if (x + 1 < Width && greys[(y * Width) + x + 1] > grey) Bits |= 1UL << ((y * (Width - 1)) + x);
            }

        HasStructure = high - low >= LeastContrast;
    }

    /// <summary>The hash.</summary>
    public ulong Bits { get; }

    /// <summary>Whether there is anything to compare.</summary>
    public bool HasStructure { get; }

    /// <summary>Looks at an image.</summary>
    public static PerceptualHash Of(RgbImage image)
    {
        var greys = default(Greys);
        for (var y = 0; y < Height; y++)
            for (var x = 0; x < Width; x++)
                greys[(y * Width) + x] = (byte)Math.Round(Mean(image, Span(x, Width, image.Width), Span(y, Height, image.Height)));
        return new(greys);
    }

    /// <summary>Whether two images look the same from afar.</summary>
    public bool IsNear(in PerceptualHash other)
    {
        if (!HasStructure || !other.HasStructure || BitOperations.PopCount(Bits ^ other.Bits) > MostBits) return false;
        var sum = 0;
        for (var i = 0; i < Width * Height; i++) sum += Math.Abs(_greys[i] - other._greys[i]);
        return sum <= MostDifference * Width * Height;
    }

    /// <summary>Whether the grey values are equal.</summary>
    public bool IsSame(in PerceptualHash other) => ((ReadOnlySpan<byte>)_greys).SequenceEqual(other._greys);

    /// <summary>The pixels that belong to a cell, the first and the one behind the last; at least one.</summary>
    private static (int From, int To) Span(int cell, int cells, int pixels)
    {
        var from = (int)((long)cell * pixels / cells);
        return (from, Math.Max(from + 1, (int)((cell + 1L) * pixels / cells)));
    }

    private static double Mean(RgbImage image, (int From, int To) columns, (int From, int To) rows)
    {
        var sum = 0L;
        for (var y = rows.From; y < rows.To; y++)
        {
            var row = image.Row(y)[(3 * columns.From)..(3 * columns.To)];
            // Luma of ITU-R BT.601, in thousandths.
            for (var i = 0; i < row.Length; i += 3) sum += (299 * row[i]) + (587 * row[i + 1]) + (114 * row[i + 2]);
        }

        return sum / 1000.0 / ((columns.To - columns.From) * (long)(rows.To - rows.From));
    }

    [InlineArray(Width * Height)]
    private struct Greys
    {
        private byte _first;
    }
}
