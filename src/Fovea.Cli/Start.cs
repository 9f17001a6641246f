using System.Runtime.CompilerServices;
using System.Text;
using Fovea.Cli.Output;
using Fovea.Cli.Usage;
using Microsoft.Win32.SafeHandles;

namespace Fovea.Cli;

/// <summary>Runs the tool where the system may not even let it load its libraries, as with few open files.</summary>
internal static class Start
{
    private const int StandardError = 2;

    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    internal static int Run(string[] args)
    {
        try
        {
            return Work(args);
        }
        catch (Exception e)
        {
            Tell(e);
            return ExitCodes.Failure;
        }
    }

    /// <summary>Whether an assembly of the tool or of .NET could not be loaded, with which nothing that follows is to be relied on.</summary>
    internal static bool LacksPart(Exception e) =>
        e is FileNotFoundException { FileName: { } name } && name.Contains(", Version=", StringComparison.Ordinal)
        || (e.InnerException is { } inner && LacksPart(inner));

    // Libraries are loaded when a method that uses them begins, hence within the try.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Work(string[] args)
    {
        // Not disposed of: a signal that comes when the work is over must not change the exit code.
        var stop = StopSignals.OfProcess();
        return Tool.Run(args, Terminal.OfProcess(), work => stop.LastResort = work, stop.Token);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Tell(Exception e)
    {
        while (e.InnerException is { } inner) e = inner;
        try
        {
            var problem = e.Message.ReplaceLineEndings(" ").Trim().TrimEnd('.');
            var text = $"error: the tool cannot run: {problem}; wanted room for more open files (ulimit -n; 256 suffice), or a whole installation\n";
            // The console may be what cannot be loaded.
            using var error = new FileStream(new SafeFileHandle(StandardError, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            error.Write(Encoding.UTF8.GetBytes(text));
        }
        catch (IOException)
        {
            // Where nothing can be opened, nothing can be said.
        }
    }
}
