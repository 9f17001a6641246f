namespace Fovea.Pretrained;

/// <summary>The 1000 classes of ImageNet-1k (ILSVRC 2012), by number as published weights know them.</summary>
/// <remarks>
/// Their order is that of their WordNet ids. Names are the first lemma of each, as torchvision has them; it tells the two cranes and the two maillots apart.
/// </remarks>
public static class ImageNetClasses
{
    /// <summary>How many there are.</summary>
    public const int Count = 1000;

    private static readonly string[][] s_classes = [.. BuiltIn.Lines("imagenet-classes.txt").Select(line => line.Split(' ', 2))];

    /// <summary>Their names: <c>tench</c>, <c>goldfish</c>, …</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_classes.Select(fields => fields[1])];

    /// <summary>Their WordNet ids: <c>n01440764</c>, …</summary>
    public static IReadOnlyList<string> WordNetIds { get; } = [.. s_classes.Select(fields => fields[0])];

    /// <summary>Classes as data spell them: ImageNet's by their WordNet ids, where all names of the data are such; otherwise as they are.</summary>
    /// <param name="classes">The names of a model's classes, by number; null where nothing says them.</param>
    /// <param name="data">The names of the data's classes.</param>
    public static IReadOnlyList<string>? SpeltAs(IReadOnlyList<string>? classes, IReadOnlyList<string> data) =>
        AreNames(classes) && data.Count > 0 && !data.Except(WordNetIds, StringComparer.Ordinal).Any() ? WordNetIds : classes;

    /// <summary>Whether classes are ImageNet's, by their names and in their order.</summary>
    public static bool AreNames(IReadOnlyList<string>? classes) => classes?.Count == Count && classes.SequenceEqual(Names, StringComparer.Ordinal);
}
