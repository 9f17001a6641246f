using Spectre.Console;

namespace Fovea.Cli.Output;

/// <summary>Where a process reads and writes. The only code that knows of the console.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">Logs, warnings and errors.</param>
/// <param name="OutIsTerminal">Whether a person sees <paramref name="Out"/> as it is written.</param>
/// <param name="ErrorIsTerminal">Whether a person sees <paramref name="Error"/> as it is written.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool OutIsTerminal = false, bool ErrorIsTerminal = false)
{
    private const int FileWidth = 120;
    private const int NumbersWidth = 64;
    private const int LeastName = 16;
    private const int MostName = 60;

    /// <summary>What is piped in; nothing by default.</summary>
    internal Stream In { get; init; } = Stream.Null;

    /// <summary>Whether colours may be used where a person sees them.</summary>
    internal bool Colours { get; init; }

    /// <summary>The terminal of this process. NO_COLOR (no-color.org) and TERM=dumb switch colours off.</summary>
    internal static Terminal OfProcess()
    {
        var dumb = Environment.GetEnvironmentVariable("TERM") is "dumb";
        var plain = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
#pragma warning disable RS0030 // This is the place that the ban points to.
        return new(new CarefulWriter(Console.Out), new CarefulWriter(Console.Error), !Console.IsOutputRedirected && !dumb, !Console.IsErrorRedirected && !dumb)
        {
            In = Console.OpenStandardInput(),
            Colours = !plain && !dumb,
        };
#pragma warning restore RS0030
    }

    /// <summary>Why results cannot be written any more; null as long as they can.</summary>
    internal string? OutProblem => (Out as CarefulWriter)?.Problem;

    /// <summary>The most characters of a line of running text.</summary>
    internal int Width => OutIsTerminal ? Rich(Out).Profile.Width : FileWidth;

    /// <summary>The most characters that a name from outside takes in a line or a table: as many as leave room for numbers where a person reads it.</summary>
    internal int NameWidth => OutIsTerminal ? Math.Clamp(Width - NumbersWidth, LeastName, MostName) : MostName;

    /// <summary>Rich output on one of the writers; without control codes where no person sees it.</summary>
    internal IAnsiConsole Rich(TextWriter writer)
    {
        var seen = ReferenceEquals(writer, Out) ? OutIsTerminal : ErrorIsTerminal;
        return AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = seen ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = seen && Colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = seen ? InteractionSupport.Yes : InteractionSupport.No,
        });
    }
}
