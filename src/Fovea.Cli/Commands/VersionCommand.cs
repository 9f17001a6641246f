using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea version</c>: what exactly is running.</summary>
internal static class VersionCommand
{
    /// <summary>The version of the tool, and the commit where the build knows it: <c>0.1.0+0c14101…</c>.</summary>
    internal static string Text { get; } =
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    internal static Command Create() => new Command("version", "Print the versions of the tool and of .NET").Runs(Run);

    private static int Run(Invocation call)
    {
        call.Report.Line($"fovea {Text} on {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}");
        call.Report.Object(json =>
        {
            json.WriteString("version", Text);
            json.WriteString("runtime", RuntimeInformation.FrameworkDescription);
            json.WriteString("platform", RuntimeInformation.RuntimeIdentifier);
        });
        return ExitCodes.Ok;
    }
}
