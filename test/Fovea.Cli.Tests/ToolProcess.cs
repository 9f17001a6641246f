using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Fovea.Cli.Tests;

/// <summary>The tool in a process of its own, to be signalled, killed or starved.</summary>
internal sealed class ToolProcess : IDisposable
{
    // The host that runs these tests, whatever the path offers under its name.
    internal static readonly string Host = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly Task<string> _error;
    private readonly List<string> _lines = [];

    private ToolProcess(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _error = _process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    internal int Id => _process.Id;

    internal static ToolProcess Start(IReadOnlyDictionary<string, string> environment, params string[] args)
    {
        var start = Program([Host, Path.Combine(AppContext.BaseDirectory, "fovea.dll"), .. args]);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new(start);
    }

    internal static ToolProcess Start(params string[] args) => Start(new Dictionary<string, string>(), args);

    /// <summary>Runs the tool as <c>"$@"</c> of a shell script.</summary>
    internal static ToolProcess StartIn(string script, params string[] args) =>
        new(Program(["/bin/sh", "-c", script, "sh", Host, Path.Combine(AppContext.BaseDirectory, "fovea.dll"), .. args]));

    /// <summary>Waits for a line that contains a text.</summary>
    internal void WaitFor(string text)
    {
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            _lines.Add(line);
            if (line.Contains(text, StringComparison.Ordinal)) return;
        }

        Assert.Fail($"the process ended without printing '{text}':\n{string.Join('\n', _lines)}\n{_error.Result}");
    }

    /// <summary>Waits for the end.</summary>
    internal Shell End()
    {
        while (_process.StandardOutput.ReadLine() is { } line) _lines.Add(line);
        Assert.True(_process.WaitForExit(s_patience), "the process does not end");
        return new(_process.ExitCode, string.Concat(_lines.Select(line => $"{line}\n")), _error.Result);
    }

    /// <summary>A shell that has these tests in the background ignores INT, and its children inherit that.</summary>
    private static ProcessStartInfo Program(string[] words) =>
        new("env", ["--default-signal", .. words]) { RedirectStandardOutput = true, RedirectStandardError = true };

    internal void Signal(string name)
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -{name} {_process.Id}"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
