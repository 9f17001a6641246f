using System.Text.Json;
using Fovea.Cli.Output;

namespace Fovea.Cli.Tests;

/// <summary>Runs command lines in this process and keeps what they print.</summary>
internal sealed record Shell(int Code, string Out, string Error)
{
    /// <summary>The one JSON object on standard output.</summary>
    internal JsonElement Json => JsonDocument.Parse(Out).RootElement;

    internal static Shell Run(params string[] args) => Run(CancellationToken.None, args);

    internal static Shell Run(CancellationToken stop, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = Tool.Run(args, new Terminal(output, error), stop);
        return new(code, output.ToString(), error.ToString());
    }

    /// <summary>Asserts that a command line fails with one line on standard error and nothing on standard output.</summary>
    internal static void Fails(int code, string message, params string[] args)
    {
        var shell = Run(args);
        Assert.Equal($"error: {message}\n", shell.Error);
        Assert.Equal("", shell.Out);
        Assert.Equal(code, shell.Code);
    }
}
