using Fovea.Naming;

namespace Fovea.Recipes;

/// <summary>The recipes that travel in this library, by their names: <c>demo</c>, <c>imagenet/resnet18</c>.</summary>
public static class ShippedRecipes
{
    private const string Prefix = "recipes/";
    private const string Extension = ".yaml";
    private const string Folder = "configs/";

    /// <summary>All names, in ordinal order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(ShippedRecipes).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..^Extension.Length].Replace('\\', '/')).Order(StringComparer.Ordinal),
    ];

    /// <summary>The text of a recipe, as YAML; null where there is none of that name.</summary>
    /// <param name="name">The name, or its path in the repository: <c>configs/demo.yaml</c>.</param>
    public static string? TryFind(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (Names.FirstOrDefault(known => known == Bare(name)) is not { } found) return null;
        var assembly = typeof(ShippedRecipes).Assembly;
        var resource = Array.Find(assembly.GetManifestResourceNames(), entry => entry.Replace('\\', '/') == Prefix + found + Extension)!;
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }

    /// <summary>The first sentence of what a recipe says of itself at its head; empty where it says nothing.</summary>
    /// <param name="text">A recipe.</param>
    public static string Summary(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var head = string.Join(' ', text.Split('\n').TakeWhile(line => line.StartsWith('#')).Select(line => line.TrimStart('#', ' ').TrimEnd()));
        var end = head.IndexOf(". ", StringComparison.Ordinal);
        while (end > 0 && end < head.Length - 2 && !char.IsUpper(head[end + 2])) end = head.IndexOf(". ", end + 1, StringComparison.Ordinal);
        return end > 0 ? head[..end] : head.TrimEnd('.');
    }

    /// <summary>"; did you mean 'x'?", with the names that hold the text where none is near, or nothing.</summary>
    internal static string Hint(string name)
    {
        const int most = 5;
        var bare = Bare(name);
        if (NearestName.Hint(bare, Names) is { Length: > 0 } near) return near;
        // A name without its folder.
        if (NearestName.Of(bare, Names.Select(known => known[(known.LastIndexOf('/') + 1)..])) is { } last)
            return $"; did you mean '{Names.First(known => known == last || known.EndsWith($"/{last}", StringComparison.Ordinal))}'?";
        var holding = Names.Where(known => bare.Length > 1 && known.Contains(bare, StringComparison.OrdinalIgnoreCase)).ToList();
        return holding.Count == 0
            ? ""
            : $"; there are {string.Join(", ", holding.Take(most))}{(holding.Count > most ? $" and {holding.Count - most} more" : "")}";
    }

    private static string Bare(string name)
    {
        name = name.Replace('\\', '/');
        if (name.StartsWith("./", StringComparison.Ordinal)) name = name[2..];
        if (name.StartsWith(Folder, StringComparison.Ordinal)) name = name[Folder.Length..];
        return name.EndsWith(Extension, StringComparison.Ordinal) ? name[..^Extension.Length] : name;
    }
}
