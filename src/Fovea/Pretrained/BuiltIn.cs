namespace Fovea.Pretrained;

/// <summary>Texts that are built into the library.</summary>
internal static class BuiltIn
{
    /// <summary>The lines of one.</summary>
    /// <param name="name">The name of its file beside this one.</param>
    internal static IEnumerable<string> Lines(string name)
    {
        using var stream = typeof(BuiltIn).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not built in");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line) yield return line;
    }
}
