namespace Fovea.Options;

/// <summary>Where options were written: in a line of a file, or by a flag. What they say does not depend on it, so all of these are equal.</summary>
/// <param name="source">What they are of as a whole, a file; "" where nothing is known.</param>
/// <param name="places">The place of each option that was given (<c>configs/x.yaml:12:5</c>), by its path (<c>optimizer.momentum</c>).</param>
public sealed class OptionPlaces(string source, IReadOnlyDictionary<string, string> places) : IEquatable<OptionPlaces>
{
    /// <summary>Those of options that a program made.</summary>
    public static OptionPlaces None { get; } = new("", new Dictionary<string, string>());

    /// <summary>The place of an option, or of the nearest section around it that was given, or the whole; "" where nothing is known.</summary>
    /// <param name="path">The option as a recipe spells it: <c>augment.transforms[1].probability</c>.</param>
    public string Of(string path)
    {
        for (var part = path; part.Length > 0; part = part.LastIndexOfAny(['.', '[']) is > 0 and var end ? part[..end] : "")
            if (places.TryGetValue(part, out var found)) return found;
        return source;
    }

    /// <summary>The place with a colon and a blank behind it, for messages; "" where nothing is known.</summary>
    /// <inheritdoc cref="Of" path="/param"/>
    public string Before(string path) => Of(path) is { Length: > 0 } place ? $"{place}: " : "";

    /// <summary>True: places are no part of what options say.</summary>
    public bool Equals(OptionPlaces? other) => other is not null;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as OptionPlaces);

    /// <inheritdoc/>
    public override int GetHashCode() => 0;
}
