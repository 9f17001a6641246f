using Fovea.Data.Files;
using Microsoft.Win32.SafeHandles;

namespace Fovea.Data.Decoding;

/// <summary>Reads encoded images from files, within limits that are checked before memory is taken. What is no regular file is never opened.</summary>
public static class ImageFile
{
    /// <summary>Reads a file's bytes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">What is accepted; the defaults if <see langword="null"/>.</param>
    /// <exception cref="ImageException">The file is missing, too large, no regular file, or cannot be read.</exception>
    public static byte[] ReadAllBytes(string path, DecodeOptions? limits = null)
    {
        var data = Array.Empty<byte>();
        var length = Read(path, limits ?? new(), length => data = new byte[length]);
        return length == data.Length ? data : data[..length];
    }

    /// <summary>Reads a file's bytes into memory of the caller's.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">What is accepted.</param>
    /// <param name="memory">Gives as many bytes as it is asked for.</param>
    /// <returns>The number of bytes read; fewer than asked for if the file was cut meanwhile.</returns>
    internal static int Read(string path, DecodeOptions limits, MemoryFor memory) => Guarded(path, file =>
    {
        var length = RandomAccess.GetLength(file);
        if (length > limits.MaxFileBytes) throw new ImageException(path, $"the file has {length} bytes", $"at most {limits.MaxFileBytes} (max_file_bytes)");
        return RegularFile.Fill(file, memory((int)length));
    });

    /// <summary>Does something with an open file; whatever goes wrong with it is an <see cref="ImageException"/>.</summary>
    internal static T Guarded<T>(string path, Func<SafeFileHandle, T> work)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length == 0 || path.Contains('\0')) throw new ImageException(path, "this is the path of no file", "the path of an image file");
        try
        {
            using var file = RegularFile.Open(path);
            return work(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageException(path, $"the file cannot be read ({e.Message})", "a readable image file", e);
        }
    }

    /// <summary>Memory of a length.</summary>
    internal delegate Span<byte> MemoryFor(int length);
}
