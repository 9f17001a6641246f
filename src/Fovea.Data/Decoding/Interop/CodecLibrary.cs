using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Fovea.Data.Decoding.Interop;

/// <summary>A native image library: how it is called here, where it is looked for, and what installs it.</summary>
internal sealed class CodecLibrary
{
    private readonly Lock _gate = new();
    private readonly string[] _fileNames;
    private nint _handle;

    private CodecLibrary(string name, string variable, string[] fileNames, string package)
    {
        (Name, Variable, _fileNames, Package) = (name, variable, fileNames, package);
    }

    public static CodecLibrary TurboJpeg { get; } = new(
        TurboJpegNative.Library,
        "FOVEA_TURBOJPEG_PATH",
        ["libturbojpeg.so.0", "libturbojpeg.0.dylib", "libturbojpeg.dylib", "turbojpeg.dll", "libturbojpeg.dll"],
        "libturbojpeg0");

    public static CodecLibrary Png { get; } = new(
        PngNative.Library,
        "FOVEA_PNG_PATH",
        ["libpng16.so.16", "libpng16.16.dylib", "libpng16.dylib", "libpng16.dll", "libpng16-16.dll"],
        "libpng16-16");

    public static CodecLibrary WebP { get; } = new(
        WebpNative.Library,
        "FOVEA_WEBP_PATH",
        ["libwebp.so.7", "libwebp.7.dylib", "libwebp.dylib", "libwebp.dll", "libwebp-7.dll"],
        "libwebp7");

    public static ImmutableArray<CodecLibrary> All { get; } = [TurboJpeg, Png, WebP];

    public string Name { get; }

    /// <summary>The environment variable whose value, a path, is then the only place that is tried.</summary>
    public string Variable { get; }

    public string Package { get; }

    // A class with an entry point calls this in its static constructor, before the runtime binds the first call.
    public static void Resolve() => Registration.Done();

    /// <exception cref="MissingLibraryException">No candidate could be loaded.</exception>
    public nint Load()
    {
        lock (_gate)
        {
            if (_handle == 0) _handle = Load(Environment.GetEnvironmentVariable(Variable));
            return _handle;
        }
    }

    internal nint Load(string? overridden)
    {
        var tried = new List<string>();
        foreach (var candidate in Candidates(overridden))
        {
            if (NativeLibrary.TryLoad(candidate, out var handle)) return handle;
            tried.Add(candidate);
        }

        throw new MissingLibraryException(Name, tried, Package, Variable);
    }

    private IEnumerable<string> Candidates(string? overridden)
    {
        if (!string.IsNullOrEmpty(overridden)) return [overridden];
        var ending = OperatingSystem.IsWindows() ? ".dll" : OperatingSystem.IsMacOS() ? ".dylib" : ".so";
        var names = _fileNames.Where(name => name.Contains(ending, StringComparison.Ordinal)).ToArray();
        return [.. names.Select(name => Path.Combine(AppContext.BaseDirectory, name)), .. names];
    }

    private static class Registration
    {
        static Registration() => NativeLibrary.SetDllImportResolver(typeof(CodecLibrary).Assembly, Find);

        public static void Done()
        {
        }

        private static nint Find(string name, Assembly assembly, DllImportSearchPath? path)
        {
            foreach (var library in All)
                if (library.Name == name) return library.Load();
            return 0;
        }
    }
}
