using System.Diagnostics;
using System.Runtime.InteropServices;
using Fovea.Cli.Usage;

namespace Fovea.Cli.Tests;

/// <summary>The tool where the system lets it have few threads.</summary>
public sealed class ThreadLimitTests
{
    private const int UnusedUser = 54321;

    [Fact]
    public async Task Team_that_the_system_does_not_allow_is_an_error_and_no_abort()
    {
        var (code, _, error) = await Run(threads: 4000, limit: 1000, "bench", "infer", "mnist_lenet", "--steps", "1");
        Assert.Equal(ExitCodes.Failure, code);
        Assert.Contains("a team of 4000 threads to run plans on: the system let ", error, StringComparison.Ordinal);
        Assert.Contains("OMP_NUM_THREADS", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_tells_what_there_is_where_threads_are_refused()
    {
        var (code, output, error) = await Run(threads: 4000, limit: 1000, "doctor");
        Assert.Contains("on 4000 threads: ", output, StringComparison.Ordinal);
        Assert.Contains("\nwebp ", output, StringComparison.Ordinal);
        Assert.Equal((ExitCodes.Ok, ""), (code, error));
    }

    /// <summary>The limit holds for all processes of a user, and not for root, who takes the place of a user without any.</summary>
    private static async Task<(int Code, string Output, string Error)> Run(int threads, int limit, params string[] args)
    {
        string[] user = Environment.UserName == "root"
            ?
            [
                "setpriv", $"--reuid={UnusedUser}", "--clear-groups", "--inh-caps=+dac_override,+dac_read_search",
                "--ambient-caps=+dac_override,+dac_read_search",
            ]
            : [];
        var host = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        string[] line = [.. user, "prlimit", $"--nproc={limit}", host, Path.Combine(AppContext.BaseDirectory, "fovea.dll"), .. args];
        var start = new ProcessStartInfo(line[0], line[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OMP_NUM_THREADS"] = $"{threads}";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, error);
    }
}
