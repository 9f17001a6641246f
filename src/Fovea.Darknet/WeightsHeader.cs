namespace Fovea.Darknet;

/// <summary>The beginning of a file of weights.</summary>
/// <param name="Major">The first of three numbers of a version.</param>
/// <param name="Minor">The second.</param>
/// <param name="Revision">The third.</param>
/// <param name="Seen">Images that training has seen.</param>
/// <param name="IsLong">Whether <see cref="Seen"/> has 64 bits, as from version 0.2 on, so that the header has 20 bytes; otherwise 32 bits and 16 bytes.</param>
public sealed record WeightsHeader(int Major, int Minor, int Revision, ulong Seen, bool IsLong)
{
    /// <summary>What Darknet writes today: 0.2.5.</summary>
    /// <param name="seen">Images that training has seen.</param>
    public static WeightsHeader Current(ulong seen = 0) => new(0, 2, 5, seen, IsLong: true);

    /// <summary>Bytes of the header: 16 or 20.</summary>
    public int Bytes => IsLong ? 20 : 16;

    /// <summary>Whether connected layers lie one input after the other, as files of early programs have them.</summary>
    public bool IsTransposed => Major > 1000 || Minor > 1000;
}
