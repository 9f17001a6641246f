namespace Fovea.Training.Deploying;

/// <summary>Rows of logits.</summary>
internal static class Logits
{
    /// <summary>In how many of <paramref name="rows"/> rows the largest logit stands elsewhere.</summary>
    internal static int ChangedTop1(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, int rows)
    {
        var (classes, changed) = (rows == 0 ? 0 : expected.Length / rows, 0);
        for (var row = 0; row < rows; row++)
            if (Largest(expected.Slice(row * classes, classes)) != Largest(actual.Slice(row * classes, classes))) changed++;
        return changed;
    }

    private static int Largest(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var i = 1; i < logits.Length; i++)
            if (logits[i] > logits[best]) best = i;
        return best;
    }
}
