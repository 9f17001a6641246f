using System.Globalization;
using System.Runtime.InteropServices;
using Fovea.Execution;

namespace Fovea.Backends.OneDnn.Interop;

/// <summary>The oneDNN library of this process: found once, at the first call.</summary>
/// <remarks>
/// $DNNL_PATH (a file or a folder) is tried alone if it is set. Otherwise the program's folder and then the system's library path
/// are searched, 3.x before 2.x; FOVEA_DNNL_MAJOR=2 or 3 restricts the search to one of them.
/// </remarks>
internal sealed unsafe class DnnlLibrary
{
    private static readonly Lazy<DnnlLibrary> s_current = new(() => Open(
        Candidates(Environment.GetEnvironmentVariable("DNNL_PATH"), AppContext.BaseDirectory, ForcedMajor()), ForcedMajor()));

    private readonly nint _handle;

    static DnnlLibrary() => NativeLibrary.SetDllImportResolver(
        typeof(DnnlNative).Assembly, (name, _, _) => name == DnnlNative.Library ? Current._handle : 0);

    private DnnlLibrary(nint handle, Version version)
    {
        _handle = handle;
        Version = version;
        LibC.DlInfo info;
        var found = LibC.dladdr(NativeLibrary.GetExport(handle, "dnnl_version"), &info) != 0;
        Path = found ? Marshal.PtrToStringUTF8(info.FileName)! : "unknown";
    }

    /// <summary>The library; the first use loads it.</summary>
    /// <exception cref="NativeException">No usable library was found; the message lists what was tried.</exception>
    internal static DnnlLibrary Current => s_current.Value;

    /// <summary>The file that was loaded.</summary>
    internal string Path { get; }

    internal Version Version { get; }

    /// <summary>How many threads a primitive uses: OMP_NUM_THREADS, which is set here unless the user has.</summary>
    internal int Threads { get; } = GompTeam.MaxThreads;

    /// <summary>The names to try, in order.</summary>
    internal static IEnumerable<string> Candidates(string? path, string programFolder, int? major)
    {
        var names = Names(major).ToArray();
        if (!string.IsNullOrEmpty(path))
            return Directory.Exists(path) ? names.Select(name => System.IO.Path.Combine(path, name)) : [path];
        return names.Select(name => System.IO.Path.Combine(programFolder, name)).Where(File.Exists).Concat(names);
    }

    /// <summary>Loads the first candidate that is a usable oneDNN.</summary>
    /// <exception cref="NativeException">There is none.</exception>
    internal static DnnlLibrary Open(IEnumerable<string> candidates, int? major)
    {
        OpenMpEnvironment.Prepare();
        List<string> tried = [];
        foreach (var candidate in candidates)
        {
            if (TryOpen(candidate, major, out var library, out var why)) return library;
            tried.Add($"  {candidate}: {why}");
        }

        throw new NativeException(
            $"oneDNN 2.6 or later is needed and was not found. Tried:\n{string.Join('\n', tried)}\n" +
            "Install it (Debian 12: apt-get install libdnnl2; Debian 13: apt-get install libdnnl3.6), or set DNNL_PATH to the library's file.");
    }

    private static bool TryOpen(string candidate, int? major, out DnnlLibrary library, out string why)
    {
        (library, why) = (null!, "");
        nint handle;
        try
        {
            handle = NativeLibrary.Load(candidate);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            why = Reason(e.Message, candidate);
            return false;
        }

        if (Unusable(handle, major, out var version) is not { } reason)
        {
            library = new(handle, version!);
            return true;
        }

        why = reason;
        NativeLibrary.Free(handle);
        return false;
    }

    /// <summary>The loader's reason, from a message that lists every spelling .NET tried: a dependency's failure before the file's own.</summary>
    private static string Reason(string message, string candidate)
    {
        var file = System.IO.Path.GetFileName(candidate);
        var lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Skip(1).ToList();
        var dependency = lines.Find(line => line.Contains(':') && !line.Split(':')[0].Contains(file, StringComparison.Ordinal));
        var own = lines.FindLast(line => line.StartsWith(candidate + ": ", StringComparison.Ordinal))?[(candidate.Length + 2)..];
        return dependency ?? own ?? "cannot be loaded";
    }

    private static string? Unusable(nint handle, int? major, out Version? version)
    {
        version = null;
        if (!NativeLibrary.TryGetExport(handle, "dnnl_version", out var entry)) return "is not oneDNN: it has no dnnl_version";
        var v = ((delegate* unmanaged<DnnlVersion*>)entry)();
        version = new(v->Major, v->Minor, v->Patch);
        if (major is { } wanted && version.Major != wanted) return $"is oneDNN {version}; FOVEA_DNNL_MAJOR asks for {wanted}";
        return version.Major switch
        {
            2 when version.Minor >= 6 => null,
            3 when NativeLibrary.TryGetExport(handle, "dnnl_memory_desc_get_blob", out _) => null,
            _ => $"is oneDNN {version}; wanted 2.6 or later 2.x, or a 3.x that has dnnl_memory_desc_get_blob",
        };
    }

    private static IEnumerable<string> Names(int? major)
    {
        foreach (var m in major is { } only ? [only] : new[] { 3, 2 })
        {
            yield return $"libdnnl.so.{m}";
            foreach (var name in WithMinor(m)) yield return name;
        }

        yield return "libdnnl.so";
    }

    /// <summary>Debian 13's soname carries the minor version (libdnnl.so.3.6), so that libdnnl.so.3 does not exist there.</summary>
    private static IEnumerable<string> WithMinor(int major)
    {
        var machine = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "aarch64" : "x86_64";
        string[] folders = ["/usr/local/lib", $"/usr/lib/{machine}-linux-gnu", "/usr/lib64", "/usr/lib"];
        return folders.Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, $"libdnnl.so.{major}.?*", new EnumerationOptions()))
            .Select(file => System.IO.Path.GetFileName(file))
            .Distinct()
            .OrderByDescending(name => name, StringComparer.Ordinal);
    }

    private static int? ForcedMajor()
    {
        var text = Environment.GetEnvironmentVariable("FOVEA_DNNL_MAJOR");
        if (string.IsNullOrEmpty(text)) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var major) && major is 2 or 3
            ? major
            : throw new NativeException($"FOVEA_DNNL_MAJOR is '{text}'; wanted 2 or 3");
    }
}
