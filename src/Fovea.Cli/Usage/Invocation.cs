using System.CommandLine;
using System.CommandLine.Invocation;
using System.Numerics;
using Fovea.Cli.Output;

namespace Fovea.Cli.Usage;

/// <summary>One call of a command: what was given, where to report, and when to stop.</summary>
/// <param name="Given">The command line.</param>
/// <param name="Report">Where to report.</param>
/// <param name="LastResort">Takes what is done, on another thread, if work that was asked to stop does not end (<see cref="StopSignals.LastResort"/>).</param>
/// <param name="Stop">Asks the work to stop.</param>
internal sealed record Invocation(ParseResult Given, Report Report, Action<Action> LastResort, CancellationToken Stop)
{
    internal T? Value<T>(Option<T> option) => Given.GetValue(option);

    internal T? Value<T>(Argument<T> argument) => Given.GetValue(argument);

    /// <summary>The value of an option that has a range.</summary>
    /// <exception cref="UsageException">It is outside; the message names option, value and range.</exception>
    internal T Within<T>(Option<T> option, T low, T high)
        where T : struct, INumber<T> => Within(option.Name, Value(option), low, high);

    /// <inheritdoc cref="Within{T}(Option{T}, T, T)"/>
    internal T? Within<T>(Option<T?> option, T low, T high)
        where T : struct, INumber<T> => Value(option) is { } number ? Within(option.Name, number, low, high) : null;

    /// <summary>Whether the option stands on the command line, as opposed to having its default.</summary>
    internal bool Has(Option option) => Given.GetResult(option) is { Implicit: false };

    private static T Within<T>(string name, T number, T low, T high)
        where T : struct, INumber<T>
    {
        if (number < low || T.IsNaN(number)) throw new UsageException(FormattableString.Invariant($"{name} is {number}; wanted at least {low}"));
        return number <= high ? number : throw new UsageException(FormattableString.Invariant($"{name} is {number}; wanted {low} to {high}"));
    }
}

/// <summary>What a command does. <see cref="Tool"/> calls it, so that no exception passes through the parser's own handling.</summary>
internal sealed class CommandWork(Func<Invocation, int> work) : SynchronousCommandLineAction
{
    internal Func<Invocation, int> Work { get; } = work;

    public override int Invoke(ParseResult parseResult) => throw new System.Diagnostics.UnreachableException("commands are run by Tool");
}

/// <summary>Declares commands in one expression.</summary>
internal static class CommandDeclaration
{
    /// <summary>Adds arguments, options and subcommands in the order of the help text.</summary>
    internal static Command With(this Command command, params ReadOnlySpan<Symbol> symbols)
    {
        foreach (var symbol in symbols)
        {
            switch (symbol)
            {
                case Option option: command.Options.Add(option); break;
                case Argument argument: command.Arguments.Add(argument); break;
                case Command subcommand: command.Subcommands.Add(subcommand); break;
                default: throw new ArgumentException($"{symbol.GetType().Name} cannot stand in a command");
            }
        }

        return command;
    }

    /// <summary>Says what the command does; it returns an exit code.</summary>
    internal static Command Runs(this Command command, Func<Invocation, int> work)
    {
        command.Action = new CommandWork(work);
        return command;
    }
}
