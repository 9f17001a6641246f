using System.CommandLine;
using Fovea.Cli.Usage;
using Fovea.Training.Logging.Styles;

namespace Fovea.Cli.Work;

/// <summary><c>--log-style</c>: in whose lines the course of the work is told.</summary>
internal static class LogStyleFlag
{
    private const string Own = "fovea";

    internal static Option<string> Option { get; } = Choice.Of(
        "--log-style", "Tell the course in the lines of another system; a run keeps the files of its logs, too, in its folder beside ours",
        [Own, .. LogStyle.All.Select(style => style.Kind)]);

    /// <summary>The style that was asked for; null for our own lines.</summary>
    internal static LogStyle? Of(Invocation call) => LogStyle.Find(call.Value(Option)!);
}
