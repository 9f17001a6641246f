using Fovea.Data.Decoding;

namespace Fovea.Data.Sources;

/// <summary>Several sources with the same classes, one behind the other; keys begin with the names of the sources where two would have the same.</summary>
internal sealed class JoinedImages : IImageSource
{
    private readonly (string Name, IImageSource Images)[] _parts;
    private readonly int[] _starts;
    private readonly bool _isPrefixed;

    public JoinedImages(IReadOnlyList<(string Name, IImageSource Images)> parts)
    {
        _parts = [.. parts];
        _starts = new int[_parts.Length];
        for (var part = 1; part < _parts.Length; part++) _starts[part] = checked(_starts[part - 1] + _parts[part - 1].Images.Count);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        _isPrefixed = _parts.Length > 1 && !_parts.All(part => Enumerable.Range(0, part.Images.Count).All(i => keys.Add(part.Images.Key(i))));
    }

    public int Count => _starts[^1] + _parts[^1].Images.Count;

    public IReadOnlyList<string> ClassNames => _parts[0].Images.ClassNames;

    public string? Root => _parts.Select(part => part.Images.Root).Distinct().Count() == 1 ? _parts[0].Images.Root : null;

    public int PartOf(int index)
    {
        var part = Array.BinarySearch(_starts, index);
        if (part < 0) part = ~part - 1;
        while (part + 1 < _starts.Length && _starts[part + 1] == index) part++;
        return part;
    }

    public int Label(int index) => At(index, out var within).Label(within);

    public string Key(int index)
    {
        var name = _parts[PartOf(index)].Name;
        var key = At(index, out var within).Key(within);
        return _isPrefixed ? $"{name}/{key}" : key;
    }

    public string Path(int index) => At(index, out var within).Path(within);

    public void Read(int index, ByteBuffer buffer) => At(index, out var within).Read(within, buffer);

    public void Read(int index, ByteBuffer buffer, DecodeOptions limits) => At(index, out var within).Read(within, buffer, limits);

    public ImageHeader ReadHeader(int index) => At(index, out var within).ReadHeader(within);

    private IImageSource At(int index, out int within)
    {
        var part = PartOf(index);
        within = index - _starts[part];
        return _parts[part].Images;
    }
}
