using System.Globalization;
using Fovea.Options;

namespace Fovea.Data.Augment;

/// <summary>What draws for data, by name: <c>transform/random_crop/1</c> for the first of its kind.</summary>
internal static class DrawNames
{
    /// <summary>The names of alternatives, in their order.</summary>
    public static IEnumerable<string> Of(string purpose, IEnumerable<IAlternative> all)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var kind in all.Select(one => one.Kind))
        {
            var number = counts[kind] = counts.GetValueOrDefault(kind) + 1;
            yield return string.Create(CultureInfo.InvariantCulture, $"{purpose}/{kind}/{number}");
        }
    }
}
