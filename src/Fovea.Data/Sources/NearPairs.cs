namespace Fovea.Data.Sources;

/// <summary>Finds images that look the same from afar without comparing all with all.</summary>
/// <remarks>
/// Hashes that differ in at most k bits agree in one of k + 1 pieces (multi-index hashing; Norouzi, Punjani and Fleet 2012, arXiv:1307.2982): only those that
/// share a piece are compared.
/// </remarks>
internal static class NearPairs
{
    private const int Pieces = PerceptualHash.MostBits + 1;

    /// <summary>Joins near images.</summary>
    /// <param name="hashes">What the images look like; null for those that are not compared.</param>
    /// <param name="groups">Joined.</param>
    /// <param name="stop">Ends the search.</param>
    public static void Join(IReadOnlyList<PerceptualHash?> hashes, DisjointGroups groups, CancellationToken stop)
    {
        var places = new Dictionary<ulong, List<int>>();
        for (var piece = 0; piece < Pieces; piece++)
        {
            places.Clear();
            for (var i = 0; i < hashes.Count; i++)
            {
                stop.ThrowIfCancellationRequested();
                if (hashes[i] is not { HasStructure: true } hash) continue;
                var key = Piece(hash.Bits, piece);
                if (!places.TryGetValue(key, out var same)) places[key] = same = [];
                var isJoined = false;
                foreach (var other in same)
                {
                    if (!hashes[other]!.Value.IsNear(hash)) continue;
                    groups.Join(other, i);
                    // Of what looks exactly alike one is enough to be found by.
                    isJoined |= hashes[other]!.Value.Bits == hash.Bits && hashes[other]!.Value.IsSame(hash);
                    if (isJoined) break;
                }

                if (!isJoined) same.Add(i);
            }
        }
    }

    private static ulong Piece(ulong bits, int piece)
    {
        var (from, to) = (piece * 64 / Pieces, (piece + 1) * 64 / Pieces);
        return (bits >> from) & ((1UL << (to - from)) - 1);
    }
}
