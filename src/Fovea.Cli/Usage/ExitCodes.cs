namespace Fovea.Cli.Usage;

/// <summary>What the tool returns to its caller. A contract: scripts depend on it.</summary>
internal static class ExitCodes
{
    internal const int Ok = 0;

    /// <summary>The work could not be done.</summary>
    internal const int Failure = 1;

    /// <summary>The command line or the recipe cannot be meant, or the recipe cannot be read.</summary>
    internal const int Usage = 2;

    /// <summary>The work was done, and a bound on its result does not hold: parity, accuracy, proof.</summary>
    internal const int Gate = 3;

    /// <summary>A configuration of another system asks for what cannot be done here: a model or a loss, or with <c>--strict</c> anything.</summary>
    internal const int Untranslated = 4;

    /// <summary>A model in integers recognises less than was asked for, and was not written.</summary>
    internal const int Accuracy = 5;

    /// <summary>Stopped by Ctrl-C or SIGTERM; a training run has saved its checkpoint.</summary>
    internal const int Interrupted = 130;
}
