using Fovea.Data.Decoding;

namespace Fovea.Data.Tests;

/// <summary>A folder of its own for a test, deleted afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly byte[] _image = PngEncoder.Encode(Fixtures.Picture(12, 9));

    public string Path { get; } = Directory.CreateTempSubdirectory("fovea-").FullName;

    public string this[string relative] => System.IO.Path.Join(Path, relative);

    public TemporaryFolder Images(string folder, int count)
    {
        for (var i = 0; i < count; i++) Write($"{folder}/{i:000}.png", _image);
        return this;
    }

    public TemporaryFolder Write(string relative, byte[] data)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[relative])!);
        File.WriteAllBytes(this[relative], data);
        return this;
    }

    public TemporaryFolder Folder(string relative)
    {
        Directory.CreateDirectory(this[relative]);
        return this;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
