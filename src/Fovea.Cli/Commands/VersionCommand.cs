using System.CommandLine;
using System.Runtime.InteropServices;
using Fovea.Cli.Usage;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea version</c>: what exactly is running.</summary>
internal static class VersionCommand
{
    internal static Command Create() => new Command("version", "Print the versions of the tool and of .NET").Runs(Run);

    private static int Run(Invocation call)
    {
        call.Report.Line($"fovea {ToolVersion.Text} on {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}");
        call.Report.Object(json =>
        {
            json.WriteString("version", ToolVersion.Text);
            json.WriteString("runtime", RuntimeInformation.FrameworkDescription);
            json.WriteString("platform", RuntimeInformation.RuntimeIdentifier);
        });
        return ExitCodes.Ok;
    }
}
